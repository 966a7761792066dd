"""退回协办意见: the main unit sends a partner's opinion back that says nothing, for it to be written anew (S1).

The partner's task is at work again, its date open. Who returned it, when and why stays among the steps of the opinion,
and so does the day on which it had come: the return can be taken back as long as the partner has not begun.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select

from domain import models
from domain.access.criteria import opinion_for_own_unit
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.lifecycle.acts.act import Act, Answer, Asking, Doing
from domain.lifecycle.acts.conditions import every, is_lead_unsent, reply_is_at_work
from domain.lifecycle.acts.replies.steps import record_step, undo_last_steps
from domain.lifecycle.review import ReviewRecord, approved_on, steps_of
from domain.messages.telling import RETURNED, Tell
from domain.schema.states import ReplyKind, ReplyState, StepResult, TaskRole

READ_BY_LEAD = "主办审看"
"""The step (review_steps.step) at which the main unit reads a partner's opinion."""
_NAME = "退回协办意见"
_WHO = {LIAISON: opinion_for_own_unit, OFFICE: everything}
_REASONS = ("无实质内容", "未说明情况", "行文不规范", "其他")


def _send_back(doing: Doing) -> None:
    told = doing.answers
    more = {"return_reason": told["return_reason"], "note": told["note"]}
    for reply in doing.rows:
        record_step(
            doing, reply, READ_BY_LEAD, StepResult.SENT_BACK, issued_on=reply.issued_on, **more
        )
        reply.issued_on = reply.approved_on = None
        reply.state = ReplyState.SENT_BACK


def _restore(doing: Doing) -> None:
    """The last return does not count, and the opinion has come on the day on which it had come."""
    undo_last_steps(doing, (StepResult.SENT_BACK,))
    step, ids = models.ReviewStep, [reply.id for reply in doing.rows]
    query = select(step.reply_id, step.issued_on).where(step.step == READ_BY_LEAD)
    returned = query.where(step.result == StepResult.SENT_BACK).order_by(step.id)
    days: dict[int, Any] = dict(doing.among(returned, step.reply_id, ids))
    doing.session.flush()
    taken = steps_of(doing.session, ids)
    for reply in doing.rows:
        record = ReviewRecord(reply.submitted_on, steps=taken[reply.id])
        reply.issued_on, reply.approved_on = days[reply.id], approved_on(record)


def _is_partners(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """A partner's opinion, on which the main unit has not relied yet."""
    of_partner = and_(row.kind == ReplyKind.OPINION, row.role == TaskRole.PARTNER)
    return and_(of_partner, is_lead_unsent(asking, row))


def _is_own_return(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The acting person has returned the opinion, and nobody else has touched it since."""
    step, later = (models.alias_of("review_steps", name) for name in ("returned", "since"))
    log, act = (models.alias_of("change_log", name) for name in ("touching_log", "returning_log"))
    since = exists().where(later.c.reply_id == row.id, later.c.id > step.c.id)
    of_return = select(func.max(act.c.id)).where(
        act.c.table_name == "replies", act.c.row_id == row.id, act.c.act == _NAME
    )
    touched = exists().where(
        log.c.table_name == "replies",
        log.c.row_id == row.id,
        log.c.user_id != asking.actor.user_id,
        log.c.id > of_return.scalar_subquery(),
    )
    return exists().where(
        step.c.reply_id == row.id,
        step.c.step == READ_BY_LEAD,
        step.c.result == StepResult.SENT_BACK,
        step.c.user_id == asking.actor.user_id,
        ~since,
        ~touched,
    )


SEND_BACK = Act(
    name="send_back_opinion",
    label=_NAME,
    table="replies",
    who=_WHO,
    starts=(ReplyState.ISSUED,),
    when=every(_is_partners, reply_is_at_work),
    otherwise="不是协办单位的意见，主办单位已据此送审，或者任务、本件已经结束",
    leads_to=ReplyState.SENT_BACK,
    answers=(
        Answer("return_reason", "review_steps", is_required=True, choices=_REASONS),
        Answer("note", "review_steps", is_required=True, help="写明还要说清什么，协办单位看得到。"),
    ),
    write=_send_back,
    tells=Tell(RETURNED, "{row}被主办单位退回：{return_reason}，{note}"),
    says="已退回协办意见，请协办单位重新提出",
    in_bulk=False,
    help="协办意见没有实质内容或没有说明情况的，主办单位可以请协办单位重新提出；自己的答复送审以前退。",
)
RESTORE = Act(
    name="restore_opinion",
    label="撤回退回",
    table="replies",
    who=_WHO,
    starts=(ReplyState.SENT_BACK,),
    when=every(_is_own_return, _is_partners, reply_is_at_work),
    otherwise="不是您退回的协办意见，或者协办单位已经在改",
    leads_to=ReplyState.ISSUED,
    write=_restore,
    says="已撤回退回，协办意见照旧算送达",
    in_bulk=False,
)
ACTS = (SEND_BACK, RESTORE)
