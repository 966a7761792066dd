"""The nightly check: reminders for every open deadline, each step told once, however often it runs.

One statement for every 100,000 deadlines: the pure function of due_states.py gives, for today, the
range of due dates that belongs to each step. Not here: when it runs (jobs/queue/schedule.py),
who is shown what (duelists.py), e-mail (jobs/work/mail.py).

Missed nights: only the step that holds today is told, the milder ones in between are left out: that
a date was near is no news to somebody who has missed it. A check of an earlier day that comes late
tells nothing milder than what was told already. A window (申请退办) that closes is not late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    String,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy import Date as DateType
from sqlalchemy.orm import Session

from domain import models
from domain.dues.deadlines import WINDOWS
from domain.dues.donedates import mark_done
from domain.dues.due_states import BLUE, RED, STEPS, YELLOW, Window, windows
from domain.dues.rulebook import load_alerts, load_calendar
from domain.dues.under_way import is_answering, is_under_way
from domain.schema.states import Audience

# Who is told at each step, and in which colour: it escalates from the liaison to the office.
AUDIENCES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(STEPS, (Audience.LIAISON, BLUE)),
    "逾期黄": (Audience.LEADER, YELLOW),
    "逾期红": (Audience.OFFICE, RED),
}

_PORTION = 100_000


@dataclass(frozen=True)
class NightlyResult:
    """What one check found: open deadlines, of the reminders that hold now how many are new, items that nobody handles.

    Those are under way and have no unit that answers them, however that came about.
    """

    on: date
    open: int
    reminders: Mapping[str, int] = field(default_factory=dict)
    new: int = 0
    without_unit: int = 0

    def as_json(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "on": self.on.isoformat(),
            "open": self.open,
            "reminders": dict(self.reminders),
            "new": self.new,
            "without_unit": self.without_unit,
        }


def check_deadlines(session: Session, on: date) -> NightlyResult:
    """Remind of every open deadline the step that holds on `on`, unless it was told before.

    For a session of the program; does not commit.
    """
    mark_done(session)
    found = windows(on, load_calendar(session), load_alerts(session))
    new = sum(_remind(session, found, on, first) for first in _portions(session))
    return NightlyResult(on, *_count(session, found), new, _without_unit(session))


def _without_unit(session: Session) -> int:
    """How many items have no unit at work that answers them, neither withdrawn, closed, merged nor 历史件."""
    item, task = models.Proposal, models.Assignment
    answered = exists().where(task.proposal_id == item.id, is_answering(task))
    query = select(func.count(item.id)).where(is_under_way(item), ~answered)
    return session.scalar(query) or 0


def _portions(session: Session) -> range:
    """Where each portion of the deadlines starts: memory stays flat however many there are."""
    newest = session.scalar(select(func.max(models.Deadline.id))) or 0
    return range(1, newest + 1, _PORTION)


def _remind(session: Session, found: Sequence[Window], on: date, first_id: int) -> int:
    """Create the reminders of one portion in one statement; returns how many."""
    line, reminder = _tables()
    names = ["deadline_id", "step", "colour", "audience", "created_on"]
    wanted = (
        select(line.c.id, *(_by_window(found, line, part) for part in (_step, _colour, _audience)))
        .add_columns(literal(on, DateType))
        .where(line.c.id.between(first_id, first_id + _PORTION - 1))
        .where(line.c.done_on.is_(None), line.c.milestone.not_in(WINDOWS))
        .where(line.c.due_on <= max(window.last for window in found))
        .order_by(line.c.id)
    )
    untold = wanted.where(~exists().where(_told(found, line, reminder)))
    counted = insert(reminder).from_select(names, untold).execution_options(preserve_rowcount=True)
    return cast(CursorResult[Any], session.connection().execute(counted)).rowcount


def _told(found: Sequence[Window], line: Any, reminder: Any) -> ColumnElement[bool]:
    """Whether the step that holds, or a more severe one, was told of the deadline before."""
    severity = case({step: rank for rank, step in enumerate(STEPS)}, value=reminder.c.step)
    return and_(reminder.c.deadline_id == line.c.id, severity >= _by_window(found, line, _rank))


def _by_window(
    found: Sequence[Window], line: Any, part: Callable[[str], Any]
) -> ColumnElement[Any]:
    """SQL for `part` of the step whose window holds the deadline's due date; mildest first."""
    bounded = [(line.c.due_on >= w.first, part(w.step)) for w in found if w.first]
    unbounded = next(part(w.step) for w in found if not w.first)
    return case(*bounded, else_=unbounded)


def _step(step: str) -> ColumnElement[str]:
    return literal(step, String)


def _colour(step: str) -> ColumnElement[str]:
    return literal(AUDIENCES[step][1], String)


def _audience(step: str) -> ColumnElement[str]:
    return literal(AUDIENCES[step][0], String)


def _rank(step: str) -> int:
    return STEPS.index(step)


def _count(session: Session, found: Sequence[Window]) -> tuple[int, dict[str, int]]:
    """How many deadlines are open, and how many of them stand at each step."""
    line = models.Deadline
    by_day = session.execute(
        select(line.due_on, line.milestone, func.count())
        .where(line.done_on.is_(None))
        .group_by(line.due_on, line.milestone)
    )
    total, counts = 0, dict.fromkeys(STEPS, 0)
    for due_on, milestone, count in by_day:
        total += count
        step = next((window.step for window in found if window.holds(due_on)), None)
        if step and milestone not in WINDOWS:
            counts[step] += count
    return total, counts


def _tables() -> tuple[Any, Any]:
    return models.by_table["deadlines"].__table__, models.by_table["reminders"].__table__
