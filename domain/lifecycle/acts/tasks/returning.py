"""退办: a unit asks to be rid of a task, or for another unit beside it; the office grants or refuses (S0, S3).

A granted request ends the task and hands the item to the new unit in one act, so that no item is left without one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select

from domain import models
from domain.access.criteria import in_own_hands, of_own_assignment
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.dues.deadlines import RETURN
from domain.lifecycle.acts.act import TODAY, Act, Answer, Asking, Doing, Need
from domain.lifecycle.acts.conditions import (
    by_oneself,
    date_of,
    every,
    is_unanswered,
    item_is_open,
    not_late_for,
)
from domain.lifecycle.acts.items.assigning import (
    Beginning,
    begin_tasks,
    end_task,
    how_of,
    unfit_days,
)
from domain.messages.telling import GRANTED, REFUSED, Tell
from domain.schema.states import ENDED, Decision, Ending, RequestKind, TaskRole, TaskState
from domain.storing.session import ActorSession

_MORE = RequestKind.MORE_UNITS
_OVER = "任务已经结束、答复已经送审，或者本件已并案、办结、撤回"
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
        request.decision, request.decided_on = Decision.TAKEN_BACK, doing.asking.today


def _refuse(doing: Doing) -> None:
    for request in doing.rows:
        _decide(doing, request, Decision.REFUSED, doing.answers["decision_note"])


def _grant(doing: Doing) -> None:
    """The unit's task ends, and the new unit's begins; 增办 leaves the task and puts a partner beside it."""
    tasks, beginnings = _held_tasks(doing), []
    for request in doing.rows:
        _decide(doing, request, Decision.GRANTED, doing.answers.get("decision_note") or "")
        task, role = tasks[request.assignment_id], TaskRole.PARTNER
        if request.kind != _MORE:
            role = task.role
            end_task(doing, task, Ending.RETURNED, request.reason[:300], TaskState.RETURNED)
        follows = task if request.kind != _MORE else None
        beginnings.append(Beginning(task.proposal_id, role, follows))
    begin_tasks(doing, beginnings)


def _held_tasks(doing: Doing) -> dict[int, Any]:
    """By id the tasks of the requests, held until the transaction ends."""
    task = models.Assignment
    held = select(task).order_by(task.id).with_for_update(of=task)
    fresh = held.execution_options(populate_existing=True)
    ids = [request.assignment_id for request in doing.rows]
    return {row.id: row for (row,) in doing.among(fresh, task.id, ids)}


def _decide(doing: Doing, request: Any, decision: str, note: str) -> None:
    request.decision, request.decision_note = decision, note
    request.decided_on = doing.answers.get("decided_on") or doing.asking.today
    request.decided_by_id = doing.person


def _concerns_a_task_at_work(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The unit still has the task, has sent no reply, and the item is under way."""
    task = models.alias_of("assignments", "asked_about")
    is_at_work = and_(
        task.c.state.not_in(ENDED), is_unanswered(asking, task.c), item_is_open(asking, task.c)
    )
    return exists().where(task.c.id == row.assignment_id, is_at_work)


def _unfit_suggestion(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    """A unit cannot suggest itself."""
    unit_id = told.get("suggested_unit_id")
    return {task.id: "建议改由的单位不能是本单位。" for task in rows if task.unit_id == unit_id}


def _unfit_unit(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> Mapping[int, str]:
    """As for any new task; and the unit that is rid of the task does not get it back."""
    unit_id = told.get("unit_id")
    same = [row.id for row in rows if row.assignment.unit_id == (unit_id or row.suggested_unit_id)]
    why = "新的承办单位不能还是原来的单位。"
    return {**_days_unfit(session, rows, told), **dict.fromkeys(same, why)}


_days_unfit = unfit_days(lambda request: request.assignment.proposal)
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
    unfit=_unfit_suggestion,
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
    when=_concerns_a_task_at_work,
    otherwise=_OVER,
    leads_to=Decision.GRANTED,
    answers=(
        Answer("unit_id", "assignments", is_required=True, begins="suggested_unit_id"),
        Answer("decision_note"),
        Answer("decided_on", is_required=True, begins=TODAY),
        *how_of(lambda request: request.assignment),
    ),
    unfit=_unfit_unit,
    write=_grant,
    tells=Tell(GRANTED, "{row}已同意；{decision_note}"),
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
    when=_concerns_a_task_at_work,
    otherwise=_OVER,
    leads_to=Decision.REFUSED,
    answers=(
        Answer("decision_note", is_required=True),
        Answer("decided_on", is_required=True, begins=TODAY),
    ),
    write=_refuse,
    tells=Tell(REFUSED, "{row}没有同意，请继续办理：{decision_note}"),
    says="没有同意，原单位继续办理",
)
ACTS = (ASK, WITHDRAW, GRANT, REFUSE)
