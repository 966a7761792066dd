"""The nightly check: reminders for every open deadline, each step told once, however often it runs.

A few statements whatever the number of deadlines: the pure function of due_states.py gives, for
today, the range of due dates that belongs to each step. Not here: when it runs (jobs/), who is
shown what (duelists.py), e-mail (mail.py).

Missed nights: only the step that holds today is told, the milder ones in between are left out: that
a date was near is no news to somebody who has missed it. A check of an earlier day that comes late
tells nothing milder than what was told already. A window (申请退办) that closes is not late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from sqlalchemy import CursorResult, String, and_, exists, func, insert, literal, select, true
from sqlalchemy import Date as DateType
from sqlalchemy.orm import Session

from domain import models
from domain.deadlines import WINDOWS
from domain.donedates import mark_done
from domain.due_states import BLUE, RED, STEPS, YELLOW, Window, windows
from domain.rulebook import load_alerts, load_calendar

LIAISON, LEADER, OFFICE = "联络员", "单位领导", "交办督查"
# Who is told at each step, and in which colour: it escalates from the liaison to the office.
AUDIENCES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(STEPS, (LIAISON, BLUE)),
    "逾期黄": (LEADER, YELLOW),
    "逾期红": (OFFICE, RED),
}


@dataclass(frozen=True)
class NightlyResult:
    """What one check found: open deadlines, and of the reminders that hold now how many are new."""

    on: date
    open: int
    reminders: Mapping[str, int] = field(default_factory=dict)
    new: int = 0

    def as_json(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "on": self.on.isoformat(),
            "open": self.open,
            "reminders": dict(self.reminders),
            "new": self.new,
        }


def check_deadlines(session: Session, on: date) -> NightlyResult:
    """Remind of every open deadline the step that holds on `on`, unless it was told before.

    For a session of the program; does not commit.
    """
    mark_done(session)
    new = 0
    found = windows(on, load_calendar(session), load_alerts(session))
    for window in found:
        new += _remind(session, window, on)
    return NightlyResult(on, _count_open(session), _count_by_step(session, found), new)


def _remind(session: Session, window: Window, on: date) -> int:
    """Create the reminders of one step in one statement; returns how many."""
    line, reminder = _tables()
    audience, colour = AUDIENCES[window.step]
    told = and_(reminder.c.deadline_id == line.c.id, reminder.c.step.in_(_from(window.step)))
    untold = select(
        line.c.id,
        literal(window.step, String),
        literal(colour, String),
        literal(audience, String),
        literal(on, DateType),
    ).where(_in(window, line), ~exists().where(told))
    names = ["deadline_id", "step", "colour", "audience", "created_on"]
    counted = insert(reminder).from_select(names, untold).execution_options(preserve_rowcount=True)
    result = session.connection().execute(counted)
    return cast(CursorResult[Any], result).rowcount


def _from(step: str) -> tuple[str, ...]:
    """The step and everything more severe."""
    return STEPS[STEPS.index(step) :]


def _in(window: Window, line: Any) -> Any:
    since = line.c.due_on >= window.first if window.first else true()
    open_lines = and_(line.c.done_on.is_(None), line.c.milestone.not_in(WINDOWS))
    return and_(open_lines, line.c.due_on <= window.last, since)


def _count_open(session: Session) -> int:
    line = models.Deadline
    return session.scalar(select(func.count(line.id)).where(line.done_on.is_(None))) or 0


def _count_by_step(session: Session, found: tuple[Window, ...]) -> dict[str, int]:
    """How many open deadlines stand at each step today."""
    line, _ = _tables()
    counts = {
        window.step: session.scalar(select(func.count()).select_from(line).where(_in(window, line)))
        for window in found
    }
    return {step: counts.get(step) or 0 for step in STEPS}


def _tables() -> tuple[Any, Any]:
    return models.by_table["deadlines"].__table__, models.by_table["reminders"].__table__
