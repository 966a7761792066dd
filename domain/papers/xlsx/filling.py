"""A template filled: every sheet built anew, row by row, with what hangs on its rows moved along.

Kept: formats, heights, merged cells, formulas, conditional formats, lists to choose from, print titles and area, page
breaks, names.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

from domain.exports.heights import HIGHEST_POINTS, LINE_POINTS, PADDING_POINTS, lines_of
from domain.papers.marks import BadMark, Filled, Value
from domain.papers.xlsx.bands import NOTHING, BandInstance, bands_of, draw, only_signs
from domain.papers.xlsx.moving import Moves, move_formula
from domain.papers.xlsx.writing import CellModel, CellWriter, Find, depth_after, model_of

_USUAL_WIDTH = 8.43
_POINTS = 11
_LEADING = 1.06
"""Fonts of offices stand further apart than those of our own lists."""


def fill_book(book: Workbook, filled: Filled) -> None:
    """Write the values into every sheet of the template. Raises BadMark for a mark without a value."""
    moves = {page.title: _moves(page, filled) for page in book.worksheets}
    for page in book.worksheets:
        _rebuild(page, moves)
    _move_names(book, moves)


def _moves(page: Worksheet, filled: Filled) -> Moves:
    sheet = bands_of(page)
    return Moves(sheet, draw(sheet, only_signs(page), filled))


def _rebuild(page: Worksheet, sheets: Mapping[str, Moves]) -> None:
    moves = sheets[page.title]
    titles = _around_rows(moves, page.print_title_rows)
    areas = [_around(moves, area) for area in _areas(page)]
    merged = [block for one in page.merged_cells.ranges for block in moves.ranges(one)]
    merged = [block for block in merged if block.size["rows"] * block.size["columns"] > 1]
    _write_rows(page, sheets)
    page.merged_cells = MultiCellRange()
    page.merged_cells.ranges.update(merged)
    _move_formats(page, sheets)
    for rule in page.data_validations.dataValidation:
        rule.sqref = MultiCellRange([moves.around(block) for block in rule.sqref.ranges])
    if page.auto_filter.ref:
        page.auto_filter.ref = _around(moves, page.auto_filter.ref)
    for table in page.tables.values():
        table.ref = _around(moves, table.ref)
    for mark in page.row_breaks.brk:
        mark.id = moves.rows(mark.id, mark.id, moves.whole)[1]
    if titles:
        page.print_title_rows = titles
    if areas:
        page.print_area = areas


def _areas(page: Worksheet) -> list[str]:
    said: Any = page.print_area
    parts = said if isinstance(said, list) else str(said or "").split(",")
    return [part.rpartition("!")[2] for part in parts if part]


def _around(moves: Moves, area: str) -> str:
    return str(moves.around(CellRange(area.replace("$", ""))).coord)


def _around_rows(moves: Moves, rows: str | None) -> str:
    first, _, last = (rows or "").replace("$", "").partition(":")
    if not first:
        return ""
    top, bottom = moves.rows(int(first), int(last), moves.whole)
    return f"{top}:{bottom}"


def _write_rows(page: Worksheet, sheets: Mapping[str, Moves]) -> None:
    moves = sheets[page.title]
    models, kept = _models(page), _kept(page)
    heights = dict(page.row_dimensions.items())
    rooms = _rooms(page)
    writer = CellWriter(page)
    page._cells.clear()
    page.row_dimensions.clear()
    for place, row in enumerate(moves.drawn.rows, 1):
        find = _finder(page, row.source, row.within)
        said: list[tuple[CellModel, Any]] = []
        for model in models.get(row.source, ()):
            cell = writer.write(model, place, find)
            if model.kind == "f":
                cell._value = move_formula(str(model.value), place, page.title, sheets)
            if model.parts and model.wraps and cell.data_type == "s":
                said.append((model, cell._value))
            for name, thing in kept.pop((row.source, model.column), ()):
                setattr(cell, name, thing)
            page._cells[place, model.column] = cell
        _set_height(page, place, heights.get(row.source), _needed(said, rooms, row.source))


def _models(page: Worksheet) -> Mapping[int, list[CellModel]]:
    """The cells of the template, by their rows."""
    found, depth = defaultdict(list), 0
    for (row, _), cell in sorted(page._cells.items()):
        found[row].append(model_of(cell, depth))
        depth = depth_after(cell, depth)
    return found


def _kept(page: Worksheet) -> dict[tuple[int, int], list[tuple[str, Any]]]:
    """Notes of cells, which are put at the first repetition alone."""
    return {
        place: [("comment", copy(cell.comment))]
        for place, cell in page._cells.items()
        if getattr(cell, "comment", None)
    }


def _finder(page: Worksheet, row: int, within: tuple[BandInstance, ...]) -> Find:
    """Looks up a mark in the innermost block first; one in a block without rows says nothing."""
    is_blank = [one.filled is NOTHING for one in within]

    def find(name: str, depth: int) -> Value:
        if any(is_blank[: depth + 1]):
            return None
        for one in within[depth::-1]:
            if name in one.filled.values:
                return one.filled.values[name]
        raise BadMark(f"{page.title}!第 {row} 行", f"“{name}”没有内容可填。")

    return find


def _rooms(page: Worksheet) -> Mapping[tuple[int, int], float]:
    """The width in which a cell's text stands; of a merged one that of its columns together."""
    widths = defaultdict(lambda: page.sheet_format.defaultColWidth or _USUAL_WIDTH)
    for dimension in page.column_dimensions.values():
        for column in range(dimension.min or 1, (dimension.max or dimension.min or 1) + 1):
            widths[get_column_letter(column)] = dimension.width
    found: dict[tuple[int, int], float] = defaultdict(lambda: _USUAL_WIDTH)
    for row, column in page._cells:
        found[row, column] = widths[get_column_letter(column)]
    for block in page.merged_cells.ranges:
        columns = range(block.min_col, block.max_col + 1)
        found[block.min_row, block.min_col] = sum(widths[get_column_letter(c)] for c in columns)
    return found


