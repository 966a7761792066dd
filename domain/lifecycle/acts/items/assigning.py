"""交办, 增办, 改派, 撤办: which units handle an item. A task that ends is kept with all that hangs on it.

A unit is never exchanged within a task: the old one ends, and a new one begins unsigned with its own dates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import inspect, select

from domain import models
from domain.access.rule import everything
from domain.actors import OFFICE
from domain.dues.deadlines import OPINION, REPLY
from domain.lifecycle.acts.act import TODAY, Act, Answer, Doing, Unfit
from domain.lifecycle.acts.conditions import (
    awaits_unit,
    every,
    has_any_unit,
    has_main_unit,
    is_open,
    is_unanswered,
    item_is_open,
    negated,
)
from domain.schema.states import (
    ENDED,
    Decision,
    DueOrigin,
    Ending,
    ItemState,
    TaskRole,
    TaskState,
)
from domain.storing.session import ActorSession

_OFFICE = {OFFICE: everything}
_UNDER_WAY = (
    ItemState.REGISTERED,
    ItemState.HANDED_OVER,
    ItemState.HANDLING,
    ItemState.REVIEWED,
    ItemState.ANSWERED,
    ItemState.RATED,
    ItemState.REDONE,
)
_AT_WORK = (TaskState.UNSIGNED, TaskState.RETURNING, TaskState.WORKING)
_CARRIED = "沿用原任务的时限"
HOW: tuple[Answer, ...] = (
    Answer(
        "handed_over_on",
        "assignments",
        is_required=True,
        begins=TODAY,
        label="交办日期",
        help="新任务的时限从这一天算起。",
    ),
    Answer("due_on", "deadlines", label="办理时限", help="不填则按时限规则；另定的，写明理由。"),
    Answer("extension_reason", "deadlines", comes_with="due_on", label="另定时限的理由"),
    Answer("instruction", "assignments"),
    Answer("notice_no", "assignments"),
)


def how_of(task_of: Callable[[Any], Any]) -> tuple[Answer, ...]:
    """The same where a task takes the place of another: a date that a person set for that one is offered again.

    What a plan or a rule says of the item is said of the new task too. ``task_of`` tells a row's task.
    """

    def due_on(session: ActorSession, row: Any) -> Any:
        line = _agreed(session, task_of(row))
        return line.due_on if line else None

    def reason(session: ActorSession, row: Any) -> str:
        line = _agreed(session, task_of(row))
        return (line.extension_reason or _CARRIED) if line else ""

    begins = {"due_on": due_on, "extension_reason": reason}
    return tuple(replace(answer, begins_from=begins.get(answer.column)) for answer in HOW)


def _agreed(session: ActorSession, task: Any) -> Any:
    """The open deadline of the answer that a person set or put off for this task; None where there is none."""
    line = models.Deadline
    milestone = OPINION if task.role == TaskRole.PARTNER else REPLY
    return session.scalars(
        select(line).where(
            line.assignment_id == task.id,
            line.milestone == milestone,
            line.done_on.is_(None),
            line.origin.in_((DueOrigin.BY_HAND, DueOrigin.EXTENDED)),
        )
    ).one_or_none()


@dataclass(frozen=True)
class Beginning:
    """A task that is to begin: of which item, how it is handled, and which task it takes the place of. ``more``: what
    else is known of it, and its unit where the answers name none."""

    item_id: int
    role: str
    follows: Any = None
    more: Mapping[str, Any] = field(default_factory=dict)


def begin_tasks(doing: Doing, beginnings: Sequence[Beginning]) -> None:
    """Hand these items to their units with the day, date and words of the answers: a few questions for all."""
    told = doing.answers
    tasks = [
        models.Assignment(
            proposal_id=one.item_id,
            role=one.role,
            handed_over_on=told["handed_over_on"],
            instruction=told.get("instruction") or "",
            notice_no=told.get("notice_no") or "",
            assigned_at=doing.now,
            assigned_by_id=doing.person,
            follows_id=one.follows.id if one.follows else None,
            **(one.more or {"unit_id": told["unit_id"]}),
        )
        for one in beginnings
    ]
    doing.session.add_all(tasks)
    doing.session.flush()
    _set_due(doing, [id for task in tasks for id in inspect(task).identity or ()])


def unfit_days(item_of: Callable[[Any], Any]) -> Unfit:
    """Which rows the days of a new task do not fit; ``item_of`` tells a row's item."""

    def unfit(
        session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
    ) -> dict[int, str]:
        given, due, today = told["handed_over_on"], told.get("due_on"), session.now().date()
        if given > today:
            return dict.fromkeys((row.id for row in rows), "交办日期不能晚于今天。")
        if due and due < given:
            return dict.fromkeys(
                (row.id for row in rows), f"办理时限 {due} 不能早于交办日期 {given}。"
            )
        asked = {row.id: item_of(row).submitted_on for row in rows}
        return {
            id: f"交办日期 {given} 不能早于提出日期 {on}。"
            for id, on in asked.items()
            if on and given < on
        }

    return unfit


