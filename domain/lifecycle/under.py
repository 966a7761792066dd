"""What belongs to one item, over whatever lies between: which tables, by which way, and its rows in scope.

The ways are the required foreign keys of schema.sql, so a table that hangs on an item anywhere is found without Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, or_, select

from domain import models
from domain.lifecycle.belonging import ITEMS, ways_up
from domain.storing.session import ActorSession


def tables_under() -> Iterator[str]:
    """The tables whose rows belong to items, in the order of schema.sql; not the items themselves."""
    return (name for name in models.schema.tables if name != ITEMS and ways_up(name))


def is_under(table: str, item_id: int) -> ColumnElement[bool]:
    """True for the rows of the mapped class of ``table`` that belong to the item.

    What lies between is asked through the mapped classes too, so that a person's session limits it to his scope.
    """
    row: Any = models.by_table[table]
    return or_(*(_hangs(getattr(row, column), above, item_id) for column, above in ways_up(table)))


def filled_under(session: ActorSession, item_id: int) -> frozenset[str]:
    """Those of the tables in which the item has any row at all, in one question: the others need not be asked.

    Of most items most tables hold nothing. Whose the rows are is not asked: nothing but the asking depends on it.
    """
    told = session.unchecked_connection().execute(_which_are_filled(), {"item": item_id}).one()
    return frozenset(table for table, is_filled in told._mapping.items() if is_filled)


@cache
def _which_are_filled() -> Select[Any]:
    told: list[Any] = [_rows_below(table).exists().label(table) for table in tables_under()]
    return select(*told)


def _rows_below(table: str) -> Select[Any]:
    rows, item_id = models.table_of(table).c, bindparam("item", type_=Integer)
    return select(rows.id).where(
        or_(
            *(
                rows[column] == item_id if above == ITEMS else rows[column].in_(_rows_below(above))
                for column, above in ways_up(table)
            )
        )
    )


def _hangs(key: ColumnElement[Any], above: str, item_id: int) -> ColumnElement[bool]:
    if above == ITEMS:
        return key == item_id
    parent: Any = models.by_table[above]
    return key.in_(select(parent.id).where(is_under(above, item_id)))