def _needed(
    said: list[tuple[CellModel, Any]], rooms: Mapping[tuple[int, int], float], row: int
) -> float:
    """How high the row must be for its texts."""
    high = 0.0
    for model, text in said:
        room = (rooms[row, model.column] - 1) * _POINTS / model.size
        if len(text) * 2 > room or "\n" in text:
            high = max(high, lines_of(text, room) * LINE_POINTS * _LEADING * model.size / _POINTS)
    return min(high + PADDING_POINTS, HIGHEST_POINTS) if high else 0.0


def _set_height(page: Worksheet, place: int, dimension: Any, needed: float) -> None:
    if dimension is None and not needed:
        return
    own = copy(dimension) if dimension is not None else page.row_dimensions[place]
    own.index = place
    if needed > (own.ht or 0):
        own.ht = needed
    page.row_dimensions[place] = own


def _move_formats(page: Worksheet, sheets: Mapping[str, Moves]) -> None:
    moves, old = sheets[page.title], page.conditional_formatting
    page.conditional_formatting = ConditionalFormattingList()
    for one in old:
        blocks = [moves.around(block) for block in one.sqref.ranges]
        place = min(block.min_row for block in blocks)
        where = MultiCellRange(blocks)
        for rule in one.rules:
            rule.formula = [
                move_formula(f"={text}", place, page.title, sheets)[1:] for text in rule.formula
            ]
            page.conditional_formatting.add(str(where), rule)


def _move_names(book: Workbook, sheets: Mapping[str, Moves]) -> None:
    """What the workbook calls by a name of its own."""
    first = book.worksheets[0].title
    for name in _names(book):
        if name.attr_text:
            name.attr_text = move_formula(f"={name.attr_text}", 1, first, sheets)[1:]


def _names(book: Workbook) -> Iterator[Any]:
    yield from book.defined_names.values()
    for page in book.worksheets:
        yield from page.defined_names.values()
