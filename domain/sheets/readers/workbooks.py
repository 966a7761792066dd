"""Excel and WPS workbooks (.xlsx .xlsm .xls .et) by calamine, with what calamine loses put back or named.

calamine turns error cells into nothing and forgets formats, strikes and what is hidden; `xlsx_scan` and `biff` find
those cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from domain.sheets.grid import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    Cell,
    Grid,
    Merge,
    Problem,
    UnreadableFile,
)
from domain.sheets.preflight import ENCRYPTED
from domain.sheets.readers import biff, numbers, xlsx_scan
from domain.sheets.readers.marks import Marks
from domain.sheets.readers.package import with_usual_names

NOT_FOUND = (
    "工作簿的内部结构与通常的不同，里面的格式和公式错误看不到，读出来的内容靠不住，"
    "请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。"
)


def read_xlsx(path: Path) -> list[Grid]:
    """All sheets. A sheet that only one of the two looks finds is not believed: the file is refused."""
    marks, counts_from_1904 = xlsx_scan.scan(path)
    grids = _read(with_usual_names(path), marks)
    if any(grid.cells and grid.sheet not in marks for grid in grids):
        raise UnreadableFile(NOT_FOUND)
    return [replace(grid, counts_from_1904=True) for grid in grids] if counts_from_1904 else grids


def read_xls(path: Path) -> list[Grid]:
    """All sheets of an .xls or .et."""
    data = path.read_bytes()
    marks, counts_from_1904 = biff.scan(data)
    grids = _read(data, marks)
    return [replace(grid, counts_from_1904=True) for grid in grids] if counts_from_1904 else grids


def _read(data: bytes, marks: dict[str, Marks]) -> list[Grid]:
    """From bytes, because calamine believes the name of a file that it opens itself."""
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError:
        raise UnreadableFile(ENCRYPTED) from None
    grids = []
    for index, about in enumerate(workbook.sheets_metadata[:MAX_SHEETS]):
        if about.typ == SheetTypeEnum.WorkSheet:
            hidden = about.visible != SheetVisibleEnum.Visible
            sheet = workbook.get_sheet_by_index(index)
            grids.append(_grid(sheet, marks.get(about.name, Marks()), hidden))
    return grids


def _grid(sheet: CalamineSheet, marks: Marks, hidden: bool) -> Grid:
    cells, problems = [], dict(marks.problems)
    first_column = sheet.start[1] if sheet.start else 0
    for row, line in enumerate(_lines(sheet)):
        cells.append(_plain_line(row, first_column, line, problems))
    behind = {}
    for (row, column), number_format in marks.formats.items():
        if row < len(cells) and column < len(cells[row]):
            value = cells[row][column]
            cells[row][column] = number_format.shown(value)
            if isinstance(value, int):
                behind[row, column] = value
    remarks = _strike(cells, marks)
    for row, column in problems:
        _reserve(cells, row, column)
    return Grid(
        sheet.name,
        cells,
        _merges(sheet.merged_cell_ranges or [], len(cells)),
        hidden,
        "",
        problems,
        remarks,
        frozenset(marks.hidden_rows),
        frozenset(marks.hidden_columns),
        behind={place: value for place, value in behind.items() if place not in remarks},
        unseen=_unseen(cells, marks),
    )


def _unseen(cells: list[list[Cell]], marks: Marks) -> dict[tuple[int, int], Problem]:
    """What was read although nobody sees it in the file."""
    held = ((row, column) for row, column in marks.unseen if row < len(cells))
    texts = {
        (row, column): str(cells[row][column]) for row, column in held if column < len(cells[row])
    }
    return {place: Problem(text, numbers.UNSEEN) for place, text in texts.items() if text.strip()}


def _strike(cells: list[list[Cell]], marks: Marks) -> dict[tuple[int, int], Problem]:
    """Take what is struck through out of the cells; what was taken from where."""
    remarks = {}
    for (row, column), runs in marks.struck.items():
        if row < len(cells) and column < len(cells[row]) and cells[row][column] != "":
            struck = runs.struck if runs else str(cells[row][column])
            if struck:
                remarks[row, column] = Problem(struck.strip(), numbers.STRUCK)
            cells[row][column] = runs.kept.strip() if runs else ""
    return remarks


def _lines(sheet: CalamineSheet) -> Iterable[list[Any]]:
    """Rows from the sheet's row 1 on; a sheet with more rows than any plan is refused while it is read."""
    if sheet.start is None:
        return
    for row, line in enumerate(sheet.iter_rows()):
        if row >= MAX_ROWS:
            raise UnreadableFile(
                f"工作表“{sheet.name}”超过了 {MAX_ROWS} 行，请删去多余的行后再上传。"
            )
        yield line


def _plain_line(
    row: int, first_column: int, line: list[Any], problems: dict[tuple[int, int], Problem]
) -> list[Cell]:
    while line and line[-1] == "":
        line.pop()
    if first_column + len(line) > MAX_COLUMNS:
        raise UnreadableFile(f"第{row + 1}行超过了 {MAX_COLUMNS} 列，请删去多余的列后再上传。")
    plain: list[Cell] = [""] * first_column
    for column, value in enumerate(line, first_column):
        if type(value) is str and len(value) < 1_000 and value.isprintable():
            plain.append(value)  # nearly all cells; the rest takes a closer look
            continue
        cell = numbers.plain(value)
        if isinstance(cell, Problem):
            problems.setdefault((row, column), cell)
            cell = ""
        plain.append(cell)
    return plain


def _reserve(cells: list[list[Cell]], row: int, column: int) -> None:
    """Make room for a marked cell: calamine leaves out trailing cells that it reads as empty."""
    if row >= MAX_ROWS or column >= MAX_COLUMNS:
        return
    cells.extend([] for _ in range(row + 1 - len(cells)))
    cells[row].extend([""] * (column + 1 - len(cells[row])))


def _merges(
    ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]], rows: int
) -> tuple[Merge, ...]:
    return tuple(
        (top, left, min(bottom, rows - 1), min(right, MAX_COLUMNS - 1))
        for (top, left), (bottom, right) in ranges
        if top < rows and left < MAX_COLUMNS
    )
