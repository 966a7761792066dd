"""Each row of a plan against what the database holds: new, updated, unchanged or invalid, and what would be written.

Decides only. What it decides, `apply` writes; both run in preview and in earnest, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from domain import models
from domain.imports.outcomes import INVALID, NEW, UNCHANGED, UPDATED
from domain.imports.traces import filled_in, typed_columns
from domain.plans.people import sponsors_of
from domain.plans.recognising.assignees import EACH, LEAD, PARTNER
from domain.plans.recognising.outcomes import PlanRow
from domain.plans.second_look import look_again
from domain.plans.steps import PlanStep
from domain.plans.stock import Stock, Values
from domain.schema.states import SponsorRole, TaskState
from domain.texts.text import CONTROLS

_COLUMN_OF_ROLE = {LEAD: "lead_unit", PARTNER: "co_unit", EACH: "each_unit"}

_TEXTS = {"title": "title", "delegation": "delegation", "leader": "leader", "note": "note"}
"""Canonical column -> column of proposals, for facts that are texts as they stand."""


def match(rows: Iterable[PlanRow], stock: Stock, today: date) -> list[PlanStep]:
    """A step per row, in order. Reads nothing but the stock. New items are handed over today at the latest."""
    steps = [_match(row, stock, today) for row in rows]
    _refuse_doubles(steps)
    return steps


def _refuse_doubles(steps: Iterable[PlanStep]) -> None:
    """Two rows that mean one stored item, written 005 and 5, would each undo what the other says."""
    first: dict[int, PlanStep] = {}
    for step in steps:
        if step.errors or step.record_id is None:
            continue
        earlier = first.setdefault(step.record_id, step)
        if earlier is not step:
            number = step.row.number or ""
            message = f"“{number}”与{earlier.where}的“{earlier.row.number}”是同一件，请删去一行。"
            step.fail("number", number, message)
            step.outcome = INVALID


def _match(row: PlanRow, stock: Stock, today: date) -> PlanStep:
    step = PlanStep(row, errors=list(row.errors), warnings=list(row.remarks))
    step.item = _same_item(row, stock)
    step.record_id = step.item["id"] if step.item else None
    if not row.errors:
        _check_texts(step)
        _match_facts(step, stock, today)
        _match_tasks(step, stock)
        _match_sponsors(step, stock)
    if step.errors:
        step.outcome = INVALID
    elif step.item is None:
        step.outcome = NEW
    else:
        step.outcome = UPDATED if step.changes else UNCHANGED
    look_again(step, stock, today)
    return step


def _same_item(row: PlanRow, stock: Stock) -> Values | None:
    """The stored item of this kind and number; 5 is also 005 where the title is the same."""
    number = row.number or ""
    item = stock.items.get((row.kind, number))
    if item or not number.isdecimal():
        return item
    like = stock.by_value.get((row.kind, int(number)))
    return like if like and like["title"] == row.title else None


def _check_texts(step: PlanStep) -> None:
    """Texts that the database could not hold whole, or as they are, are errors, never cut."""
    row = step.row
    texts = {column: getattr(row, column) for column in _LENGTHS_OF}
    for column, text in (*texts.items(), ("lead", row.lead), *(("joint", n) for n in row.joint)):
        if text and len(text) > (longest := _longest(column)):
            step.fail(column, text[:20] + "…", f"有{len(text)}个字，最多{longest}个字。")
        if text and CONTROLS.search(text):
            shown = CONTROLS.sub("□", text)[:20]
            step.fail(column, shown, f"“{shown}”含有不能保存的字符，请重新输入。")


_LENGTHS_OF = {
    **{column: ("proposals", name) for column, name in _TEXTS.items()},
    "number": ("proposals", "number"),
    "category": ("content_categories", "name"),
}


@cache
def _longest(column: str) -> int:
    """How long a text of this canonical column may be; people are deputies."""
    table, name = _LENGTHS_OF.get(column, ("deputies", "name"))
    return models.schema.tables[table].columns[name].length or 10_000


def _match_facts(step: PlanStep, stock: Stock, today: date) -> None:
    """Columns of the item itself. A blank cell says nothing: it never clears what is stored."""
    row, item = step.row, step.item or {}
    wanted: dict[str, Any] = {name: getattr(row, column) for column, name in _TEXTS.items()}
    wanted |= {"due_on": row.due_on}
    for column, value in wanted.items():
        if value is not None and value != item.get(column):
            step.values[column] = value
            _note_change(step, column, item.get(column), value)
    _match_key(step)
    _match_category(step, stock)
    if stock.meeting.is_history and step.item and not step.item["is_history"]:
        step.values["is_history"] = True
        _note_change(step, "is_history", "否", "是")
    handed = item.get("handed_over_on") or stock.meeting.handed_over_on
    handed = handed or (None if item else today)
    if row.due_on and handed and row.due_on < handed:
        step.fail("due_on", row.due_on.isoformat(), f"“{row.due_on}”早于交办日期{handed}，请检查。")


def _note_change(step: PlanStep, column: str, old: Any, new: Any) -> None:
    if step.item is None:
        return  # a new item is shown as it is
    step.changes[column] = ["" if old is None else str(old), "" if new is None else str(new)]


def _match_key(step: PlanStep) -> None:
    """是 keeps whatever kind of key item is stored; 否 clears it; words such as 领导督办 choose the kind."""
    row, stored = step.row, (step.item or {}).get("key_kind")
    if row.is_key is None or (row.is_key and stored and not _key_kind(row, "")):
        return
    wanted = (
        _key_kind(row, "重点提案" if row.kind in ("提案", "建议案") else "重点建议")
        if row.is_key
        else None
    )
    if wanted != stored:
        step.values["key_kind"] = wanted
        _note_change(step, "is_key", stored, wanted)


def _key_kind(row: PlanRow, otherwise: str) -> str:
    for word, kind in (("三公开", "三公开"), ("人大", "人大重点督办"), ("政协", "政协重点督办")):
        if word in row.key_words:
            return kind
    return (
        "领导督办"
        if any(w in row.key_words for w in ("领导", "领衔", "领办", "牵头"))
        else otherwise
    )


def _match_category(step: PlanStep, stock: Stock) -> None:
    wanted = step.row.category
    stored_id = (step.item or {}).get("content_category_id")
    if wanted and stock.categories.get(wanted, 0) != stored_id:
        step.category = wanted
        old = next((name for name, id in stock.categories.items() if id == stored_id), None)
        _note_change(step, "category", old, wanted)


def _match_tasks(step: PlanStep, stock: Stock) -> None:
    """Units and roles. Roles that the file has no column for stay as they are."""
    stored = stock.tasks.get(step.item["id"], []) if step.item else []
    by_unit = {task["unit_id"]: task for task in stored}
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
        if (
            task["unit_id"] not in wanted
            and task["role"] in spoken
            and task["state"] != TaskState.RETURNED
        ):
            _drop_task(step, task, stock)
    if step.item and step.changes_tasks:
        _note_task_changes(step, stored, stock)


def _match_task(step: PlanStep, task: Values, role: str, stock: Stock) -> None:
    """A task that is there and that the row wants, perhaps in another role."""
    if task["state"] == TaskState.RETURNED:
        _refuse(step, stock.units[task["unit_id"]], role, "已经退办本件，请按现在的分工修改方案")
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
            if t["role"] == role and t["state"] != TaskState.RETURNED
        ]
        dropped = {id(task) for task in step.dropped_tasks}
        moved = {id(task): new for task, new in step.changed_tasks}
        kept = [t for t in stored if id(t) not in dropped and moved.get(id(t), t["role"]) == role]
        new = [stock.units[t["unit_id"]] for t in kept if t["state"] != TaskState.RETURNED]
        new += [stock.units[unit_id] for unit_id, new_role in step.new_tasks if new_role == role]
        if sorted(old) != sorted(new):
            _note_change(step, column, "、".join(old), "、".join(new))


def _match_sponsors(step: PlanStep, stock: Stock) -> None:
    """The people who signed. A blank cell says nothing; who stays keeps his place and way of signing."""
    stored = stock.sponsors.get(step.item["id"], []) if step.item else []
    wanted, doubts = sponsors_of(step.row, stock, stored)
    for column, value, message in doubts:
        step.fail(column, value, message)
    kept = {s["name"]: s for s in stored}
    for sponsor in wanted:
        old = kept.get(sponsor.name)
        if old is None:
            step.new_sponsors.append(sponsor)
        elif (old["role"] == SponsorRole.LEADS) != (sponsor.role == SponsorRole.LEADS):
            step.changed_sponsors.append((old, sponsor))
    names = {sponsor.name for sponsor in wanted}
    step.dropped_sponsors = [s for s in _spoken_for(step.row, stored) if s["name"] not in names]
    if step.item:
        _note_sponsor_changes(step, stored)


def _spoken_for(row: PlanRow, stored: list[Values]) -> Iterator[Values]:
    """The stored sponsors that the row has something to say about."""
    for sponsor in stored:
        if (row.lead and sponsor["role"] == SponsorRole.LEADS) or (
            row.joint and sponsor["role"] != SponsorRole.LEADS
        ):
            yield sponsor


def _note_sponsor_changes(step: PlanStep, stored: list[Values]) -> None:
    if not (step.new_sponsors or step.changed_sponsors or step.dropped_sponsors):
        return
    dropped = {s["id"] for s in step.dropped_sponsors}
    roles = {s["name"]: s["role"] for s in stored if s["id"] not in dropped}
    roles |= {sponsor.name: sponsor.role for _, sponsor in step.changed_sponsors}
    roles |= {sponsor.name: sponsor.role for sponsor in step.new_sponsors}
    for column, is_lead in (("lead", True), ("joint", False)):
        old = [s["name"] for s in stored if (s["role"] == SponsorRole.LEADS) == is_lead]
        new = [name for name, role in roles.items() if (role == SponsorRole.LEADS) == is_lead]
        if sorted(old) != sorted(new):
            _note_change(step, column, "、".join(old), "、".join(new))
