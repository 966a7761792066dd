"""Each row of a plan against what the database holds: new, updated, unchanged or invalid, and what would be written.

Decides only. What it decides, `apply` writes; both run in preview and in earnest, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from domain import models
from domain.imports.outcomes import INVALID, NEW, UNCHANGED, UPDATED
from domain.plans.match_merges import match_merges
from domain.plans.match_sponsors import match_sponsors
from domain.plans.match_tasks import match_tasks
from domain.plans.recognising.outcomes import PlanRow
from domain.plans.second_look import look_again
from domain.plans.steps import PlanStep
from domain.plans.stock import Stock, Values
from domain.texts.text import CONTROLS

_TEXTS = {"title": "title", "delegation": "delegation", "leader": "leader", "note": "note"}
"""Canonical column -> column of proposals, for facts that are texts as they stand."""


def match(rows: Iterable[PlanRow], stock: Stock, today: date) -> list[PlanStep]:
    """A step per row, in order. Reads nothing but the stock. New items are handed over today at the latest."""
    steps = [_match(row, stock, today) for row in rows]
    _refuse_doubles(steps)
    match_merges(steps, stock)
    for step in steps:
        step.outcome = _outcome(step)
        look_again(step, stock, today)
    return steps


def _outcome(step: PlanStep) -> str:
    if step.errors:
        return INVALID
    if step.item is None:
        return NEW
    return UPDATED if step.changes else UNCHANGED


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


def _match(row: PlanRow, stock: Stock, today: date) -> PlanStep:
    step = PlanStep(row, errors=list(row.errors))
    step.item = _same_item(row, stock)
    step.record_id = step.item["id"] if step.item else None
    if not row.errors:
        _check_texts(step)
        _match_facts(step, stock, today)
        if row.assignments or not row.merged_into:
            match_tasks(step, stock)
        match_sponsors(step, stock)
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
            step.note_change(column, item.get(column), value)
    _match_key(step)
    _match_category(step, stock)
    if stock.meeting.is_history and step.item and not step.item["is_history"]:
        step.values["is_history"] = True
        step.note_change("is_history", "否", "是")
    handed = item.get("handed_over_on") or stock.meeting.handed_over_on
    handed = handed or (None if item else today)
    if row.due_on and handed and row.due_on < handed:
        step.fail("due_on", row.due_on.isoformat(), f"“{row.due_on}”早于交办日期{handed}，请检查。")


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
        step.note_change("is_key", stored, wanted)


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
        step.note_change("category", old, wanted)
