"""The column 问题 right of the data: every marked row's sentences as text, so that they are printed too. Draws only."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from domain.exports.heights import row_points
from domain.exports.values import clean_text
from domain.imports.outcomes import FAULTS

_WIDE = 44
_LINE = Side(style="thin", color="B7BDC6")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_RED = "9C0006"


def tell_beside(page: Worksheet, marks: Sequence[Mapping[str, Any]]) -> None:
    """Write the sentences of the sheet's marks into the column after its last filled one, under a heading."""
    column = _free_column(page)
    headers = {tuple(mark["header_rows"]) for mark in marks if mark["header_rows"]}
    for header in headers or _likely_headers(page, column - 1, marks):
        _head(page, column, header[0], header[-1])
    said: dict[int, list[str]] = defaultdict(list)
    for mark in marks:
        said[mark["row"]].append(mark["message"])
    for row, sentences in said.items():
        _tell(page, row, column, "\n".join(dict.fromkeys(sentences)))
    page.column_dimensions[get_column_letter(column)].width = _WIDE
    _print_whole(page)


def _free_column(page: Worksheet) -> int:
    """The first column right of everything filled; that of an earlier marking, emptied, if the file carries one."""
    filled = [cell for line in page.iter_rows() for cell in line if cell.value is not None]
    last = max((cell.column for cell in filled), default=0)
    old = [cell for cell in filled if cell.column == last]
    if not any(cell.value == FAULTS for cell in old):
        return last + 1
    for block in [r for r in page.merged_cells.ranges if r.min_col == last]:
        page.unmerge_cells(block.coord)
    for cell in old:
        page.cell(cell.row, last).value = None
    return last


def _likely_headers(
    page: Worksheet, last: int, marks: Sequence[Mapping[str, Any]]
) -> set[tuple[int, ...]]:
    """The first row that reaches as far right as any, if it stands over the marked ones: a list's own header does."""
    first = min(mark["row"] for mark in marks)
    rows = (row for row in range(1, first) if page.cell(row, last).value is not None)
    return {(row,) for row in islice(rows, 1)}


def _head(page: Worksheet, column: int, first: int, last: int) -> None:
    """The heading over all rows of the header, so that none of its upper cells seems to reach over it."""
    for row in range(first, last + 1):
        page.cell(row, column).border = _GRID
    cell = page.cell(first, column, FAULTS)
    cell.font = Font(bold=True, color=_RED)
    cell.alignment = Alignment(horizontal="center", vertical="center")
    if last > first:
        page.merge_cells(None, first, column, last, column)


def _tell(page: Worksheet, row: int, column: int, text: str) -> None:
    cell = page.cell(row, column)
    cell.value = clean_text(text)
    cell.data_type = "s"
    cell.font, cell.border = Font(color=_RED, size=10), _GRID
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    wrapped = [c for c in page[row] if isinstance(c, Cell) and c.alignment.wrap_text and c.value]
    rooms = [page.column_dimensions[c.column_letter].width for c in wrapped[:-1]]
    needed = row_points([c.value for c in wrapped], [*rooms, _WIDE])
    page.row_dimensions[row].height = max(page.row_dimensions[row].height or 0, needed)


def _print_whole(page: Worksheet) -> None:
    """Print every column on one page's width; a part that the file names for printing would leave the new one out."""
    page.print_area = None
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.page_setup.orientation = "landscape"
