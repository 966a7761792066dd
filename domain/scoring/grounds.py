"""What counts against a unit (S1: 倒扣分, 未在规定时限内答复; S3: 退回), as questions to the database.

A rule of 考核 names its ground; how many points it costs is the office's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    func,
    null,
    or_,
    select,
)

from domain import models
from domain.dues import deadlines
from domain.schema.states import Rating, ReplyState, StepResult

_LATE: Mapping[str, str] = {
    "方案逾期": deadlines.PLAN,
    "协办意见逾期": deadlines.OPINION,
    "答复逾期": deadlines.REPLY,
    "再次答复逾期": deadlines.REREPLY,
    "办结逾期": deadlines.CLOSE,
}
"""The grounds that are a milestone missed."""
NIGHT: ColumnElement[Any] = bindparam("night", type_=Date)
"""As of which day is asked; whoever executes says it."""
_RETURNED, _NOT_SATISFIED = "答复退回", "评价不满意"


@dataclass(frozen=True)
class Ground:
    """``found``: the cases: unit_id, assignment_id, year, on (the day) and KEYS, of which one says what they are of.
    ``holds``: whether the case of an entry still stands, given the entry's columns. Both as of the day NIGHT."""

    found: Callable[[], Select[Any]]
    holds: Callable[[Any], ColumnElement[bool]]


def _is_missed(line: Any) -> ColumnElement[bool]:
    late = or_(line.done_on.is_(None), line.done_on > line.due_on)
    return and_(line.due_on < NIGHT, late)


def _late(milestone: str) -> Ground:
    def found() -> Select[Any]:
        line = models.table_of("deadlines").c
        missed = and_(line.milestone == milestone, _is_missed(line))
        return _cases(line.assignment_id, line.due_on, milestone=line.milestone).where(missed)

    def holds(entry: Any) -> ColumnElement[bool]:
        line = models.alias_of("deadlines", "missed_date").c
        same = and_(line.assignment_id == entry.assignment_id, line.milestone == entry.milestone)
        return exists().where(same, _is_missed(line))

    return Ground(found, holds)


def _is_return(step: Any) -> ColumnElement[bool]:
    by_office = step.step == ReplyState.OFFICE_CHECKED
    return and_(step.result == StepResult.SENT_BACK, by_office)


def _returned() -> Ground:
    def found() -> Select[Any]:
        step, reply = models.table_of("review_steps").c, models.table_of("replies").c
        cases = _cases(
            reply.assignment_id, func.date(step.acted_at, type_=Date()), review_step_id=step.id
        )
        return cases.where(step.reply_id == reply.id, _is_return(step))

    def holds(entry: Any) -> ColumnElement[bool]:
        step = models.alias_of("review_steps", "step_back").c
        return exists().where(step.id == entry.review_step_id, _is_return(step))

    return Ground(found, holds)


def _rated() -> Ground:
    def found() -> Select[Any]:
        rating, reply = models.table_of("feedbacks").c, models.table_of("replies").c
        cases = _cases(reply.assignment_id, rating.received_on, feedback_id=rating.id)
        bad = rating.result_rating == Rating.NOT_SATISFIED
        return cases.where(rating.reply_id == reply.id, bad)

    def holds(entry: Any) -> ColumnElement[bool]:
        rating = models.alias_of("feedbacks", "bad_rating").c
        bad = rating.result_rating == Rating.NOT_SATISFIED
        return exists().where(rating.id == entry.feedback_id, bad)

    return Ground(found, holds)


def _cases(task_id: ColumnElement[Any], on: ColumnElement[Any], **of: Any) -> Select[Any]:
    """The cases on tasks of items that are not of a year gone by, each with its unit and the year of its meeting."""
    task, item, meeting = (
        models.alias_of(n, f"case_{n}") for n in ("assignments", "proposals", "meetings")
    )
    entry = models.table_of("score_entries").c
    keys = (of.get(name, cast(null(), entry[name].type)).label(name) for name in KEYS)
    return select(
        task.c.unit_id, task.c.id.label("assignment_id"), meeting.c.year, on.label("on"), *keys
    ).where(
        task.c.id == task_id,
        item.c.id == task.c.proposal_id,
        meeting.c.id == item.c.meeting_id,
        ~item.c.is_history,
    )


KEYS = ("milestone", "review_step_id", "feedback_id")
"""What an entry is of: one of these columns, with its task."""
GROUNDS: Mapping[str, Ground] = {
    **{name: _late(milestone) for name, milestone in _LATE.items()},
    _RETURNED: _returned(),
    _NOT_SATISFIED: _rated(),
}
"""By the word in score_rules.ground. What a person scores by hand has none."""
