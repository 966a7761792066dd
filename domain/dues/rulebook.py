"""Reads what deadlines are made from: the calendar, the rules, the facts of tasks, the alerts.

Not here: what follows from them (domain/dues/deadlines.py, due_states.py), what is stored (duedates.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from domain import models
from domain.dues.deadlines import (
    AFTER_CLOSING,
    CLOSED,
    HANDED_OVER,
    RATED,
    SIGNED,
    Due,
    DueRule,
    Facts,
    dues,
)
from domain.dues.due_states import Alerts, DueState, due_state
from domain.saving.known_settings import read_number
from domain.schema.states import ENDED, ItemState, Rating, ReplyKind, ReplyState
from domain.storing.session import ActorSession, program_within
from domain.time.calendar import SpecialDay, WorkCalendar

ANY = "全部"
_NAMED = ("level", "kind", "area_role", "role")


class Situation(NamedTuple):
    """All that the due dates of a task depend on; tasks that share it share their due dates."""

    meeting_id: int
    kind: str
    area_role: str
    role: str
    owes: bool
    is_history: bool
    is_closed: bool
    handed_over_on: date | None
    signed_on: date | None
    rated_on: date | None
    given_on: date | None
    answered_on: date | None
    promised: bool


def is_owed_still(milestone: str, situation: Situation) -> bool:
    """Whether a task in this situation may owe the milestone at all: once its item is closed, what comes a year later
    alone."""
    if situation.is_history or not situation.owes:
        return False
    return milestone in AFTER_CLOSING or not situation.is_closed


@dataclass(frozen=True)
class MeetingRules:
    """What the rules need of a meeting."""

    year: int
    level: str
    closed_on: date | None
    rules: tuple[DueRule, ...]


@dataclass(frozen=True)
class Rulebook:
    """The rules of every meeting with the calendar: gives the due dates of any situation."""

    meetings: Mapping[int, MeetingRules]
    calendar: WorkCalendar

    def dues(self, situation: Situation) -> tuple[Due, ...]:
        """The due dates of the tasks in this situation; none where nothing is owed any more."""
        meeting = self.meetings[situation.meeting_id]
        found = dues(meeting.rules, _facts(situation, meeting), self.calendar)
        return tuple(due for due in found if is_owed_still(due.milestone, situation))


@dataclass(frozen=True)
class Judge:
    """Tells the state of due dates, by the office's calendar and alerts."""

    calendar: WorkCalendar
    alerts: Alerts

    def state(self, due_on: date, done_on: date | None, today: date) -> DueState:
        """The state of one due date today."""
        return due_state(due_on, done_on, today, self.calendar, self.alerts)


def load_judge(session: ActorSession) -> Judge:
    """The judge with the calendar and the alerts as they are now.

    For anybody: the settings are not everybody's to read, but their due dates turn red by them.
    """
    with program_within(session) as inner:
        return Judge(load_calendar(inner), load_alerts(inner))


def load_calendar(session: Session) -> WorkCalendar:
    """The calendar as the office keeps it."""
    days = session.execute(
        select(models.CalendarDay.day, models.CalendarDay.kind, models.CalendarDay.name)
    )
    years = session.scalars(
        select(models.CalendarYear.year).where(models.CalendarYear.is_published)
    )
    return WorkCalendar.of((SpecialDay(*day) for day in days), years)


def load_alerts(session: Session) -> Alerts:
    """When late turns 黄 and 红, from the settings; the defaults where those make no sense."""
    names = {"LATE_YELLOW_DAYS": "yellow", "LATE_RED_DAYS": "red"}
    stored = session.execute(
        select(models.Setting.name, models.Setting.value).where(models.Setting.name.in_(names))
    )
    read = {names[name]: read_number(name, value) for name, value in stored}
    try:
        return Alerts(**{name: days for name, days in read.items() if days is not None})
    except ValueError:
        return Alerts()


def load_rulebook(session: Session) -> Rulebook:
    """All meetings with the active rules of their rule sets."""
    by_set: dict[int | None, list[DueRule]] = {}
    for row in session.scalars(select(models.DeadlineRule).where(models.DeadlineRule.is_active)):
        by_set.setdefault(row.rule_set_id, []).append(_rule(row))
    active = set(
        session.scalars(select(models.DeadlineRuleSet.id).where(models.DeadlineRuleSet.is_active))
    )
    columns = models.Meeting
    rows = session.execute(
        select(columns.id, columns.rule_set_id, columns.year, columns.level, columns.closed_on)
    )
    meetings = {
        id: MeetingRules(
            year, level, closed_on, tuple(by_set.get(set_id, ())) if set_id in active else ()
        )
        for id, set_id, year, level, closed_on in rows
    }
    return Rulebook(meetings, load_calendar(session))


