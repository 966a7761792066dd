"""The units of a plan's row against the tasks of the stored item: which come, change their role or go. Decides only."""

from __future__ import annotations

from domain.imports.traces import filled_in, typed_columns
from domain.plans.recognising.assignees import EACH, LEAD, PARTNER
from domain.plans.recognising.outcomes import PlanRow
from domain.plans.steps import PlanStep
from domain.plans.stock import Stock, Values
from domain.schema.states import ENDED

_COLUMN_OF_ROLE = {LEAD: "lead_unit", PARTNER: "co_unit", EACH: "each_unit"}


def match_tasks(step: PlanStep, stock: Stock) -> None:
    """Units and roles. Roles that the file has no column for stay as they are."""
    stored = stock.tasks.get(step.item["id"], []) if step.item else []
    at_work_last = sorted(stored, key=lambda task: task["state"] not in ENDED)
    by_unit = {task["unit_id"]: task for task in at_work_last}
    wanted = {one.unit_id: (one.unit, one.role) for one in step.row.assignments}
    for unit_id, (unit, role) in wanted.items():
        if unit_id not in stock.units:  # removed while the file was being read
            _refuse(step, unit, role, "已经不在单位名册中，请重新核对")
        elif unit_id in by_unit:
            _match_task(step, by_unit[unit_id], role, stock)
        else:
            step.new_tasks.append((unit_id, role))
    spoken = _roles_spoken_of(step.row)
    for task in stored:
        if task["unit_id"] not in wanted and task["role"] in spoken and task["state"] not in ENDED:
            _drop_task(step, task, stock)
    if step.item and step.changes_tasks:
        _note_task_changes(step, stored, stock)


def _match_task(step: PlanStep, task: Values, role: str, stock: Stock) -> None:
    """A task that is there and that the row wants, perhaps in another role."""
    if task["state"] in ENDED:
        why = f"的任务{task['state']}，请按现在的分工修改方案"
        _refuse(step, stock.units[task["unit_id"]], role, why)
    elif task["role"] != role:
        step.changed_tasks.append((task, role))
        if left := [*filled_in(task, ("signed_on",)), *stock.hanging.get(task["id"], ())]:
            why = f"按{task['role']}承办本件，已有{'、'.join(left)}，不能由方案改为{role}，请在系统里改派"
            _refuse(step, stock.units[task["unit_id"]], role, why)


def _drop_task(step: PlanStep, task: Values, stock: Stock) -> None:
    """A task that is there and that the row does not name; what people left there is not dropped along."""
    step.dropped_tasks.append(task)
    if left := [*filled_in(task, typed_columns()), *stock.hanging.get(task["id"], ())]:
        why = f"承办本件，已有{'、'.join(left)}，方案里却没有它，请在系统里改派"
        _refuse(step, stock.units[task["unit_id"]], task["role"], why)


def _roles_spoken_of(row: PlanRow) -> set[str]:
    has_partners = any(row.has(column) for column in ("co_unit", "unit"))
    return {LEAD, EACH, PARTNER} if has_partners else {LEAD, EACH}


def _refuse(step: PlanStep, unit: str, role: str, why: str) -> None:
    column = _COLUMN_OF_ROLE[role]
    if not step.row.has(column) and step.row.has("unit"):
        column = "unit"
    step.fail(column, unit, f"“{unit}”{why}。")


def _note_task_changes(step: PlanStep, stored: list[Values], stock: Stock) -> None:
    """Old and new units of each role that changes."""
    for role, column in _COLUMN_OF_ROLE.items():
        old = [
            stock.units[t["unit_id"]]
            for t in stored
            if t["role"] == role and t["state"] not in ENDED
        ]
        dropped = {id(task) for task in step.dropped_tasks}
        moved = {id(task): new for task, new in step.changed_tasks}
        kept = [t for t in stored if id(t) not in dropped and moved.get(id(t), t["role"]) == role]
        new = [stock.units[t["unit_id"]] for t in kept if t["state"] not in ENDED]
        new += [stock.units[unit_id] for unit_id, new_role in step.new_tasks if new_role == role]
        if sorted(old) != sorted(new):
            step.note_change(column, "、".join(old), "、".join(new))
