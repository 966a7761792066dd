"""A table as it stands in a file: cells, merges and what could not be read. No meaning yet.

Every importer counts rows and columns from 0 inside a `Grid` and from 1 in what a person sees.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce

Cell = str | int | float | bool | datetime.date
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column; all inclusive."""

MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_CELL_CHARACTERS = 32_767
MAX_SHEETS = 200
MAX_CELLS = 2_000_000
_TO_1900 = 1_462
_IN_1904 = (36_526 - _TO_1900, 73_051 - _TO_1900)
"""The days of this century as Excel's calendar from 1904 counts them."""


CHOICES = "模板的可选内容"
"""The hidden sheet of an import's template, which holds its drop-down lists and no data."""


class UnreadableFile(Exception):
    """The file as a whole cannot be read. `sentence` is Chinese and meant for the person who uploaded it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Problem:
    """A cell whose value would be lost or changed silently by reading it; `why` is a Chinese half-sentence."""

    text: str
    why: str


@dataclass(frozen=True)
class Grid:
    """One sheet or table from its first row and column on, so that `cells[0][0]` is A1. Empty cells are ''."""

    sheet: str | None
    cells: list[list[Cell]]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    caption: str = ""
    problems: Mapping[tuple[int, int], Problem] = field(default_factory=dict)
    remarks: Mapping[tuple[int, int], Problem] = field(default_factory=dict)
    """What was left out of a cell although it stands there: struck or hidden text. A person must hear of it."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    counts_from_1904: bool = False
    """Whether a day written as a bare number is one of Excel's other calendar, 1,462 days later."""
    behind: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """The numbers that cells hold whose format shows words or zeros as well: 15 where 15天 is seen."""

    unseen: Mapping[tuple[int, int], Problem] = field(default_factory=dict)
    """What was read of cells in which nobody sees it, as white on white. A person must hear of it too."""

    def number(self, row: int, column: int) -> Cell:
        """The cell where a number is wanted: what it holds, whatever its format shows."""
        return self.behind.get((row, column), self.at(row, column))

    def at(self, row: int, column: int) -> Cell:
        """The cell's own value; '' outside the table."""
        line = self.cells[row] if 0 <= row < len(self.cells) else []
        return line[column] if 0 <= column < len(line) else ""

    def day(self, value: Cell) -> Cell:
        """The value where a day is wanted: a bare number of the calendar from 1904 as one of the usual calendar."""
        if (
            self.counts_from_1904
            and isinstance(value, int | float)
            and _IN_1904[0] <= value < _IN_1904[1]
        ):
            return value + _TO_1900
        return value

    @property
    def is_choices(self) -> bool:
        """Whether it is what a template keeps its drop-down lists in."""
        return self.hidden and self.sheet == CHOICES

    @cached_property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max(map(len, self.cells), default=0)


def column_index(letters: str) -> int:
    """The column, counted from 0, that Excel shows under these letters: A -> 0, AB -> 27."""
    return reduce(lambda index, letter: index * 26 + ord(letter) - 64, letters, 0) - 1


def column_letters(column: int) -> str:
    """The letters Excel shows for a column counted from 0: 0 -> A, 27 -> AB."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
