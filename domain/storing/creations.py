"""The change log of many rows made or deleted at once: one entry a row, as changes.py would write it, at a third of
the cost.

Not which tables are logged (changes.py), not the rows themselves (bulk.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import json
from sqlalchemy import Connection

from domain import models
from domain.storing.changes import (
    CREATED,
    DELETED,
    MASK,
    Provenance,
    begin_deed,
    count_parts,
    plain,
)
from domain.storing.inserting import bound, encode, insert_bound

Values = Mapping[str, Any]
Pair = list[Any]
Changes = dict[str, Pair]
Named = tuple[int, str, Values]
"""A row as the log is told of it: its id, its name, its values."""

_COLUMNS = ("row_id", "row_name", "changes")


def write_creations(
    connection: Connection,
    where: Provenance,
    table: str,
    rows: Iterable[Named],
    fixed: Values,
) -> None:
    """One entry for each new row. ``fixed``: the values that all of them have besides. Blanks say nothing."""
    say, blanks = _sayer(table, _from_nothing), (None, "")
    always = say(fixed, blanks)
    entries = (
        (row_id, name, encode({**say(values, blanks), **always})) for row_id, name, values in rows
    )
    _write(connection, where, (CREATED, table), entries)


def write_deletions(
    connection: Connection, where: Provenance, table: str, rows: Iterable[Named]
) -> None:
    """One entry for each deleted row: all that it held, so that it can be made again."""
    say = _sayer(table, _to_nothing)
    entries = ((row_id, name, encode(say(values, (None,)))) for row_id, name, values in rows)
    _write(connection, where, (DELETED, table), entries)


def _write(
    connection: Connection,
    where: Provenance,
    what: tuple[str, str],
    entries: Iterable[tuple[int, str, str]],
) -> None:
    if where.is_rehearsal:
        return
    action, table = what
    words, log = models.schema.tables[table], models.table_of("change_log")
    # a plain str: the driver looks twice at every quoted_name
    what_is = {"action": action, "table_name": words.name, "table_label": words.label}
    told = iter(entries)
    if where.deed.head is None and (first := next(told, None)):
        own = (first[0], first[1][:400], json.decode(first[2]))
        begin_deed(connection, where, {**dict(zip(_COLUMNS, own, strict=True)), **what_is})
    same = {**where.shared, **what_is, "part_of_id": where.deed.head}
    tail = bound(connection, log, same)
    rows = [(row_id, name[:400], changes, *tail) for row_id, name, changes in told]
    insert_bound(connection, log, [*_COLUMNS, *same], rows)
    if rows:
        count_parts(connection, where, len(rows))


def _sayer(table: str, pair: Callable[[Any], Pair]) -> Callable[[Values, tuple[Any, ...]], Changes]:
    """What turns a row's values, but for its id and the blanks, into what the log says of them."""
    columns = models.schema.tables[table].columns
    hidden = frozenset(name for name, words in columns.items() if words.is_hidden)

    def say(values: Values, blanks: tuple[Any, ...]) -> Changes:
        return {
            name: [MASK, MASK] if name in hidden else pair(value)
            for name, value in values.items()
            if value not in blanks and name != "id"
        }

    return say


def _from_nothing(value: Any) -> Pair:
    return [None, value if type(value) in _AS_THEY_ARE else plain(value)]


def _to_nothing(value: Any) -> Pair:
    return [value if type(value) in _AS_THEY_ARE else plain(value), None]


_AS_THEY_ARE = frozenset((str, int, bool, date))
"""The kinds that nearly all columns hold; JSON says them as ``plain`` would."""
