"""What a person should look at twice before a row is written, although it can be: never an error. Decides only.

Run on rows that something would be written of; what is stored as the file says it needs no second look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import date

from domain.imports.corrections import kept_name
from domain.imports.outcomes import NEW, UNCHANGED, UPDATED
from domain.plans.recognising.outcomes import Plan, PlanRow
from domain.plans.steps import PlanStep
from domain.plans.stock import BODY_OF, Stock
from domain.schema.states import SponsorRole
from domain.texts.text import half_width

OTHER_TITLE, KEPT_SIGNATURES = "other_title", "kept_signatures"
OTHER_BODY, PAST_DUE = "other_body", "past_due"
"""The kinds of doubt that comparing finds, beside those of reading (in `recognising`); several may
stand at one cell."""
Place = tuple[str, int]
"""Where a row stands: its sheet ('' for the only one) as imports keep it, and its number there."""
_BESIDE_WORDS = re.compile(r"[\W_]+")


def look_again(step: PlanStep, stock: Stock, today: date) -> None:
    """Add the row's warnings: another title under the same number, another lead over the old joint signatures, a
    kind that is not of the meeting's body, a deadline that is to be written and already past; and what reading doubted.
    """
    if step.outcome != UNCHANGED:
        step.warnings += step.row.doubts
        new = {one.name for one in step.new_sponsors if one.deputy_id is None}
        step.warnings += [one.doubt for one in step.row.about if one.name not in new]
    if step.outcome == UPDATED and "title" in step.changes:
        _compare_titles(step, *step.changes["title"])
    if step.outcome == UPDATED and "lead" in step.changes and "joint" not in step.changes:
        _tell_kept_signatures(step, stock)
    if step.outcome == NEW and (message := kind_doubted(step.row.kind, stock.meeting.body)):
        step.warn(OTHER_BODY, "kind", step.row.kind, message)
    due_on = step.values.get("due_on")
    is_owed = step.outcome in (NEW, UPDATED) and not stock.meeting.is_history
    if is_owed and due_on and due_on < today:
        message = f"办理时限 {due_on} 已经过去，导入后即为逾期。"
        step.warn(PAST_DUE, "due_on", due_on.isoformat(), message)


def place_of(row: PlanRow) -> Place:
    """Where the row stands."""
    return kept_name(row.sheet), row.row


def other_titles(steps: Iterable[PlanStep]) -> set[Place]:
    """The rows that would give the item of their number another title."""
    warned = ((step, {one.kind for one in step.warnings}) for step in steps)
    return {place_of(step.row) for step, kinds in warned if OTHER_TITLE in kinds}


def leave_out(plan: Plan, skipped: Set[Place]) -> Plan:
    """The plan with these rows invalid, because a person said so."""
    message = "编号相同而标题不同，已按您的选择跳过。"
    rows = (
        replace(row, errors=(*row.errors, row.error("title", row.title or "", message)))
        if place_of(row) in skipped
        else row
        for row in plan.rows
    )
    return replace(plan, rows=tuple(rows)) if skipped else plan


def _compare_titles(step: PlanStep, old: str, new: str) -> None:
    if _words(old) != _words(new):
        message = f"编号相同而标题不同，请确认是同一件。系统里是“{old}”。"
        step.warn(OTHER_TITLE, "title", new, message)


def _words(title: str) -> str:
    """What a title says, whatever its spaces, widths and punctuation."""
    return _BESIDE_WORDS.sub("", half_width(title)).casefold()


def _tell_kept_signatures(step: PlanStep, stock: Stock) -> None:
    """A file that names no joint signatures leaves those alone that are there; under a new lead that may surprise."""
    stored = stock.sponsors.get((step.item or {})["id"], ())
    joint = [sponsor["name"] for sponsor in stored if sponsor["role"] != SponsorRole.LEADS]
    if joint and not step.row.joint:
        named = "、".join(joint[:3]) + (f"等{len(joint)}人" if len(joint) > 3 else "")
        message = f"提出人换了而文件没有写联名人，原来的联名人（{named}）保留；要改请在系统里改。"
        step.warn(KEPT_SIGNATURES, "joint", "", message)


def kind_doubted(kind: str, body: str) -> str:
    """What to say of an item of this kind at a meeting of this body; '' where it belongs there.

    Only a doubt: real plans hold a sheet of each kind, and some offices keep both under one meeting.
    """
    if BODY_OF.get(kind, body) == body:
        return ""
    usual = "、".join(name for name, of in BODY_OF.items() if of == body)
    return f"“{kind}”一般不在{body}会议里（{body}会议是{usual}），请确认会议没有选错。"
