"""The cells of one item as they are asked for by column: values, texts, facts; what is wrong with them, each told.

Not what the cells mean together (`rows`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from domain.imports.corrections import shown_text
from domain.imports.outcomes import CellError
from domain.plans.recognising import vocabulary
from domain.plans.recognising.assignees import CellReader
from domain.plans.recognising.lines import ItemLines
from domain.plans.recognising.outcomes import MeetingFacts
from domain.plans.recognising.tables import PlanColumn, PlanTable
from domain.sheets.grid import Cell, column_letters
from domain.sheets.merges import Merged
from domain.texts import numbers
from domain.texts.boxes import chosen
from domain.texts.text import clean, is_blank, one_line

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Surroundings:
    """What all rows of a table share: its words, the meeting, the dictionary, and whether sheets must be named.

    `names`: how a person said that names of signers are to be read.
    """

    meeting: MeetingFacts
    reader: CellReader
    kind_words: str
    name_sheets: bool
    names: Mapping[str, str] = field(default_factory=dict)


class ItemCells:
    """The cells of the items of one table, one item after the other. What is wrong with the item at hand gathers in
    `errors` and `doubts`."""

    def __init__(self, merged: Merged, table: PlanTable, around: Surroundings) -> None:
        self.merged = merged
        self.table = table
        self.around = around
        self.firsts = {name: next(iter(table.of(name)), None) for name in vocabulary.CANONICAL}
        self.item = ItemLines([])
        self.errors: list[CellError] = []
        self.doubts: list[CellError] = []

    def _where(self, row: int) -> str:
        sheet = self.merged.grid.sheet
        return (
            f"工作表“{sheet}”第{row + 1}行"
            if self.around.name_sheets and sheet
            else f"第{row + 1}行"
        )

    def _value(self, name: str) -> Cell:
        column = self.firsts[name]
        return self.merged.at(self.item.rows[0], column.index) if column else ""

    def _text(self, name: str) -> str | None:
        """A text on one line; None for blank and for 无, —, /."""
        if self.firsts[name] is None:
            return None
        self._check_problem(name)
        text = one_line(clean(self._value(name)))
        return None if is_blank(text) else text

    def _joined(self, name: str) -> str | None:
        texts = [text for _, _, text in self._cells(name)]
        return "；".join(dict.fromkeys(texts)) or None

    def _cells(self, name: str) -> list[tuple[PlanColumn, int, str]]:
        """Every filled cell of a repeatable column over the item's rows; a merged block counts once."""
        found = []
        for number, row in enumerate(self.item.rows):
            for column in self.table.of(name):
                self._check_problem_at(column, row)
                if number and self.merged.is_continued(row, column.index):
                    continue
                text = clean(self.merged.at(row, column.index))
                text = chosen(text) if name in vocabulary.UNIT_COLUMNS else text
                if not is_blank(text):
                    found.append((column, row, text))
        return found

    def _fact(self, name: str, read: Callable[[Cell], _Value]) -> _Value | None:
        """What `read` makes of the cell; None for blank cells and for unclear ones, which become errors."""
        if self.firsts[name] is None:
            return None
        self._check_problem(name)
        value = self._value(name)
        if isinstance(value, str) and is_blank(clean(value)):
            return None
        try:
            return read(value)
        except numbers.Unclear as doubt:
            self._add(self.firsts[name], shown_text(value), f"{quoted(value)}{doubt}。")
            return None

    def _check_problem(self, name: str) -> None:
        if not self.merged.grid.problems:
            return
        column = self.firsts[name]
        if column:
            self._check_problem_at(column, self.item.rows[0])

    def _check_problem_at(self, column: PlanColumn, row: int) -> None:
        if not self.merged.grid.problems:
            return
        problem = self.merged.problem_at(row, column.index)
        if problem and not any(error.cell == _cell_name(column, row) for error in self.errors):
            self._add(column, problem.text, f"“{problem.text}”{problem.why}。", row=row)

    def _add(
        self,
        column: PlanColumn | None,
        value: str,
        message: str,
        row: int | None = None,
        suggestions: tuple[str, ...] = (),
    ) -> None:
        error = self._told(column, value, message, row)
        self.errors.append(replace(error, suggestions=suggestions))

    def _doubt(
        self,
        column: PlanColumn | None,
        kind: str,
        value: str,
        message: str,
        row: int | None = None,
    ) -> None:
        self.doubts.append(replace(self._told(column, value, message, row), kind=kind))

    def _told(
        self, column: PlanColumn | None, value: str, message: str, row: int | None
    ) -> CellError:
        column = column or PlanColumn(0, "title", vocabulary.NAMES["title"], 0)
        at = self.item.rows[0] if row is None else row
        sentence = f"{self._where(at)}“{column.label}”：{message}"
        cell = _cell_name(column, at) if column.score else ""
        return CellError(column.canonical, column.label, value, sentence, (), cell)


def _cell_name(column: PlanColumn, row: int) -> str:
    return f"{column_letters(column.index)}{row + 1}"


def quoted(value: Cell) -> str:
    return f"“{one_line(shown_text(value))[:60]}”"
