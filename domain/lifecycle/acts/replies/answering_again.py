"""回头看: what a unit promised in its answer it answers for again a year later (S0 §六: 再次答复, by 30 September).

The items come up by themselves, also those that are closed; the draft goes the way of any reply.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from domain import models
from domain.access.criteria import in_own_hands
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.dues.deadlines import REREPLY
from domain.dues.under_way import is_answering
from domain.lifecycle.acts.act import Act, Asking, Doing
from domain.lifecycle.acts.conditions import every
from domain.lifecycle.last_answers import promises_still, promising_tasks
from domain.schema.states import ReplyKind, ReplyState
from domain.storing.session import ActorSession


def _is_of_a_year_gone_by(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The item of the task is of an earlier year, and neither withdrawn nor merged into another."""
    item, meeting = _items(), models.alias_of("meetings", "meeting_looked_back_at")
    return exists().where(
        item.c.id == row.proposal_id,
        item.c.withdrawn_on.is_(None),
        item.c.merged_into_id.is_(None),
        meeting.c.id == item.c.meeting_id,
        meeting.c.year < asking.today.year,
    )


def _promises_still(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return and_(is_answering(row), promises_still(row.id))


def _is_not_begun(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """No answer of a year later is being written."""
    reply = models.alias_of("replies", "answering_again")
    return ~exists().where(
        reply.c.assignment_id == row.id,
        reply.c.kind == ReplyKind.AGAIN,
        reply.c.state != ReplyState.ISSUED,
    )


def _is_this_years(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """It is due this year, or was before. Items of years gone by (历史件) have no deadlines: last year's, once."""
    line = models.alias_of("deadlines", "looked_back_by")
    is_due = exists().where(
        line.c.assignment_id == row.id,
        line.c.milestone == REREPLY,
        line.c.done_on.is_(None),
        line.c.due_on <= date(asking.today.year, 12, 31),
    )
    item, meeting = _items(), models.alias_of("meetings", "meeting_of_last_year")
    reply = models.alias_of("replies", "answered_again")
    is_last_years = exists().where(
        item.c.id == row.proposal_id,
        item.c.is_history,
        meeting.c.id == item.c.meeting_id,
        meeting.c.year == asking.today.year - 1,
        ~exists().where(reply.c.assignment_id == row.id, reply.c.kind == ReplyKind.AGAIN),
    )
    return and_(row.id.in_(promising_tasks()), or_(is_due, is_last_years))


def _items() -> Any:
    return models.alias_of("proposals", "item_looked_back_at")


def _begin(doing: Doing) -> None:
    rounds = _rounds(doing, [task.id for task in doing.rows])
    for task in doing.rows:
        doing.session.add(
            models.Reply(
                assignment_id=task.id,
                kind=ReplyKind.AGAIN,
                round=rounds.get(task.id, 0) + 1,
                title=f"关于《{task.proposal.title}》落实情况的再次答复"[:300],
                drafted_on=doing.asking.today,
                drafter=task.handler,
            )
        )


def _rounds(doing: Doing, task_ids: Sequence[int]) -> dict[int, int]:
    """By task how often it has been answered for again."""
    reply = models.Reply
    query = select(reply.assignment_id, func.max(reply.round)).where(reply.kind == ReplyKind.AGAIN)
    query = query.group_by(reply.assignment_id)
    return {row[0]: row[1] for row in doing.among(query, reply.assignment_id, task_ids)}


def _new_draft(session: ActorSession, task_id: int) -> tuple[str, int] | None:
    """The last answer of a year later to the task."""
    reply = models.Reply
    query = select(reply.id).where(reply.assignment_id == task_id, reply.kind == ReplyKind.AGAIN)
    key = session.scalar(query.order_by(reply.round.desc()).limit(1))
    return None if key is None else ("replies", key)


BEGIN = Act(
    name="answer_again",
    label="再次答复",
    table="assignments",
    who={LIAISON: in_own_hands, OFFICE: everything},
    starts=(),
    when=every(_promises_still, _is_of_a_year_gone_by, _is_not_begun),
    otherwise="最近一次答复不是要回头看的类别，还没有到下一年，或者再次答复已经在拟",
    write=_begin,
    opens=_new_draft,
    says="已拟再次答复，请在“答复”里写明落实情况、标注类别，再送审",
    todo="待再次答复",
    todo_of=(LIAISON,),
    owed=_is_this_years,
    tone="first",
    help="上年答复说列入计划、逐步解决的，把今年的落实情况再答复一次；原来的答复不变。",
)
ACTS = (BEGIN,)
