"""Writes an imported table, set-based and logged, inside the caller's transaction: rollback is the preview.

A row that breaks a rule of schema.sql is found by halving and told with the rule's own sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from domain import models
from domain.imports.corrections import NOTHING_SAID, Corrected, Corrections, kept_name
from domain.imports.outcomes import (
    CHINESE,
    FAILED,
    INVALID,
    MOST_LEFT_OUT,
    NEW,
    OUTCOMES,
    UPDATED,
    error_as_json,
)
from domain.schema.words import Table
from domain.sheets.grid import Grid
from domain.storing import bulk
from domain.storing.changes import BACKFILLED, plain
from domain.storing.halving import write_or_refuse
from domain.storing.holding import hold_as_read
from domain.storing.one_save import as_one
from domain.storing.session import ActorSession
from domain.tables.carrying import with_carried
from domain.tables.links import Links, look_up
from domain.tables.matching import TableStep, match, references_in, usable
from domain.tables.reading import TableSheet, read_sheet


@dataclass(frozen=True)
class TableImport:
    """What an import of a table did, or would do."""

    words: Table
    sheet: TableSheet
    steps: list[TableStep]

    @property
    def totals(self) -> dict[str, int]:
        """How many rows came to each outcome; every outcome is there."""
        counted = Counter(step.outcome for step in self.steps)
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    @property
    def refusal(self) -> str:
        """Why no row could be read; '' here, where such a file is not opened at all."""
        return ""

    @property
    def bad(self) -> list[TableStep]:
        """The rows that cannot be written."""
        return [step for step in self.steps if step.outcome in (INVALID, FAILED)]

    @property
    def corrected(self) -> Sequence[Corrected]:
        """What came of the cells that a person corrected."""
        return self.sheet.corrected

    @property
    def is_clean(self) -> bool:
        """Whether every row is usable."""
        return not self.bad

    def keep(self, session: ActorSession, import_id: int) -> dict[str, Any]:
        """Store the rows of the import; returns the columns of `imports` that tell its result."""
        rows = [
            {
                "import_id": import_id,
                "sheet": kept_name(self.sheet.grid.sheet),
                "row_no": step.row,
                "outcome": CHINESE[step.outcome],
                "title": step.name,
                "record_id": step.record_id,
                "changes": _changes(step) if step.outcome == UPDATED else None,
                "errors": [error_as_json(error) for error in step.errors] or None,
            }
            for step in self.steps
        ]
        if rows:
            session.connection().execute(insert(models.table_of("import_rows")), rows)
        counted = {f"{outcome}_rows": count for outcome, count in self.totals.items()}
        ignored = list(self.sheet.ignored)
        sheet: dict[str, Any] = {"sheet": self.sheet.grid.sheet, "skipped": "", "ignored": ignored}
        sheet |= {"tables": [self.sheet.as_json()], "hidden_rows": self.sheet.hidden}
        sheet["notes"] = list(self.sheet.notes)
        lines = [[row + 1, text[:200]] for row, text in self.sheet.left_out]
        left_out = {"left_out": {"count": len(lines), "lines": lines[:MOST_LEFT_OUT]}}
        return {"sheets": [sheet | left_out], "total_rows": len(self.steps), **counted}

    def as_json(self, file_name: str) -> dict[str, Any]:
        """The answer of `import-table --json`."""
        return {
            "file": file_name,
            "table": self.words.name,
            "sheet": self.sheet.grid.sheet,
            "header_row": self.sheet.header_row + 1,
            "columns": {column.name: column.label for column in self.sheet.columns.values()},
            "ignored": list(self.sheet.ignored),
            "left_out": [{"row": row + 1, "text": text} for row, text in self.sheet.left_out],
            "notes": list(self.sheet.notes),
            "rows": [_step_as_json(step) for step in self.steps],
            "totals": self.totals,
        }


@dataclass(frozen=True)
class TableFile:
    """A file for a table: where its rows and columns are, and which stored rows its texts name."""

    words: Table
    sheet: TableSheet
    links: Links


def open_table(
    session: ActorSession, words: Table, grids: Sequence[Grid], said: Corrections = NOTHING_SAID
) -> TableFile:
    """Find the table in the file, as a person says that it reads, and what it refers to. Raises UnreadableFile.

    Reads every name of the tables referred to: hand in a session that only reads, and nobody waits for it.
    """
    sheet = read_sheet(words, grids).amended(said)
    return TableFile(words, sheet, look_up(session, references_in(sheet)))


def import_table(session: ActorSession, file: TableFile) -> TableImport:
    """Compare and write all usable rows; commits nothing. Raises UnreadableFile. The session is the program's own.

    What otherwise acts alone write is brought in afterwards, and the change log says so.
    """
    is_late = file.words.is_by_acts or any(c.is_by_act for c in file.sheet.columns.values())
    steps = _decide(session, file)
    with session.doing(BACKFILLED if is_late else ""):
        _TableWriter(session, file.words).write(usable(steps))
    return TableImport(file.words, file.sheet, steps)


def preview_table(session: ActorSession, file: TableFile) -> TableImport:
    """The same, for real and then taken back, with the whole transaction."""
    with session.rehearsal():
        return import_table(session, file)


def _decide(session: ActorSession, file: TableFile) -> list[TableStep]:
    """What becomes of each row, by what nobody can change any more before it is written; a rehearsal holds nothing."""
    while True:
        steps = match(session, file.words, file.sheet, file.links)
        changed = [step.stored for step in steps if step.outcome == UPDATED and step.stored]
        if session.provenance().is_rehearsal or hold_as_read(session, file.words.name, changed):
            return steps


@dataclass
class _TableWriter:
    session: ActorSession
    words: Table

    def write(self, steps: Sequence[TableStep]) -> None:
        """All of them but those that the database refuses."""
        write_or_refuse(self.session, steps, self._write)

    def _write(self, steps: Sequence[TableStep]) -> None:
        with as_one(self.session):
            self._write_all(steps)

    def _write_all(self, steps: Sequence[TableStep]) -> None:
        cls = models.by_table[self.words.name]
        new = [step for step in steps if step.outcome == NEW]
        old = [step for step in steps if step.outcome == UPDATED]
        names = {id(step.values): step.name for step in new}
        rows = self._carrying(
            [{**_defaults(self.words), **_without_id(step.values)} for step in new]
        )
        called = iter([names[id(step.values)] for step in new])
        for step, row_id in zip(
            new, bulk.insert_rows(self.session, cls, rows, lambda row: next(called)), strict=True
        ):
            step.record_id = row_id
        by_id = {step.record_id: step.name for step in old}
        changes = self._carrying(
            [{name: pair[1] for name, pair in step.changes.items()} for step in old]
        )
        pairs = [(step.stored or {}, values) for step, values in zip(old, changes, strict=True)]
        bulk.update_rows(self.session, cls, pairs, lambda row: by_id[row["id"]])

    def _carrying(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return with_carried(self.session, self.words, rows)


def _defaults(words: Table) -> dict[str, Any]:
    return {c.name: c.default for c in words.columns.values() if c.default is not None}


def _without_id(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "id"}


def _step_as_json(step: TableStep) -> dict[str, Any]:
    return {
        "row": step.row,
        "outcome": step.outcome,
        "name": step.name,
        "record_id": step.record_id,
        "changes": _changes(step),
        "errors": [error_as_json(error) for error in step.errors],
    }


def _changes(step: TableStep) -> dict[str, list[Any]]:
    return {name: [plain(old), plain(new)] for name, (old, new) in step.changes.items()}