def situations(session: Session, of: ColumnElement[bool]) -> Iterator[tuple[int, Situation]]:
    """(assignment id, situation) of the tasks for which `of` holds, in batches.

    `of` speaks of models.Assignment and models.Proposal.
    """
    asked = _situations().where(of).order_by(models.Assignment.id)
    # in that order, so that the same tasks give the same deadlines under the same ids
    rows = session.execute(asked.execution_options(yield_per=5000))
    for row in rows:
        yield row[0], _situation(row)


def _situation(row: Any) -> Situation:
    *values, promised = row[1:]
    return Situation._make([*values, bool(promised)])


@lru_cache
def _situations() -> Select[Any]:
    """The question, but for which tasks. Kept: to write it down takes longer than to ask it."""
    task, item, meeting = models.Assignment, models.Proposal, models.Meeting
    owes = and_(
        task.state.not_in(ENDED),
        item.state != ItemState.WITHDRAWN,
        item.merged_into_id.is_(None),
    )
    handed = func.coalesce(task.handed_over_on, item.handed_over_on, meeting.handed_over_on)
    return (
        select(task.id, item.meeting_id, item.kind, item.area_role, task.role, owes)
        .add_columns(
            item.is_history,
            item.closed_on.is_not(None),
            handed,
            task.signed_on,
            _dissatisfied_on(),
            item.due_on,
        )
        .add_columns(_answered_on(), _has_promised())
        .join(item, item.id == task.proposal_id)
        .join(meeting, meeting.id == item.meeting_id)
    )


def _answered_on() -> ScalarSelect[Any]:
    """When the task first answered. Looked up for each task, as what follows: one save is about a few."""
    reply = models.Reply
    return (
        select(func.min(reply.issued_on))
        .where(*_is_issued_answer(reply))
        .correlate(models.Assignment)
        .scalar_subquery()
    )


def _has_promised() -> ColumnElement[bool]:
    """Whether its last answer is of a promising kind."""
    reply, category, later = models.Reply, models.AnswerCategory, aliased(models.Reply)
    is_last = ~exists().where(
        later.assignment_id == reply.assignment_id,
        later.kind == reply.kind,
        later.state == reply.state,
        later.round > reply.round,
    )
    promising = exists().where(category.id == reply.answer_category_id, category.is_promise)
    answer = exists().where(*_is_issued_answer(reply), promising, is_last)
    return answer.correlate(models.Assignment)


def _is_issued_answer(reply: Any) -> tuple[ColumnElement[bool], ...]:
    task = models.Assignment
    return (
        reply.assignment_id == task.id,
        reply.kind == ReplyKind.ANSWER,
        reply.state == ReplyState.ISSUED,
    )


def _dissatisfied_on() -> ScalarSelect[Any]:
    """When a deputy was last dissatisfied with the result."""
    reply, feedback = models.Reply, models.Feedback
    return (
        select(func.max(feedback.received_on))
        .join(reply, reply.id == feedback.reply_id)
        .where(
            reply.assignment_id == models.Assignment.id,
            feedback.result_rating == Rating.NOT_SATISFIED,
        )
        .correlate(models.Assignment)
        .scalar_subquery()
    )


def _facts(situation: Situation, meeting: MeetingRules) -> Facts:
    happened = {
        HANDED_OVER: situation.handed_over_on,
        SIGNED: situation.signed_on,
        CLOSED: meeting.closed_on,
        RATED: situation.rated_on,
    }
    return Facts(
        meeting_id=situation.meeting_id,
        year=meeting.year,
        level=meeting.level,
        kind=situation.kind,
        area_role=situation.area_role,
        role=situation.role,
        events={event: on for event, on in happened.items() if on},
        given_on=situation.given_on,
        answered_on=situation.answered_on,
        promised=situation.promised,
    )


def _rule(row: models.DeadlineRule) -> DueRule:
    named = {name: None if getattr(row, name) == ANY else getattr(row, name) for name in _NAMED}
    return DueRule(
        row.milestone,
        row.basis,
        days=row.days or 0,
        month=row.month or 1,
        day=row.day or 1,
        year_offset=row.year_offset,
        reference=row.reference,
        rolls=row.rolls,
        meeting_id=row.meeting_id,
        id=row.id,
        **named,
    )
