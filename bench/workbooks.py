"""Writes a made-up plan as .xlsx in one of the layouts."""

from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from bench.child import Stopwatch
from bench.layouts import LAYOUTS, Layout
from bench.plans import Item, make_items


def make(watch: Stopwatch, files: list[tuple[str, str]], count: int) -> None:
    """Write the same plan of ``count`` items into every one of ``files`` (path, layout)."""
    for path, layout in files:
        _make(path, count, layout)


def _make(path: str, count: int, layout: str) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "分工方案"
    _fill(sheet, LAYOUTS[layout], make_items(count))
    book.save(path)


def _fill(sheet: Worksheet, layout: Layout, items: Iterable[Item]) -> None:
    for line in layout.head:
        sheet.append(line)
    for cells in layout.head_merges:
        sheet.merge_cells(cells)
    row = len(layout.head) + 1
    for place, item in enumerate(items, 1):
        lines = layout.lines(place, item)
        for line in lines:
            sheet.append(line)
        if len(lines) > 1:
            for column in layout.merged:
                # Not merge_cells: it compares with every range so far, which takes minutes.
                sheet.merged_cells.ranges.add(
                    CellRange(None, column, row, column, row + len(lines) - 1)
                )
        row += len(lines)
