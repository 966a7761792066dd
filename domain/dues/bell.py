"""The bell: which reminders concern a person, how many are unread, and reading them.

For a person's session. Liaisons are told of everything about their unit's tasks, leaders from 黄 on,
the office of 红. Who reads a reminder silences his own bell alone: a late unit cannot keep its leader
or the office from hearing. Not here: how reminders come about (nightly.py).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, exists, func, insert, select
from sqlalchemy.orm import aliased

from domain import models
from domain.actors import LEADER, LIAISON, OFFICE, Actor
from domain.schema.states import Audience
from domain.storing.session import ActorSession, program_within

MOST = 99
"""The bell counts no further than this."""
_HEARD = {
    LIAISON: (Audience.LIAISON, Audience.LEADER, Audience.OFFICE),
    LEADER: (Audience.LEADER, Audience.OFFICE),
    OFFICE: (Audience.OFFICE,),
}


@dataclass(frozen=True)
class Ring:
    """One unread reminder as the bell's list shows it."""

    reminder_id: int
    step: str
    colour: str
    created_on: date
    assignment_id: int
    proposal_id: int
    kind: str
    number: str
    title: str
    unit: str
    milestone: str
    due_on: date


def count(session: ActorSession) -> int:
    """How many unread reminders the person has, at most MOST + 1."""
    unread = _unread(session.actor).limit(MOST + 1)
    ids = unread.with_only_columns(models.Reminder.id).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(ids)) or 0


def rings(session: ActorSession, limit: int = 50) -> list[Ring]:
    """The person's unread reminders, the most pressing first."""
    return [Ring(*row) for row in session.execute(_unread(session.actor).limit(limit))]


def read(session: ActorSession, reminder_ids: Collection[int] | None = None) -> int:
    """Mark the person's unread reminders as read by him, or only those named; returns how many.

    An id that is not the person's to read is passed over. Part of the person's transaction.
    """
    user_id, reminder = session.actor.user_id, models.Reminder
    if user_id is None:  # the program has no bell
        return 0
    with program_within(session) as inner:
        inner.get_one(models.User, user_id, with_for_update=True)  # a double click waits here
        unread = _unread(session.actor).with_only_columns(reminder.id).order_by(None)
        if reminder_ids is not None:
            unread = unread.where(reminder.id.in_(reminder_ids))
        same = {"user_id": user_id, "read_at": session.now()}
        marks = [{"reminder_id": key, **same} for key in session.scalars(unread)]
        if marks:
            inner.execute(insert(models.ReminderRead), marks)
    return len(marks)


@lru_cache(maxsize=200)
def _unread(actor: Actor) -> Select[Any]:
    """Those of the current reminders that the person has not read himself. Kept: every page of his asks for it."""
    mark = models.ReminderRead
    own = exists().where(mark.reminder_id == models.Reminder.id, mark.user_id == actor.user_id)
    return _current(actor).where(~own)


def _current(actor: Actor) -> Select[Any]:
    """The last reminder of every open deadline that concerns the person, most pressing first."""
    reminder, line, task = models.Reminder, models.Deadline, models.Assignment
    item, unit, later = models.Proposal, models.Unit, aliased(models.Reminder)
    found = (
        select(reminder.id, reminder.step, reminder.colour, reminder.created_on, task.id, item.id)
        .add_columns(item.kind, item.number, item.title, unit.name, line.milestone, line.due_on)
        .join(line, line.id == reminder.deadline_id)
        .join(task, task.id == line.assignment_id)
        .join(item, item.id == task.proposal_id)
        .join(unit, unit.id == task.unit_id)
        .where(reminder.audience.in_(_HEARD.get(actor.role, ())), line.done_on.is_(None))
        .where(~exists().where(later.deadline_id == line.id, later.id > reminder.id))
        .order_by(line.due_on, reminder.id)
    )
    return found.where(task.unit_id == actor.unit_id) if actor.role in (LIAISON, LEADER) else found
