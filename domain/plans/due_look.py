"""The due dates of a plan's items as they stand once it is written, by the deadlines that the writing itself made.

Asked inside the transaction that is kept or rolled back, so that a preview shows what will be stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import func, select

from domain import models
from domain.dues.deadlines import OPINION, REPLY, WINDOWS
from domain.plans.lookups import PlanMeeting
from domain.plans.steps import Owed, PlanStep
from domain.storing.session import ActorSession


def look_at_dues(session: ActorSession, meeting: PlanMeeting, steps: Iterable[PlanStep]) -> None:
    """Tell each step what its item owes: one question for all items of the meeting.

    Items that owe the same, which most do, share what is told.
    """
    told: dict[tuple[tuple[str, date], ...], Owed] = {}
    found = _owed(session, meeting)
    for step in steps:
        days = found.get(step.record_id or 0)
        if days:
            key = tuple(days.items())
            step.owed = told.get(key) or told.setdefault(key, _in_order(days))


def _owed(session: ActorSession, meeting: PlanMeeting) -> dict[int, dict[str, date]]:
    """By item and milestone the earliest day until which one of its units owes it; a window is not owed."""
    line, task, item = models.Deadline, models.Assignment, models.Proposal
    rows = session.execute(
        select(task.proposal_id, line.milestone, func.min(line.due_on))
        .join(task, task.id == line.assignment_id)
        .join(item, item.id == task.proposal_id)
        .where(item.meeting_id == meeting.id, line.done_on.is_(None))
        .where(line.milestone.not_in(WINDOWS))
        .group_by(task.proposal_id, line.milestone)
    )
    found: dict[int, dict[str, date]] = {}
    for item_id, milestone, day in rows:
        found.setdefault(item_id, {})[milestone] = day
    return found


def _in_order(days: Mapping[str, date]) -> Owed:
    """The answer or the opinion first, then what comes soonest."""
    ordered = sorted(days.items(), key=lambda one: (one[0] not in (REPLY, OPINION), one[1], one[0]))
    return tuple((milestone, day.isoformat()) for milestone, day in ordered)
