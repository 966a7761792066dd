"""Writes one sheet as .xlsx with XlsxWriter, row by row through a file on disk: any number of rows in the same memory.

Not how it looks (looks.py), nor what becomes of a value (values.py).
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from domain.exports import looks
from domain.exports.heights import lines_of, row_points, text_width
from domain.exports.looks import HEADER_ROW
from domain.exports.values import clean_text, write_cell
from domain.storing.pauses import collector_paused

MAX_ROWS = 1_048_576 - HEADER_ROW
_LONGEST_NAME = 31
_FORBIDDEN_IN_NAMES = re.compile(r"[\\/?*\[\]:]")


class TooManyRows(ValueError):
    """More rows than one worksheet can hold; the text is for the person."""


@dataclass(frozen=True)
class SheetColumn:
    """One column: its header, how its values are set, and its width in characters.

    ``kind`` is one of the kinds of schema.Column, or code (a short text) or place (序号), set in the middle.
    """

    header: str
    kind: str = "text"
    width: float = 14

    @property
    def drawn_width(self) -> float:
        """Wide enough for a header of usual length too."""
        return max(self.width, min(text_width(self.header) + 3, 20))


@dataclass(frozen=True)
class ExportSheet:
    """What becomes a workbook. ``rows`` is walked once; each row has one value for every column."""

    name: str
    title: str
    notes: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Any]]
    made_at: datetime
    author: str = ""


def write_workbook(stream: IO[bytes], sheet: ExportSheet, folder: Path | None = None) -> int:
    """Write ``sheet`` to a seekable ``stream`` and return the number of rows.

    Its parts lie unpacked in ``folder`` meanwhile. Raises TooManyRows where the rows do not fit on one worksheet, and
    OSError; the stream is then to be thrown away.
    """
    with TemporaryDirectory(prefix=".export-", dir=folder) as parts:
        options = {"constant_memory": True, "tmpdir": parts, "use_zip64": True}
        book = Workbook(stream, options)
        page = book.add_worksheet(sheet_name(sheet.name))
        try:
            _draw_frame(book, page, sheet)
            count = _write_rows(book, page, sheet)
            _finish(book)
        finally:
            page.row_data_fh.close()
    return count


def write_file(path: Path, sheet: ExportSheet) -> int:
    """Write the sheet so that ``path`` is either whole or not there; returns the number of rows."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("w+b") as file, collector_paused():
            count = write_workbook(file, sheet, path.parent)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def sheet_name(text: str) -> str:
    """``text`` as Excel allows the name of a worksheet: without some characters, at most 31 UTF-16 units."""
    name = _FORBIDDEN_IN_NAMES.sub(" ", clean_text(text).replace("\n", " ")).strip("' ")
    units = name.encode("utf-16-le")[: _LONGEST_NAME * 2]
    return units.decode("utf-16-le", "ignore").strip("' ") or "Sheet1"


def _draw_frame(book: Any, page: Any, sheet: ExportSheet) -> None:
    """All but the rows."""
    author = clean_text(sheet.author) or "办理"
    book.set_properties({"author": author, "created": sheet.made_at})
    looks.set_up_page(page)
    for place, column in enumerate(sheet.columns):
        looks.set_width(page, place, column.drawn_width)
    _draw_title(page, sheet, book.add_format(looks.TITLE), book.add_format(looks.NOTES))
    look = book.add_format(looks.HEADER)
    looks.set_height(page, HEADER_ROW - 1, looks.HEADER_POINTS)
    for place, column in enumerate(sheet.columns):
        write_cell(page, HEADER_ROW - 1, place, column.header, look)


def _draw_title(page: Any, sheet: ExportSheet, title: Any, notes: Any) -> None:
    last = len(sheet.columns) - 1
    width = sum(column.drawn_width for column in sheet.columns)
    for row, text, look, size, points in (
        (0, sheet.title, title, looks.TITLE_SIZE, looks.TITLE_POINTS),
        (1, sheet.notes, notes, looks.NOTES_SIZE, looks.NOTES_POINTS),
    ):
        looks.set_height(page, row, points * lines_of(text, width * 11 / size))
        if last > 0:
            page.merge_range(row, 0, row, last, None, look)
        write_cell(page, row, 0, text, look)


def _write_rows(book: Any, page: Any, sheet: ExportSheet) -> int:
    formats = [book.add_format(looks.cell_look(column.kind)) for column in sheet.columns]
    rooms = [column.drawn_width - 1 for column in sheet.columns]
    number = HEADER_ROW
    for number, row in enumerate(sheet.rows, HEADER_ROW + 1):
        if number > MAX_ROWS + HEADER_ROW:
            raise TooManyRows(f"超过 {MAX_ROWS} 行，一张工作表放不下，请先筛选，分几次导出。")
        for place, value in enumerate(row):
            write_cell(page, number - 1, place, value, formats[place])
        # The rows before are on disk; XlsxWriter would keep their heights to the end.
        page.row_info.clear()
        page.row_sizes.clear()
        looks.set_height(page, number - 1, row_points(row, rooms))
    return number - HEADER_ROW


def _finish(book: Any) -> None:
    try:
        book.close()
    except FileCreateError as fault:  # what XlsxWriter makes of an OSError
        raise fault.args[0] from None
