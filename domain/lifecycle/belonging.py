"""Which items rows of any table belong to: their required foreign keys lead there. Not who may see them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from domain import models
from domain.storing import bulk
from domain.storing.session import ActorSession

ITEMS = "proposals"


def items_of(session: ActorSession, table: str, rows: Collection[Mapping[str, Any]]) -> set[int]:
    """The ids of the items to which these whole ``rows`` of ``table`` belong: a few queries, however many rows.

    The session must be the program's own.
    """
    if table == ITEMS:
        return {row["id"] for row in rows}
    found: set[int] = set()
    for column, above in ways_up(table):
        ids = {row[column] for row in rows}
        if above == ITEMS:
            found |= ids
        else:
            parents = bulk.read_rows(session, models.by_table[above], ids)
            found |= items_of(session, above, parents.values())
    return found


def ways_up(table: str) -> list[tuple[str, str]]:
    """(column, table above) of the foreign keys that lead to items; only the straight one where there is one."""
    ways = [(column, above) for column, above in _owners(table) if _belongs(above)]
    return [way for way in ways if way[1] == ITEMS] or ways


def _belongs(table: str) -> bool:
    return table == ITEMS or any(_belongs(above) for _, above in _owners(table))


def _owners(table: str) -> Iterator[tuple[str, str]]:
    for column in models.schema.tables[table].columns.values():
        if column.references and column.is_required and column.references != table:
            yield column.name, column.references
