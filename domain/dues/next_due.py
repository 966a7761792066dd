"""The next day on which something is due for a task, or for what hangs on one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import func, select

from domain import models
from domain.dues.deadlines import WINDOWS
from domain.storing.session import LOOKS_UP, ActorSession

OWN, TASKS, KEY = "due_on", "assignments", "assignment_id"


def next_dues(session: ActorSession, table: str, ids: Collection[int]) -> dict[int, date]:
    """By row of ``table`` the first open due date of its task; the row's own date where it has one, as an item has that
    of its plan. One question.

    What is not due, or belongs to no task, is left out. A window that closes, as 申请退办, is not owed.
    """
    row: Any = models.by_table[table]
    if OWN in row.words.columns:
        own = select(row.id, row.due_on).where(row.id.in_(ids), row.due_on.is_not(None))
        found = session.execute(own, execution_options={LOOKS_UP: True})
        return {one[0]: one[1] for one in found}
    if table != TASKS and KEY not in row.words.columns:
        return {}
    line = models.Deadline
    task = row.id if table == TASKS else getattr(row, KEY)
    query = (
        select(row.id, func.min(line.due_on))
        .join(line, line.assignment_id == task)
        .where(row.id.in_(ids), line.done_on.is_(None), line.milestone.not_in(sorted(WINDOWS)))
        .group_by(row.id)
    )
    return {row[0]: row[1] for row in session.execute(query, execution_options={LOOKS_UP: True})}
