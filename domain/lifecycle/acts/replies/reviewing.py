"""送审, 通过, 退回: a reply on its way to being issued, by the steps of its meeting's 审签流程 (S0 §六, S1).

Whoever signs finds it on his first page. Most leaders sign paper: where the route says so, another role records it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, true

from domain import models
from domain.access.criteria import of_own_unit_in_hand, read_to_countersign, through
from domain.access.rule import Columns, everything
from domain.actors import LEADER, LIAISON, OFFICE, SUPERVISOR
from domain.lifecycle.acts.act import AS_IT_IS, TODAY, Act, Answer, Asking, Doing, Need
from domain.lifecycle.acts.conditions import (
    every,
    has_ledger,
    has_letter,
    has_needed_file,
    is_lead_unsent,
    is_not_being_returned,
    partners_have_spoken,
    reply_is_at_work,
    says_something,
    silent_partners,
    waits_for_recorder,
    waits_for_signer,
)
from domain.lifecycle.acts.items.demanding import EACH_ANSWERED
from domain.lifecycle.acts.replies.authors import SIGNED_BY_ANOTHER
from domain.lifecycle.acts.replies.paper import HAS_SCAN, unfit_signing_day
from domain.lifecycle.acts.replies.steps import record_step, undo_last_steps
from domain.lifecycle.acts.replies.takers import EVERY_STEP_HAS_SOMEBODY
from domain.lifecycle.acts.tasks.meetings import (
    KEY_ITEM_MET,
    MET_AFTER,
    MET_BEFORE,
    MET_DURING,
    OTHER_ITEM_MET,
)
from domain.messages.telling import RETURNED, Tell
from domain.schema.states import DRAFTS, Publicity, ReplyKind, ReplyState, StepResult
from domain.storing.session import ActorSession

_DRAFTING = "拟稿"
_STEPS = (
    ReplyState.CHECKED,
    ReplyState.LEADER_CHECKED,
    ReplyState.LEADER_SIGNED,
    ReplyState.SUPERVISOR_SIGNED,
    ReplyState.OFFICE_CHECKED,
)
_ON_ITS_WAY = (*_STEPS, ReplyState.COUNTERSIGNED)
_SIGNERS = {
    LIAISON: of_own_unit_in_hand,
    LEADER: of_own_unit_in_hand,
    SUPERVISOR: through("assignment_id", "assignments"),
    OFFICE: everything,
}
_UNITS = {LIAISON: of_own_unit_in_hand, OFFICE: everything}


def _send(doing: Doing) -> None:
    for reply in doing.rows:
        reply.submitted_on = doing.answers["submitted_on"]
        if note := doing.answers.get("partner_note"):  # several at once keep what each says
            reply.partner_note = note
        record_step(doing, reply, _DRAFTING, StepResult.SENT, day=reply.submitted_on)


def _unsend(doing: Doing) -> None:
    """The last sending does not count; nobody has acted on it."""
    undo_last_steps(doing, (StepResult.SENT,))
    for reply in doing.rows:
        reply.submitted_on = None


def _unpass(doing: Doing) -> None:
    """The last step does not count: the acting person's own."""
    undo_last_steps(doing, (StepResult.PASSED,))
    for reply in doing.rows:
        reply.approved_on = None


def _pass(doing: Doing) -> None:
    for reply in doing.rows:
        record_step(doing, reply, reply.state, StepResult.PASSED, note=doing.answers.get("note"))


def _record_for(doing: Doing) -> None:
    for reply in doing.rows:
        record_step(
            doing,
            reply,
            reply.state,
            StepResult.PASSED,
            note=doing.answers.get("note"),
            signed_name=doing.answers["signed_name"],
            day=doing.answers["acted_at"],
        )


