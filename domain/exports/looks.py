"""How an exported sheet looks and prints: fonts, frames, formats of numbers, page set-up. Not what it holds.

Sizes are handed over in pixels, of which 7 make a character of width and 4 three points: what is given in characters
and points would be rounded.
"""

from collections.abc import Mapping
from typing import Any

HEADER_ROW = 3
HEADER_POINTS = 24
TITLE_POINTS, NOTES_POINTS = 30, 18
TITLE_SIZE, NOTES_SIZE = 16, 10
HEADING, BODY = "黑体", "宋体"

_A4 = 9
_FORMATS = {
    "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
    "number": "0.##########",
    "whole number": "0",
    "place": "0",
}
_CENTRED = {"date", "instant", "choice", "yes/no", "code", "place"}
_ON_ONE_LINE = {"date", "instant", "number"}
_GRID = {"border": 1, "border_color": "#B7BDC6"}
_MIDDLE = {"valign": "vcenter", "text_wrap": True}

Look = Mapping[str, Any]
"""The properties of one of XlsxWriter's formats."""

TITLE: Look = {
    "font_name": HEADING,
    "font_size": TITLE_SIZE,
    "bold": True,
    "align": "center",
    **_MIDDLE,
}
NOTES: Look = {"font_name": BODY, "font_size": NOTES_SIZE, "align": "left", **_MIDDLE}
HEADER: Look = {
    "font_name": HEADING, "font_size": 11, "align": "center", "bg_color": "#E9F0F9", **_MIDDLE, **_GRID,
}  # fmt: skip


def cell_look(kind: str) -> Look:
    """The look of the values in a column of this kind."""
    return {
        "font_name": BODY,
        "font_size": 11,
        # "@" keeps a text a text when somebody edits the cell: 001 stays 001, and =1+1 stays harmless.
        "num_format": _FORMATS.get(kind, "@"),
        "align": "center" if kind in _CENTRED else "",
        "valign": "vcenter",
        "text_wrap": kind not in _ON_ONE_LINE,
        **_GRID,
    }


def set_up_page(page: Any) -> None:
    """The head stays in sight and stands on every printed page: A4, landscape, all columns on one page's width."""
    page.freeze_panes(HEADER_ROW, 0)
    page.repeat_rows(HEADER_ROW - 1)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.set_header("", {"margin": 0.3})
    page.set_footer("&C第 &P 页 共 &N 页", {"margin": 0.35})


def set_height(page: Any, row: int, points: float) -> None:
    page.set_row_pixels(row, points * 4 / 3)


def set_width(page: Any, column: int, characters: float) -> None:
    page.set_column_pixels(column, column, characters * 7)