def _unfit_more(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> Mapping[int, str]:
    """As for any new task; and 分办 stands beside 分办 alone, since a main unit answers for all."""
    unfit = _of_items(session, rows, told)
    if told["role"] != TaskRole.EACH:
        return unfit
    task, ids = models.Assignment, [row.id for row in rows]
    led = select(task.proposal_id).where(
        task.proposal_id.in_(ids), task.role == TaskRole.LEAD, task.state.not_in(ENDED)
    )
    why = "已有主办单位，由它统一答复，不能再加分办；要各自答复的，请先撤办主办单位。"
    return {**unfit, **dict.fromkeys(session.scalars(led), why)}


_of_items = unfit_days(lambda item: item)
_of_tasks = unfit_days(lambda task: task.proposal)


def end_tasks(doing: Doing, tasks: Sequence[Any], how: str, reason: str) -> None:
    """End tasks that their units have not given back; what these had asked for is settled with them."""
    for task in tasks:
        end_task(doing, task, how, reason, TaskState.TAKEN_BACK)
    request = models.ReturnRequest
    pending = select(request).where(request.decision == Decision.PENDING)
    for (row,) in doing.among(pending, request.assignment_id, [task.id for task in tasks]):
        row.decision, row.decision_note = Decision.TAKEN_BACK, f"任务已{how}：{reason}"[:300]
        row.decided_on, row.decided_by_id = doing.asking.today, doing.person


def end_task(doing: Doing, task: Any, how: str, reason: str, state: str) -> None:
    """End a task: it stays with all that hangs on it, and is nobody's to handle any more."""
    task.ended_on, task.ended_how, task.end_reason = doing.asking.today, how, reason
    task.ended_by_id, task.state = doing.person, state


def _set_due(doing: Doing, task_ids: Sequence[int]) -> None:
    """Give new tasks the date of the answers, where there is one: set by hand, with its reason."""
    due_on, reason = doing.answers.get("due_on"), doing.answers.get("extension_reason") or ""
    if not due_on:
        return
    line, task = models.Deadline, models.Assignment
    answering = select(line).where(line.milestone.in_((OPINION, REPLY)))
    found = doing.among(answering, line.assignment_id, task_ids)
    known = {(row.assignment_id, row.milestone): row for (row,) in found}
    named = select(task).options(*models.name_options(task))
    begun = [row for (row,) in doing.among(named, task.id, task_ids)]  # the log names them
    for made in begun:
        milestone = OPINION if made.role == TaskRole.PARTNER else REPLY
        row = known.get((made.id, milestone))
        if row is None:
            row = line(assignment_id=made.id, milestone=milestone)
            doing.session.add(row)
        row.due_on, row.origin, row.extension_reason = due_on, DueOrigin.BY_HAND, reason
    doing.session.flush()


def _hand_over(doing: Doing) -> None:
    role = doing.answers["role"]
    begin_tasks(doing, [Beginning(item.id, role) for item in doing.rows])


def _reassign(doing: Doing) -> None:
    end_tasks(doing, doing.rows, Ending.REASSIGNED, doing.answers["end_reason"])
    begin_tasks(doing, [Beginning(t.proposal_id, t.role, follows=t) for t in doing.rows])


def _take_back(doing: Doing) -> None:
    end_tasks(doing, doing.rows, Ending.TAKEN_BACK, doing.answers["end_reason"])


HAND_OVER = Act(
    name="hand_over",
    label="交办",
    table="proposals",
    who=_OFFICE,
    starts=_UNDER_WAY,
    when=every(awaits_unit, is_open, negated(has_main_unit)),
    otherwise="已有主办或分办单位，或者已并案、办结、撤回",
    leads_to={ItemState.REGISTERED: ItemState.HANDED_OVER},
    answers=(
        Answer("unit_id", "assignments", is_required=True),
        Answer(
            "role",
            "assignments",
            is_required=True,
            default=TaskRole.LEAD,
            choices=(TaskRole.LEAD, TaskRole.EACH),
        ),
        *HOW,
    ),
    unfit=_of_items,
    write=_hand_over,
    says="已交办",
    todo="待交办",
    tone="first",
    help="交给主办单位，或由几个单位分办；协办单位交办以后用“增办”加。",
)
ADD_UNIT = Act(
    name="add_unit",
    label="增办",
    table="proposals",
    who=_OFFICE,
    starts=_UNDER_WAY,
    when=every(is_open, has_any_unit),
    otherwise="还没有承办单位，或者已并案、办结、撤回",
    answers=(
        Answer("unit_id", "assignments", is_required=True),
        Answer(
            "role",
            "assignments",
            is_required=True,
            default=TaskRole.PARTNER,
            choices=(TaskRole.PARTNER, TaskRole.EACH),
        ),
        *HOW,
    ),
    unfit=_unfit_more,
    write=_hand_over,
    says="已增办",
    help="再加一个协办或分办单位。",
)
REASSIGN = Act(
    name="reassign",
    label="改派",
    table="assignments",
    who=_OFFICE,
    starts=_AT_WORK,
    when=every(item_is_open, is_unanswered),
    otherwise="答复已经送审，或者本件已并案、办结、撤回",
    leads_to=TaskState.TAKEN_BACK,
    answers=(
        Answer("unit_id", is_required=True),
        Answer("end_reason", is_required=True),
        *how_of(lambda task: task),
    ),
    unfit=_of_tasks,
    write=_reassign,
    says="已改派",
    help="原任务和记录都保留；新单位从头签收，时限另算。",
)
TAKE_BACK = Act(
    name="take_back",
    label="撤办",
    table="assignments",
    who=_OFFICE,
    starts=_AT_WORK,
    when=is_unanswered,
    otherwise="答复已经送审",
    leads_to=TaskState.TAKEN_BACK,
    answers=(Answer("end_reason", is_required=True),),
    write=_take_back,
    says="已撤办",
    tone="danger",
    help="这个单位不再承办本件；原来的记录都保留。",
)
ACTS = (HAND_OVER, ADD_UNIT, REASSIGN, TAKE_BACK)
