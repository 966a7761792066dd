"""协办会签: the partners of an item sign the main unit's reply, where its 审签流程 asks them to, before it goes on.

It goes on once all have signed; whoever is missing is named. One that does not agree returns it, with its reason.
"""

from __future__ import annotations

from typing import Any

from domain.access.criteria import asked_to_countersign, of_own_assignment
from domain.access.rule import NotAllowed, everything
from domain.actors import LEADER, LIAISON, OFFICE
from domain.lifecycle.acts.act import TODAY, Act, Answer, Doing
from domain.lifecycle.acts.conditions import (
    every,
    may_countersign,
    reply_is_at_work,
    unsigned_partners,
    waits_for_recorder,
)
from domain.lifecycle.acts.replies.paper import HAS_SCAN, unfit_signing_day
from domain.lifecycle.acts.replies.steps import record_step
from domain.schema.states import ReplyState, StepResult

_STEP = ReplyState.COUNTERSIGNED
_PARTNERS = {LIAISON: asked_to_countersign, LEADER: asked_to_countersign}
NOT_AGREED = "协办不同意"
"""The reason of a return (review_steps.return_reason) that a partner gives."""


def _sign(doing: Doing) -> None:
    note, unit_id = doing.answers.get("note"), doing.asking.actor.unit_id
    for reply in doing.rows:
        more = {"note": note, "countersign_unit_id": unit_id}
        record_step(doing, reply, _STEP, StepResult.PASSED, **more)


def _object(doing: Doing) -> None:
    note, unit_id = doing.answers["note"], doing.asking.actor.unit_id
    for reply in doing.rows:
        more = {"note": note, "countersign_unit_id": unit_id, "return_reason": NOT_AGREED}
        record_step(doing, reply, _STEP, StepResult.SENT_BACK, **more)


def _record(doing: Doing) -> None:
    told = doing.answers
    for reply in doing.rows:
        more = {name: told.get(name) for name in ("signed_name", "note")}
        more |= {"countersign_unit_id": _unit_meant(doing, reply), "day": told["acted_at"]}
        record_step(doing, reply, _STEP, StepResult.PASSED, **more)


def _unit_meant(doing: Doing, reply: Any) -> int:
    """The partner whose signature is entered: the one that is missing, where nobody says which.

    Raises NotAllowed where that is not one of them.
    """
    missing = unsigned_partners(doing.session, reply)
    unit_id = doing.answers.get("countersign_unit_id")
    if unit_id is None and len(missing) == 1:
        return next(iter(missing))
    if unit_id in missing:
        return int(unit_id)
    raise NotAllowed(f"会签单位请选还没有会签的协办单位：{'、'.join(missing.values())}。")


COUNTERSIGN = Act(
    name="countersign",
    label="会签",
    table="replies",
    who=_PARTNERS,
    starts=(_STEP,),
    when=every(may_countersign, reply_is_at_work),
    otherwise="本单位已经会签，或者任务、本件已经结束",
    answers=(Answer("note", "review_steps"),),
    write=_sign,
    says="已会签",
    todo="待会签的答复",
    tone="first",
    help="看过主办单位的答复，同意的会签；各协办单位都会签了，答复才接着往下走。",
)
OBJECT = Act(
    name="object",
    label="不同意",
    table="replies",
    who=_PARTNERS,
    starts=(_STEP,),
    when=every(may_countersign, reply_is_at_work),
    otherwise="本单位已经会签，或者任务、本件已经结束",
    leads_to=ReplyState.SENT_BACK,
    answers=(
        Answer(
            "note",
            "review_steps",
            is_required=True,
            help="写明哪里不同意、怎么改，主办单位看得到。",
        ),
    ),
    write=_object,
    says="没有会签，答复已退回主办单位",
    in_bulk=False,
)
RECORD = Act(
    name="record_countersign",
    label="代录会签",
    table="replies",
    who={LIAISON: of_own_assignment, OFFICE: everything},
    starts=(_STEP,),
    when=every(waits_for_recorder, reply_is_at_work),
    otherwise="会签不由您代录，或者任务、本件已经结束",
    answers=(
        Answer(
            "countersign_unit_id",
            "review_steps",
            help="还没有会签的协办单位；只差一个单位的可以空着。",
        ),
        Answer("signed_name", "review_steps", is_required=True),
        Answer("acted_at", "review_steps", is_required=True, begins=TODAY, is_day=True),
        Answer("note", "review_steps"),
    ),
    needs=(HAS_SCAN,),
    unfit=unfit_signing_day,
    write=_record,
    says="已代录会签",
    in_bulk=False,
    help="协办单位在纸上会签了的，登记单位、签的人和日期；扫描件作为附件上传到这份答复。",
)
ACTS = (COUNTERSIGN, OBJECT, RECORD)
