"""What a person should look at twice before a row is written, although it can be: never an error. Decides only.

Run on rows that something would be written of; what is stored as the file says it needs no second look.
"""

from __future__ import annotations

import re

from domain.plans.steps import NEW, UPDATED, Step
from domain.plans.stock import BODY_OF, Stock
from domain.plans.text import half_width

_BESIDE_WORDS = re.compile(r"[\W_]+")


def look_again(step: Step, stock: Stock) -> None:
    """Add the row's warnings: another title under the same number, a kind that is not of the meeting's body."""
    if step.outcome == UPDATED and "title" in step.changes:
        _compare_titles(step, *step.changes["title"])
    if step.outcome == NEW and BODY_OF[step.row.kind] != stock.meeting.body:
        _doubt_kind(step, stock.meeting.body)


def _compare_titles(step: Step, old: str, new: str) -> None:
    if _words(old) != _words(new):
        message = f"编号相同而标题不同，请确认是同一件。系统里是“{old}”。"
        step.warn("title", new, message)


def _words(title: str) -> str:
    """What a title says, whatever its spaces, widths and punctuation."""
    return _BESIDE_WORDS.sub("", half_width(title)).casefold()


def _doubt_kind(step: Step, body: str) -> None:
    """Only a doubt: real plans hold a sheet of each kind, and some offices keep both under one meeting."""
    kind = step.row.kind
    usual = "、".join(name for name, of in BODY_OF.items() if of == body)
    message = f"“{kind}”一般不在{body}会议里（{body}会议是{usual}），请确认会议没有选错。"
    step.warn("kind", kind, message)
