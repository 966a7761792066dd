"""A sheet as a person says that it reads: corrected cells in place of the file's, for the reading of rows.

Which rows are items and what the columns are, the file alone says: a correction changes its row and no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.imports.corrections import Corrected, Correction, text_at
from domain.plans.recognising import vocabulary
from domain.plans.recognising.lines import ItemLines
from domain.plans.recognising.tables import PlanColumn, PlanTable
from domain.sheets.grid import Cell, Problem, column_index
from domain.sheets.merges import Merged

Found = Sequence[tuple[PlanTable, Sequence[ItemLines]]]
"""The tables of a sheet, each with its items."""


class AmendedSheet(Merged):
    """The same sheet with some cells in other words. Of a merged block only the cell named reads otherwise."""

    def __init__(self, merged: Merged, cells: Mapping[tuple[int, int], str]) -> None:
        self.grid, self.covered, self.cells = merged.grid, merged.covered, cells

    def at(self, row: int, column: int) -> Cell:
        found = self.cells.get((row, column))
        return super().at(row, column) if found is None else found

    def is_continued(self, row: int, column: int) -> bool:
        return (row, column) not in self.cells and super().is_continued(row, column)

    def problem_at(self, row: int, column: int) -> Problem | None:
        return None if (row, column) in self.cells else super().problem_at(row, column)

    def remark_at(self, row: int, column: int) -> Problem | None:
        return None if (row, column) in self.cells else super().remark_at(row, column)

    def unseen_at(self, row: int, column: int) -> Problem | None:
        return None if (row, column) in self.cells else super().unseen_at(row, column)


@dataclass
class Amended:
    """A sheet with its corrections: the cells as rows are to be read from, and what came of each correction.

    `added`: by the first row of an item, counted from 0, the columns that the file has not and the person filled in.
    """

    sheet: Merged
    added: dict[int, tuple[PlanColumn, ...]] = field(default_factory=dict)
    corrected: list[Corrected] = field(default_factory=list)


def amend(merged: Merged, found: Found, said: Iterable[Correction]) -> Amended:
    """Put the corrections of a sheet in their places; one that has none, or not the text it corrects, is left out."""
    cells: dict[tuple[int, int], str] = {}
    amended = Amended(AmendedSheet(merged, cells))
    items = {row: (table, item) for table, lines in found for item in lines for row in item.rows}
    for one in said:
        row = one.place.row - 1
        if row in items and (place := _column_in(merged, *items[row], one, amended)) is not None:
            old = text_at(merged.grid, *merged.top_of(row, place))
            if one.old in (None, old):
                cells[row, place] = one.new
                amended.corrected.append(Corrected(one.place, old, items[row][1].rows[0] + 1))
    return amended


def _column_in(
    merged: Merged, table: PlanTable, item: ItemLines, one: Correction, amended: Amended
) -> int | None:
    """Where the corrected cell is read, counted from 0: right of the sheet where the file has no column for it."""
    name = one.place.column
    if one.place.is_in_file:
        index = column_index(name)
        return index if any(column.index == index for column in table.columns) else None
    if name not in vocabulary.CANONICAL or table.of(name):
        return None
    index = max(merged.grid.width, len(table.labels)) + vocabulary.CANONICAL.index(name)
    first = item.rows[0]
    column = PlanColumn(index, name, vocabulary.NAMES[name], 0)
    amended.added[first] = (*amended.added.get(first, ()), column)
    return index
