"""What a second look at a workbook found beside calamine's values: errors, formats, struck text, what is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.sheets.grid import Problem
from domain.sheets.readers.formats import NumberFormat


@dataclass(frozen=True)
class Runs:
    """A text of which pieces are struck through: what is left of it and what is struck."""

    kept: str
    struck: str


@dataclass
class Marks:
    """Of one sheet, by (row, column) counted from 0. `struck` has None where a cell is struck as a whole."""

    problems: dict[tuple[int, int], Problem] = field(default_factory=dict)
    formats: dict[tuple[int, int], NumberFormat] = field(default_factory=dict)
    struck: dict[tuple[int, int], Runs | None] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
