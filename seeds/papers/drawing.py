"""A layout as an .xlsx template: A4, the head on every printed page, page numbers, fonts as offices use them."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from seeds.papers.layout import SUM, PaperHead, PaperPage, PaperTable

TITLE_FONT, HEAD_FONT, BODY_FONT = "方正小标宋简体", "黑体", "仿宋"
_A4 = 9
_MIDDLE = {"valign": "vcenter", "text_wrap": True}
_GRID = {"border": 1}
_TITLE = {"font_name": TITLE_FONT, "font_size": 20, "align": "center", **_MIDDLE}
_NOTES = {"font_name": BODY_FONT, "font_size": 12, **_MIDDLE}
_HEAD = {"font_name": HEAD_FONT, "font_size": 11, "align": "center", **_MIDDLE, **_GRID}
_BODY = {"font_name": BODY_FONT, "font_size": 11, **_MIDDLE, **_GRID}
_LATE = {"font_color": "#C00000"}
_FORMATS = {"date": "yyyy-mm-dd", "share": "0.00%", "number": "0", "instant": "yyyy-mm-dd hh:mm"}
_LEFT = {"text"}
_TITLE_POINTS, _LINE_POINTS, _HEAD_POINTS = 42, 22, 24


def draw_template(*pages: PaperPage) -> bytes:
    """The template of these sheets."""
    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True})
    for page in pages:
        _PageDrawer(book, page).draw()
    book.close()
    return stream.getvalue()


class _PageDrawer:
    def __init__(self, book: Any, page: PaperPage) -> None:
        self.book, self.page = book, page
        self.sheet: Any = book.add_worksheet(page.name)
        self.last = max(len(table.columns) for table in page.tables) - 1
        self.row = 0

    def draw(self) -> None:
        self._set_up()
        self._line(self.page.title, _TITLE, _TITLE_POINTS)
        self._line(self.page.notes, _NOTES, _LINE_POINTS * (1 + self.page.notes.count("\n")))
        if self.page.tables[0].around:
            self.sheet.repeat_rows(0, self.row - 1)
        for place, table in enumerate(self.page.tables):
            if place:
                self._line("", _NOTES, _LINE_POINTS)
            self._table(table)
        self._line(self.page.foot, _NOTES, _LINE_POINTS * 2)

    def _set_up(self) -> None:
        sheet = self.sheet
        if self.page.is_landscape:
            sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
        sheet.set_footer("&C— &P —")
        widest = max(self.page.tables, key=lambda table: len(table.columns))
        for place, column in enumerate(widest.columns):
            sheet.set_column(place, place, column.width)

    def _line(self, text: str, look: dict[str, Any], points: float) -> None:
        self._across(self.row, 0, self.last, text, look)
        self._next(points)

    def _across(self, row: int, first: int, last: int, text: str, look: dict[str, Any]) -> None:
        made = self.book.add_format(look)
        if last > first:
            self.sheet.merge_range(row, first, row, last, "", made)
        self.sheet.write_string(row, first, text, made)

    def _next(self, points: float) -> None:
        self.sheet.set_row(self.row, points)
        self.row += 1

    def _table(self, table: PaperTable) -> None:
        if table.around:
            self._sign(f"{{{{#{table.around}}}}}")
        for lead in table.leads:
            self._across(self.row, 0, self.last, lead, {**_BODY, "align": "left"})
            self._next(_LINE_POINTS)
        self._heads(table)
        self._rows(table)
        if table.has_total:
            self._totals(table.columns)
        if table.around:
            self._sign(f"{{{{/{table.around.split(' ')[0]}}}}}")

    def _sign(self, text: str) -> None:
        """A row with the beginning or the end of a block alone: it goes when the template is filled."""
        self.sheet.write_string(self.row, 0, text)
        self.row += 1

    def _heads(self, table: PaperTable) -> None:
        look = self.book.add_format(_HEAD)
        has_two = any(head.under for head in table.heads)
        if not table.around and table is self.page.tables[0]:
            self.sheet.freeze_panes(self.row + 1 + has_two, 0)
            self.sheet.repeat_rows(self.row, self.row + has_two)
        place = 0
        for head in table.heads:
            self._head(head, place, has_two, look)
            place += len(head.columns)
        has_lines = any("\n" in head.text for head in table.heads)
        for _ in range(1 + has_two):
            self._next(_HEAD_POINTS * (1.5 if has_lines and not has_two else 1))

    def _head(self, head: PaperHead, place: int, has_two: bool, look: Any) -> None:
        row, last = self.row, place + len(head.columns) - 1
        if head.under:
            self._across(row, place, last, head.text, _HEAD)
            for n, column in enumerate(head.columns):
                self.sheet.write_string(row + 1, place + n, column.text, look)
        elif has_two:
            self.sheet.merge_range(row, place, row + 1, place, head.text, look)
        else:
            self.sheet.write_string(row, place, head.text, look)

    def _rows(self, table: PaperTable) -> None:
        """The one row that the block repeats; a block within it begins and ends in marks of its columns."""
        opens, closes = f"{{{{#{table.block}}}}}", f"{{{{/{table.block.split(' ')[0]}}}}}"
        columns = table.columns
        for place, column in enumerate(columns):
            text = column.mark
            text = f"{opens}{text}" if place == 0 else text
            text = f"{text}{closes}" if place == len(columns) - 1 else text
            look = self.book.add_format(_look(column))
            if text.startswith("="):
                self.sheet.write_formula(self.row, place, text.format(row=self.row + 1), look)
            else:
                self.sheet.write_string(self.row, place, text, look)
        self._redden(table)
        self._next(_LINE_POINTS)

    def _redden(self, table: PaperTable) -> None:
        place = next((n for n, c in enumerate(table.columns) if c.text == table.late), None)
        if place is not None:
            cell = xl_rowcol_to_cell(self.row, place, col_abs=True)
            rule = {
                "type": "formula",
                "criteria": f"=N({cell})>0",
                "format": self.book.add_format(_LATE),
            }
            self.sheet.conditional_format(self.row, 0, self.row, len(table.columns) - 1, rule)

    def _totals(self, columns: Sequence[PaperHead]) -> None:
        for place, column in enumerate(columns):
            look = self.book.add_format({**_look(column), "font_name": HEAD_FONT})
            if column.total == SUM:
                above = xl_rowcol_to_cell(self.row - 1, place)
                self.sheet.write_formula(self.row, place, f"=SUM({above}:{above})", look)
            elif column.total.startswith("="):
                text = column.total.format(row=self.row + 1, above=self.row)
                self.sheet.write_formula(self.row, place, text, look)
            else:
                self.sheet.write_string(self.row, place, column.total, look)
        self._next(_LINE_POINTS)


def _look(column: PaperHead) -> dict[str, Any]:
    return {
        **_BODY,
        "num_format": _FORMATS.get(column.kind, "General"),
        "align": "left" if column.kind in _LEFT else "center",
    }
