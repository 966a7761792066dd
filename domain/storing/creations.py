"""The change log of many rows made or deleted at once: one entry a row, as changes.py would write it, at a third of
the cost.

Not which tables are logged (changes.py), not the rows themselves (bulk.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import Connection

from domain import models
from domain.storing.changes import CREATED, DELETED, MASK, Provenance, plain
from domain.storing.inserting import bound, encode, insert_bound

Named = tuple[int, str, Mapping[str, Any]]
"""A row as the log is told of it: its id, its name, its values."""

_COLUMNS = ("row_id", "row_name", "changes")


def write_creations(
    connection: Connection,
    where: Provenance,
    table: str,
    rows: Iterable[Named],
    fixed: Mapping[str, Any],
) -> None:
    """One entry for each new row. ``fixed``: the values that all of them have besides. Blanks say nothing."""
    say, blanks = _sayer(table, "[null, {}]"), (None, "")
    always = say(fixed, blanks)
    entries = (
        (row_id, name, f"{{{', '.join([*say(values, blanks), *always])}}}")
        for row_id, name, values in rows
    )
    _write(connection, where, (CREATED, table), entries)


def write_deletions(
    connection: Connection, where: Provenance, table: str, rows: Iterable[Named]
) -> None:
    """One entry for each deleted row: all that it held, so that it can be made again."""
    say = _sayer(table, "[{}, null]")
    entries = (
        (row_id, name, f"{{{', '.join(say(values, (None,)))}}}") for row_id, name, values in rows
    )
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
    same = {
        "happened_at": where.happened_at,
        "user_id": where.actor.user_id,
        "actor_name": where.actor.name,
        "action": action,
        "table_name": words.name,  # a plain str: the driver looks twice at every quoted_name
        "table_label": words.label,
        "import_id": where.import_id,
        "job_run_id": where.job_run_id,
    }
    tail = bound(connection, log, same)
    rows = [(row_id, name[:400], changes, *tail) for row_id, name, changes in entries]
    insert_bound(connection, log, [*_COLUMNS, *same], rows)


def _sayer(table: str, pair: str) -> Callable[[Mapping[str, Any], tuple[Any, ...]], Sequence[str]]:
    """What turns a row's values, but for its id and the blanks, into members of a JSON object: "column": pair."""
    columns = models.schema.tables[table].columns
    hidden = frozenset(name for name, words in columns.items() if words.is_hidden)
    before, after = pair.split("{}")

    def say(values: Mapping[str, Any], blanks: tuple[Any, ...]) -> Sequence[str]:
        return [
            f'"{name}": {before}{_TEXTS.get(type(value), _text)(value)}{after}'
            if name not in hidden
            else f'"{name}": ["{MASK}", "{MASK}"]'
            for name, value in values.items()
            if value not in blanks and name != "id"
        ]

    return say


def _text(value: Any) -> str:
    """A value as JSON."""
    return encode(plain(value))


_TEXTS: Mapping[type, Callable[[Any], str]] = {
    str: encode_basestring,
    int: str,
    date: cache('"{}"'.format),
}
"""The short way, for the kinds that nearly all columns hold."""
