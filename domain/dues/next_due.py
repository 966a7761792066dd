"""The next day on which something is due for a task, or for what hangs on one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from domain import models
from domain.dues.deadlines import WINDOWS
from domain.storing.session import LOOKS_UP, ActorSession

ITEMS, TASKS, KEY = "proposals", "assignments", "assignment_id"


def next_dues(session: ActorSession, table: str, ids: Collection[int]) -> dict[int, date]:
    """By row of ``table`` the first open due date of its task; of an item the date that its plan has. One question.

    What is not due, or belongs to no task, is left out. A window that closes, as 申请退办, is not owed.
    """
    row = models.by_table[table]
    if table == ITEMS:
        item = models.Proposal
        found = select(item.id, item.due_on).where(item.id.in_(ids), item.due_on.is_not(None))
        return {
            row.id: row.due_on
            for row in session.execute(found, execution_options={LOOKS_UP: True})
            if row.due_on
        }
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
