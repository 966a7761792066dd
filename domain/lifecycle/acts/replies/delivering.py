"""寄送: an issued reply goes to everybody who must get it, with the form for feedback (S0 §六). Who confirms it is
noted; it is taken back as long as nobody has confirmed or rated what he got.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, true

from domain import models
from domain.access.criteria import of_own_assignment, of_own_reply
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.lifecycle.acts.act import TODAY, Act, Answer, Asking, Doing, Unfit
from domain.lifecycle.acts.conditions import every, reply_is_at_work
from domain.lifecycle.acts.recipients import (
    answers_deputies,
    has_no_rating,
    of_reply,
    somebody_is_unserved,
    unserved,
)
from domain.schema.states import ReplyState
from domain.storing.session import ActorSession

_UNITS = {LIAISON: of_own_reply, OFFICE: everything}


def _deliver(doing: Doing) -> None:
    told = {name: doing.answers[name] for name in ("mode", "sent_on", "has_form")}
    for reply in doing.rows:
        for deputy_id in doing.chosen["deputy_id"][reply.id]:
            doing.session.add(models.Delivery(reply_id=reply.id, deputy_id=deputy_id, **told))


def _undeliver(doing: Doing) -> None:
    for delivery in doing.rows:
        doing.session.delete(delivery)


def _confirm(doing: Doing) -> None:
    for delivery in doing.rows:
        delivery.received_on = doing.answers["received_on"]


def _unconfirm(doing: Doing) -> None:
    for delivery in doing.rows:
        delivery.received_on = None


def _is_own_to_send(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """What the office has issued waits for the office, what a unit has, or a file brought, for the unit."""
    if asking.actor.role != OFFICE:
        return true()
    person = models.alias_of("users", "who_issued")
    return exists().where(person.c.id == row.issued_by_id, person.c.role == OFFICE)


def _is_unconfirmed(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.received_on.is_(None)


def _is_confirmed(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.received_on.is_not(None)


def unfit_before_issue(column: str) -> Unfit:
    """Tells which replies the answer in ``column`` dates before the day on which they were issued."""

    def unfit(
        session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
    ) -> dict[int, str]:
        on = told.get(column)
        days = {row.id: row.issued_on for row in rows}
        why = "{} 还没有答复：答复日期是 {}。"
        return {id: why.format(on, day) for id, day in days.items() if on and day and on < day}

    return unfit


DELIVER = Act(
    name="deliver",
    label="寄送",
    table="replies",
    who={LIAISON: of_own_assignment, OFFICE: everything},
    starts=(ReplyState.ISSUED,),
    when=every(answers_deputies, somebody_is_unserved, reply_is_at_work),
    otherwise="应当寄送的都寄送了，或者不寄给代表委员、已有新一轮的答复，或者任务、本件已经结束",
    answers=(
        Answer("deputy_id", "deliveries", is_required=True, offers=unserved, is_many=True),
        Answer("mode", "deliveries", is_required=True, default="当面"),
        Answer("sent_on", "deliveries", is_required=True, begins=TODAY),
        Answer("has_form", "deliveries", is_required=True, default=True),
    ),
    unfit=unfit_before_issue("sent_on"),
    write=_deliver,
    says="已寄送",
    todo="待寄送的答复",
    todo_of=(LIAISON, OFFICE),
    owed=_is_own_to_send,
    tone="first",
    help="领衔、联名和被并案的第一提案人都要寄到；一次寄送几份的，每份都寄给它所有还没有寄到的人。",
)
CONFIRM = Act(
    name="confirm_receipt",
    label="登记回执",
    table="deliveries",
    who=_UNITS,
    starts=(),
    when=_is_unconfirmed,
    otherwise="已经登记了回执",
    answers=(Answer("received_on", is_required=True, begins=TODAY),),
    write=_confirm,
    says="已登记回执",
)
UNCONFIRM = Act(
    name="unconfirm_receipt",
    label="撤回回执",
    table="deliveries",
    who=_UNITS,
    starts=(),
    when=every(_is_confirmed, has_no_rating),
    otherwise="没有登记回执，或者已经有了反馈",
    write=_unconfirm,
    says="已撤回回执",
)
UNDELIVER = Act(
    name="undeliver",
    label="撤回寄送",
    table="deliveries",
    who=_UNITS,
    starts=(),
    when=every(_is_unconfirmed, has_no_rating, of_reply(reply_is_at_work)),
    otherwise="已经有了回执或反馈，或者任务、本件已经结束",
    write=_undeliver,
    says="已撤回寄送",
)
ACTS = (DELIVER, CONFIRM, UNCONFIRM, UNDELIVER)
