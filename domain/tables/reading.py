"""Finds a table's header in a workbook by the labels of schema.sql, and the rows under it. No values yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.imports.corrections import (
    LEFT_HIDDEN,
    Corrected,
    Corrections,
    text_at,
    unused,
    with_cells,
)
from domain.imports.outcomes import HIDDEN_ROWS
from domain.schema.words import Column, Table
from domain.sheets.grid import Cell, Grid, Problem, UnreadableFile, column_index
from domain.sheets.readers.numbers import UNSEEN
from domain.texts.asides import is_example, is_note, is_total
from domain.texts.text import clean, squeeze

_LOOK = 20
"""The header stands in one of the first rows: exports put a title and a note above it."""


@dataclass(frozen=True)
class TableSheet:
    """One table of the file. `columns`: place in the grid -> column; `ignored`: headers that are none of ours."""

    grid: Grid
    header_row: int
    columns: dict[int, Column]
    ignored: tuple[str, ...]
    corrected: tuple[Corrected, ...] = ()
    """What came of the cells that a person corrected."""
    without_hidden: bool = False

    @property
    def rows(self) -> list[int]:
        """The rows under the header in which any of the columns is filled, but for those left out."""
        return [
            row
            for row in range(self.header_row + 1, len(self.grid.cells))
            if any(
                self.grid.at(row, place) != "" or self.fault_at(row, place)
                for place in self.columns
            )
            and not self._is_aside(row)
            and not is_example(self.grid.cells[row])
            and not (self.without_hidden and row in self.grid.hidden_rows)
        ]

    @property
    def left_out(self) -> list[tuple[int, str]]:
        """The totals and notes under the header, row (from 0) and text: shown, so that nothing vanishes unseen."""
        rows = range(self.header_row + 1, len(self.grid.cells))
        return [
            (row, f"{LEFT_HIDDEN if is_hidden else ''}{'　'.join(self._filled(row))}")
            for row in rows
            if (is_hidden := self.without_hidden and row in self.grid.hidden_rows)
            or self._is_aside(row)
        ]

    def as_json(self) -> dict[str, Any]:
        """Where the header is and which column is what, in the way of a plan's table; no person says so, hence no
        fingerprint."""
        columns = (
            {"index": place, "column": column.name, "label": column.label, "score": 100}
            for place, column in self.columns.items()
        )
        return {
            "header_rows": [self.header_row + 1],
            "fingerprint": None,
            "score": 100,
            "labels": [clean(value) for value in self.grid.cells[self.header_row]],
            "columns": list(columns),
        }

    def amended(self, said: Corrections) -> TableSheet:
        """The sheet as a person says that it reads: which rows and columns there are, the file alone says."""
        rows, cells, corrected = set(self.rows), dict[tuple[int, int], str](), list[Corrected]()
        for one in said.of_sheet(self.grid.sheet):
            at = one.place.row - 1, column_index(one.place.column) if one.place.is_in_file else -1
            old = text_at(self.grid, *at)
            if at[0] in rows and at[1] in self.columns and one.old in (None, old):
                cells[at] = one.new
                corrected.append(Corrected(one.place, old, one.place.row))
        grid = with_cells(self.grid, cells) if cells else self.grid
        came = (*corrected, *unused(said.cells, corrected))
        return replace(self, grid=grid, corrected=came, without_hidden=said.without_hidden)

    def _filled(self, row: int) -> list[str]:
        return [text for value in self.grid.cells[row] if (text := clean(value))]

    def _is_aside(self, row: int) -> bool:
        """A total or a note, with little else beside it: a row of the table fills more of its columns."""
        many = sum(value != "" for value in self.grid.cells[row])
        if not many or (many > 1 and 2 * many > len(self.columns)):
            return False
        filled = self._filled(row)
        return any(map(is_note, filled[:1])) or any(map(is_total, filled[:2]))

    def cell_of(self, row: int, place: int) -> Cell:
        """The cell as its column wants it: a number as it is held, all else as it is shown."""
        is_number = self.columns[place].kind in ("key", "whole number", "number")
        return self.grid.number(row, place) if is_number else self.grid.at(row, place)

    def fault_at(self, row: int, place: int) -> Problem | None:
        """What cannot be read in the cell, or was left out of it because it is struck or hidden."""
        return self.grid.problems.get((row, place)) or self.grid.remarks.get((row, place))

    @property
    def hidden(self) -> int:
        """How many of its rows are hidden or filtered away, whether they are read or left out."""
        return len(self.grid.hidden_rows.intersection(replace(self, without_hidden=False).rows))

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what is hidden in the sheet and was read all the same."""
        hidden = 0 if self.without_hidden else self.hidden
        told = f"有 {hidden} {HIDDEN_ROWS}，也读取了。"
        unseen = len({row for row, _ in self.grid.unseen}.intersection(self.rows))
        more = f"有 {unseen} 行{UNSEEN}。"
        return (*((told,) if hidden else ()), *((more,) if unseen else ()))


def read_sheet(words: Table, grids: Sequence[Grid]) -> TableSheet:
    """The first sheet whose header names at least one column that can be filled, and rows below it.

    Raises UnreadableFile.
    """
    labels = {squeeze(c.label): c for c in words.columns.values() if is_filled_by_people(c)}
    for grid in grids:
        if not grid.hidden:
            found = max(
                (_header(grid, row, labels) for row in range(min(_LOOK, len(grid.cells)))),
                key=lambda sheet: len(sheet.columns),
                default=None,
            )
            if found and found.columns:
                return _filled(found)
    some = "、".join(c.label for c in list(labels.values())[:5])
    raise UnreadableFile(f"没有找到“{words.label}”的表头，表头应写列名，如{some}。")


def _filled(sheet: TableSheet) -> TableSheet:
    if not sheet.rows:
        raise UnreadableFile(f"第{sheet.header_row + 1}行是表头，下面没有数据。")
    return sheet


def tell_ignored(words: Table, headers: Iterable[str]) -> Iterator[str]:
    """Sentences on what `TableSheet.ignored` holds: why these columns of the file are not imported."""
    known = {squeeze(c.label): c for c in words.columns.values() if not c.is_hidden}
    beside = {squeeze(c.label) for c in words.sides.values()}
    why: dict[str, list[str]] = {}
    for header in headers:
        column = known.get(squeeze(header))
        if column is None and squeeze(header) in beside:
            reason = "取自别的表，不导入。"
        elif column is None:
            reason = f"不是“{words.label}”的列，不导入；要导入的，请把列名改成与列表一致。"
        elif is_filled_by_people(column):
            reason = "有两列，只导入了前一列。"
        else:
            reason = "由系统填写，不导入。"
        why.setdefault(reason, []).append(f"“{header}”")
    yield from ("".join(dict.fromkeys(named)) + reason for reason, named in why.items())


def is_filled_by_people(column: Column) -> bool:
    """Whether a file may say what stands in the column; the id only tells which row is meant."""
    return column.is_key or not (column.is_automatic or column.is_hidden or column.kind == "data")


def _header(grid: Grid, row: int, labels: dict[str, Column]) -> TableSheet:
    columns: dict[int, Column] = {}
    ignored: list[str] = []
    places = range(len(grid.cells[row]))
    for place in sorted(
        places, key=grid.hidden_columns.__contains__
    ):  # those that people see first
        text = clean(grid.at(row, place))
        column = labels.get(squeeze(text))
        if column and column not in columns.values():
            columns[place] = column
        elif text:
            ignored.append(text)
    return TableSheet(grid, row, columns, tuple(ignored))
