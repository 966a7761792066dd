"""Which rows of a sheet are headers, and the texts of each column in them. Not what the columns mean (`tables`).

A header is one to three rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from domain.plans.recognising import fits, vocabulary
from domain.sheets.grid import Cell
from domain.sheets.merges import Merged
from domain.texts.text import clean, one_line

MAX_HEADER_ROWS = 3
MAX_HEADER_LIKE_ROWS = 2_000


def _short_texts(line: Sequence[Cell]) -> list[str]:
    return [value for value in line if isinstance(value, str) and value and len(value) <= 30]


def header_blocks(merged: Merged) -> list[tuple[int, ...]]:
    """The rows of each header. Headers that repeat the one before (page breaks) are left to the rows' reader."""
    blocks: list[tuple[int, ...]] = []
    before: tuple[str, ...] = ()
    row = looked_at = 0
    while row < len(merged.grid.cells) and looked_at < MAX_HEADER_LIKE_ROWS:
        looked_at += _may_be_header(merged, row)
        block = _block_at(merged, row)
        if block:
            labels = _labels(merged, block)
            if labels != before:
                blocks.append(block)
                before = labels
            row = block[-1]
        row += 1
    return blocks or _unnamed_header(merged)


def _block_at(merged: Merged, row: int) -> tuple[int, ...]:
    """A header that starts in this row: () if none. Its rows may be clear only together (a parent row first)."""
    if not _may_be_header(merged, row):
        return ()
    best: tuple[int, tuple[int, ...]] = (0, ())
    for height in range(1, MAX_HEADER_ROWS + 1):
        rows = tuple(range(row, row + height))
        if rows[-1] >= len(merged.grid.cells) or (
            height > 1 and not _may_be_header(merged, rows[-1])
        ):
            break
        meanings = (vocabulary.of_path(path) for path in paths_of(merged, rows))
        named = {found[0] for found in meanings if found and found[1] >= 60}
        if len(named) > best[0] and _names_a_plan(named):
            best = len(named), rows
    return _down_to_merges(merged, best[1])


def _names_a_plan(named: set[str]) -> bool:
    """Three columns with title or number among them, or at least a title and its units."""
    if len(named) >= 3:
        return bool(named & {"title", "number"})
    return "title" in named and bool(named & set(vocabulary.UNIT_COLUMNS))


def _down_to_merges(merged: Merged, rows: tuple[int, ...]) -> tuple[int, ...]:
    """The header with the rows that its merged cells reach down to, even if those name nothing new."""
    while rows and len(rows) < MAX_HEADER_ROWS:
        below = rows[-1] + 1
        tops = {
            merged.covered.get((below, column), (below,))[0] for column in range(merged.grid.width)
        }
        if not (tops & set(rows) or _divides(merged, rows, below)):
            break
        rows = (*rows, below)
    return rows


def _divides(merged: Merged, rows: tuple[int, ...], below: int) -> bool:
    """Whether the row below only divides columns of units: 区直部门, 镇街 under 协办 and a blank."""
    if below >= len(merged.grid.cells):
        return False
    paths = paths_of(merged, (*rows, below))
    filled = [column for column, value in enumerate(merged.grid.cells[below]) if value != ""]
    return (
        len(filled) > 1
        and any(merged.grid.at(rows[-1], column) == "" for column in filled)
        and all(_is_part_of_units(paths[column]) for column in filled)
    )


_PART = re.compile(
    r".{0,6}(?:部门|单位|镇街|乡镇|街道|镇乡|街镇|平台|园区|企业|其他|其它|主办|牵头|[协会分]办|配合)"
    r"|[^\d、,;]{1,6}(?<![局委办院会府司厅])"
)
"""What divides a header of units; 区财政局 is none of that, but a unit."""


def _is_part_of_units(path: tuple[str, ...]) -> bool:
    found = vocabulary.of_path(path)
    return (
        found is not None
        and found[0] in vocabulary.UNIT_COLUMNS
        and _PART.fullmatch(vocabulary.tidy_label(path[-1])) is not None
    )


def _may_be_header(merged: Merged, row: int) -> bool:
    """Two or more short texts, one of them a known word; nothing that looks like an item: no title, number, date."""
    texts = [value for value in merged.grid.cells[row] if value != ""]
    if len(texts) < 2 or any(not isinstance(value, str) or _is_of_item(value) for value in texts):
        return False
    short = _short_texts(texts)
    return len(short) >= len(texts) - 1 and any(vocabulary.meaning(text) for text in short)


_ITEM = re.compile(
    r"关于.{4,}|.{6,}的(?:建议|提案|议案|建议案)|(?:.{0,4}第)?\s*[\d０-９]+\s*号?\.?"
)


def _is_of_item(text: str) -> bool:
    return _ITEM.fullmatch(text.strip()) is not None


def paths_of(merged: Merged, rows: Sequence[int]) -> list[tuple[str, ...]]:
    """Per column the header texts from the outermost to its own, spread over merged and left-out cells."""
    width = merged.grid.width
    lines = []
    for row in rows:
        texts = [one_line(clean(merged.at(row, column))) for column in range(width)]
        lines.append(texts)
    for upper, lower in reversed(list(pairwise(lines))):
        for column in range(1, width):
            if not upper[column] and lower[column] and upper[column - 1] and lower[column - 1]:
                upper[column] = upper[column - 1]
    return [
        tuple(dict.fromkeys(line[column] for line in lines if line[column]))
        for column in range(width)
    ]


def _labels(merged: Merged, rows: Sequence[int]) -> tuple[str, ...]:
    return tuple("/".join(path) for path in paths_of(merged, rows))


def _unnamed_header(merged: Merged) -> list[tuple[int, ...]]:
    """Without a header in known words: the last row of several texts above the first title, for a person to map."""
    for row, line in enumerate(merged.grid.cells):
        if any(isinstance(value, str) and fits.is_plan_title(value) for value in line) and row > 0:
            above = [value for value in merged.grid.cells[row - 1] if value != ""]
            if len(above) >= 3:
                return [(row - 1,)]
            return []
    return []
