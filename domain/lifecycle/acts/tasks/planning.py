"""办理方案: a unit files its plan for a task, the office accepts it or returns it with a reason (S0 §三; 30, 57)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func

from domain import models
from domain.access.criteria import of_own_assignment
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.lifecycle.acts.act import TODAY, Act, Answer, Asking, Doing, Need
from domain.lifecycle.acts.conditions import task_is_at_work
from domain.schema.states import ENDED, TaskRole

_UNITS = {LIAISON: of_own_assignment, OFFICE: everything}
_OFFICE = {OFFICE: everything}
_NONE = ("无", "没有", "无协办单位", "暂无", "/", "-", "—")
"""How people write that a partner has nothing to do."""


def _is_unfiled(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return and_(row.submitted_on.is_(None), task_is_at_work(asking, row))


def _is_filed(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return and_(row.submitted_on.is_not(None), row.accepted_on.is_(None))


def _is_accepted(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.accepted_on.is_not(None)


def _was_filed(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.submitted_on.is_not(None)


def _partners_have_tasks(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Where the item has partners, the plan of the unit that answers says what they do."""
    task, partner = (models.table_of("assignments").alias(f"{name}_task") for name in ("own", "co"))
    has_partners = exists().where(
        task.c.id == row.assignment_id,
        task.c.role != TaskRole.PARTNER,
        partner.c.proposal_id == task.c.proposal_id,
        partner.c.role == TaskRole.PARTNER,
        partner.c.state.not_in(ENDED),
    )
    return ~and_(has_partners, func.trim(row.partner_tasks).in_(_NONE))


def _file(doing: Doing) -> None:
    for plan in doing.rows:
        plan.submitted_on, plan.returned_on = doing.answers["submitted_on"], None


def _unfile(doing: Doing) -> None:
    for plan in doing.rows:
        plan.submitted_on = None


def _accept(doing: Doing) -> None:
    for plan in doing.rows:
        plan.accepted_on = doing.answers["accepted_on"]
        plan.review_note = doing.answers.get("review_note") or ""


def _unaccept(doing: Doing) -> None:
    for plan in doing.rows:
        plan.accepted_on = None


def _send_back(doing: Doing) -> None:
    for plan in doing.rows:
        plan.submitted_on, plan.accepted_on = None, None
        plan.returned_on, plan.review_note = doing.asking.today, doing.answers["review_note"]


FILE = Act(
    name="file_plan",
    label="报送",
    table="handling_plans",
    who=_UNITS,
    starts=(),
    when=_is_unfiled,
    otherwise="已经报送，或者任务已经结束",
    answers=(Answer("submitted_on", is_required=True, begins=TODAY, roles=frozenset({OFFICE})),),
    needs=(
        Need(
            _partners_have_tasks,
            "本件有协办单位，“协办单位具体任务”不能写“无”，请写明各协办单位做什么。",
        ),
    ),
    write=_file,
    says="已报送，等交办督查受理",
    todo="待报送的办理方案",
    todo_of=(LIAISON,),
    tone="first",
)
UNFILE = Act(
    name="unfile_plan",
    label="撤回报送",
    table="handling_plans",
    who=_UNITS,
    starts=(),
    when=_is_filed,
    otherwise="还没有报送，或者已经受理",
    write=_unfile,
    says="已撤回报送，可以再改",
)
ACCEPT = Act(
    name="accept_plan",
    label="受理",
    table="handling_plans",
    who=_OFFICE,
    starts=(),
    when=_is_filed,
    otherwise="还没有报送，或者已经受理",
    answers=(
        Answer("accepted_on", is_required=True, begins=TODAY),
        Answer("review_note"),
    ),
    write=_accept,
    says="已受理",
    todo="待受理的办理方案",
    tone="first",
)
UNACCEPT = Act(
    name="unaccept_plan",
    label="撤回受理",
    table="handling_plans",
    who=_OFFICE,
    starts=(),
    when=_is_accepted,
    otherwise="还没有受理",
    write=_unaccept,
    says="已撤回受理",
)
SEND_BACK = Act(
    name="return_plan",
    label="退回",
    table="handling_plans",
    who=_OFFICE,
    starts=(),
    when=_was_filed,
    otherwise="还没有报送",
    answers=(Answer("review_note", is_required=True, help="写明哪里要改，单位看得到。"),),
    write=_send_back,
    says="已退回",
)
ACTS = (FILE, ACCEPT, SEND_BACK, UNFILE, UNACCEPT)
