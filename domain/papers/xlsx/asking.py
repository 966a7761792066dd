"""The marks of a template, sheet by sheet, each with its place; blocks end on the sheet on which they begin."""

from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from domain.papers.marks import PaperMark, marks_in, wanted_by
from domain.papers.xlsx.bands import bands_of
from domain.papers.xlsx.opening import cells_of, place_of


def marks_of(book: Workbook) -> list[PaperMark]:
    """All of them. Raises BadMark where one is not whole, or blocks do not lie in rows of their own."""
    found = []
    for page in book.worksheets:
        its = list(marks_on(page))
        wanted_by(its)
        bands_of(page)
        found += its
    return found


def marks_on(page: Worksheet) -> Iterator[PaperMark]:
    """Those of one sheet, row by row."""
    for cell in cells_of(page):
        if cell.data_type == "s":
            yield from marks_in(str(cell.value), place_of(page, cell))
