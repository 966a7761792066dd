"""The cells of an import's file as the file has them, and the places where a person may correct them. Asks only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import current_app

from admin.files.attachments import uploads_folder
from domain import models
from domain.files.uploads import path_of
from domain.imports.correcting import KeptCorrection, kept_cells
from domain.imports.corrections import CellPlace, kept_name, text_at
from domain.plans.kept import beside
from domain.plans.lookups import TARGET
from domain.plans.recognising import vocabulary
from domain.plans.recognising.blocks import set_apart
from domain.plans.recognising.facts import KINDS
from domain.sheets.grid import Grid, UnreadableFile, column_index, column_letters
from domain.sheets.kept import read_grids_once
from domain.sheets.merges import Merged
from jobs.work.kept_files import as_read

LONG = 24
"""A longer text gets a field of several lines."""


@dataclass(frozen=True)
class CellField:
    """A cell that may be corrected: its name in the form, what it says now, and what the file says."""

    place: CellPlace
    label: str
    now: str
    choices: tuple[str, ...] = ()
    is_of_units: bool = False

    @property
    def name(self) -> str:
        """Its name in the form; the sheet stands last, since it may hold anything."""
        return name_of(self.place)

    @property
    def is_long(self) -> bool:
        """Whether the text wants several lines."""
        return len(self.now) > LONG or "\n" in self.now


@dataclass(frozen=True)
class CorrectionLine:
    """A correction as people see it: where, old and new, by whom; whether it was of use."""

    name: str
    where: str
    label: str
    old: str
    new: str
    who: str
    is_unused: bool


def name_of(place: CellPlace) -> str:
    """The name of a cell in a form."""
    return f"{place.row}:{place.column}:{place.sheet}"


def place_named(name: str) -> CellPlace | None:
    """The cell of this name; None where there can be none."""
    row, _, rest = name.partition(":")
    column, _, sheet = rest.partition(":")
    is_known = column in vocabulary.CANONICAL or (column.isascii() and column.isalpha())
    if not row.isdecimal() or len(row) > 6 or not is_known or len(column) > 12:
        return None
    return CellPlace(sheet[:60], int(row), column)


class FileCells:
    """The file of one import: its tables, opened only when asked for."""

    def __init__(self, row: "models.Import") -> None:
        self.row = row
        self.kept = {one.place: one for one in kept_cells(row)}

    @cached_property
    def sheets(self) -> Mapping[str, Merged]:
        """The sheets by the names that imports keep; none where the file is gone or cannot be read."""
        row = self.row
        path = path_of(uploads_folder(), row.stored_name) if row.stored_name else None
        if path is None or not path.is_file():
            return {}
        try:
            return {kept_name(g.sheet): Merged(g) for g in self._grids(path)}
        except UnreadableFile:
            return {}

    def _grids(self, path: Path) -> list[Grid]:
        data_dir = current_app.extensions["settings"].data_dir
        grids = read_grids_once(path, beside(as_read(data_dir, self.row.id)))
        return set_apart(grids) if self.row.target == TARGET else grids

    def table_of(self, sheet: str, row_no: int) -> Mapping[str, Any]:
        """The table, as `imports.sheets` holds it, in which a row (from 1) of this sheet stands."""
        tables = (
            table
            for one in self.row.sheets or ()
            if kept_name(one["sheet"]) == sheet
            for table in one["tables"]
        )
        above = [one for one in tables if max(one["header_rows"], default=0) < row_no]
        nothing: Mapping[str, Any] = {"columns": (), "labels": (), "header_rows": ()}
        return max(above, key=lambda one: max(one["header_rows"], default=0), default=nothing)

    def text(self, place: CellPlace) -> str:
        """What the file says in a cell."""
        sheet = self.sheets.get(place.sheet)
        if sheet is None or not place.is_in_file:
            return ""
        at = place.row - 1, column_index(place.column)
        return text_at(sheet.grid, *sheet.top_of(*at))

    def field(self, place: CellPlace, canonical: str, label: str) -> CellField:
        """The field in which the cell is corrected, filled with what it says by now."""
        kept = self.kept.get(place)
        choices: tuple[str, ...] = (
            KINDS if canonical == "kind" and self.row.target == TARGET else ()
        )
        now = kept.new if kept else self.text(place)
        if choices and now and now not in choices:
            choices = (now, *choices)
        return CellField(place, label, now, choices, canonical in vocabulary.UNIT_COLUMNS)

    def fields_of_errors(self, one: "models.ImportRow") -> Iterator[CellField]:
        """Where the faults of a row can be corrected, each cell once, in the order of the faults."""
        seen = set[CellPlace]()
        for error in one.errors or ():
            place = self._place_of(one, error)
            if place and place not in seen:
                seen.add(place)
                yield self.field(place, error["column"], error["label"])

    def _place_of(self, one: "models.ImportRow", error: Mapping[str, Any]) -> CellPlace | None:
        cell = error["cell"]
        if cell:
            letters = cell.rstrip("0123456789")
            return CellPlace(one.sheet, int(cell[len(letters) :]), letters)
        column = error["column"]
        for known in self.table_of(one.sheet, one.row_no)["columns"]:
            if known["column"] == column:
                return CellPlace(one.sheet, one.row_no, column_letters(known["index"]))
        is_plan = self.row.target == TARGET and column in vocabulary.CANONICAL
        return CellPlace(one.sheet, one.row_no, column) if is_plan else None

    def label_of(self, place: CellPlace) -> str:
        """What the column of a cell is called."""
        if not place.is_in_file:
            return vocabulary.NAMES.get(place.column, place.column)
        labels: Sequence[str] = self.table_of(place.sheet, place.row)["labels"]
        index = column_index(place.column)
        label = labels[index] if index < len(labels) else ""
        return label or f"{place.column}列"

    def corrections(self) -> Iterator[CorrectionLine]:
        """What people corrected, those of no use first."""
        several = len(self.row.sheets or ()) > 1
        for one in sorted(self.kept.values(), key=lambda one: one.item != 0):
            yield self.line(one, show_sheet=several)

    def lines_of(self, one: "models.ImportRow") -> Iterator[CorrectionLine]:
        """The corrections of a row of the import, over all rows of the file that it goes on over."""
        for kept in self._by_item.get((one.sheet, one.row_no), ()):
            yield self.line(kept, show_sheet=False)

    @cached_property
    def _by_item(self) -> Mapping[tuple[str, int], list[KeptCorrection]]:
        found: dict[tuple[str, int], list[KeptCorrection]] = {}
        for one in self.kept.values():
            found.setdefault((one.place.sheet, one.item or 0), []).append(one)
        return found

    def line(self, one: KeptCorrection, *, show_sheet: bool) -> CorrectionLine:
        """One correction as people see it."""
        sheet, row, _ = one.place
        where = f"{sheet} 第{row}行" if show_sheet and sheet else f"第{row}行"
        who = f"{one.by} {one.at[:16]}".strip()
        label = self.label_of(one.place)
        return CorrectionLine(
            name_of(one.place), where, label, one.old or "", one.new, who, one.item == 0
        )
