"""Which rows of a table belong to an item and which are headings, totals, notes or repeated headers.

An item may go on over several rows: its number and title are blank or merged there, and only units or names are added.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.plans.recognising import vocabulary
from domain.plans.recognising.fits import is_plan_title
from domain.plans.recognising.tables import PlanTable
from domain.sheets.grid import Cell
from domain.sheets.merges import Merged
from domain.texts import numbers
from domain.texts.asides import is_example, is_note, is_total
from domain.texts.text import clean, is_blank, squeeze

_PLAIN_NUMBER = re.compile(r"第?\d{1,9}号?|.{0,8}[字建提]\d{1,5}号?(建议|提案)?")
_KEYS = ("number", "title", "lead", "lead_unit", "unit", "each_unit", "co_unit")
_ADDING = ("co_unit", "each_unit", "unit", "lead_unit", "joint")


@dataclass
class ItemLines:
    """The rows of one item, first to last, and the heading they stand under."""

    rows: list[int]
    heading: str = ""


class Lines:
    """The rows of one table, sorted into items and the rest; `left_out` holds the rest, row and text."""

    def __init__(self, merged: Merged, table: PlanTable) -> None:
        self.merged = merged
        self.table = table
        cells = (value for row in table.header_rows for value in merged.grid.cells[row])
        self.header_words = {vocabulary.tidy_label(clean(value)) for value in cells if value != ""}
        self.used = {column.index for column in table.columns}
        self.places = {name: self._first(name) for name in vocabulary.CANONICAL}
        self.left_out: list[tuple[int, str]] = []

    def _first(self, name: str) -> int | None:
        found = self.table.of(name)
        return found[0].index if found else None

    def items(self, heading: str = "") -> list[ItemLines]:
        """The table's items from top to bottom. `heading`: what stood above; `self.heading` keeps the last one."""
        items: list[ItemLines] = []
        self.heading, may_continue = heading, False
        for row in range(self.table.first_row, self.table.last_row):
            if is_example(self.merged.grid.cells[row]):
                may_continue = False
                continue
            if self._has_own_title(row):
                items.append(ItemLines([row], self.heading))
                may_continue = True
                continue
            filled = [
                text
                for value in self.merged.grid.cells[row]
                if value != "" and (text := clean(value))
            ]
            if not filled and not self._has_problem(row):
                if self._struck(row):
                    self._leave_out(row, filled)
                continue
            if self._is_beside_items(row, filled):
                self._leave_out(row, filled)
            elif may_continue and self._continues(row):
                items[-1].rows.append(row)
            elif self._is_item(row):
                items.append(ItemLines([row], self.heading))
                may_continue = True
            else:
                self.heading, may_continue = filled[0] if filled else "", False
                self._leave_out(row, filled)
        return items

    def text_of(self, row: int) -> str:
        """What stands in the row, as one text."""
        cells = map(clean, filter(lambda value: value != "", self.merged.grid.cells[row]))
        return "\u3000".join(filter(None, cells))

    def _leave_out(self, row: int, filled: list[str]) -> None:
        self.left_out.append((row, "　".join((*filled, *self._struck(row)))))

    def _struck(self, row: int) -> list[str]:
        """What stands in the row's cells but was not read."""
        remarks = self.merged.grid.remarks
        columns = range(self.merged.grid.width) if remarks else ()
        found = (remarks.get((row, column)) for column in columns)
        return [f"（“{one.text}”{one.why}）" for one in found if one]

    def _has_own_title(self, row: int) -> bool:
        """The clear case, which nearly all rows are: a title of its own stands in the title column."""
        place = self.places["title"]
        if place is None or self.merged.is_continued(row, place):
            return False
        return is_plan_title(clean(self.merged.grid.at(row, place)))

    def _has_problem(self, row: int) -> bool:
        problems = self.merged.grid.problems
        return bool(problems) and any(
            (row, column.index) in problems for column in self.table.columns
        )

    def _is_beside_items(self, row: int, filled: list[str]) -> bool:
        """Totals, notes, the header again, a row that only numbers the columns."""
        if not filled:
            return False
        if is_plan_title(self._text(row, "title")):
            return False
        if len(filled) > 1 and all(
            vocabulary.tidy_label(text) in self.header_words for text in filled
        ):
            return True
        if len(filled) > 2 and [squeeze(text).strip("()") for text in filled] == [
            str(n + 1) for n in range(len(filled))
        ]:
            return True
        if self._is_item_like(row):
            return False
        return any(map(is_total, filled[:3])) or is_note(filled[0])

    def _is_item_like(self, row: int) -> bool:
        """A real title, or a real number beside a title: then the row is an item whatever else it says."""
        title = self._text(row, "title")
        return is_plan_title(title) or (self._is_number(row) and len(title) >= 4)

    def _is_number(self, row: int) -> bool:
        place = self.places["number"]
        return place is not None and numbers.looks_like_number(self.merged.grid.at(row, place))

    def _text(self, row: int, name: str) -> str:
        place = self.places[name]
        return "" if place is None else clean(self.merged.grid.at(row, place))

    def _is_item(self, row: int) -> bool:
        """Two or more of serial number, number, title, lead and units stand in the row itself, or a clear one."""
        if is_plan_title(self._text(row, "title")) or _PLAIN_NUMBER.fullmatch(
            squeeze(self._text(row, "number"))
        ):
            return True
        serial = any(
            isinstance(value, int) or (isinstance(value, str) and value.strip().isdecimal())
            for column, value in enumerate(self.merged.grid.cells[row])
            if column not in self.used
        )
        return serial + sum(self._stands_in(row, name) for name in _KEYS) >= 2

    def _stands_in(self, row: int, name: str) -> bool:
        return any(
            not self._blank_or_continued(row, column.index) for column in self.table.of(name)
        )

    def _continues(self, row: int) -> bool:
        """Number, title and lead are blank or merged from above, nothing else begins, and units or names follow."""
        if any(self._stands_in(row, name) for name in ("number", "title", "lead")):
            return False
        if any(self._is_continued(row, name) for name in ("number", "title")):
            return True
        others = (
            column for column in range(len(self.merged.grid.cells[row])) if column not in self.used
        )
        if any(not self._blank_or_continued(row, column) for column in others):
            return False
        return any(
            self._adds(row, column.index) for name in _ADDING for column in self.table.of(name)
        )

    def _is_continued(self, row: int, name: str) -> bool:
        return any(self.merged.is_continued(row, column.index) for column in self.table.of(name))

    def _blank_or_continued(self, row: int, column: int) -> bool:
        return self.merged.is_continued(row, column) or (
            self.merged.grid.at(row, column) == ""
            and (row, column) not in self.merged.grid.problems
            and (row, column) not in self.merged.grid.remarks
        )

    def _adds(self, row: int, column: int) -> bool:
        value: Cell = self.merged.grid.at(row, column)
        return (
            not self.merged.is_continued(row, column) and value != "" and not is_blank(clean(value))
        )
