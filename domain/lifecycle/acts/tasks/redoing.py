"""重办: a deputy is not satisfied with the result; the task is at work again (workflow.py), its unit answers anew (S0).

The former reply and what was said of it stay. Nobody opens a round that is not due; the draft of the new one is taken
back by deleting it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, select

from domain import models
from domain.access.criteria import in_own_hands
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.lifecycle.acts.act import Act, Asking, Doing
from domain.lifecycle.acts.conditions import every, item_is_open
from domain.schema.states import Rating, ReplyKind, ReplyState, TaskState
from domain.storing.session import ActorSession

_KEPT = ("title", "signer", "contact_name", "contact_phone")
"""What the new draft has from the former reply; its text is to be another."""


def _redo(doing: Doing) -> None:
    for former in _last_replies(doing).values():
        doing.session.add(
            models.Reply(
                assignment_id=former.assignment_id,
                kind=former.kind,
                round=former.round + 1,
                drafted_on=doing.asking.today,
                **{name: getattr(former, name) for name in _KEPT},
            )
        )


def _last_replies(doing: Doing) -> dict[int, Any]:
    """By task its answer of the last round."""
    reply = models.Reply
    query = select(reply).where(reply.kind == ReplyKind.ANSWER).order_by(reply.round)
    ids = [task.id for task in doing.rows]
    return {row.assignment_id: row for (row,) in doing.among(query, reply.assignment_id, ids)}


def _is_to_be_redone(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """A deputy is not satisfied with the task's last answer, and no other one has been begun."""
    answer, later = (models.alias_of("replies", n) for n in ("unsatisfying", "begun_anew"))
    rating = models.alias_of("feedbacks", "dissatisfaction")
    is_begun = exists().where(
        later.c.assignment_id == answer.c.assignment_id,
        later.c.kind == answer.c.kind,
        later.c.round > answer.c.round,
    )
    return exists().where(
        answer.c.assignment_id == row.id,
        answer.c.kind == ReplyKind.ANSWER,
        answer.c.state == ReplyState.ISSUED,
        rating.c.reply_id == answer.c.id,
        rating.c.result_rating == Rating.NOT_SATISFIED,
        ~is_begun,
    )


def _new_draft(session: ActorSession, task_id: int) -> tuple[str, int] | None:
    """The draft of the last round of the task."""
    reply = models.Reply
    query = select(reply.id).where(reply.assignment_id == task_id, reply.kind == ReplyKind.ANSWER)
    key = session.scalar(query.order_by(reply.round.desc()).limit(1))
    return None if key is None else ("replies", key)


REDO = Act(
    name="redo",
    label="重新办理",
    table="assignments",
    who={LIAISON: in_own_hands, OFFICE: everything},
    starts=(TaskState.WORKING,),
    when=every(_is_to_be_redone, item_is_open),
    otherwise="没有不满意的反馈，或者已经在拟新一轮的答复，或者本件已并案、办结、撤回",
    write=_redo,
    opens=_new_draft,
    says="已开始重新办理，新一轮的答复在拟稿",
    todo="待重办",
    todo_of=(LIAISON,),
    tone="first",
    help="开一份新一轮的答复拟稿；上一轮的答复和反馈都保留。",
)
ACTS = (REDO,)
