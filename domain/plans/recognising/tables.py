"""The tables of a sheet: of each its header, its rows and what each column means, with a score that a person can check.

Words propose a meaning for each column, the cells under it confirm or weaken it. A person's own mapping, remembered
under the header's fingerprint, goes before both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.imports import outcomes
from domain.plans.recognising import columns, vocabulary
from domain.plans.recognising.columns import Unread
from domain.plans.recognising.headers import header_blocks, paths_of
from domain.plans.recognising.units import UnitBook
from domain.sheets.merges import Merged

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
    starts = header_blocks(merged)
    for number, rows in enumerate(starts):
        last = starts[number + 1][0] if number + 1 < len(starts) else len(merged.grid.cells)
        tables.append(_table(merged, rows, last, book, overrides))
    return tables


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
    paths = paths_of(merged, rows)
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
