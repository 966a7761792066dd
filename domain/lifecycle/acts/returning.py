"""退办: a unit asks to be rid of a task, or for another unit beside it; the office grants or refuses (S0, S3).

A granted request ends the task and hands the item to the new unit in one act, so that no item is left without one.
"""

from __future__ import annotations

from typing import Any

from domain import models
from domain.access.criteria import in_own_hands, of_own_assignment
from domain.access.rule import everything
from domain.actors import LIAISON, OFFICE
from domain.dues.deadlines import RETURN
from domain.lifecycle.acts.act import TODAY, Act, Answer, Doing, Need
from domain.lifecycle.acts.assigning import HOW, end_task, new_task, set_due
from domain.lifecycle.acts.conditions import (
    by_oneself,
    date_of,
    every,
    is_unanswered,
    item_is_open,
    not_late_for,
)
from domain.schema.states import Decision, Ending, RequestKind, TaskRole, TaskState

_MORE = RequestKind.MORE_UNITS
_OFFICE = {OFFICE: everything}


def _ask(doing: Doing) -> None:
    told = doing.answers
    for task in doing.rows:
        doing.session.add(
            models.ReturnRequest(
                assignment_id=task.id,
                kind=told["kind"],
                reason=told["reason"],
                suggested_unit_id=told.get("suggested_unit_id"),
                asked_on=told["asked_on"],
                asked_by_id=doing.person,
            )
        )


def _withdraw(doing: Doing) -> None:
    for request in doing.rows:
        _decide(doing, request, Decision.TAKEN_BACK, "")


def _refuse(doing: Doing) -> None:
    for request in doing.rows:
        _decide(doing, request, Decision.REFUSED, doing.answers["decision_note"])


def _grant(doing: Doing) -> None:
    """The unit's task ends, and the new unit's begins; 增办 leaves the task and puts a partner beside it."""
    made = []
    for request in doing.rows:
        _decide(doing, request, Decision.GRANTED, doing.answers.get("decision_note") or "")
        task: Any = doing.session.get_one(
            models.Assignment, request.assignment_id, with_for_update=True
        )
        if request.kind == _MORE:
            role = TaskRole.PARTNER
        else:
            role = task.role
            end_task(doing, task, Ending.RETURNED, request.reason[:300], TaskState.RETURNED)
        unit = doing.answers["unit_id"]
        made.append(new_task(doing, task.proposal_id, unit, role, follows=task))
    doing.session.flush()
    set_due(doing, made)


def _decide(doing: Doing, request: Any, decision: str, note: str) -> None:
    request.decision, request.decision_note = decision, note
    request.decided_on = doing.answers.get("decided_on") or doing.asking.today
    request.decided_by_id = doing.person


ASK = Act(
    name="ask_return",
    label="申请退办",
    table="assignments",
    who={LIAISON: in_own_hands, OFFICE: everything},
    starts=(TaskState.UNSIGNED, TaskState.WORKING),
    when=every(item_is_open, is_unanswered),
    otherwise="答复已经送审，或者本件已并案、办结、撤回",
    leads_to=TaskState.RETURNING,
    answers=(
        Answer("kind", "return_requests", is_required=True, default="退办"),
        Answer("reason", "return_requests", is_required=True),
        Answer("suggested_unit_id", "return_requests", is_required=True),
        Answer(
            "asked_on",
            "return_requests",
            is_required=True,
            begins=TODAY,
            roles=frozenset({OFFICE}),
        ),
    ),
    needs=(
        Need(
            not_late_for(RETURN),
            "申请退办的期限到 {due_on} 为止，已经过了；确有需要的，请与交办督查联系改派。",
            roles=frozenset({LIAISON}),
            names={"due_on": date_of(RETURN)},
        ),
    ),
    write=_ask,
    says="已申请退办，等交办督查审核",
    in_bulk=False,
)
WITHDRAW = Act(
    name="withdraw_return",
    label="撤回申请",
    table="return_requests",
    who={LIAISON: of_own_assignment},
    state="decision",
    starts=(Decision.PENDING,),
    when=by_oneself("asked_by_id"),
    otherwise="不是您申请的",
    leads_to=Decision.TAKEN_BACK,
    write=_withdraw,
    says="已撤回申请，任务照旧由本单位办理",
)
GRANT = Act(
    name="grant_return",
    label="同意",
    table="return_requests",
    who=_OFFICE,
    state="decision",
    starts=(Decision.PENDING,),
    leads_to=Decision.GRANTED,
    answers=(
        Answer("unit_id", "assignments", is_required=True, begins="suggested_unit_id"),
        Answer("decision_note"),
        Answer("decided_on", is_required=True, begins=TODAY),
        *HOW,
    ),
    write=_grant,
    says="已同意，并交办给新单位",
    todo="待审的退办申请",
    tone="first",
    help="同意以后，原单位的任务结束，新单位从头签收；申请增办的，新单位作协办。",
)
REFUSE = Act(
    name="refuse_return",
    label="不同意",
    table="return_requests",
    who=_OFFICE,
    state="decision",
    starts=(Decision.PENDING,),
    leads_to=Decision.REFUSED,
    answers=(
        Answer("decision_note", is_required=True),
        Answer("decided_on", is_required=True, begins=TODAY),
    ),
    write=_refuse,
    says="没有同意，原单位继续办理",
)
ACTS = (ASK, WITHDRAW, GRANT, REFUSE)