def _send_back(doing: Doing) -> None:
    told = doing.answers
    for reply in doing.rows:
        at = ReplyState.OFFICE_CHECKED if reply.state == ReplyState.APPROVED else reply.state
        more = {"return_reason": told["return_reason"], "note": told["note"]}
        record_step(doing, reply, at, StepResult.SENT_BACK, **more)
        reply.approved_on = None


def _correct(doing: Doing) -> None:
    """The reviewing office changes what the unit wrote; the reason stands beside it, for the unit to read."""
    told = doing.answers
    for reply in doing.rows:
        for name in ("answer_category_id", "document_no", "title"):
            setattr(reply, name, told[name] if name.endswith("_id") else told[name] or "")
        record_step(
            doing, reply, ReplyState.OFFICE_CHECKED, StepResult.CORRECTED, note=told["note"]
        )


def _issue(doing: Doing) -> None:
    for reply in doing.rows:
        reply.issued_on, reply.issued_by_id = doing.answers["issued_on"], doing.person
        reply.document_no = doing.answers["document_no"] or ""


def _unissue(doing: Doing) -> None:
    for reply in doing.rows:
        reply.issued_on = reply.issued_by_id = None
        reply.state = ReplyState.APPROVED


def _own_step_is_last(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The acting person has signed, or recorded a signature, and nobody has done anything with the reply since."""
    step, later = (models.alias_of("review_steps", name) for name in ("own", "since"))
    since = exists().where(later.c.reply_id == row.id, later.c.id > step.c.id)
    return exists().where(
        step.c.reply_id == row.id,
        step.c.user_id == asking.actor.user_id,
        step.c.result == StepResult.PASSED,
        ~since,
    )


def _is_office_or_waits(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """A signer returns what waits for him; the office whatever is on its way or passed, lest it wait for nobody."""
    return true() if asking.actor.role == OFFICE else waits_for_signer(asking, row)


def _is_unused(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Nobody has built on the issued reply: it is neither sent, rated, reported nor revisited, nor sent on with, and
    nobody has said whether it is published."""
    used = (models.alias_of(name, f"using_{name}") for name in ("deliveries", "feedbacks"))
    return and_(
        row.reported_on.is_(None),
        row.publicity == Publicity.UNDECIDED,
        row.revisited_on.is_(None),
        or_(row.kind != ReplyKind.OPINION, is_lead_unsent(asking, row)),
        *(~exists().where(table.c.reply_id == row.id) for table in used),
    )


def _sent_by_own_people(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Nobody has acted on the reply since somebody of the acting person's own unit, or the office, sent it."""
    step, later = (models.alias_of("review_steps", name) for name in ("sent", "acted"))
    person = models.alias_of("users", "sender")
    own = (
        person.c.unit_id == asking.actor.unit_id
        if asking.actor.unit_id
        else person.c.unit_id.is_(None)
    )
    since = exists().where(later.c.reply_id == row.id, later.c.id > step.c.id)
    return exists().where(
        step.c.reply_id == row.id,
        step.c.result == StepResult.SENT,
        person.c.id == step.c.user_id,
        own,
        ~since,
    )


def _unfit_letter(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    """An answer keeps a letter when it is corrected."""
    if told.get("answer_category_id"):
        return {}
    return {
        row.id: "答复要有答复类别，不能改成空的。" for row in rows if row.kind != ReplyKind.OPINION
    }


def _unfit_issue(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    """A unit does not answer before its reply was passed; what happened elsewhere the office enters."""
    on = told.get("issued_on")
    if not on or session.actor.role == OFFICE:
        return {}
    passed = {row.id: row.approved_on for row in rows}
    why = "答复日期 {} 不能早于审核通过日期 {}；以前已经答复的，请交办督查补录。"
    return {id: why.format(on, day) for id, day in passed.items() if day and on < day}


SEND = Act(
    name="send",
    label="送审",
    table="replies",
    who=_UNITS,
    starts=DRAFTS,
    when=every(reply_is_at_work, is_not_being_returned),
    otherwise="任务已经结束或正在申请退办，或者本件已并案、办结、撤回",
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
        KEY_ITEM_MET,
    ),
    warns=(EVERY_STEP_HAS_SOMEBODY, EACH_ANSWERED, OTHER_ITEM_MET, MET_BEFORE, MET_DURING),
    write=_send,
    says="已送审",
    todo="待送审的答复",
    todo_from={ReplyState.SENT_BACK: "退回来的，改后再送审"},
    todo_of=(LIAISON,),
    tone="first",
)
UNSEND = Act(
    name="unsend",
    label="撤回送审",
    table="replies",
    who=_UNITS,
    starts=_ON_ITS_WAY,
    when=_sent_by_own_people,
    otherwise="不是您这里送审的，或者送审以后已经有人审过",
    write=_unsend,
    says="已撤回送审，可以再改",
)
PASS = Act(
    name="pass",
    label="通过",
    table="replies",
    who=_SIGNERS,
    starts=_STEPS,
    when=every(waits_for_signer, reply_is_at_work),
    otherwise="这一步不由您审签，或者任务、本件已经结束",
    answers=(Answer("note", "review_steps"),),
    needs=(
        Need(has_letter, "还没有标注答复类别：请退回，或由交办督查更正。"),
        SIGNED_BY_ANOTHER,
    ),
    write=_pass,
    says="已通过",
    todo="待我审签的答复",
    owed=SIGNED_BY_ANOTHER.holds,
    tone="first",
)
UNPASS = Act(
    name="unpass",
    label="撤回审签",
    table="replies",
    who={
        LIAISON: read_to_countersign,
        LEADER: read_to_countersign,
        SUPERVISOR: through("assignment_id", "assignments"),
        OFFICE: everything,
    },
    starts=(*_ON_ITS_WAY, ReplyState.APPROVED),
    when=_own_step_is_last,
    otherwise="不是您审签的，或者后面已经有人办了",
    write=_unpass,
    says="已撤回审签",
    in_bulk=False,
)
RECORD = Act(
    name="record_signature",
    label="代录签批",
    table="replies",
    who=_UNITS,
    starts=_STEPS,
    when=every(waits_for_recorder, reply_is_at_work),
    otherwise="这一步不由您代录，或者任务、本件已经结束",
    answers=(
        Answer("signed_name", "review_steps", is_required=True),
        Answer("acted_at", "review_steps", is_required=True, begins=TODAY, is_day=True),
        Answer("note", "review_steps"),
    ),
    needs=(HAS_SCAN,),
    unfit=unfit_signing_day,
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
    when=every(_is_office_or_waits, reply_is_at_work),
    otherwise="这一步不由您审签，或者任务、本件已经结束",
    leads_to=ReplyState.SENT_BACK,
    answers=(
        Answer("return_reason", "review_steps", is_required=True),
        Answer("note", "review_steps", is_required=True, help="写明哪里要改，单位看得到。"),
    ),
    write=_send_back,
    tells=Tell(RETURNED, "{row}被退回：{return_reason}，{note}"),
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
    unfit=_unfit_letter,
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
    when=reply_is_at_work,
    otherwise="任务或本件已经结束",
    leads_to=ReplyState.ISSUED,
    answers=(
        Answer("issued_on", is_required=True, begins=TODAY),
        Answer("document_no", begins=AS_IT_IS),
    ),
    needs=(Need(has_letter, "还没有标注答复类别。"),),
    warns=(MET_AFTER,),
    unfit=_unfit_issue,
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
    when=every(_is_unused, reply_is_at_work),
    otherwise="已经寄送、上报、定了公开属性、再梳理，有了反馈，主办单位已据此送审，或者本件已经结束",
    leads_to=ReplyState.APPROVED,
    write=_unissue,
    says="已撤回答复",
    in_bulk=False,
)
ACTS = (SEND, PASS, RECORD, SEND_BACK, ISSUE, CORRECT, UNSEND, UNPASS, UNISSUE)
