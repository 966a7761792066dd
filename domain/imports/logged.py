"""What an import did, row by row, as the change log tells it: made, changed or deleted, with old and new values."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Date, DateTime, select

from domain import models
from domain.storing.changes import CHANGED, CREATED, DELETED
from domain.storing.session import ActorSession


@dataclass
class Touched:
    """One row. `changes` maps a column to [before the import, after it]; `values` are those of a deleted row."""

    table: str
    row_id: int
    name: str
    action: str
    changes: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """The row as it was before the import, or (of a new row) as the import made it."""
        side = 1 if self.action == CREATED else 0
        return {name: restored(self.table, name, pair[side]) for name, pair in self.changes.items()}


def touched_rows(session: ActorSession, import_id: int) -> dict[tuple[str, int], Touched]:
    """Every row that the import touched, with the sum of what it did to it; rows it made and unmade are left out."""
    log = models.ChangeLog
    query = (
        select(log.table_name, log.row_id, log.row_name, log.action, log.changes)
        .where(log.import_id == import_id)
        .order_by(log.id)
    )
    rows: dict[tuple[str, int], Touched] = {}
    for table, row_id, name, action, changes in session.execute(query):
        _add(rows, Touched(table, row_id, name, action, dict(changes)))
    return rows


def _add(rows: dict[tuple[str, int], Touched], entry: Touched) -> None:
    key = (entry.table, entry.row_id)
    before = rows.get(key)
    if before is None:
        rows[key] = entry
    elif entry.action == DELETED and before.action == CREATED:
        del rows[key]
    elif entry.action == DELETED:
        first = {name: [old, None] for name, (old, _) in before.changes.items()}
        rows[key] = Touched(*key, entry.name, DELETED, {**entry.changes, **first})
    elif entry.action == CHANGED:
        for name, (old, new) in entry.changes.items():
            before.changes[name] = [before.changes.get(name, [old, new])[0], new]
        before.name = entry.name


def restored(table: str, column: str, value: Any) -> Any:
    """A value of the log (JSON) as the column's own type."""
    kind = models.by_table[table].__table__.c[column].type
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.datetime.fromisoformat(value)
    return datetime.date.fromisoformat(value) if isinstance(kind, Date) else value
