"""申诉: a unit objects to points with its reason, the office upholds or cancels them (S1: 考核; 72–75)."""

from __future__ import annotations

from collections.abc import Callable

from domain.access.criteria import own_unit
from domain.access.rule import everything
from domain.actors import LEADER, LIAISON, OFFICE
from domain.lifecycle.acts.act import Act, Answer, Doing
from domain.lifecycle.acts.conditions import by_oneself
from domain.schema.states import ScoreStanding

_OFFICE = {OFFICE: everything}


def _object(doing: Doing) -> None:
    for entry in doing.rows:
        entry.standing, entry.objection = ScoreStanding.OBJECTED, doing.answers["objection"]
        entry.objected_on, entry.objected_by_id = doing.asking.today, doing.person


def _withdraw(doing: Doing) -> None:
    for entry in doing.rows:
        entry.standing, entry.objection = ScoreStanding.VALID, ""
        entry.objected_on = entry.objected_by_id = None


def _rule(standing: str) -> Callable[[Doing], None]:
    def write(doing: Doing) -> None:
        for entry in doing.rows:
            entry.standing, entry.ruling_note = standing, doing.answers["ruling_note"]
            entry.ruled_on, entry.ruled_by_id = doing.asking.today, doing.person

    return write


OBJECT = Act(
    name="object_to_score",
    label="申诉",
    table="score_entries",
    who={LIAISON: own_unit, LEADER: own_unit},
    state="standing",
    starts=(ScoreStanding.VALID,),
    leads_to=ScoreStanding.OBJECTED,
    answers=(Answer("objection", is_required=True),),
    write=_object,
    says="已申诉，等交办督查处理",
    in_bulk=False,
)
WITHDRAW = Act(
    name="withdraw_objection",
    label="撤回申诉",
    table="score_entries",
    who={LIAISON: own_unit, LEADER: own_unit},
    state="standing",
    starts=(ScoreStanding.OBJECTED,),
    when=by_oneself("objected_by_id"),
    otherwise="不是您申诉的",
    leads_to=ScoreStanding.VALID,
    write=_withdraw,
    says="已撤回申诉",
)
UPHOLD = Act(
    name="uphold_score",
    label="维持",
    table="score_entries",
    who=_OFFICE,
    state="standing",
    starts=(ScoreStanding.OBJECTED,),
    leads_to=ScoreStanding.UPHELD,
    answers=(Answer("ruling_note", is_required=True),),
    write=_rule(ScoreStanding.UPHELD),
    says="已维持记分",
    todo="待处理的记分申诉",
    tone="first",
)
CANCEL = Act(
    name="cancel_score",
    label="撤销",
    table="score_entries",
    who=_OFFICE,
    state="standing",
    starts=(ScoreStanding.VALID, ScoreStanding.OBJECTED, ScoreStanding.UPHELD),
    leads_to=ScoreStanding.CANCELLED,
    answers=(Answer("ruling_note", is_required=True, help="为什么不再记，单位看得到。"),),
    write=_rule(ScoreStanding.CANCELLED),
    says="已撤销记分",
)
RESTORE = Act(
    name="restore_score",
    label="恢复记分",
    table="score_entries",
    who=_OFFICE,
    state="standing",
    starts=(ScoreStanding.CANCELLED,),
    leads_to=ScoreStanding.UPHELD,
    answers=(Answer("ruling_note", is_required=True),),
    write=_rule(ScoreStanding.UPHELD),
    says="已恢复记分",
)
ACTS = (OBJECT, UPHOLD, CANCEL, WITHDRAW, RESTORE)
