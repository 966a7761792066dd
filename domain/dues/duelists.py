"""Who sees which due dates: 到期日历, 逾期清单, reports that are owed, tasks without a date.

For a person's session, whose scope limits every list; a unit sees its own tasks. Not here: the
reminders (bell.py), how a due date's state is told (due_states.py).
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true

from domain import models
from domain.actors import LEADER, LIAISON
from domain.dues.deadlines import OPINION, REPLY, WINDOWS
from domain.dues.due_states import BLUE, RED, YELLOW, DueState
from domain.dues.rulebook import Judge, load_judge
from domain.schema.states import TaskRole, TaskState
from domain.storing.session import ActorSession

_OWING = (TaskState.UNSIGNED, TaskState.WORKING)


@dataclass(frozen=True)
class DueRow:
    """A deadline with what a person needs to see of it."""

    deadline_id: int
    assignment_id: int
    proposal_id: int
    kind: str
    number: str
    title: str
    unit: str
    role: str
    milestone: str
    due_on: date
    done_on: date | None
    basis_text: str
    state: DueState


@dataclass(frozen=True)
class MonthDay:
    """A day of the month: whether it is worked, its holiday, how many deadlines in which state."""

    on: date
    is_working: bool
    holiday: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Month:
    """A month of the calendar; `note` says if the year's holidays are not published."""

    days: tuple[MonthDay, ...]
    note: str


@dataclass(frozen=True)
class LateUnit:
    """A unit's late tasks by level, and since when the oldest is late."""

    unit_id: int
    unit: str
    blue: int
    yellow: int
    red: int
    oldest_on: date

    @property
    def total(self) -> int:
        """All of them."""
        return self.blue + self.yellow + self.red


def month(session: ActorSession, day: date, today: date) -> Month:
    """The month in which `day` lies, with the deadlines of every day by state."""
    judge = load_judge(session)
    first = day.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    counts: dict[date, Counter[str]] = defaultdict(Counter)
    for due_on, done_on, number in session.execute(_by_day(session, first, last)):
        counts[due_on][judge.state(due_on, done_on, today).state] += number
    days = (first + timedelta(days=number) for number in range(last.day))
    calendar = judge.calendar
    return Month(
        tuple(MonthDay(d, calendar.is_working(d), calendar.name(d), counts[d]) for d in days),
        calendar.note(first.year),
    )


def due_on_day(session: ActorSession, day: date, today: date) -> list[DueRow]:
    """The deadlines of one day, open ones first."""
    line = models.Deadline
    rows = _rows(session).where(line.due_on == day)
    judge = load_judge(session)
    ordered = rows.order_by(line.done_on.is_not(None), models.Unit.sort_order, line.id)
    return [_row(row, judge, today) for row in session.execute(ordered)]


def late(
    session: ActorSession, today: date, unit_id: int | None = None, limit: int = 500
) -> list[DueRow]:
    """The open deadlines that are past, the longest first; of one unit if `unit_id` is given."""
    line, judge = models.Deadline, load_judge(session)
    rows = _rows(session).where(_is_late(today)).order_by(line.due_on, line.id).limit(limit)
    if unit_id is not None:
        rows = rows.where(models.Assignment.unit_id == unit_id)
    return [_row(row, judge, today) for row in session.execute(rows)]


def late_by_unit(session: ActorSession, today: date) -> list[LateUnit]:
    """The units with late tasks, those with most red ones first."""
    line, task, unit = models.Deadline, models.Assignment, models.Unit
    grouped = (
        select(unit.id, unit.name, line.due_on, func.count())
        .join(task, task.unit_id == unit.id)
        .join(line, line.assignment_id == task.id)
        .where(_is_late(today), _own(session))
        .group_by(unit.id, unit.name, line.due_on)
    )
    judge = load_judge(session)
    levels: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    oldest: dict[tuple[int, str], date] = {}
    for unit_id, name, due_on, number in session.execute(grouped):
        key = (unit_id, name)
        levels[key][judge.state(due_on, None, today).level] += number
        oldest[key] = min(due_on, oldest.get(key, due_on))
    found = [
        LateUnit(*key, count[BLUE], count[YELLOW], count[RED], oldest[key])
        for key, count in levels.items()
    ]
    return sorted(found, key=lambda u: (-u.red, -u.yellow, -u.blue, u.oldest_on, u.unit))


def undated(session: ActorSession, limit: int = 500) -> list[Any]:
    """Leading tasks that owe an answer and have no date for it: a person must give them one."""
    task, line, item = models.Assignment, models.Deadline, models.Proposal
    dated = exists().where(line.assignment_id == task.id, line.milestone.in_((REPLY, OPINION)))
    waiting = (
        select(task)
        .join(item, item.id == task.proposal_id)
        .where(task.role != TaskRole.PARTNER, task.state.in_(_OWING), ~dated, _own(session))
        .where(item.merged_into_id.is_(None))
    )
    return list(session.scalars(waiting.order_by(task.id).limit(limit)))


def _own(session: ActorSession) -> ColumnElement[bool]:
    """A unit's people look at their own tasks, though they may read their partners' too."""
    actor = session.actor
    is_of_unit = actor.role in (LIAISON, LEADER)
    return models.Assignment.unit_id == actor.unit_id if is_of_unit else true()


def _is_late(today: date) -> ColumnElement[bool]:
    line = models.Deadline
    return and_(line.done_on.is_(None), line.due_on < today, line.milestone.not_in(WINDOWS))


def _by_day(session: ActorSession, first: date, last: date) -> Select[date, date | None, int]:
    line, task = models.Deadline, models.Assignment
    return (
        select(line.due_on, line.done_on, func.count())
        .join(task, task.id == line.assignment_id)
        .where(line.due_on.between(first, last), _own(session))
        .group_by(line.due_on, line.done_on)
    )


def _rows(session: ActorSession) -> Select[Any]:
    line, task, item, unit = models.Deadline, models.Assignment, models.Proposal, models.Unit
    return (
        select(
            line.id.label("deadline_id"), task.id.label("assignment_id"), unit.name.label("unit")
        )
        .add_columns(item.id.label("proposal_id"), item.kind, item.number, item.title, task.role)
        .add_columns(line.milestone, line.due_on, line.done_on, line.basis_text)
        .join(task, task.id == line.assignment_id)
        .join(item, item.id == task.proposal_id)
        .join(unit, unit.id == task.unit_id)
        .where(_own(session))
    )


def _row(row: Any, judge: Judge, today: date) -> DueRow:
    return DueRow(**row._mapping, state=judge.state(row.due_on, row.done_on, today))
