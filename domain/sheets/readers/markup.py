"""HTML tables, which older systems export under the name .xls, and Excel's own XML of 2003."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import lxml.html
from lxml import etree

from domain.sheets.grid import MAX_COLUMNS, MAX_ROWS, Cell, Grid, Merge, Problem, UnreadableFile
from domain.sheets.readers import numbers
from domain.sheets.readers.decoding import decode

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def read_html(path: Path) -> list[Grid]:
    """One grid per table, unnamed if it is the only one, else 表1, 表2, … Raises UnreadableFile."""
    text = decode(path.read_bytes())
    root = lxml.html.fromstring(
        text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", no_network=True)
    )
    tables = [table for table in root.iter("table") if next(_rows(table), None) is not None]
    if not tables:
        raise UnreadableFile("网页文件里没有表格，请上传 Excel 或 Word 原件。")
    names = [None] if len(tables) == 1 else [f"表{number}" for number in range(1, len(tables) + 1)]
    title = (root.findtext(".//title") or "").strip()
    return [_html_grid(name, table, title) for name, table in zip(names, tables, strict=True)]


def _rows(table: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    return (row for row in table.iter("tr") if next(row.iterancestors("table")) is table)


def _html_grid(name: str | None, table: lxml.html.HtmlElement, title: str) -> Grid:
    rows = list(_rows(table))
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(f"表格超过了 {MAX_ROWS} 行，请删去多余的行后再上传。")
    placed = _Placed(len(rows))
    for index, row in enumerate(rows):
        for cell in row.iterchildren("td", "th"):
            placed.put(index, _span(cell, "rowspan"), _span(cell, "colspan"), _html_text(cell))
    caption = "\n".join(filter(None, (title, table.findtext("caption", ""), _text_before(table))))
    return Grid(name, placed.cells, tuple(placed.merges), False, caption)


class _Placed:
    """Cells put one after the other where rows and columns spanned from above leave room."""

    def __init__(self, rows: int) -> None:
        self.cells: list[list[Cell]] = [[] for _ in range(rows)]
        self.merges: list[Merge] = []
        self.taken: list[set[int]] = [set() for _ in range(rows)]
        self.next = [0] * rows

    def put(self, row: int, down: int, across: int, value: Cell) -> None:
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


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return max(min(int(value), MAX_ROWS), 1) if value.isdecimal() and len(value) < 8 else 1


def _html_text(cell: lxml.html.HtmlElement) -> str:
    value = numbers.plain_text("".join(_html_pieces(cell)).strip())
    return value if isinstance(value, str) else ""


def _html_pieces(element: lxml.html.HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in ("br", "p", "div"):
            yield "\n"
        if isinstance(child.tag, str) and child.tag not in ("table", "script", "style"):
            yield from _html_pieces(child)
        yield child.tail or ""


def _text_before(table: lxml.html.HtmlElement) -> str:
    """The last few lines of text above the table: its heading, if it stands outside."""
    pieces: list[str] = []
    for sibling in table.itersiblings(preceding=True):
        if sibling.tag == "table" or len(pieces) >= 3:
            break
        if isinstance(sibling.tag, str):
            pieces.append((sibling.text_content() or "").strip())
    return "\n".join(reversed([piece for piece in pieces if piece]))


def read_xml2003(path: Path) -> list[Grid]:
    """All sheets of an 'XML Spreadsheet 2003'. Raises XML errors and UnreadableFile."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(path.read_bytes(), parser)
    return [_xml_grid(sheet) for sheet in root.iter(f"{_SS}Worksheet")]


def _xml_grid(sheet: etree._Element) -> Grid:
    cells: list[list[Cell]] = []
    merges: list[Merge] = []
    problems: dict[tuple[int, int], Problem] = {}
    for row in sheet.iter(f"{_SS}Row"):
        index = int(row.get(f"{_SS}Index") or len(cells) + 1) - 1
        if not 0 <= index < MAX_ROWS:
            raise UnreadableFile(f"表格超过了 {MAX_ROWS} 行，请删去多余的行后再上传。")
        cells.extend([] for _ in range(index + 1 - len(cells)))
        for cell in row.iterchildren(f"{_SS}Cell"):
            place = _place(cell, index, cells[index])
            value = _xml_value(cell.find(f"{_SS}Data"))
            if isinstance(value, Problem):
                problems[place] = value
            cells[index].append("" if isinstance(value, Problem) else value)
            across, down = (
                int(cell.get(f"{_SS}MergeAcross", "0")),
                int(cell.get(f"{_SS}MergeDown", "0")),
            )
            if across > 0 or down > 0:
                merges.append(
                    (index, place[1], index + down, min(place[1] + across, MAX_COLUMNS - 1))
                )
                cells[index].extend([""] * min(across, MAX_COLUMNS))
    hidden = any((v.text or "") != "SheetVisible" for v in sheet.iter("{*}Visible"))
    return Grid(sheet.get(f"{_SS}Name", ""), cells, tuple(merges), hidden, "", problems)


def _place(cell: etree._Element, row: int, line: list[Cell]) -> tuple[int, int]:
    column = int(cell.get(f"{_SS}Index") or len(line) + 1) - 1
    if not 0 <= column < MAX_COLUMNS:
        raise UnreadableFile(f"第{row + 1}行超过了 {MAX_COLUMNS} 列，请删去多余的列后再上传。")
    line += [""] * (column - len(line))
    return row, column


def _xml_value(data: etree._Element | None) -> Cell | Problem:
    if data is None:
        return ""
    text, kind = "".join(data.itertext()), data.get(f"{_SS}Type")
    if kind == "Number":
        return numbers.plain_number(float(text))
    if kind == "DateTime":
        return numbers.plain(datetime.datetime.fromisoformat(text[:19]))
    if kind == "Error":
        return Problem(text, numbers.ERROR_VALUE)
    return numbers.plain_text(text)
