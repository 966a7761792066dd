"""A file into a plan: every sheet looked at, every row read, nothing yet compared with the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from domain.imports.corrections import (
    LEFT_HIDDEN,
    NOTHING_SAID,
    Corrected,
    Corrections,
    unused,
)
from domain.plans.recognising import remains
from domain.plans.recognising.amending import Amended, amend
from domain.plans.recognising.assignees import CellReader
from domain.plans.recognising.blocks import is_set_apart, set_apart
from domain.plans.recognising.cells import Surroundings
from domain.plans.recognising.lines import ItemLines, Lines
from domain.plans.recognising.outcomes import (
    LeftOut,
    MeetingFacts,
    Note,
    Plan,
    PlanRow,
    PlanSheet,
)
from domain.plans.recognising.remains import notes_of, with_doubts
from domain.plans.recognising.rows import bare_heading, mark_doubles, read_rows
from domain.plans.recognising.tables import NO_UNITS, Overrides, PlanTable, find_tables
from domain.plans.recognising.units import UnitBook
from domain.sheets.child import read_grids
from domain.sheets.grid import Grid
from domain.sheets.merges import Merged
from domain.storing.pauses import collector_paused
from domain.texts.text import clean

_SET_APART = re.compile(r"表\d+")
"""How the readers name the tables of a document that has several."""
WRITE_A_HEADER = "请在表格的第一行写上列名，如编号、标题、主办单位、协办单位，再重新上传。"


def read_plan(
    path: Path, meeting: MeetingFacts, book: UnitBook, overrides: Overrides | None = None
) -> Plan:
    """The file as a plan. Raises UnreadableFile; a readable file without a plan gives a Plan without rows."""
    with collector_paused():
        return plan_of(read_grids(path), meeting, book, overrides or {})


def plan_of(
    grids: list[Grid],
    meeting: MeetingFacts,
    book: UnitBook,
    overrides: Overrides,
    said: Corrections = NOTHING_SAID,
) -> Plan:
    """The same from tables already read, with what a person said of them."""
    reader = CellReader(book)
    parts: list[_Part] = []
    for grid in set_apart([one for one in grids if not one.is_choices]):
        parts.append(_Part(grid, reader, overrides, said))
        if len(parts) > 1:
            parts[-1].continue_after(parts[-2])
    name_sheets = sum(bool(part.found) for part in parts) > 1
    rows: list[PlanRow] = []
    for part in parts:
        rows += part.rows(meeting, name_sheets)
    left_out = tuple(line for part in parts for line in part.left_out)
    used = [one for part in parts for one in part.corrected]
    return Plan(
        tuple(part.sheet() for part in parts),
        tuple(mark_doubles(rows)),
        left_out,
        (*used, *unused(said.cells, used)),
    )


def refusal(plan: Plan) -> str:
    """Why no row could be read from the file, as one sentence; '' when there are rows."""
    if plan.rows:
        return ""
    reasons = [
        f"工作表“{sheet.sheet}”{sheet.skipped}" if sheet.sheet else sheet.skipped
        for sheet in plan.sheets
    ]
    said = f"没有在文件里找到分工方案：{'；'.join(reasons[:5]) or '文件里没有表格'}。"
    return said if plan.has_header else said + WRITE_A_HEADER


class _Part:
    """One sheet: its tables, and of each usable one the items."""

    def __init__(
        self, grid: Grid, reader: CellReader, overrides: Overrides, said: Corrections
    ) -> None:
        self.grid = grid
        self.reader = reader
        self.said = said
        self.corrected: list[Corrected] = []
        self.hidden = 0
        self.tables: list[PlanTable] = []
        self.found: list[tuple[PlanTable, list[ItemLines]]] = []
        self.left_out: list[LeftOut] = []
        self.above = ""
        self.notes: list[Note] = []
        self.heading = ""
        self.skipped = self._look(overrides)

    def _look(self, overrides: Overrides) -> str:
        """Find tables and items; the reason if there are none."""
        if self.grid.hidden:
            return "是隐藏的，没有读取"
        if not any(value != "" for line in self.grid.cells for value in line):
            return "是空的"
        self.merged = Merged(self.grid)
        self.tables = find_tables(self.merged, self.reader.book, overrides)
        for table in self.tables:
            items, left_out = self._items(table)
            if not table.missing or (
                table.missing == NO_UNITS and self._headings_name_units(items)
            ):
                self.left_out += left_out
                if items:
                    self.found.append((table, items))
        if self.found:
            return ""
        if not self.tables:
            return "没有找到表头"
        return self.tables[0].missing or "表头下面没有数据"

    def _items(self, table: PlanTable) -> tuple[list[ItemLines], list[LeftOut]]:
        lines = Lines(self.merged, table)
        items = lines.items(self.heading)
        self.heading = lines.heading
        self.hidden += sum(map(self._is_hidden, items))
        rest = [LeftOut(self.grid.sheet, row + 1, text) for row, text in lines.left_out]
        if not self.said.without_hidden:
            return items, rest
        return self._without_hidden(lines, items, rest)

    def _is_hidden(self, item: ItemLines) -> bool:
        return not self.grid.hidden_rows.isdisjoint(item.rows)

    def _without_hidden(
        self, lines: Lines, items: list[ItemLines], rest: list[LeftOut]
    ) -> tuple[list[ItemLines], list[LeftOut]]:
        kept = []
        for item in items:
            if not self._is_hidden(item):
                kept.append(item)
            else:
                first = item.rows[0]
                rest.append(LeftOut(self.grid.sheet, first + 1, LEFT_HIDDEN + lines.text_of(first)))
        return kept, sorted(rest, key=lambda one: one.row)

    def continue_after(self, before: _Part) -> None:
        """Read a table without a header by the columns of the one before, if it is as wide and holds items."""
        if self.tables or not before.found or not _SET_APART.fullmatch(self.grid.sheet or ""):
            return
        above = before.found[-1][0]
        if self.grid.hidden or not self.grid.cells or self.grid.width != len(above.labels):
            return
        table = replace(above, header_rows=(), last_row=len(self.grid.cells), unread=())
        self.heading = before.heading
        items, left_out = self._items(table)
        if len(items) > len(left_out):
            self.tables, self.found, self.left_out = [table], [(table, items)], left_out
            self.above, self.skipped = before.words_above(), ""
            name = f"“{before.grid.sheet}”"
            self.notes.append(Note(f"“{self.grid.sheet}”没有表头，按前面{name}的列读取，请核对。"))

    def _headings_name_units(self, items: list[ItemLines]) -> bool:
        """Whether units stand as headings over blocks of items instead of in a column."""
        readings = [self.reader.read(bare_heading(item.heading)) for item in items]
        return bool(items) and sum(bool(r.named) and not r.unknown for r in readings) * 2 > len(
            items
        )

    def rows(self, meeting: MeetingFacts, name_sheets: bool) -> list[PlanRow]:
        rows: list[PlanRow] = []
        names = self.said.names
        for amended, table, items in self._amended():
            around = Surroundings(meeting, self.reader, self.words_above(), name_sheets, names)
            read = read_rows(amended, table, items, around)
            rows += with_doubts(read, items, amended.sheet)
        return rows

    def _amended(self) -> Iterator[tuple[Amended, PlanTable, list[ItemLines]]]:
        """The tables with their items, and the sheet as it is to be read."""
        if not self.found:
            return
        said = self.said.of_sheet(self.grid.sheet)
        amended = amend(self.merged, self.found, said) if said else Amended(self.merged)
        self.corrected = amended.corrected
        for table, items in self.found:
            yield amended, table, items

    def words_above(self) -> str:
        """What may name the kind, the surest first: the sheet's name, the title rows, the text above the table."""
        first = self.tables[0].header_rows[0] if self.tables[0].header_rows else 0
        titles = [
            clean(value)
            for line in self.grid.cells[:first]
            for value in line
            if isinstance(value, str) and value
        ]
        return "\n".join((self.grid.sheet or "", *titles, self.grid.caption, self.above))

    def _stands_beside(self) -> Iterator[Note]:
        if self.found and is_set_apart(self.grid.sheet):
            yield Note(f"“{self.grid.sheet}”与左边的表并排，当作另一张表分别读取，请核对。")

    def sheet(self) -> PlanSheet:
        notes = (
            *self._stands_beside(),
            *self._remains(),
            *self.notes,
            *notes_of(self.grid, self.found),
        )
        return PlanSheet(self.grid.sheet, tuple(self.tables), self.skipped, notes, self.hidden)

    def _remains(self) -> tuple[Note, ...]:
        if not self.found:
            return remains.of_sheet(self.grid, self.skipped)
        read = {row for _, items in self.found for item in items for row in item.rows}
        return remains.of_tables(self.grid, self.tables, read)
