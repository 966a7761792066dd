"""One row of an imported file opened to its cells: as the file has them, as what they were read. Asks, never writes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from admin.imports.import_cells import CellField, FileCells
from admin.imports.import_rows import RowLine, draw_line
from domain import models
from domain.imports.corrections import CellPlace, text_at
from domain.plans.lookups import TARGET
from domain.plans.recognising import vocabulary
from domain.sheets.grid import column_letters
from domain.storing.session import ActorSession


@dataclass(frozen=True)
class OriginalCell:
    """A cell of the file: its letters and header, the text as shown, what it is read as, and where it is corrected."""

    letters: str
    header: str
    text: str
    read_as: str
    field: CellField | None


@dataclass(frozen=True)
class OriginalRow:
    """A row of the file with its cells."""

    number: int
    cells: tuple[OriginalCell, ...]


@dataclass(frozen=True)
class RowPage:
    """One row of an import: what becomes of it, its cells, what was read, what the file has no column for."""

    row: "models.Import"
    line: RowLine
    where: str
    originals: tuple[OriginalRow, ...]
    facts: tuple[tuple[str, str], ...]
    added: tuple[CellField, ...]
    units: tuple[str, ...]


def find_row(
    session: ActorSession, row: "models.Import", sheet: str, row_no: int
) -> "models.ImportRow | None":
    """The row of the import that begins in this row of the file."""
    model = models.ImportRow
    at = model.import_id == row.id, model.sheet == sheet, model.row_no == row_no
    return session.scalars(select(model).where(*at)).one_or_none()


def row_page(session: ActorSession, row: "models.Import", one: "models.ImportRow") -> RowPage:
    """The page of one row."""
    cells = FileCells(row)
    facts = one.facts or {}
    several = len(row.sheets or ()) > 1 and one.sheet
    last = facts.get("last_row", one.row_no)
    rows = f"第 {one.row_no} 行" if last == one.row_no else f"第 {one.row_no} 至 {last} 行"
    return RowPage(
        row,
        draw_line(one, row),
        f"工作表“{one.sheet}”{rows}" if several else rows,
        tuple(_originals(cells, one, last)),
        tuple(_told(facts)),
        tuple(_added(cells, one)) if row.target == TARGET else (),
        unit_names(session),
    )


def _originals(cells: FileCells, one: "models.ImportRow", last: int) -> Iterator[OriginalRow]:
    sheet = cells.sheets.get(one.sheet)
    if sheet is None:
        return
    table = cells.table_of(one.sheet, one.row_no)
    for number in range(one.row_no, last + 1):
        found = _cells(cells, table, CellPlace(one.sheet, number, ""))
        yield OriginalRow(number, tuple(found))


def _cells(cells: FileCells, table: Mapping[str, Any], at: CellPlace) -> Iterator[OriginalCell]:
    sheet, labels = cells.sheets[at.sheet], table["labels"]
    read = {column["index"]: column for column in table["columns"]}
    for index in range(max(sheet.grid.width, len(labels))):
        text = text_at(sheet.grid, *sheet.top_of(at.row - 1, index))
        header = labels[index] if index < len(labels) else ""
        if not (text or header):
            continue
        place, column = at._replace(column=column_letters(index)), read.get(index)
        name = vocabulary.NAMES.get(column["column"], column["label"]) if column else ""
        field = cells.field(place, column["column"], header or name) if column else None
        yield OriginalCell(place.column, header, text, name, field)


def _added(cells: FileCells, one: "models.ImportRow") -> Iterator[CellField]:
    """What a plan's row may say and this file has no column for."""
    read = {column["column"] for column in cells.table_of(one.sheet, one.row_no)["columns"]}
    for canonical, name in vocabulary.NAMES.items():
        if canonical not in read:
            yield cells.field(CellPlace(one.sheet, one.row_no, canonical), canonical, name)


def _told(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What was read, in words."""
    for canonical, name in vocabulary.NAMES.items():
        value = facts.get(canonical)
        if isinstance(value, bool):
            yield name, "是" if value else "否"
        elif value:
            yield name, "、".join(value) if isinstance(value, list) else str(value)
    units = facts.get("assignments") or ()
    if units:
        yield "承办单位", "；".join(f"{one['role']} {one['unit']}" for one in units)


def unit_names(session: ActorSession) -> tuple[str, ...]:
    """The names that a unit's cell may say."""
    unit = models.Unit
    named = select(unit.name).where(unit.is_active).order_by(unit.sort_order, unit.id)
    return tuple(session.scalars(named))
