"""What reading a plan gives: rows with their errors, and what the file was taken for. Values only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from domain.imports.corrections import Corrected
from domain.imports.outcomes import CellError
from domain.plans.recognising.facts import MainItem
from domain.plans.recognising.tables import PlanTable
from domain.plans.recognising.vocabulary import NAMES
from domain.sheets.grid import column_letters


class NamedUnit(NamedTuple):
    """A unit of the dictionary and its role: 主办, 协办 or 分办."""

    unit_id: int
    unit: str
    role: str


class About(NamedTuple):
    """What plainly stands beside the name of somebody who signed, '' for nothing: for the roll, if he is new there.

    `doubt` is what to tell where he is on it already, since nothing of it is stored then.
    """

    name: str
    phone: str
    post: str
    doubt: CellError


@dataclass(frozen=True)
class PlanRow:
    """One item of a plan. `row` is its first row as the sheet numbers it; '' and None where the file says nothing."""

    sheet: str | None
    row: int
    number: str | None
    kind: str
    title: str | None
    lead: str | None
    joint: tuple[str, ...]
    delegation: str | None
    category: str | None
    assignments: tuple[NamedUnit, ...]
    due_on: datetime.date | None
    is_key: bool | None
    key_words: str
    leader: str | None
    note: str | None
    errors: tuple[CellError, ...]
    where: str
    """How sentences name the row: 第8行, and the sheet before it where the file has several."""
    table: PlanTable
    delegations: tuple[tuple[str, str], ...] = ()
    """What stands beside the names of those who signed: (name, delegation)."""
    doubts: tuple[CellError, ...] = ()
    """What a person should look at although nothing is wrong: a hidden row, words read past. Each has its kind."""
    about: tuple[About, ...] = ()
    merged_into: MainItem | None = None
    """The main item that the file merges this one into."""
    last_row: int = 0
    """The last of its rows; 0 for one that is not from a file."""

    def has(self, column: str) -> bool:
        """Whether the row's table has the canonical column: what it has not, the file leaves alone."""
        return bool(self.table.of(column))

    def error(
        self, column: str, value: str, message: str, suggestions: tuple[str, ...] = ()
    ) -> CellError:
        """A later doubt about this row, said like those of reading. `message` is the sentence after the label."""
        found = next(iter(self.table.of(column)), None)
        label = found.label if found else NAMES[column]
        cell = f"{column_letters(found.index)}{self.row}" if found and found.score else ""
        return CellError(
            column, label, value, f"{self.where}“{label}”：{message}", suggestions, cell
        )


class Note(NamedTuple):
    """What to know of a sheet as a whole, as a sentence; whether it looks as if items were not read."""

    sentence: str
    loses_items: bool = False


@dataclass(frozen=True)
class PlanSheet:
    """What became of one sheet or table of the file; `skipped` is the reason if no row was read from it."""

    sheet: str | None
    tables: tuple[PlanTable, ...]
    skipped: str = ""
    notes: tuple[Note, ...] = ()
    hidden: int = 0
    """How many of its items are hidden or filtered away, whether they were read or left out."""

    @property
    def score(self) -> int:
        return max((table.score for table in self.tables), default=0)


@dataclass(frozen=True)
class LeftOut:
    """A row under a header that is no item (heading, total, note), shown so that nothing vanishes unseen."""

    sheet: str | None
    row: int
    text: str


@dataclass(frozen=True)
class Plan:
    """A file as read: its sheets in order and all rows of all of them."""

    sheets: tuple[PlanSheet, ...]
    rows: tuple[PlanRow, ...]
    left_out: tuple[LeftOut, ...] = ()
    corrected: tuple[Corrected, ...] = ()
    """What came of the corrections of cells that a person made."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """What to know of all its sheets."""
        return tuple(note for sheet in self.sheets for note in sheet.notes)

    @property
    def has_header(self) -> bool:
        """Whether some sheet has what may be a header, so that a person can say what its columns are."""
        return any(sheet.tables for sheet in self.sheets)


@dataclass(frozen=True)
class MeetingFacts:
    """What reading needs to know of the meeting: its usual kind and the year that completes 6月5日."""

    kind: str
    year: int
