"""签收: the unit has the item (S0). Taken back by whoever did it, as long as nobody has worked on the task."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from domain.access.criteria import in_own_hands
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.lifecycle.acts.act import AS_IT_IS, TODAY, Act, Answer, Asking, Doing
from domain.lifecycle.acts.conditions import by_oneself, every, item_is_open, nothing_hangs_on
from domain.schema.states import TaskState

_UNSIGNED = (TaskState.UNSIGNED, TaskState.WORKING, TaskState.REVIEWED)
"""A draft moves a task on, but does not say that the unit has it."""


def _is_unsigned(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.signed_on.is_(None)


def _is_signed(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.signed_on.is_not(None)


def _sign(doing: Doing) -> None:
    for task in doing.rows:
        task.signed_on = doing.answers["signed_on"]
        task.signed_at = doing.now if task.signed_on == doing.asking.today else None
        task.signed_by_id = doing.person


def _unsign(doing: Doing) -> None:
    for task in doing.rows:
        task.signed_on = task.signed_at = task.signed_by_id = None
        task.signing_note = ""


def _correct(doing: Doing) -> None:
    """Another day, and why; who signed stays. What follows from the day follows from the new one."""
    for task in doing.rows:
        if task.signed_on != doing.answers["signed_on"]:
            task.signed_on, task.signed_at = doing.answers["signed_on"], None
        task.signing_note = doing.answers["signing_note"]


SIGN = Act(
    name="sign",
    label="签收",
    table="assignments",
    who={LIAISON: in_own_hands, OFFICE: everything},
    starts=_UNSIGNED,
    when=every(_is_unsigned, item_is_open),
    otherwise="已经签收，或者不是本单位手上的任务，或者本件已并案、办结、撤回",
    leads_to={TaskState.UNSIGNED: TaskState.WORKING},
    answers=(
        Answer(
            "signed_on",
            is_required=True,
            begins=TODAY,
            roles=frozenset({OFFICE}),
            help="单位已在别处签收的，由交办督查补录当天的日期。",
        ),
    ),
    write=_sign,
    says="已签收",
    todo="待签收",
    todo_of=(LIAISON,),
    tone="first",
)
UNSIGN = Act(
    name="unsign",
    label="撤回签收",
    table="assignments",
    who={LIAISON: in_own_hands, OFFICE: everything},
    starts=(TaskState.WORKING,),
    when=every(_is_signed, by_oneself("signed_by_id"), nothing_hangs_on),
    otherwise="不是您签收的，或者已经开始办理",
    leads_to=TaskState.UNSIGNED,
    write=_unsign,
    says="已撤回签收",
)
CORRECT = Act(
    name="correct_signing",
    label="更正签收",
    table="assignments",
    who={OFFICE: everything},
    starts=(
        TaskState.WORKING,
        TaskState.RETURNING,
        TaskState.REVIEWED,
        TaskState.ANSWERED,
        TaskState.FINISHED,
    ),
    when=_is_signed,
    otherwise="还没有签收",
    answers=(
        Answer("signed_on", is_required=True, begins=AS_IT_IS),
        Answer("signing_note", is_required=True, label="更正理由", help="为什么改，单位看得到。"),
    ),
    write=_correct,
    says="已更正签收",
    in_bulk=False,
    help="单位签收的日期不对的，改成实际签收的那一天；时限照改后的日期看。",
)
ACTS = (SIGN, UNSIGN, CORRECT)
