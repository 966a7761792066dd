"""Marks deadlines as done from what has been recorded: signatures, plans, replies, closings.

Not here: which deadlines exist (duedates.py).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, Update, func, select, update
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
        settled += session.connection().execute(settling.where(of)).rowcount
    return settled


@lru_cache
def _settlings(is_cleared: bool) -> tuple[Update, ...]:
    """The statement of each milestone, but for whose deadlines. Kept: to write it down takes longer than to run it."""
    return tuple(_settling(name, record, is_cleared) for name, record in _records().items())


def _settling(milestone: str, record: Record, is_cleared: bool) -> Update:
    """The day of the first record, looked up for the task of each deadline: a reply counts from the first issued."""
    lines = models.table_of("deadlines")
    of_task = record.of_task(lines.c.assignment_id, func.min(record.on)).correlate(lines)
    done_on, known = of_task.scalar_subquery(), _is_known(record, lines)
    stale = lines.c.done_on.is_distinct_from(done_on) if is_cleared else known
    is_concerned = lines.c.milestone == milestone, ~lines.c.is_done_by_hand, stale
    return update(lines).where(*is_concerned).values(done_on=done_on)


def _is_known(record: Record, lines: Any) -> ColumnElement[bool]:
    """Whether the work of a deadline is recorded at all."""
    of_task = record.of_task(lines.c.assignment_id, record.task_id)
    return of_task.correlate(lines).exists()


class Record(NamedTuple):
    """Where a milestone is recorded: the rows of which tasks, on which day, and what must hold of them."""

    task_id: ColumnElement[int]
    on: ColumnElement[date | None]
    conditions: tuple[ColumnElement[bool], ...] = ()

    def of_task(self, task_id: ColumnElement[int], *columns: Any) -> Select[Any]:
        """The columns of the rows of one task. Never of all tasks at once: a save is about a few."""
        filled = self.on.is_not(None)
        return select(*columns).where(self.task_id == task_id, filled, *self.conditions)


def _records() -> dict[str, Record]:
    task, plan = models.table_of("assignments").c, models.table_of("handling_plans").c
    return {
        SIGN: Record(task.id, task.signed_on),
        RETURN: Record(task.id, func.coalesce(_asked_on(), task.ended_on, task.finished_on)),
        PLAN: Record(plan.assignment_id, plan.submitted_on),
        OPINION: _replies(ReplyKind.OPINION),
        REPLY: _replies(ReplyKind.ANSWER),
        REREPLY: _replies(ReplyKind.AGAIN),
        REDO: _replies_after_dissatisfaction(),
        CLOSE: Record(task.id, _of_item("closed_on")),
        REVIEW: Record(task.id, func.coalesce(_revisited_on(), _of_item("written_off_on"))),
    }


def _asked_on() -> ScalarSelect[Any]:
    """The day of the task's last request to be returned. To sign for a task does not give that up: the days to ask
    (S0: 7 working days; others 5 or 10) run on until their last."""
    request = models.table_of("return_requests").c
    return _looked_up(func.max(request.asked_on), request.assignment_id)


def _revisited_on() -> ScalarSelect[Any]:
    """The day on which an answer to the task was last revisited."""
    reply = models.table_of("replies").c
    return _looked_up(func.max(reply.revisited_on), reply.assignment_id)


def _looked_up(day: ColumnElement[Any], task_id: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The day of rows that hang on the task at hand."""
    task = models.table_of("assignments")
    return select(day).where(task_id == task.c.id).correlate(task).scalar_subquery()


def _of_item(name: str) -> ScalarSelect[Any]:
    """A day of the item of the task at hand."""
    task, item = models.table_of("assignments"), models.table_of("proposals").c
    day = select(item[name]).where(item.id == task.c.proposal_id)
    return day.correlate(task).scalar_subquery()


def _replies(kind: str, *conditions: ColumnElement[bool]) -> Record:
    reply = models.table_of("replies").c
    is_issued = reply.kind == kind, reply.state == ReplyState.ISSUED
    return Record(reply.assignment_id, reply.issued_on, (*is_issued, *conditions))


def _replies_after_dissatisfaction() -> Record:
    """Answers of a later round than the last one that a deputy was not satisfied with."""
    replies, feedback = models.table_of("replies"), models.table_of("feedbacks").c
    rated = replies.alias("rated").c
    last = (
        select(func.max(rated.round))
        .join(models.table_of("feedbacks"), feedback.reply_id == rated.id)
        .where(
            rated.assignment_id == replies.c.assignment_id,
            feedback.result_rating == Rating.NOT_SATISFIED,
        )
        .correlate(replies)
        .scalar_subquery()
    )
    return _replies(ReplyKind.ANSWER, replies.c.round > last)
