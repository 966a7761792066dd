"""HTML tables, which older systems export under the name .xls. What is shown counts, hidden pieces do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lxml.html

from domain.sheets.grid import MAX_COLUMNS, MAX_ROWS, Cell, Grid, Merge, Problem, UnreadableFile
from domain.sheets.readers import html_cells, numbers
from domain.sheets.readers.decoding import decode
from domain.sheets.readers.html_cells import HtmlLooks, is_own_table


def read(path: Path) -> list[Grid]:
    """One grid per table, unnamed if it is the only one, else 表1, 表2, … Raises UnreadableFile."""
    text = decode(path.read_bytes())
    root = lxml.html.fromstring(
        text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", no_network=True)
    )
    tables = [
        table
        for table in root.iter("table")
        if is_own_table(table) and next(_rows(table), None) is not None
    ]
    if not tables:
        raise UnreadableFile("网页文件里没有表格，请上传 Excel 或 Word 原件。")
    names = [None] if len(tables) == 1 else [f"表{number}" for number in range(1, len(tables) + 1)]
    title = (root.findtext(".//title") or "").strip()
    looks = HtmlLooks(root)
    return [_grid(name, table, title, looks) for name, table in zip(names, tables, strict=True)]


def _rows(table: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    return (row for row in table.iter("tr") if next(row.iterancestors("table")) is table)


def _grid(name: str | None, table: lxml.html.HtmlElement, title: str, looks: HtmlLooks) -> Grid:
    rows = list(_rows(table))
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(f"表格超过了 {MAX_ROWS} 行，请删去多余的行后再上传。")
    placed = _Placed(len(rows))
    for index, row in enumerate(rows):
        for cell in row.iterchildren("td", "th"):
            value, left_out = html_cells.read(cell, looks)
            column = placed.put(index, _span(cell, "rowspan"), _span(cell, "colspan"), value)
            if left_out:
                placed.remarks[index, column] = left_out
            placed.columns.setdefault(column, []).append(looks.is_hidden(cell))
            if placed.columns[column][-1]:
                placed.hidden.append((index, column))
    caption = "\n".join(filter(None, (title, table.findtext("caption", ""), _text_before(table))))
    return Grid(
        name,
        placed.cells,
        tuple(placed.merges),
        caption=caption,
        hidden_columns=placed.hide() | _hidden_columns(table, looks),
        hidden_rows=frozenset(index for index, row in enumerate(rows) if _is_hidden(row, looks)),
        remarks=placed.remarks,
    )


def _is_hidden(row: lxml.html.HtmlElement, looks: HtmlLooks) -> bool:
    """A row is hidden with its group: tbody."""
    group = row.getparent()
    if row.get("height") in ("0", "0px"):
        return True
    return looks.is_hidden(row) or (group.tag != "table" and looks.is_hidden(group))


def _hidden_columns(table: lxml.html.HtmlElement, looks: HtmlLooks) -> frozenset[int]:
    """What a <col> hides, as Excel writes it: the cells under it say nothing of it themselves."""
    found: set[int] = set()
    place = 0
    for column in table.iter("col"):
        if next(column.iterancestors("table")) is table:
            following = min(place + _span(column, "span"), MAX_COLUMNS)
            if looks.is_hidden(column):
                found.update(range(place, following))
            place = following
    return frozenset(found)


class _Placed:
    """Cells put one after the other where rows and columns spanned from above leave room."""

    def __init__(self, rows: int) -> None:
        self.cells: list[list[Cell]] = [[] for _ in range(rows)]
        self.merges: list[Merge] = []
        self.taken: list[set[int]] = [set() for _ in range(rows)]
        self.next = [0] * rows
        self.remarks: dict[tuple[int, int], Problem] = {}
        self.columns: dict[int, list[bool]] = {}
        self.hidden: list[tuple[int, int]] = []

    def hide(self) -> frozenset[int]:
        """The columns of which every cell is hidden; other hidden cells lose their text, with a remark."""
        columns = frozenset(column for column, cells in self.columns.items() if all(cells))
        for row, column in self.hidden:
            text = str(self.cells[row][column])
            if column not in columns and text:
                self.remarks[row, column] = Problem(text, numbers.HIDDEN)
                self.cells[row][column] = ""
        return columns

    def put(self, row: int, down: int, across: int, value: Cell) -> int:
        """The column where it came to stand."""
        column = self.next[row]
        while column in self.taken[row]:
            column += 1
        if column + across > MAX_COLUMNS:
            raise UnreadableFile(f"第{row + 1}行超过了 {MAX_COLUMNS} 列，请删去多余的列后再上传。")
        bottom = min(row + down, len(self.cells)) - 1
        for below in range(row + 1, bottom + 1):
            self.taken[below].update(range(column, column + across))
        line = self.cells[row]
        line += [""] * (column + across - len(line))
        line[column] = value
        self.next[row] = column + across
        if bottom > row or across > 1:
            self.merges.append((row, column, bottom, column + across - 1))
        return column


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return max(min(int(value), MAX_ROWS), 1) if value.isdecimal() and len(value) < 8 else 1


def _text_before(table: lxml.html.HtmlElement) -> str:
    """The last few lines of text above the table: its heading, if it stands outside."""
    pieces: list[str] = []
    for sibling in table.itersiblings(preceding=True):
        if sibling.tag == "table" or len(pieces) >= 3:
            break
        if isinstance(sibling.tag, str):
            pieces.append((sibling.text_content() or "").strip())
    return "\n".join(reversed([piece for piece in pieces if piece]))
