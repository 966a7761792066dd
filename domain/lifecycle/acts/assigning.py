"""交办, 增办, 改派, 撤办: which units handle an item. A task that ends is kept with all that hangs on it.

A unit is never exchanged within a task: the old one ends, and a new one begins unsigned with its own dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, inspect, select

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
from domain.saving.typed_dates import BY_HAND
from domain.schema.states import ENDED, Ending, ItemState, TaskRole, TaskState

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


@dataclass(frozen=True)
class Beginning:
    """A task that is to begin: of which item, how it is handled, and which task it takes the place of."""

    item_id: int
    role: str
    follows: Any = None


def begin_tasks(doing: Doing, beginnings: Sequence[Beginning]) -> None:
    """Hand these items to the unit of the answers, with their day, date and words: a few questions for all."""
    told, unit_id = doing.answers, doing.answers["unit_id"]
    turns = _turns(doing, [one.item_id for one in beginnings], unit_id)
    tasks = [
        models.Assignment(
            proposal_id=one.item_id,
            unit_id=unit_id,
            role=one.role,
            handed_over_on=told["handed_over_on"],
            instruction=told.get("instruction") or "",
            notice_no=told.get("notice_no") or "",
            assigned_at=doing.now,
            assigned_by_id=doing.person,
            follows_id=one.follows.id if one.follows else None,
            turn=turns.get(one.item_id, 0) + 1,
        )
        for one in beginnings
    ]
    doing.session.add_all(tasks)
    doing.session.flush()
    _set_due(doing, [id for task in tasks for id in inspect(task).identity or ()])


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
        row.due_on, row.origin, row.extension_reason = due_on, BY_HAND, reason
    doing.session.flush()


def _turns(doing: Doing, item_ids: Sequence[int], unit_id: int) -> dict[int, int]:
    """How often the unit has had these items, by those of its tasks that have ended; 0 is left out."""
    task = models.Assignment
    last = select(task.proposal_id, func.max(task.turn)).group_by(task.proposal_id)
    ended = last.where(task.unit_id == unit_id, task.state.in_(ENDED))
    with doing.session.no_autoflush:
        return dict(doing.among(ended, task.proposal_id, item_ids))


def _hand_over(doing: Doing) -> None:
    role = doing.answers["role"]
    begin_tasks(doing, [Beginning(item.id, role) for item in doing.rows])


def _reassign(doing: Doing) -> None:
    for task in doing.rows:
        end_task(doing, task, Ending.REASSIGNED, doing.answers["end_reason"], TaskState.TAKEN_BACK)
    begin_tasks(doing, [Beginning(t.proposal_id, t.role, follows=t) for t in doing.rows])


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
    leads_to=ItemState.HANDED_OVER,
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
