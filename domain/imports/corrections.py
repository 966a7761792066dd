"""What a person says beside an imported file: cells that should read otherwise, names, rows to leave out. Values only.

Kept with the import (`correcting`), and applied by whoever reads the file, as if it stood there.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from domain.sheets.grid import Cell, Grid
from domain.texts.text import clean

LEFT_HIDDEN = "（隐藏的行，按您的选择没有导入）"
"""How a row that was left out for being hidden is told."""


class CellPlace(NamedTuple):
    """Where a correction is made: the sheet as imports keep it ('' for the only one), the row from 1, the column.

    The column is the letters of the file's own ('F'), or, where the file has none for it, the canonical name of what
    the row lacks ('number').
    """

    sheet: str
    row: int
    column: str

    @property
    def is_in_file(self) -> bool:
        """Whether the file has such a cell."""
        return self.column.isupper()


@dataclass(frozen=True)
class Correction:
    """One cell as a person says that it reads. `old` is what the file says there, None until it was looked for."""

    place: CellPlace
    new: str
    old: str | None = None


class Corrected(NamedTuple):
    """What came of a correction when the file was read. `item`: the first row of the row it belongs to; 0 where it has
    no place any more, or the file says something else there, so that nothing was corrected."""

    place: CellPlace
    old: str
    item: int


@dataclass(frozen=True)
class Corrections:
    """All that people said of one file. `names`: name of a signer as the file has it -> as it should be read."""

    cells: tuple[Correction, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    without_hidden: bool = False
    """Whether rows that are hidden or filtered away stay out."""

    @property
    def basis(self) -> tuple[object, ...]:
        """All that reading depends on, in an order of its own."""
        cells = sorted(self.cells, key=lambda one: one.place)
        return cells, sorted(self.names.items()), self.without_hidden

    def of_sheet(self, sheet: str | None) -> list[Correction]:
        """The corrected cells of one sheet."""
        name = kept_name(sheet)
        return [one for one in self.cells if one.place.sheet == name]


NOTHING_SAID = Corrections()


def kept_name(sheet: str | None) -> str:
    """The name of a sheet as imports keep it."""
    return (sheet or "")[:60]


def shown_text(value: Cell) -> str:
    """A cell as a person reads it: a day as 2026-02-28."""
    return value.isoformat() if isinstance(value, datetime.date) else clean(value)


def text_at(grid: Grid, row: int, column: int) -> str:
    """What a person reads in the cell, counted from 0: also what could not be read as a value, or was left out."""
    odd = grid.problems.get((row, column))
    return shown_text(odd.text if odd else grid.at(row, column))


def with_cells(grid: Grid, cells: Mapping[tuple[int, int], str]) -> Grid:
    """The table with these cells in other words, counted from 0; what could not be read there is forgotten."""
    lines = list(grid.cells)
    for (row, column), new in cells.items():
        line = [*lines[row], *([""] * (column + 1 - len(lines[row])))]
        line[column] = new
        lines[row] = line
    problems = {at: one for at, one in grid.problems.items() if at not in cells}
    remarks = {at: one for at, one in grid.remarks.items() if at not in cells}
    return replace(grid, cells=lines, problems=problems, remarks=remarks)


def unused(said: Iterable[Correction], used: Iterable[Corrected]) -> list[Corrected]:
    """Those corrections that found no place."""
    found = {one.place for one in used}
    return [Corrected(one.place, one.old or "", 0) for one in said if one.place not in found]
