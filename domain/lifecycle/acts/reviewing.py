"""送审, 通过, 退回: a reply on its way to being issued, by the steps of its meeting's 审签流程 (S0 §六, S1).

Whoever signs finds it on his first page. Most leaders sign paper: where the route says so, another role records it.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from domain import models
from domain.access.criteria import of_own_assignment, through
from domain.access.rule import Columns, everything
from domain.actors import LEADER, LIAISON, OFFICE, SUPERVISOR
from domain.lifecycle.acts.act import AS_IT_IS, TODAY, Act, Answer, Asking, Doing, Need
from domain.lifecycle.acts.conditions import (
    has_ledger,
    has_letter,
    has_needed_file,
    item_is_open,
    partners_have_spoken,
    says_something,
    silent_partners,
    waits_for_recorder,
    waits_for_signer,
)
from domain.schema.states import ReplyKind, ReplyState, StepResult

_DRAFTING = "拟稿"
_STEPS = (
    ReplyState.CHECKED,
    ReplyState.LEADER_CHECKED,
    ReplyState.LEADER_SIGNED,
    ReplyState.SUPERVISOR_SIGNED,
    ReplyState.OFFICE_CHECKED,
)
_SIGNERS = {
    LIAISON: of_own_assignment,
    LEADER: of_own_assignment,
    SUPERVISOR: through("assignment_id", "assignments"),
    OFFICE: everything,
}
_UNITS = {LIAISON: of_own_assignment, OFFICE: everything}


def _send(doing: Doing) -> None:
    for reply in doing.rows:
        reply.submitted_on = doing.answers["submitted_on"]
        if note := doing.answers.get("partner_note"):  # several at once keep what each says
            reply.partner_note = note
        _record(doing, reply, _DRAFTING, StepResult.SENT, day=reply.submitted_on)


def _unsend(doing: Doing) -> None:
    """The last sending goes; nobody has acted on it."""
    step = models.ReviewStep
    for reply in doing.rows:
        sent = select(step).where(step.reply_id == reply.id, step.result == StepResult.SENT)
        last = doing.session.scalars(sent.order_by(step.id.desc())).first()
        if last is not None:
            doing.session.delete(last)
        reply.submitted_on = None


def _pass(doing: Doing) -> None:
    for reply in doing.rows:
        _record(doing, reply, reply.state, StepResult.PASSED, note=doing.answers.get("note"))
    _finish(doing)


def _record_for(doing: Doing) -> None:
    for reply in doing.rows:
        _record(
            doing,
            reply,
            reply.state,
            StepResult.PASSED,
            note=doing.answers.get("note"),
            signed_name=doing.answers["signed_name"],
            day=doing.answers["acted_at"],
        )
    _finish(doing)


def _send_back(doing: Doing) -> None:
    told = doing.answers
    for reply in doing.rows:
        at = ReplyState.OFFICE_CHECKED if reply.state == ReplyState.APPROVED else reply.state
        more = {"return_reason": told["return_reason"], "note": told["note"]}
        _record(doing, reply, at, StepResult.SENT_BACK, **more)
        reply.approved_on = None


def _correct(doing: Doing) -> None:
    """The reviewing office changes what the unit wrote; the reason stands beside it, for the unit to read."""
    told = doing.answers
    for reply in doing.rows:
        for name in ("answer_category_id", "document_no", "title"):
            setattr(reply, name, told[name] if name.endswith("_id") else told[name] or "")
        _record(doing, reply, ReplyState.OFFICE_CHECKED, StepResult.CORRECTED, note=told["note"])


def _issue(doing: Doing) -> None:
    for reply in doing.rows:
        reply.issued_on = doing.answers["issued_on"]
        reply.document_no = doing.answers["document_no"] or ""


def _unissue(doing: Doing) -> None:
    for reply in doing.rows:
        reply.issued_on, reply.state = None, ReplyState.APPROVED


def _record(doing: Doing, reply: Any, step: str, result: str, **more: Any) -> None:
    day = more.pop("day", doing.asking.today)
    at = doing.now if day == doing.asking.today else datetime.combine(day, time())
    known = {name: value for name, value in more.items() if value}
    doing.session.add(
        models.ReviewStep(
            reply_id=reply.id,
            step=step,
            result=result,
            user_id=doing.person,
            acted_at=at,
            **known,
        )
    )


def _finish(doing: Doing) -> None:
    """Date the approval of the replies whose route is at its end; their states have followed from the steps."""
    ids = [reply.id for reply in doing.rows]
    doing.session.flush()
    reply = models.Reply
    passed = select(reply).where(reply.id.in_(ids), reply.state == ReplyState.APPROVED)
    for row in doing.session.scalars(passed):
        row.approved_on = doing.asking.today


def _only_sent(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Nobody has acted on the reply since it was last sent."""
    step, later = (models.table_of("review_steps").alias(name) for name in ("sent", "acted"))
    since = exists().where(
        later.c.reply_id == row.id,
        later.c.result != StepResult.SENT,
        later.c.id > step.c.id,
    )
    return exists().where(step.c.reply_id == row.id, step.c.result == StepResult.SENT, ~since)


