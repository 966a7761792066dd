"""The units of one item and their roles, by the rules of 交办: one main unit, no unit twice, each doubt said.

主办 = one unit that answers; 协办 = gives its opinion to the main unit; 分办 = each of several units answers itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from domain.plans.recognising.assignees import EACH, LEAD, PARTNER, CellReader, Named, Reading
from domain.plans.recognising.outcomes import NamedUnit
from domain.plans.recognising.tables import PlanColumn

_ROLE_OF_COLUMN = {"lead_unit": LEAD, "co_unit": PARTNER, "each_unit": EACH}


class UnitCell(NamedTuple):
    """A filled cell of a unit column. `row` is counted from 0."""

    column: PlanColumn
    row: int
    text: str


@dataclass(frozen=True)
class Doubt:
    """Why the units of an item are not clear; `cell` is None when no cell names a unit at all."""

    cell: UnitCell | None
    value: str
    message: str
    suggestions: tuple[str, ...] = ()


class _Task(NamedTuple):
    unit_id: int
    role: str
    written: str
    cell: UnitCell


def assign(
    cells: Sequence[UnitCell], reader: CellReader, has_errors: bool
) -> tuple[tuple[NamedUnit, ...], list[Doubt]]:
    """All units that are known, main unit first, and the doubts. `has_errors`: a unit cell could not be read at all."""
    doubts: list[Doubt] = []
    tasks: list[_Task] = []
    readings = [(cell, reader.read(cell.text)) for cell in cells]
    for cell, reading in readings:
        doubts += [
            Doubt(cell, u.written, f"“{u.written}”{_ended(u.why)}", u.suggestions)
            for u in reading.unknown
        ]
        tasks += _tasks(cell, reading, readings, doubts)
    if len({task.unit_id for task in tasks}) < len(tasks):
        tasks = _without_doubles(tasks, doubts)
    _check_lead(tasks, doubts, has_errors)
    names = reader.book.by_id
    found = (
        NamedUnit(task.unit_id, names[task.unit_id].name, role)
        for role in (LEAD, EACH, PARTNER)
        for task in tasks
        if task.role == role
    )
    return tuple(found), doubts


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("。", "？")) else sentence + "。"


def _others(cell: UnitCell, readings: Sequence[tuple[UnitCell, Reading]]) -> int:
    """How many units stand in the item's other cells of the same column (an item over several rows)."""
    return sum(
        len(r.named) for other, r in readings if other is not cell and other.column == cell.column
    )


def _tasks(
    cell: UnitCell,
    reading: Reading,
    readings: Sequence[tuple[UnitCell, Reading]],
    doubts: list[Doubt],
) -> list[_Task]:
    """The cell's units, each with its role: the one the cell says, else the column's."""
    default = _ROLE_OF_COLUMN.get(cell.column.canonical)
    silent = [named for named in reading.named if named.role is None] if default is None else []
    if silent:
        default = LEAD
        said = {named.role for named in reading.named} - {None}
        if len(silent) + _others(cell, readings) > 1 or LEAD in said or EACH in said:
            doubts.append(_no_role(cell, silent))
            return []
    return [_Task(n.unit_id, n.role or default or LEAD, n.written, cell) for n in reading.named]


def _no_role(cell: UnitCell, silent: Sequence[Named]) -> Doubt:
    names = "、".join(named.written for named in silent)
    message = (
        f"“{names}”没有写明谁主办谁协办，请写成“主办：甲单位；协办：乙单位”，"
        "各自答复的写成“分办：甲单位、乙单位”。"
    )
    return Doubt(cell, cell.text, message)


def _without_doubles(tasks: Sequence[_Task], doubts: list[Doubt]) -> list[_Task]:
    """Each unit once. A main unit repeated on the item's next row is the same fact, any other double a doubt."""
    leads = {task.unit_id for task in tasks if task.role == LEAD}
    kept: dict[int, _Task] = {}
    for task in sorted(tasks, key=lambda t: t.role != LEAD):
        first = kept.setdefault(task.unit_id, task)
        if first is task or (task.role == LEAD and task.cell.row != first.cell.row):
            continue
        if task.unit_id in leads and task.role != LEAD:
            message = f"“{task.written}”已经是主办单位，不能同时{task.role}，请删去一处。"
        else:
            message = f"“{task.written}”写了两次，请删去一处。"
        doubts.append(Doubt(task.cell, task.written, message))
    return [task for task in tasks if kept[task.unit_id] is task]


def _check_lead(tasks: Sequence[_Task], doubts: list[Doubt], has_errors: bool) -> None:
    leads = [task for task in tasks if task.role == LEAD]
    if len(leads) > 1:
        names = "、".join(task.written for task in leads)
        message = (
            f"“{names}”都是主办，主办单位只能有一个；"
            "几个单位各自答复的请写在“分办单位”里，或写成“分办：甲单位、乙单位”。"
        )
        doubts.append(Doubt(leads[1].cell, names, message))
    if leads or has_errors or any(task.role == EACH for task in tasks):
        return
    if not any(doubt.cell and doubt.cell.column.canonical != "co_unit" for doubt in doubts):
        doubts.append(Doubt(None, "", "没有填写，请填上主办单位。"))
