"""What a second look at a workbook found beside calamine's values: errors, formats, struck text, what is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.sheets.grid import Problem
from domain.sheets.readers.formats import NumberFormat


@dataclass(frozen=True)
class Runs:
    """A text of which pieces are struck through or raised: what is left of it and what is struck, '' if nothing is."""

    kept: str
    struck: str


def runs_from(pieces: Iterable[tuple[str, bool, bool]]) -> Runs | None:
    """Pieces of a text, each with whether it is struck and whether it is raised; None if none is either."""
    every = list(pieces)
    struck = "".join(text for text, is_struck, _ in every if is_struck)
    if not struck.strip() and not any(is_raised for _, _, is_raised in every):
        return None
    return Runs("".join(text for text, is_struck, _ in every if not is_struck), struck.strip())


@dataclass
class Marks:
    """Of one sheet, by (row, column) counted from 0. `struck` has None where a cell is struck as a whole."""

    problems: dict[tuple[int, int], Problem] = field(default_factory=dict)
    formats: dict[tuple[int, int], NumberFormat] = field(default_factory=dict)
    struck: dict[tuple[int, int], Runs | None] = field(default_factory=dict)
    unseen: set[tuple[int, int]] = field(default_factory=set)
    """Cells whose text has the colour of what is behind it."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
