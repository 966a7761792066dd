"""Tables that stand side by side on one sheet, each as a sheet of its own, as a person reads them: first the left one.

Cells keep their places, so that what is said of B7 is said of the file's B7. Knows headers, not what is read of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from domain.plans.recognising import vocabulary
from domain.plans.recognising.headers import header_blocks, paths_of
from domain.sheets.grid import Cell, Grid, column_letters
from domain.sheets.merges import Merged
from domain.texts.text import clean

LOOKED_AT = 60
"""A header further down is that of a table below, and has its own words about a block beside it."""
_CLEAR = 60
_Value = TypeVar("_Value")
Paths = Sequence[tuple[str, ...]]


def set_apart(grids: Sequence[Grid]) -> list[Grid]:
    """The same sheets; one that holds several tables beside each other becomes one for each of them."""
    return [part for grid in grids for part in _parts(grid)]


def starts_of(grid: Grid) -> list[int]:
    """The columns, counted from 0, at which the tables side by side begin; [] where there is only one."""
    if not any(_titles_in(line) > 1 for line in grid.cells[:LOOKED_AT]):
        return []
    merged = Merged(grid)
    for rows in header_blocks(merged):
        if rows[0] < LOOKED_AT and (found := _starts(merged, rows)):
            return found
    return []


def _parts(grid: Grid) -> list[Grid]:
    starts = starts_of(grid)
    if not starts:
        return [grid]
    header = next(n for n, line in enumerate(grid.cells) if _titles_in(line) > 1)
    ends = [*starts[1:], max(grid.width, starts[-1] + 1)]
    return [_part(grid, range(*span), header) for span in zip([0, *starts[1:]], ends, strict=True)]


def _titles_in(line: Sequence[Cell]) -> int:
    """How many columns of a header row may be that of the title."""
    words = (vocabulary.meaning(value) for value in line if isinstance(value, str) and value)
    return sum(found is not None and found[0] == "title" for found in words)


def _starts(merged: Merged, rows: tuple[int, ...]) -> list[int]:
    """Where each table begins: by a blank column before a header that names a plan by itself, or where the header
    comes again from its first column to its last."""
    paths = paths_of(merged, rows)
    used = [bool(path) for path in paths]
    for line in merged.grid.cells[rows[0] :]:
        used = [one or value != "" for one, value in zip(used, _filled_up(line, used), strict=True)]
    edges = [c for c in range(len(used)) if used[c] and (c == 0 or not used[c - 1])]
    spans = [(a, b) for a, b in pairwise([*edges, len(used)]) if _names_a_plan(paths[a:b])]
    starts = [start for start, _ in spans]
    return starts if len(starts) > 1 else _repeated(paths)


def _filled_up(line: Sequence[Cell], columns: Sequence[bool]) -> Sequence[Cell]:
    return [*line, *([""] * (len(columns) - len(line)))]


def _repeated(paths: Paths) -> list[int]:
    first = next((column for column, path in enumerate(paths) if path), len(paths))
    words = [_word(path) for path in paths[first:]]
    while words and not words[-1]:
        words.pop()
    for width in range(2, len(words) // 2 + 1):
        count, more = divmod(len(words), width)
        if not more and words == words[:width] * count and _names_a_plan(paths[first:][:width]):
            return list(range(first, first + len(words), width))
    return []


def _word(path: tuple[str, ...]) -> str:
    """What two headers have in common that say the same in other words: 案号 and 建议编号, 主办单位 and 承办单位."""
    found = vocabulary.of_path(path)
    name = found[0] if found and found[1] >= _CLEAR else "/".join(path)
    return "unit" if name == "lead_unit" else name


def _names_a_plan(paths: Paths) -> bool:
    """A title, and a number or units: what is more may be missing on one side."""
    meanings = (vocabulary.of_path(path) for path in paths)
    named = {found[0] for found in meanings if found and found[1] >= _CLEAR}
    return "title" in named and bool(named & {"number", *vocabulary.UNIT_COLUMNS})


def _part(grid: Grid, columns: range, header: int) -> Grid:
    """One of the tables: what stands in other columns is not there, but for a title above all of them."""
    above = [_above(line, columns) for line in grid.cells[:header]]
    below = [
        [value if column in columns else "" for column, value in enumerate(line)]
        for line in grid.cells[header:]
    ]
    return replace(
        grid,
        sheet=grid.sheet if columns.start == 0 else name_of_part(grid.sheet, columns.start),
        cells=[*above, *below],
        problems=_within(grid.problems, columns),
        remarks=_within(grid.remarks, columns),
        unseen=_within(grid.unseen, columns),
    )


def _above(line: Sequence[Cell], columns: range) -> list[Cell]:
    if not any(clean(value) for column, value in enumerate(line) if column in columns):
        return list(line)
    return [value if column in columns else "" for column, value in enumerate(line)]


def _within(
    places: Mapping[tuple[int, int], _Value], columns: range
) -> dict[tuple[int, int], _Value]:
    return {at: one for at, one in places.items() if at[1] in columns}


_NAME = re.compile(r"（[A-Z]{1,3}列起）$")


def is_set_apart(sheet: str | None) -> bool:
    """Whether this is the name of a table that begins right of another one."""
    return bool(sheet and _NAME.search(sheet))


def name_of_part(sheet: str | None, start: int) -> str:
    """How a table that begins right of another one is called: 代表建议（G列起）."""
    return f"{sheet or ''}（{column_letters(start)}列起）"
