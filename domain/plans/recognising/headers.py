"""Where the header of a table is and what each column means, with a score that a person can check. No rows yet.

A header is one to three rows. Words propose a meaning for each column, the cells under it confirm or weaken it.
A person's own mapping, remembered under the header's fingerprint, goes before both.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from domain.imports import outcomes
from domain.plans.recognising import columns, vocabulary
from domain.plans.recognising.columns import Unread
from domain.plans.recognising.units import UnitBook
from domain.sheets.grid import Cell
from domain.sheets.merges import Merged
from domain.texts.text import clean, one_line

MAX_HEADER_ROWS = 3
MAX_HEADER_LIKE_ROWS = 2_000
UNSURE = 50
"""The most that a table scores of which something is left unread that looks like a part of the plan."""

NO_UNITS = "没有承办单位（主办单位）列"
Overrides = Mapping[str, Mapping[int, str | None]]
"""By header fingerprint: column (counted from 0) -> canonical column, or None for 'not used'."""


@dataclass(frozen=True)
class PlanColumn:
    """A column of the file that is read: where, as what, under which header, and how sure (0-100)."""

    index: int
    canonical: str
    label: str
    score: int


@dataclass(frozen=True)
class PlanTable:
    """One header with the rows under it. Rows are counted from 0; `last_row` is the first row after it.

    A table that goes on with the columns of the one before has no header rows of its own.
    """

    header_rows: tuple[int, ...]
    last_row: int
    labels: tuple[str, ...]
    columns: tuple[PlanColumn, ...]
    score: int
    fingerprint: str
    missing: str = ""
    unread: tuple[Unread, ...] = ()
    beside: int | None = None
    """The column at which a second block begins with the same headers; nothing is read from there on."""

    @cached_property
    def _by_canonical(self) -> dict[str, tuple[PlanColumn, ...]]:
        found: dict[str, tuple[PlanColumn, ...]] = {}
        for column in self.columns:
            found[column.canonical] = (*found.get(column.canonical, ()), column)
        return found

    def of(self, canonical: str) -> tuple[PlanColumn, ...]:
        """The columns read as this canonical one, from left to right."""
        return self._by_canonical.get(canonical, ())

    @property
    def first_row(self) -> int:
        return self.header_rows[-1] + 1 if self.header_rows else 0


def find_tables(merged: Merged, book: UnitBook, overrides: Overrides) -> list[PlanTable]:
    """All tables of a sheet from top to bottom; a header that comes again with the same words is no new table."""
    tables: list[PlanTable] = []
    starts = _header_blocks(merged)
    for number, rows in enumerate(starts):
        last = starts[number + 1][0] if number + 1 < len(starts) else len(merged.grid.cells)
        tables.append(_table(merged, rows, last, book, overrides))
    return tables


def _short_texts(line: Sequence[Cell]) -> list[str]:
    return [value for value in line if isinstance(value, str) and value and len(value) <= 30]


def _header_blocks(merged: Merged) -> list[tuple[int, ...]]:
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
        meanings = (vocabulary.of_path(path) for path in _paths(merged, rows))
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
    paths = _paths(merged, (*rows, below))
    filled = [column for column, value in enumerate(merged.grid.cells[below]) if value != ""]
    return (
        len(filled) > 1
        and any(merged.grid.at(rows[-1], column) == "" for column in filled)
        and all(_is_part_of_units(paths[column]) for column in filled)
    )


_PART = re.compile(
    r".{0,6}(?:部门|单位|镇街|乡镇|街道|镇乡|街镇|平台|园区|企业|其他|其它|主办|牵头|[协会分]办|配合)"
)


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


def _paths(merged: Merged, rows: Sequence[int]) -> list[tuple[str, ...]]:
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
    return tuple("/".join(path) for path in _paths(merged, rows))


def _unnamed_header(merged: Merged) -> list[tuple[int, ...]]:
    """Without a header in known words: the last row of several texts above the first title, for a person to map."""
    for row, line in enumerate(merged.grid.cells):
        if (
            any(isinstance(value, str) and columns.is_plan_title(value) for value in line)
            and row > 0
        ):
            above = [value for value in merged.grid.cells[row - 1] if value != ""]
            if len(above) >= 3:
                return [(row - 1,)]
            return []
    return []


def fingerprint(labels: Sequence[str]) -> str:
    """The same for headers with the same words in the same order, whatever their spaces, breaks and widths.

    A workbook that came back marked has the header of the one that was sent in.
    """
    own = labels[:-1] if labels and labels[-1] == outcomes.FAULTS else labels
    words = "|".join(vocabulary.tidy_label(label) for label in own)
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _table(
    merged: Merged, rows: tuple[int, ...], last: int, book: UnitBook, overrides: Overrides
) -> PlanTable:
    paths = _paths(merged, rows)
    labels = tuple("/".join(path) for path in paths)
    print_ = fingerprint(labels)
    samples = columns.samples(merged, rows[-1] + 1, last)
    hidden = merged.grid.hidden_columns
    beside = columns.second_block(paths)
    chosen = columns.choose_seen(paths[:beside], samples, book, hidden)
    unread = columns.look_unread(paths[:beside], samples, hidden.union(chosen), book)
    if print_ in overrides:
        unread, beside = (), None  # a person has looked
        chosen = {
            index: (name, 100)
            for index, name in overrides[print_].items()
            if name and index < len(labels)
        }
    found = tuple(
        PlanColumn(index, name, labels[index] or vocabulary.NAMES[name], score)
        for index, (name, score) in sorted(chosen.items())
    )
    score = min(_score(found), UNSURE if unread else 100)
    return PlanTable(rows, last, labels, found, score, print_, _missing(found), unread, beside)


def _score(found: Sequence[PlanColumn]) -> int:
    """How sure the table is a plan and read rightly: its key columns weigh most, and what is absent costs."""
    best = {
        name: max((c.score for c in found if c.canonical == name), default=0)
        for name in vocabulary.CANONICAL
    }
    units = max(best["lead_unit"], best["unit"], best["each_unit"], best["co_unit"] // 2)
    return round(0.35 * best["title"] + 0.25 * best["number"] + 0.3 * units + 0.1 * best["lead"])


def _missing(found: Sequence[PlanColumn]) -> str:
    """Why the table cannot be a plan; '' if it can."""
    present = {column.canonical for column in found}
    if "title" not in present:
        return "没有标题（案由）列"
    if not present & set(vocabulary.UNIT_COLUMNS):
        return NO_UNITS
    return ""
