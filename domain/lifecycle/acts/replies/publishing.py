"""公开: an answer that was issued is published, in full or in short, or kept private for a reason (国办发〔2014〕46号).

What is published is the answer, not the item: whether and when, the item's list shows of its answers. Whoever said on
the feedback form that he does not agree is named first.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select

from domain import models
from domain.access.rule import Columns, everything
from domain.actors import OFFICE
from domain.lifecycle.acts.act import TODAY, Act, Answer, Asking, Doing, Need
from domain.schema.states import Publicity, ReplyKind, ReplyState
from domain.storing.session import ActorSession

_OFFICE = {OFFICE: everything}


def _is_undecided(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Nobody has said yet whether the answer is published; partners' opinions are not."""
    return and_(row.publicity == Publicity.UNDECIDED, row.kind != ReplyKind.OPINION)


def _is_said(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.publicity != Publicity.UNDECIDED


def _is_last_of_its_kind(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """No later round was issued, and the item is neither withdrawn nor of a year before the panel (历史件)."""
    later, item = models.alias_of("replies", "later_issued"), models.table_of("proposals")
    is_replaced = exists().where(
        later.c.assignment_id == row.assignment_id,
        later.c.kind == row.kind,
        later.c.state == ReplyState.ISSUED,
        later.c.round > row.round,
    )
    is_owed = exists().where(
        item.c.id == row.proposal_id, ~item.c.is_history, item.c.withdrawn_on.is_(None)
    )
    return and_(is_owed, ~is_replaced)


def _all_agree(asking: Asking, row: Columns) -> ColumnElement[bool]:
    feedback = models.alias_of("feedbacks", "disagreeing")
    return ~exists().where(feedback.c.reply_id == row.id, ~feedback.c.agrees_to_publish)


def _who_disagrees(session: ActorSession, row: Any) -> str:
    feedback, deputy = models.table_of("feedbacks").c, models.table_of("deputies").c
    query = select(deputy.name).where(
        feedback.deputy_id == deputy.id, feedback.reply_id == row.id, ~feedback.agrees_to_publish
    )
    return "、".join(session.unchecked_connection().scalars(query.order_by(feedback.id)))


def _publish(doing: Doing) -> None:
    told = doing.answers
    for reply in doing.rows:
        reply.publicity, reply.published_on = told["publicity"], told["published_on"]
        reply.web_address = told.get("web_address") or ""
        reply.publicity_note = told.get("publicity_note") or ""


def _keep_private(doing: Doing) -> None:
    for reply in doing.rows:
        reply.publicity = Publicity.PRIVATE
        reply.publicity_note = doing.answers["publicity_note"]


def _undo(doing: Doing) -> None:
    for reply in doing.rows:
        reply.publicity, reply.published_on = Publicity.UNDECIDED, None
        reply.web_address = reply.publicity_note = ""


PUBLISH = Act(
    name="publish",
    label="公开",
    table="replies",
    who=_OFFICE,
    starts=(ReplyState.ISSUED,),
    when=_is_undecided,
    otherwise="已经定了公开属性，或者是协办意见",
    answers=(
        Answer(
            "publicity",
            is_required=True,
            default=Publicity.FULL,
            choices=(Publicity.FULL, Publicity.SUMMARY),
            help="涉密、涉及商业秘密和个人隐私的，摘要公开或不公开。",
        ),
        Answer("published_on", is_required=True, begins=TODAY),
        Answer("web_address"),
        Answer("publicity_note", help="代表委员不同意公开而公开的，写明理由。"),
    ),
    needs=(
        Need(
            _all_agree,
            "{names}在反馈表上不同意公开：请用“不公开”；仍要公开的，在“公开说明”里写明理由。",
            unless="publicity_note",
            names={"names": _who_disagrees},
        ),
    ),
    write=_publish,
    says="已登记公开",
    todo="待定公开的答复",
    owed=_is_last_of_its_kind,
    is_dated=False,
    tone="first",
    help="答复在网站等处公开以后登记日期和网址；代表委员的联系方式不公开。",
)
KEEP_PRIVATE = Act(
    name="keep_private",
    label="不公开",
    table="replies",
    who=_OFFICE,
    starts=(ReplyState.ISSUED,),
    when=_is_undecided,
    otherwise="已经定了公开属性，或者是协办意见",
    answers=(Answer("publicity_note", is_required=True, help="写明不公开的理由。"),),
    write=_keep_private,
    says="已定为不公开",
)
UNDO = Act(
    name="unpublish",
    label="撤回公开",
    table="replies",
    who=_OFFICE,
    starts=(ReplyState.ISSUED,),
    when=_is_said,
    otherwise="还没有定公开属性",
    write=_undo,
    says="已撤回，公开属性未定",
    in_bulk=False,
)
ACTS = (PUBLISH, KEEP_PRIVATE, UNDO)
