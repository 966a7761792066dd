"""Marks deadlines as done from what has been recorded: signatures, plans, replies, closings.

Not here: which deadlines exist (duedates.py).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Select, Update, func, select, update
from sqlalchemy.orm import Session

from domain import models
from domain.dues.deadlines import CLOSE, OPINION, PLAN, REDO, REPLY, REREPLY, RETURN, REVIEW, SIGN
from domain.schema.states import Rating, ReplyKind, ReplyState


def mark_done(session: Session) -> int:
    """Give every open deadline whose work is recorded the date of the record; returns how many.

    A statement per milestone, however many deadlines there are; run again, it changes nothing.
    """
    return _settle(session, models.Deadline.done_on.is_(None), is_cleared=False)


def reconsider(session: Session, of: ColumnElement[bool]) -> int:
    """As mark_done for the deadlines for which `of` holds, the completed ones too; returns how many changed.

    A record that went or was corrected takes its date along. What a person entered by hand stays.
    """
    return _settle(session, of, is_cleared=True)


def _settle(session: Session, of: ColumnElement[bool], *, is_cleared: bool) -> int:
    session.flush()
    settled = 0
    for settling in _settlings(is_cleared):
        done = settling.where(of).execution_options(synchronize_session=False)
        settled += cast(CursorResult[Any], session.execute(done)).rowcount
    return settled


@lru_cache
def _settlings(is_cleared: bool) -> tuple[Update, ...]:
    """The statement of each milestone, but for whose deadlines. Kept: to write it down takes longer than to run it."""
    return tuple(_settling(name, records, is_cleared) for name, records in _records().items())


def _settling(milestone: str, records: Select[Any], is_cleared: bool) -> Update:
    line, record = models.Deadline, records.subquery()
    done_on = (
        select(func.max(record.c.done_on))
        .where(record.c.assignment_id == line.assignment_id)
        .scalar_subquery()
    )
    known = line.assignment_id.in_(select(record.c.assignment_id))
    stale = line.done_on.is_distinct_from(done_on) if is_cleared else known
    of_milestone = line.milestone == milestone, ~line.is_done_by_hand, stale
    return update(line).where(*of_milestone).values(done_on=done_on)


def _records() -> dict[str, Select[Any]]:
    """Per milestone the tasks that have done it, with the day: (assignment_id, done_on)."""
    task, item = models.Assignment, models.Proposal
    of_item = task.proposal_id == item.id
    return {
        SIGN: _of(task.id, task.signed_on),
        RETURN: _of(task.id, func.coalesce(_asked_on(), task.ended_on, task.finished_on)),
        PLAN: _of(models.HandlingPlan.assignment_id, models.HandlingPlan.submitted_on),
        OPINION: _replies(ReplyKind.OPINION),
        REPLY: _replies(ReplyKind.ANSWER),
        REREPLY: _replies(ReplyKind.AGAIN),
        REDO: _replies_after_dissatisfaction(),
        CLOSE: _of(task.id, item.closed_on).join(item, of_item),
        REVIEW: _of(task.id, func.coalesce(_revisited_on(), item.written_off_on)).join(
            item, of_item
        ),
    }


def _asked_on() -> Any:
    """The day of the task's last request to be returned. To sign for a task does not give that up: the days to ask
    (S0: 7 working days; others 5 or 10) run on until their last."""
    request = models.ReturnRequest
    asked = select(func.max(request.asked_on)).where(request.assignment_id == models.Assignment.id)
    return asked.correlate(models.Assignment).scalar_subquery()


def _revisited_on() -> Any:
    """The day on which an answer to the task was last revisited."""
    reply = models.Reply
    revisited = select(func.max(reply.revisited_on))
    revisited = revisited.where(reply.assignment_id == models.Assignment.id)
    return revisited.correlate(models.Assignment).scalar_subquery()


def _of(assignment_id: Any, on: Any) -> Select[Any]:
    return select(assignment_id.label("assignment_id"), on.label("done_on")).where(on.is_not(None))


def _replies(kind: str) -> Select[int, date | None]:
    reply = models.Reply
    first = func.min(reply.issued_on).label("done_on")
    return (
        select(reply.assignment_id, first)
        .where(reply.kind == kind, reply.state == ReplyState.ISSUED)
        .group_by(reply.assignment_id)
    )


def _replies_after_dissatisfaction() -> Select[int, date | None]:
    """Answers of a later round than the last one that a deputy was not satisfied with."""
    reply, rated, feedback = (
        models.Reply,
        models.by_table["replies"].__table__.alias(),
        models.Feedback,
    )
    last = (
        select(rated.c.assignment_id, func.max(rated.c.round).label("round"))
        .join(feedback, feedback.reply_id == rated.c.id)
        .where(feedback.result_rating == Rating.NOT_SATISFIED)
        .group_by(rated.c.assignment_id)
        .subquery()
    )
    return (
        select(reply.assignment_id, func.min(reply.issued_on).label("done_on"))
        .join(last, last.c.assignment_id == reply.assignment_id)
        .where(
            reply.kind == ReplyKind.ANSWER,
            reply.state == ReplyState.ISSUED,
            reply.round > last.c.round,
        )
        .group_by(reply.assignment_id)
    )
