"""Whether a cell looks like what a column holds: a number, a title, names, a date, a unit. Cells only, no headers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence

from domain.plans.recognising import facts, vocabulary
from domain.plans.recognising.assignees import ROLE
from domain.plans.recognising.facts import main_item_of
from domain.plans.recognising.signatures import people_of
from domain.plans.recognising.units import UnitBook
from domain.sheets.grid import Cell
from domain.texts import dates, numbers
from domain.texts.boxes import chosen
from domain.texts.text import clean, squeeze

_ANSWER_LETTER = re.compile(r"[A-Da-d甲乙丙丁]类?")


def share(name: str, cells: Sequence[Cell], book: UnitBook) -> float:
    fits = _FITS.get(name)
    if name in vocabulary.UNIT_COLUMNS:
        return sum(_holds_unit(value, book) for value in cells) / len(cells)
    return sum(fits(value) for value in cells) / len(cells) if fits else 1.0


def _holds_unit(value: Cell, book: UnitBook) -> bool:
    """Whether some known name stands in the cell, or it at least ends like the name of a unit."""
    text = squeeze(clean(value))
    if isinstance(value, str) and re.search(
        r"(局|委|办|部|院|中心|公司|街道|镇|乡|处|会|政府|分局|集团|厅|行|站|所|队)(\(.*\))?$", text
    ):
        return True
    return any(book.match_at(text, start)[0] > 2 for start in range(min(len(text), 20)))


def has_role_word(value: Cell) -> bool:
    return ROLE.search(clean(value)) is not None


def _is_name_list(value: Cell) -> bool:
    people = people_of(value) if isinstance(value, str) else ()
    return bool(people) and all(len(person) <= 20 for person in people)


def _is_title(value: Cell) -> bool:
    return (
        isinstance(value, str) and len(squeeze(value)) >= 4 and not numbers.looks_like_number(value)
    )


def is_date(value: Cell) -> bool:
    try:
        return dates.date_of(value, 2024) is not None
    except numbers.Unclear:
        return False


def _is_category(value: Cell) -> bool:
    text = clean(value)
    return (
        isinstance(value, str)
        and len(text) <= 20
        and not _ANSWER_LETTER.fullmatch(text)
        and not _is_kind(value)
    )


def _is_kind(value: Cell) -> bool:
    return (
        isinstance(value, str)
        and len(value) <= 10
        and facts.kind_of(value) is not None
        and "重点" not in value
    )


def _is_yes_or_no(value: Cell) -> bool:
    try:
        facts.is_key_of(chosen(clean(value)))
    except numbers.Unclear:
        return False
    return not isinstance(value, datetime.date)


def _is_main_item(value: Cell) -> bool:
    try:
        main_item_of(value)
    except numbers.Unclear:
        return False
    return True


_FITS: Mapping[str, Callable[[Cell], bool]] = {
    "number": numbers.looks_like_number,
    "kind": _is_kind,
    "title": _is_title,
    "lead": _is_name_list,
    "joint": _is_name_list,
    "category": _is_category,
    "due_on": is_date,
    "is_key": _is_yes_or_no,
    "merged_into": _is_main_item,
}


def is_plan_title(text: str) -> bool:
    """关于……的建议: what the title of an item looks like, whatever stands above it."""
    plain = squeeze(text)
    is_asked = plain.endswith(("的建议", "的提案", "的议案", "的建议案"))
    if len(plain) < 8:
        return is_asked and plain.startswith("关于")
    return is_asked or plain.startswith("关于")
