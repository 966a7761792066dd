"""The child process: `python -m domain.imports.marking PARENT KIND SOURCE TARGET`, the marks as JSON on stdin."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from domain.exports.values import clean_text
from domain.exports.workbook import sheet_name
from domain.imports.marking.beside import tell_beside
from domain.sheets.child import read_grids
from domain.sheets.grid import Grid
from domain.sheets.readers.__main__ import limit_this_process

RED = PatternFill("solid", fgColor="FFC7CE")
DARK_RED = Font(color="9C0006")
BLUE = PatternFill("solid", fgColor="CFE2FF")
DARK_BLUE = Font(color="1F4E9E")
AUTHOR = "办理"
_WIDE = 26
_PART = re.compile(r"（[A-Z]{1,3}列起）$")
"""What the name of a table says that stands beside another one on its sheet."""


def main() -> None:
    parent, kind, source, target = sys.argv[1:]
    marks: list[dict[str, Any]] = json.load(sys.stdin)
    grids = [] if kind == "xlsx" else read_grids(Path(source))
    limit_this_process(int(parent))
    book = _open(Path(source)) if kind == "xlsx" else _rebuild(grids)
    pages: dict[str, list[dict[str, Any]]] = {}
    for mark in marks:
        page = _page(book, mark["sheet"])
        if page is not None:
            _mark(page, mark)
            pages.setdefault(page.title, []).append(mark)
    for name, its_marks in pages.items():
        if wrong := [mark for mark in its_marks if mark["new"] is None or not mark["cell"]]:
            tell_beside(book[name], wrong)
    book.save(target)


def _open(path: Path) -> Workbook:
    """The user's own workbook; openpyxl goes by the ending of a name, so it is given the open file."""
    with path.open("rb") as file:
        return load_workbook(file, keep_vba=False)


def _rebuild(grids: list[Grid]) -> Workbook:
    """A new workbook with the tables of a file that openpyxl does not write: .xls, .et, .ods, .csv, .docx, HTML."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, grid in enumerate(grids, 1):
        page = book.create_sheet(sheet_name(grid.sheet or f"表{number}"))
        for row, line in enumerate(grid.cells, 1):
            for column, value in enumerate(line, 1):
                if value != "":
                    _fill(page.cell(row, column), value)
        for top, left, bottom, right in grid.merges:
            page.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
        for letter in {
            cell.column_letter
            for cell in next(page.iter_rows(), ())
            if hasattr(cell, "column_letter")
        }:
            page.column_dimensions[letter].width = _WIDE
    return book


def _fill(cell: Any, value: Any) -> None:
    """A text stays a text, whatever its first character."""
    if isinstance(value, str):
        cell.value = clean_text(value)
        cell.data_type = "s"
    else:
        cell.value = value


def _page(book: Workbook, name: str) -> Worksheet | None:
    """The sheet that a mark names, perhaps by a part of it (代表建议（G列起）); the first one where it names none."""
    if name not in book.sheetnames:
        name = _PART.sub("", name)
    if name in book.sheetnames:
        return book[name]
    return book.worksheets[0] if book.worksheets and not name else None


def _mark(page: Worksheet, mark: dict[str, Any]) -> None:
    cell = _cell(page, mark)
    if mark["new"] is None:
        cell.fill, cell.font = RED, DARK_RED
    elif mark["cell"]:
        cell.fill, cell.font = BLUE, DARK_BLUE
        _fill(cell, mark["new"])
    said = f"{cell.comment.text}\n" if cell.comment else ""
    comment = Comment(clean_text(said + mark["message"])[:2000], AUTHOR)
    comment.width, comment.height = 320, 40 + 20 * -(-len(comment.text) // 22)
    cell.comment = comment


def _cell(page: Worksheet, mark: dict[str, Any]) -> Cell:
    """The cell to mark: of a merged block its first, of a row without a cell to blame the first that is filled."""
    if mark["cell"] and mark["new"] is not None:
        _set_apart(page, mark["cell"])
    cell = (
        page[mark["cell"]]
        if mark["cell"]
        else next(_filled(page, mark["row"]), page.cell(mark["row"], 1))
    )
    if isinstance(cell, MergedCell):
        block = next(r for r in page.merged_cells.ranges if cell.coordinate in r)
        cell = page.cell(block.min_row, block.min_col)
    assert isinstance(cell, Cell)
    return cell


def _set_apart(page: Worksheet, place: str) -> None:
    """Take the block apart that merges this cell with those of other rows: only its own row reads otherwise."""
    blocks = (block for block in page.merged_cells.ranges if place in block)
    block = next((block for block in blocks if block.min_row < block.max_row), None)
    if block is None:
        return
    value = page.cell(block.min_row, block.min_col).value
    rows, column = range(block.min_row, block.max_row + 1), block.min_col
    page.unmerge_cells(block.coord)
    for row in rows:
        page.cell(row, column).value = value


def _filled(page: Worksheet, row: int) -> Iterator[Any]:
    return (cell for cell in page[row] if cell.value is not None)


if __name__ == "__main__":
    main()
