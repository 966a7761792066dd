"""Marks deadlines as done from what has been recorded: signatures, plans, replies, closings.

Not here: which deadlines exist (duedates.py). 再梳理 leaves no record of its own, so that it is done
when the item is written off, or when somebody enters the date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Select, func, select, true, update
from sqlalchemy.orm import Session

from domain import models
from domain.deadlines import CLOSE, OPINION, PLAN, REDO, REPLY, REREPLY, RETURN, REVIEW, SIGN


def mark_done(session: Session, of: ColumnElement[bool] | None = None) -> int:
    """Give every open deadline whose work is recorded the date of the record; returns how many.

    `of` limits it to some deadlines (it speaks of models.Deadline). A statement per milestone,
    however many deadlines there are; run again, it changes nothing.
    """
    session.flush()
    limit = true() if of is None else of
    line, marked = models.Deadline, 0
    for milestone, records in _records():
        record = records.subquery()
        done_on = select(func.max(record.c.done_on)).where(
            record.c.assignment_id == line.assignment_id
        )
        result = session.execute(
            update(line)
            .where(line.milestone == milestone, line.done_on.is_(None), limit)
            .where(line.assignment_id.in_(select(record.c.assignment_id)))
            .values(done_on=done_on.scalar_subquery())
            .execution_options(synchronize_session=False)
        )
        marked += cast(CursorResult[Any], result).rowcount
    return marked


def _records() -> Iterator[tuple[str, Select[Any]]]:
    """Per milestone the tasks that have done it, with the day: (assignment_id, done_on)."""
    task, item = models.Assignment, models.Proposal
    signed = _of(task.id, task.signed_on)
    yield SIGN, signed
    yield RETURN, signed
    yield RETURN, _of(models.ReturnRequest.assignment_id, models.ReturnRequest.asked_on)
    yield PLAN, _of(models.HandlingPlan.assignment_id, models.HandlingPlan.submitted_on)
    yield OPINION, _replies("协办意见")
    yield REPLY, _replies("答复")
    yield REREPLY, _replies("再次答复")
    yield REDO, _replies_after_dissatisfaction()
    closed = _of(task.id, item.closed_on).join(item, item.id == task.proposal_id)
    yield CLOSE, closed
    yield REVIEW, _of(task.id, item.written_off_on).join(item, item.id == task.proposal_id)


def _of(assignment_id: Any, on: Any) -> Select[Any]:
    return select(assignment_id.label("assignment_id"), on.label("done_on")).where(on.is_not(None))


def _replies(kind: str) -> Select[Any]:
    reply = models.Reply
    first = func.min(reply.issued_on).label("done_on")
    return (
        select(reply.assignment_id, first)
        .where(reply.kind == kind, reply.state == "已答复")
        .group_by(reply.assignment_id)
    )


def _replies_after_dissatisfaction() -> Select[Any]:
    """Answers of a later round than the last one that a deputy was not satisfied with."""
    reply, rated, feedback = (
        models.Reply,
        models.by_table["replies"].__table__.alias(),
        models.Feedback,
    )
    last = (
        select(rated.c.assignment_id, func.max(rated.c.round).label("round"))
        .join(feedback, feedback.reply_id == rated.c.id)
        .where(feedback.result_rating == "不满意")
        .group_by(rated.c.assignment_id)
        .subquery()
    )
    return (
        select(reply.assignment_id, func.min(reply.issued_on).label("done_on"))
        .join(last, last.c.assignment_id == reply.assignment_id)
        .where(reply.kind == "答复", reply.state == "已答复", reply.round > last.c.round)
        .group_by(reply.assignment_id)
    )
