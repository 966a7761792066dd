"""Items of a table into `PlanRow`s: every fact read, every doubt an error with sheet, row, label, value and way out.

Knows the rules of one row and of the file as a whole (a number twice); knows nothing of what the database holds.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from domain.imports.outcomes import CellError
from domain.plans.recognising import facts, vocabulary
from domain.plans.recognising.assignees import CellReader
from domain.plans.recognising.assigning import UnitCell, assign
from domain.plans.recognising.headers import PlanColumn, PlanTable
from domain.plans.recognising.lines import ItemLines
from domain.plans.recognising.outcomes import Assignment, MeetingFacts, PlanRow
from domain.sheets.grid import Cell, column_letters
from domain.sheets.merges import Merged
from domain.texts import numbers
from domain.texts.text import clean, is_blank, one_line

_Value = TypeVar("_Value")
MAX_TITLE = 300


@dataclass(frozen=True)
class Setting:
    """What all rows of a table share: its words, the meeting, the dictionary, and whether sheets must be named."""

    meeting: MeetingFacts
    reader: CellReader
    kind_words: str
    name_sheets: bool


def read_rows(
    merged: Merged, table: PlanTable, items: Iterable[ItemLines], setting: Setting
) -> list[PlanRow]:
    """One row per item, in order, each with its own errors."""
    reader = _RowReader(merged, table, setting)
    return [reader.row(item) for item in items]


def mark_doubles(rows: Iterable[PlanRow]) -> list[PlanRow]:
    """The same rows; where kind and number came before in the file, the later row carries an error."""
    first: dict[tuple[str, str], PlanRow] = {}
    marked = []
    for row in rows:
        earlier = first.setdefault((row.kind, row.number), row) if row.number else row
        marked.append(row if earlier is row else _double(row, earlier))
    return marked


def _double(row: PlanRow, earlier: PlanRow) -> PlanRow:
    message = f"“{row.number}”与{earlier.where}重复，同一类型的编号在一个文件里只能出现一次。"
    return replace(row, errors=(*row.errors, row.error("number", row.number or "", message)))


class _RowReader:
    """Reads items of one table, one after the other. The errors of the item at hand gather in `errors`."""

    def __init__(self, merged: Merged, table: PlanTable, setting: Setting) -> None:
        self.merged = merged
        self.table = table
        self.setting = setting
        self.kind_above = _kind_above(setting.kind_words)
        self.firsts = {name: next(iter(table.of(name)), None) for name in vocabulary.CANONICAL}
        self.item = ItemLines([])
        self.errors: list[CellError] = []

    def row(self, item: ItemLines) -> PlanRow:
        """The item as a row with its errors."""
        self.item, self.errors = item, []
        number, title = self._number(), self._title()
        lead, joint = self._people()
        return PlanRow(
            sheet=self.merged.grid.sheet,
            row=self.item.rows[0] + 1,
            number=number,
            kind=self._kind(title or ""),
            title=title,
            lead=lead,
            joint=joint,
            delegation=self._text("delegation"),
            category=self._text("category"),
            assignments=self._assignments(),
            due_on=self._fact(
                "due_on",
                lambda value: facts.date_of(self.merged.grid.day(value), self.setting.meeting.year),
            ),
            is_key=self._fact("is_key", lambda value: facts.is_key_of(clean(value))),
            key_words=self._text("is_key") or "",
            leader=self._text("leader"),
            note=self._joined("note"),
            errors=tuple(self.errors),
            remarks=(),
            where=self._where(self.item.rows[0]),
            table=self.table,
        )

    def _where(self, row: int) -> str:
        sheet = self.merged.grid.sheet
        return (
            f"工作表“{sheet}”第{row + 1}行"
            if self.setting.name_sheets and sheet
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
                if not is_blank(text):
                    found.append((column, row, text))
        return found

    def _fact(self, name: str, read: Callable[[Cell], _Value]) -> _Value | None:
        """What `read` makes of the cell; None for blank cells and for unclear ones, which become errors."""
        self._check_problem(name)
        value = self._value(name)
        if isinstance(value, str) and is_blank(clean(value)):
            return None
        try:
            return read(value)
        except numbers.Unclear as doubt:
            self._add(self.firsts[name], _shown(value), f"{_quoted(value)}{doubt}。")
            return None

    def _number(self) -> str | None:
        column = self.firsts["number"]
        if column is None:
            return self._number_in_title()
        before = len(self.errors)
        number = self._fact("number", numbers.number_of) or None
        if number is None and len(self.errors) == before:
            self._add(column, "", "没有填写，请填上原件的编号，例如 005。")
        return number

    def _number_in_title(self) -> str | None:
        """`16.关于……` carries its number in front where the table has no column for it."""
        match = re.match(r"第?(\d{1,9})号?[.、．]\s*(?=关于|《)", clean(self._value("title")))
        if match:
            return match[1]
        name = vocabulary.NAMES["number"]
        self._add(
            PlanColumn(0, "number", name, 0),
            "",
            "表里没有编号（案号）这一列，请补上或在预览里指定是哪一列。",
        )
        return None

    def _title(self) -> str | None:
        self._check_problem("title")
        value = self._value("title")
        title = facts.title_of(clean(value))
        if not title or is_blank(title):
            if not any(error.column == "title" for error in self.errors):
                self._add(self.firsts["title"], "", "没有填写，请填上标题（案由）。")
            return None
        if len(title) > MAX_TITLE:
            self._add(
                self.firsts["title"],
                title[:20] + "…",
                f"有{len(title)}个字，标题最多{MAX_TITLE}个字。",
            )
        return title

    def _people(self) -> tuple[str | None, tuple[str, ...]]:
        """The first proposer, and everyone else who signed: further names in the same cell are joint sponsors."""
        self._check_problem("lead")
        named = facts.people_of(clean(self._value("lead"))) if self.firsts["lead"] else ()
        others = [name for _, _, text in self._cells("joint") for name in facts.people_of(text)]
        lead = named[0] if named else None
        return lead, tuple(dict.fromkeys(name for name in (*named[1:], *others) if name != lead))

    def _kind(self, title: str) -> str:
        """From the column, the heading, the sheet's name or title rows; if those name several, from the
        title's end; else the meeting's."""
        own = facts.kind_of(clean(self._value("kind"))) or facts.kind_of(self.item.heading)
        own = own or self.kind_above
        if not own and any(word in self.setting.kind_words for word in facts.KINDS):
            own = next((kind for kind in facts.KINDS if title.endswith(kind)), None)
        return own or self.setting.meeting.kind

    def _assignments(self) -> tuple[Assignment, ...]:
        """All units with their roles; every doubt an error in the column where the unit stands."""
        cells = [
            UnitCell(*found) for name in vocabulary.UNIT_COLUMNS for found in self._cells(name)
        ]
        if not set(vocabulary.UNIT_COLUMNS) & {column.canonical for column in self.table.columns}:
            block = PlanColumn(0, "unit", vocabulary.NAMES["unit"], 0)
            cells = [UnitCell(block, self.item.rows[0], bare_heading(self.item.heading))]
        has_errors = any(error.column in vocabulary.UNIT_COLUMNS for error in self.errors)
        assignments, doubts = assign(cells, self.setting.reader, has_errors)
        for doubt in doubts:
            column, row = (
                (doubt.cell.column, doubt.cell.row) if doubt.cell else (self._unit_column(), None)
            )
            self._add(column, doubt.value, doubt.message, row, doubt.suggestions)
        return assignments

    def _unit_column(self) -> PlanColumn:
        """The column to blame when no unit is named at all."""
        found = next(
            (self.firsts[name] for name in vocabulary.UNIT_COLUMNS[:3] if self.firsts[name]), None
        )
        return found or PlanColumn(0, "lead_unit", vocabulary.NAMES["lead_unit"], 0)

    def _check_problem(self, name: str) -> None:
        if not self.merged.grid.problems:
            return
        column = self.firsts[name]
        if column:
            self._check_problem_at(column, self.item.rows[0])

    def _check_problem_at(self, column: PlanColumn, row: int) -> None:
        if not self.merged.grid.problems:
            return
        top = self.merged.covered.get((row, column.index), (row, column.index))
        problem = self.merged.grid.problems.get(top)
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
        column = column or PlanColumn(0, "title", vocabulary.NAMES["title"], 0)
        at = self.item.rows[0] if row is None else row
        sentence = f"{self._where(at)}“{column.label}”：{message}"
        cell = _cell_name(column, at) if column.score else ""
        self.errors.append(
            CellError(column.canonical, column.label, value, sentence, suggestions, cell)
        )


def _kind_above(words: str) -> str | None:
    """The kind that the sheet's name, its title rows or the text above the table name, the surest first."""
    return next((kind for line in words.split("\n") if (kind := facts.kind_of(line))), None)


def _cell_name(column: PlanColumn, row: int) -> str:
    return f"{column_letters(column.index)}{row + 1}"


def bare_heading(heading: str) -> str:
    """The unit in a block's heading: 二、区教育局主办件（共5件） -> 区教育局主办."""
    text = re.sub(r"^(?:[(（]?[一二三四五六七八九十\d]+[)）、.．]\s*)", "", heading.strip())
    return re.sub(r"(?:[(（]?共?\s*\d+\s*件[)）]?|件?(?:汇总|清单)?表?)?\s*[:：]?$", "", text)


def _shown(value: Cell) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else clean(value)


def _quoted(value: Cell) -> str:
    return f"“{one_line(_shown(value))[:60]}”"