def _is_office_or_waits(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """A signer returns what waits for him; the office also what it has passed."""
    waits = waits_for_signer(asking, row)
    if asking.actor.role != OFFICE:
        return waits
    return waits | (row.state == ReplyState.APPROVED)


def _is_owed(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The item is under way, or this is the answer that is owed a year later."""
    return item_is_open(asking, row) | (row.kind == ReplyKind.AGAIN)


def _is_unused(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Nobody has got or rated the issued reply yet."""
    used = (models.table_of(name).alias(f"using_{name}") for name in ("deliveries", "feedbacks"))
    first, second = (~exists().where(table.c.reply_id == row.id) for table in used)
    return first & second


SEND = Act(
    name="send",
    label="送审",
    table="replies",
    who=_UNITS,
    starts=(ReplyState.DRAFT, ReplyState.SENT_BACK),
    when=_is_owed,
    otherwise="本件已并案、办结、撤回",
    answers=(
        Answer("submitted_on", is_required=True, begins=TODAY, roles=frozenset({OFFICE})),
        Answer("partner_note", begins=AS_IT_IS),
    ),
    needs=(
        Need(says_something, "还没有内容：请填正文或文号，或上传附件。"),
        Need(has_letter, "还没有标注答复类别。"),
        Need(has_ledger, "还没有办理台账：请先记一条联系代表委员、调查研究等的台账。"),
        Need(has_needed_file, "还没有附件：请上传签章扫描件或正式文件。"),
        Need(
            partners_have_spoken,
            "协办意见还没有收齐：{partners}；不等的，请在“协办意见说明”里写明原因。",
            unless="partner_note",
            names={"partners": silent_partners},
        ),
    ),
    write=_send,
    says="已送审",
    todo="待送审的答复",
    todo_of=(LIAISON,),
    tone="first",
)
UNSEND = Act(
    name="unsend",
    label="撤回送审",
    table="replies",
    who={LIAISON: of_own_assignment},
    starts=_STEPS,
    when=_only_sent,
    otherwise="送审以后已经有人审过",
    write=_unsend,
    says="已撤回送审，可以再改",
)
PASS = Act(
    name="pass",
    label="通过",
    table="replies",
    who=_SIGNERS,
    starts=_STEPS,
    when=waits_for_signer,
    otherwise="这一步不由您审签",
    answers=(Answer("note", "review_steps"),),
    write=_pass,
    says="已通过",
    todo="待我审签的答复",
    tone="first",
)
RECORD = Act(
    name="record_signature",
    label="代录签批",
    table="replies",
    who=_UNITS,
    starts=_STEPS,
    when=waits_for_recorder,
    otherwise="这一步不由您代录",
    answers=(
        Answer("signed_name", "review_steps", is_required=True),
        Answer("acted_at", "review_steps", is_required=True, begins=TODAY, is_day=True),
        Answer("note", "review_steps"),
    ),
    write=_record_for,
    says="已代录签批",
    in_bulk=False,
    help="领导在纸上签了的，登记签的人和日期；扫描件作为附件上传到这份答复。",
)
SEND_BACK = Act(
    name="send_back",
    label="退回",
    table="replies",
    who=_SIGNERS,
    starts=(*_STEPS, ReplyState.APPROVED),
    when=_is_office_or_waits,
    otherwise="这一步不由您审签",
    leads_to=ReplyState.SENT_BACK,
    answers=(
        Answer("return_reason", "review_steps", is_required=True),
        Answer("note", "review_steps", is_required=True, help="写明哪里要改，单位看得到。"),
    ),
    write=_send_back,
    says="已退回",
)
CORRECT = Act(
    name="correct",
    label="更正",
    table="replies",
    who={OFFICE: everything},
    starts=(ReplyState.OFFICE_CHECKED, ReplyState.APPROVED, ReplyState.ISSUED),
    answers=(
        Answer("answer_category_id", begins=AS_IT_IS),
        Answer("document_no", begins=AS_IT_IS),
        Answer("title", begins=AS_IT_IS),
        Answer("note", "review_steps", is_required=True, help="为什么改，单位看得到。"),
    ),
    write=_correct,
    says="已更正",
    in_bulk=False,
    help="改单位已经送审的答复：类别、文号、标题；正文要改的，请退回。",
)
ISSUE = Act(
    name="issue",
    label="正式答复",
    table="replies",
    who=_UNITS,
    starts=(ReplyState.APPROVED,),
    leads_to=ReplyState.ISSUED,
    answers=(
        Answer("issued_on", is_required=True, begins=TODAY),
        Answer("document_no", begins=AS_IT_IS),
    ),
    needs=(Need(has_letter, "还没有标注答复类别。"),),
    write=_issue,
    says="已正式答复",
    todo="待正式答复",
    todo_of=(LIAISON,),
    tone="first",
    in_bulk=False,
    help="答复送出的日期；协办意见是送达主办单位的日期。",
)
UNISSUE = Act(
    name="unissue",
    label="撤回答复",
    table="replies",
    who=_UNITS,
    starts=(ReplyState.ISSUED,),
    when=_is_unused,
    otherwise="已经寄送，或者有了反馈",
    leads_to=ReplyState.APPROVED,
    write=_unissue,
    says="已撤回答复",
    in_bulk=False,
)
ACTS = (SEND, PASS, RECORD, SEND_BACK, ISSUE, CORRECT, UNSEND, UNISSUE)
