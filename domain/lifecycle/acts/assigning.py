"""交办, 增办, 改派, 撤办: which units handle an item. A task that ends is kept with all that hangs on it.

A unit is never exchanged within a task: the old one ends, and a new one begins unsigned with its own dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from domain import models
from domain.access.rule import everything
from domain.actors import OFFICE
from domain.dues.deadlines import OPINION, REPLY
from domain.lifecycle.acts.act import TODAY, Act, Answer, Doing
from domain.lifecycle.acts.conditions import (
    every,
    has_any_unit,
    has_main_unit,
    is_open,
    is_unanswered,
    item_is_open,
    negated,
)
from domain.schema.states import ENDED, DueOrigin, Ending, ItemState, TaskRole, TaskState

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


def new_task(doing: Doing, item_id: int, unit_id: int, role: str, follows: Any = None) -> Any:
    """Hand an item to a unit, with the day, date and words of the answers. Returns the task, not flushed yet."""
    told = doing.answers
    task = models.Assignment(
        proposal_id=item_id,
        unit_id=unit_id,
        role=role,
        handed_over_on=told["handed_over_on"],
        instruction=told.get("instruction") or "",
        notice_no=told.get("notice_no") or "",
        assigned_at=doing.now,
        assigned_by_id=doing.person,
        follows_id=follows.id if follows else None,
        turn=_turn(doing, item_id, unit_id),
    )
    doing.session.add(task)
    return task


def end_task(doing: Doing, task: Any, how: str, reason: str, state: str) -> None:
    """End a task: it stays with all that hangs on it, and is nobody's to handle any more."""
    task.ended_on, task.ended_how, task.end_reason = doing.asking.today, how, reason
    task.ended_by_id, task.state = doing.person, state


def set_due(doing: Doing, tasks: Iterable[Any]) -> None:
    """Give new tasks the date of the answers, where there is one: set by hand, with its reason."""
    due_on, reason = doing.answers.get("due_on"), doing.answers.get("extension_reason") or ""
    if not due_on:
        return
    for task in tasks:
        milestone = OPINION if task.role == TaskRole.PARTNER else REPLY
        line = models.Deadline
        known = doing.session.scalar(
            select(line).where(line.assignment_id == task.id, line.milestone == milestone)
        )
        if known is None:
            known = line(assignment_id=task.id, milestone=milestone)
            doing.session.add(known)
        known.due_on, known.origin, known.extension_reason = due_on, DueOrigin.BY_HAND, reason


def _turn(doing: Doing, item_id: int, unit_id: int) -> int:
    """How often the unit gets this item: once more after each task of its that has ended."""
    task = models.Assignment
    last = select(func.max(task.turn)).where(
        task.proposal_id == item_id, task.unit_id == unit_id, task.state.in_(ENDED)
    )
    with doing.session.no_autoflush:
        return (doing.session.scalar(last) or 0) + 1


def _hand_over(doing: Doing) -> None:
    unit, role = doing.answers["unit_id"], doing.answers["role"]
    made = [new_task(doing, item.id, unit, role) for item in doing.rows]
    doing.session.flush()
    set_due(doing, made)


def _reassign(doing: Doing) -> None:
    reason, made = doing.answers["end_reason"], []
    for task in doing.rows:
        end_task(doing, task, Ending.REASSIGNED, reason, TaskState.TAKEN_BACK)
        made.append(
            new_task(doing, task.proposal_id, doing.answers["unit_id"], task.role, follows=task)
        )
    doing.session.flush()
    set_due(doing, made)


def _take_back(doing: Doing) -> None:
    for task in doing.rows:
        end_task(doing, task, Ending.TAKEN_BACK, doing.answers["end_reason"], TaskState.TAKEN_BACK)


HAND_OVER = Act(
    name="hand_over",
    label="交办",
    table="proposals",
    who=_OFFICE,
    starts=_UNDER_WAY,
    when=every(is_open, negated(has_main_unit)),
    otherwise="已有主办或分办单位，或者已并案、办结、撤回",
    leads_to={ItemState.REGISTERED: ItemState.HANDED_OVER},
    answers=(
        Answer("unit_id", "assignments", is_required=True),
        Answer("role", "assignments", is_required=True, default=TaskRole.LEAD),
        *HOW,
    ),
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
        Answer("role", "assignments", is_required=True, default=TaskRole.PARTNER),
        *HOW,
    ),
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
        *HOW,
    ),
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
