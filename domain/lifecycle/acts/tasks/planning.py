"""办理方案: a unit files its plan for a task (S0 §三; 30, 57)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func

from domain import models
from domain.access.criteria import of_own_assignment
from domain.access.rule import Columns
from domain.lifecycle.acts.act import Asking, Need
from domain.lifecycle.acts.conditions import task_is_at_work
from domain.lifecycle.acts.filing import Paper, acts_of_paper
from domain.schema.states import ENDED, TaskRole

_NONE = ("无", "没有", "无协办单位", "暂无", "/", "-", "—")
"""How people write that a partner has nothing to do."""


def _partners_have_tasks(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Where the item has partners, the plan of the unit that answers says what they do."""
    task, partner = (models.alias_of("assignments", f"{name}_task") for name in ("own", "co"))
    has_partners = exists().where(
        task.c.id == row.assignment_id,
        task.c.role != TaskRole.PARTNER,
        partner.c.proposal_id == task.c.proposal_id,
        partner.c.role == TaskRole.PARTNER,
        partner.c.state.not_in(ENDED),
    )
    return ~and_(has_partners, func.trim(row.partner_tasks).in_(_NONE))


ACTS = acts_of_paper(
    Paper(
        table="handling_plans",
        noun="plan",
        called="办理方案",
        whose=of_own_assignment,
        when=task_is_at_work,
        over="已经报送，或者任务已经结束",
        needs=(
            Need(
                _partners_have_tasks,
                "本件有协办单位，“协办单位具体任务”不能写“无”，请写明各协办单位做什么。",
            ),
        ),
    )
)
