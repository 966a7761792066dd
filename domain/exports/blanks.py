"""An empty workbook to be filled in and imported: headers with notes, drop-down lists, one grey example row.

What stands in it others say. The lists lie on a hidden sheet and the cells refer to a plain range of it: WPS and
LibreOffice keep those. The example row says in one of its cells that it is none of the data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from domain.exports import looks
from domain.exports.values import clean_text, write_cell
from domain.exports.workbook import SheetColumn, sheet_name
from domain.sheets.grid import CHOICES
from domain.texts.asides import EXAMPLE

ROWS = 2_000
"""How many rows have the lists and the formats."""
_NOTE = {"author": "办理", "x_scale": 2.2, "y_scale": 1.4}
_GREY = {"font_color": "#8A93A0", "italic": True, "bg_color": "#F3F4F6"}


@dataclass(frozen=True)
class BlankColumn:
    """One column: how it looks, what the note at its header says, what may be picked, what the example row shows.

    `is_open`: something else than the choices may be written too, such as several of them.
    """

    sheet: SheetColumn
    note: str
    choices: Sequence[str] = ()
    example: str = ""
    is_required: bool = False
    is_open: bool = False


def write_blank(stream: IO[bytes], name: str, columns: Sequence[BlankColumn]) -> None:
    """Write the workbook to a seekable ``stream``: the header in row 1, the example in row 2."""
    book = Workbook(stream, {"in_memory": True})
    page, hidden = book.add_worksheet(sheet_name(name)), book.add_worksheet(CHOICES)
    hidden.hide()
    page.freeze_panes(1, 0)
    looks.set_height(page, 0, looks.HEADER_POINTS)
    for place, column in enumerate(columns):
        _draw_column(book, page, place, column)
        if column.choices:
            _offer(page, hidden, place, column)
    book.close()


def _draw_column(book: Any, page: Any, place: int, column: BlankColumn) -> None:
    look = looks.cell_look(column.sheet.kind)
    body, grey = book.add_format(look), book.add_format({**look, **_GREY})
    width = round(column.sheet.drawn_width * 7)
    page.set_column_pixels(place, place, width, book.add_format({"num_format": look["num_format"]}))
    colour = {"font_color": "#C00000"} if column.is_required else {}
    write_cell(page, 0, place, column.sheet.header, book.add_format({**looks.HEADER, **colour}))
    page.write_comment(0, place, clean_text(column.note), _NOTE)
    example = column.example + EXAMPLE if place == 0 else column.example
    write_cell(page, 1, place, example, grey)
    page.write_blank(2, place, None, body)


def _offer(page: Any, hidden: Any, place: int, column: BlankColumn) -> None:
    for row, choice in enumerate(column.choices):
        hidden.write_string(row, place, clean_text(choice))
    letters = xl_col_to_name(place)
    source = f"='{CHOICES}'!${letters}$1:${letters}${len(column.choices)}"
    rule = {"validate": "list", "source": source, "ignore_blank": True}
    if column.is_open:
        rule |= {"show_error": False}
    else:
        title, message = "不在可选内容里", "请从下拉列表里选，或照列表里的写法填。"
        rule |= {"error_title": title, "error_message": message, "error_type": "warning"}
    page.data_validation(2, place, ROWS, place, rule)
