"""The change log of many new rows at once: one entry a row, as changes.py would write it, at a third of the cost.

Not which tables are logged (changes.py), not the rows themselves (bulk.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import Connection

from domain import models
from domain.storing.changes import CREATED, MASK, Provenance, plain
from domain.storing.inserting import Encoded, encode, insert_many

_COLUMNS = ("row_id", "row_name", "changes")


def write_creations(
    connection: Connection,
    where: Provenance,
    table: str,
    rows: Iterable[tuple[int, str, Mapping[str, Any]]],
    fixed: Mapping[str, Any],
) -> None:
    """One entry for each of ``rows``: (id, name, values). ``fixed``: the values that all of them have besides."""
    if where.is_rehearsal:
        return
    say = _writer(table, fixed)
    insert_many(
        connection,
        models.table_of("change_log"),
        _COLUMNS,
        ((row_id, name[:400], say(values)) for row_id, name, values in rows),
        same={
            "happened_at": where.happened_at,
            "user_id": where.actor.user_id,
            "actor_name": where.actor.name,
            "action": CREATED,
            "table_name": table,
            "table_label": models.schema.tables[table].label,
            "import_id": where.import_id,
            "job_run_id": where.job_run_id,
        },
    )


def _writer(table: str, fixed: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Encoded]:
    """What turns a row's values into the JSON of its entry: {"column": [null, value], …}; blanks say nothing."""
    columns = models.schema.tables[table].columns
    hidden = frozenset(name for name, words in columns.items() if words.is_hidden)
    always = _members(fixed, hidden)

    def say(values: Mapping[str, Any]) -> Encoded:
        return Encoded("{" + ", ".join([*_members(values, hidden), *always]) + "}")

    return say


def _members(values: Mapping[str, Any], hidden: frozenset[str]) -> Sequence[str]:
    return [
        f'"{name}": [null, {_text(value)}]'
        if name not in hidden
        else f'"{name}": ["{MASK}", "{MASK}"]'
        for name, value in values.items()
        if value not in (None, "")
    ]


def _text(value: Any) -> str:
    """A value as JSON; the kinds that nearly all columns hold go the short way."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is int:
        return str(value)
    if kind is date:
        return f'"{value}"'
    return encode(plain(value))
