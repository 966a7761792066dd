"""What has happened since an import to the rows that it touched: by whom they were changed, and what hangs on them.

Why a row cannot be taken back, told before anything is; undoing itself is undo.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from domain import models
from domain.imports.logged import Touched
from domain.imports.traces import locked_deadlines
from domain.schema.states import DueOrigin
from domain.storing.changes import CREATED, DELETED
from domain.storing.session import ActorSession

Key = tuple[str, int]
FOLLOWS_ALONG = frozenset({"deadlines", "reminders", "import_rows", "change_log"})
_TYPED = (DueOrigin.BY_HAND, DueOrigin.EXTENDED)


def changed_since(session: ActorSession, import_id: int) -> Iterator[tuple[Key, str]]:
    """Rows of the import that a person, or a later import, has changed."""
    mine, later = aliased(models.ChangeLog), aliased(models.ChangeLog)
    query = (
        select(later.table_name, later.row_id, later.actor_name, later.happened_at)
        .join(mine, (mine.table_name == later.table_name) & (mine.row_id == later.row_id))
        .where(mine.import_id == import_id, later.id > _last_entry(import_id))
        .order_by(later.id)
    )
    for table, row_id, actor, at in session.execute(query):
        yield (table, row_id), f"{_by(actor, at)}改过"


def dated_by_hand(
    session: ActorSession, import_id: int, rows: Mapping[Key, Touched]
) -> Iterator[tuple[Key, str]]:
    """Tasks with a deadline that a person has changed since or, where the import made the task, wrote into at all.

    Locks the deadlines of the import's tasks: one that is just being extended is waited for. Reads the log after that.
    """
    tasks = {
        row.row_id: row.action
        for row in rows.values()
        if row.table == "assignments" and row.action != DELETED
    }
    lines = list(locked_deadlines(session, sorted(tasks)))
    by_person = _people_at_deadlines(session, import_id) if lines else {}
    for line in lines:
        task = ("assignments", line.assignment_id)
        if line.id in by_person:
            yield task, f"“{line.milestone}”的时限{by_person[line.id]}改过"
        elif tasks[line.assignment_id] == CREATED and line.is_typed:
            yield task, f"“{line.milestone}”的{_typed_so(line)}"


def _typed_so(line: Any) -> str:
    """What a person wrote into a deadline; the log does not tell it where it came in a file."""
    if line.origin in _TYPED:
        return f"时限是人工定的（{line.origin}）"
    return "完成日是人工填的" if line.is_done_by_hand else "时限有延期说明"


def leaned_on(session: ActorSession, rows: Mapping[Key, Touched]) -> Iterator[tuple[Key, str]]:
    """Rows that the import made and that rows from elsewhere refer to."""
    made: dict[str, list[int]] = {}
    for row in rows.values():
        if row.action == CREATED:
            made.setdefault(row.table, []).append(row.row_id)
    for parent, ids in made.items():
        for child, row_id, key in references(session, parent, ids):
            found = rows.get((child, row_id))
            if found is None or not (found.action == CREATED or _led_to(found, parent, key)):
                yield (parent, key), f"已有{models.schema.tables[child].label}"


def _led_to(row: Touched, table: str, key: int) -> bool:
    """Whether the import itself had a row refer to this row of ``table``: it will not, once it is as it was."""
    columns = models.schema.tables[row.table].columns
    return any(
        columns[name].references == table and new == key for name, (_, new) in row.changes.items()
    )


def references(
    session: ActorSession, table: str, ids: Collection[int]
) -> Iterator[tuple[str, int, int]]:
    """The rows, as (table, id, which of ``ids``), that refer to these rows of a table; derived ones aside."""
    for child, words in models.schema.tables.items():
        for column in words.columns.values():
            if column.references == table and child not in FOLLOWS_ALONG and ids:
                for row_id, key in _referring(session, child, column.name, ids):
                    yield child, row_id, key


def _referring(
    session: ActorSession, child: str, column: str, ids: Collection[int]
) -> Iterator[tuple[int, int]]:
    """An import makes its rows in one go, so their ids lie together."""
    rows, wanted = models.by_table[child].__table__, set(ids)
    near = rows.c[column].between(min(wanted), max(wanted))
    found = session.connection().execute(select(rows.c.id, rows.c[column]).where(near))
    yield from ((row[0], row[1]) for row in found if row[1] in wanted)


def _last_entry(import_id: int) -> Any:
    log = models.ChangeLog
    return select(func.max(log.id)).where(log.import_id == import_id).scalar_subquery()


def _by(actor: str, at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}由{actor}"


def _people_at_deadlines(session: ActorSession, import_id: int) -> dict[int, str]:
    """Who has changed which deadline since the import: the log has those of people alone."""
    log = models.ChangeLog
    of_deadlines = (log.table_name == "deadlines") & (log.id > _last_entry(import_id))
    query = select(log.row_id, log.actor_name, log.happened_at).where(of_deadlines)
    return {row_id: _by(actor, at) for row_id, actor, at in session.execute(query.order_by(log.id))}
