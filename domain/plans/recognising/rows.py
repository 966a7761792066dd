"""Items of a table into `PlanRow`s: every fact read, every doubt an error with sheet, row, label, value and way out.

Knows the rules of one row and of the file as a whole (a number twice); knows nothing of what the database holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from domain.plans.recognising import facts, names, vocabulary
from domain.plans.recognising.amending import Amended
from domain.plans.recognising.assigning import UnitCell, assign
from domain.plans.recognising.cells import ItemCells, Surroundings, quoted
from domain.plans.recognising.facts import main_item_of
from domain.plans.recognising.lines import ItemLines
from domain.plans.recognising.outcomes import About, NamedUnit, PlanRow
from domain.plans.recognising.signatures import Signatures, renamed, signatures_of
from domain.plans.recognising.tables import PlanColumn, PlanTable
from domain.sheets.grid import Cell
from domain.sheets.merges import Merged
from domain.texts import dates, numbers
from domain.texts.boxes import chosen
from domain.texts.text import clean, is_blank

MAX_TITLE = 300
BESIDE, ODD_NAME, NAMESAKE = "beside", "odd_name", "namesake"
"""Kinds of doubt: words in a cell that were read past, a name that hardly is one, one that several people have."""
LONGEST_PHONE = 30


def read_rows(
    amended: Amended, table: PlanTable, items: Iterable[ItemLines], around: Surroundings
) -> list[PlanRow]:
    """One row per item, in order, each with its own errors."""
    reader = _RowReader(amended.sheet, table, around)
    if not amended.added:
        return [reader.row(item) for item in items]
    return [_widened(reader, amended.added.get(item.rows[0], ())).row(item) for item in items]


def _widened(reader: _RowReader, added: tuple[PlanColumn, ...]) -> _RowReader:
    """The reader of a row for which a person filled in what the file has no column for."""
    if not added:
        return reader
    table = replace(reader.table, columns=(*reader.table.columns, *added))
    return _RowReader(reader.merged, table, reader.around)


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


class _RowReader(ItemCells):
    """Reads items of one table, one after the other."""

    def __init__(self, merged: Merged, table: PlanTable, around: Surroundings) -> None:
        super().__init__(merged, table, around)
        self.kind_above = _kind_above(around.kind_words)
        self.about: list[About] = []

    def row(self, item: ItemLines) -> PlanRow:
        """The item as a row with its errors."""
        self.item, self.errors, self.doubts, self.about = item, [], [], []
        number, title = self._number(), self._title()
        lead, joint, delegations = self._people()
        merged_into = self._fact("merged_into", main_item_of)
        return PlanRow(
            sheet=self.merged.grid.sheet,
            row=self.item.rows[0] + 1,
            number=number,
            kind=self._kind(title or ""),
            title=title,
            lead=lead,
            joint=joint,
            delegation=self._text("delegation") or dict(delegations).get(lead or ""),
            category=self._text("category"),
            assignments=self._assignments(is_merged=merged_into is not None),
            due_on=self._fact(
                "due_on",
                lambda value: dates.date_of(self.merged.grid.day(value), self.around.meeting.year),
            ),
            is_key=self._fact("is_key", lambda value: facts.is_key_of(chosen(clean(value)))),
            key_words=self._text("is_key") or "",
            leader=self._text("leader"),
            note=self._joined("note"),
            errors=tuple(self.errors),
            where=self._where(self.item.rows[0]),
            table=self.table,
            delegations=delegations,
            doubts=tuple(self.doubts),
            about=tuple(self.about),
            merged_into=merged_into,
            last_row=self.item.rows[-1] + 1,
        )

    def _number(self) -> str | None:
        column = self.firsts["number"]
        if column is None:
            return self._number_in_title()
        before = len(self.errors)
        number = self._fact("number", self._read_number) or None
        if number is None and len(self.errors) == before:
            self._add(column, "", "没有填写，请填上原件的编号，例如 005。")
        return number

    def _read_number(self, value: Cell) -> str:
        """★814（重点） is 814; what else stands there is told, since 重点 has a column of its own."""
        plain, marks = numbers.without_marks(value)
        number = numbers.number_of(plain)
        if marks:
            message = (
                f"{quoted(value)}按编号 {number} 读取，“{marks}”没有导入；重点件请写在“是否重点”列，"
                "其余的请写在备注列。"
            )
            self._doubt(self.firsts["number"], BESIDE, marks, message)
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

    def _people(self) -> tuple[str | None, tuple[str, ...], tuple[tuple[str, str], ...]]:
        """The first proposer, everyone else who signed (further names in the same cell are joint sponsors), and the
        delegations that stand beside their names."""
        self._check_problem("lead")
        column = self.firsts["lead"]
        first = [(column, self.item.rows[0], clean(self._value("lead")))] if column else []
        said = [self._signatures(*cell) for cell in (*first, *self._cells("joint"))]
        leads = said[0].names[:1] if column else ()
        lead = next(iter(leads), None)
        others = [name for one in said for name in one.names if name != lead]
        delegations = tuple(pair for one in said for pair in one.delegations)
        return lead, tuple(dict.fromkeys(others)), delegations

    def _signatures(self, column: PlanColumn, row: int, text: str) -> Signatures:
        """The people in a cell; what is doubtful about them is told at the cell."""
        said = signatures_of(text)
        if self.around.names:
            said = renamed(said, self.around.names)
        for written in said.unclear:
            message = f"{quoted(written)}分不清是几个人，请在两个人之间写顿号。"
            self._add(column, written, message, row)
        about = [one for one in map(_facts_of, said.about) if one[1] or one[2]]
        stored = {word for _, *words in about for word in words}
        if beside := [word for word in said.beside if word not in stored]:
            self._doubt(column, BESIDE, *_not_stored(text, beside), row)
        for name, phone, post in about:
            doubt = self._told(column, *_not_stored(text, filter(None, (phone, post))), row)
            self.about.append(About(name, phone, post, replace(doubt, kind=BESIDE)))
        for name, mark in said.namesakes:
            message = (
                f"“{name}（{mark}）”按“{name}”一个人读取；同名的是几位的，请先在“代表委员”里各登记一位，"
                "在备注里写清区别，再在系统里为本件选定是哪一位。"
            )
            self._doubt(column, NAMESAKE, f"{name}（{mark}）", message, row)
        for name in said.odd:
            message = f"“{name}”不像一个人的姓名，请核对；几个人的，请在中间写顿号。"
            self._doubt(column, ODD_NAME, name, message, row)
        return said

    def _kind(self, title: str) -> str:
        """From the column, the heading, the sheet's name or title rows; if those name several, from the
        title's end; else the meeting's."""
        own = facts.kind_of(chosen(clean(self._value("kind")))) or facts.kind_of(self.item.heading)
        own = own or self.kind_above
        if not own and any(word in self.around.kind_words for word in facts.KINDS):
            own = next((kind for kind in facts.KINDS if title.endswith(kind)), None)
        return own or self.around.meeting.kind

    def _assignments(self, is_merged: bool) -> tuple[NamedUnit, ...]:
        """All units with their roles; every doubt an error in the column where the unit stands. What is merged into
        another item is answered with that, and may name none."""
        cells = [
            UnitCell(*found) for name in vocabulary.UNIT_COLUMNS for found in self._cells(name)
        ]
        if not set(vocabulary.UNIT_COLUMNS) & {column.canonical for column in self.table.columns}:
            block = PlanColumn(0, "unit", vocabulary.NAMES["unit"], 0)
            cells = [UnitCell(block, self.item.rows[0], bare_heading(self.item.heading))]
        if is_merged and not cells:
            return ()
        has_errors = any(error.column in vocabulary.UNIT_COLUMNS for error in self.errors)
        assignments, doubts = assign(cells, self.around.reader, has_errors)
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


def _facts_of(about: tuple[str, tuple[str, ...]]) -> tuple[str, str, str]:
    """Who, and of the words beside the name the telephone number and the post; '' for what is not there."""
    name, words = about
    phones = (word for word in words if re.search(r"\d{5}", word) and len(word) <= LONGEST_PHONE)
    return name, next(phones, ""), next(filter(names.is_post, words), "")


def _not_stored(text: str, words: Iterable[str]) -> tuple[str, str]:
    """The words of a cell that are not stored, and the sentence about them."""
    listed = "、".join(words)
    sentence = f"{quoted(text)}里的“{listed}”不是人名，没有导入；要留下的，请在“代表委员”里登记。"
    return listed, sentence


def _kind_above(words: str) -> str | None:
    """The kind that the sheet's name, its title rows or the text above the table name, the surest first."""
    return next((kind for line in words.split("\n") if (kind := facts.kind_of(line))), None)


def bare_heading(heading: str) -> str:
    """The unit in a block's heading: 二、区教育局主办件（共5件） -> 区教育局主办."""
    text = re.sub(r"^(?:[(（]?[一二三四五六七八九十\d]+[)）、.．]\s*)", "", heading.strip())
    return re.sub(r"(?:[(（]?共?\s*\d+\s*件[)）]?|件?(?:汇总|清单)?表?)?\s*[:：]?$", "", text)
