"""OpenDocument spreadsheets (.ods): values, merges and error cells straight from content.xml.

calamine reads .ods too, but knows neither its merges nor its error cells.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from domain.sheets.grid import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    Cell,
    Grid,
    Merge,
    Problem,
    UnreadableFile,
)
from domain.sheets.preflight import ENCRYPTED, FOREIGN
from domain.sheets.readers import numbers

_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_X = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_S = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


def read(path: Path) -> list[Grid]:
    """All sheets. Raises UnreadableFile, zip and XML errors."""
    with zipfile.ZipFile(path) as archive:
        if b"spreadsheet" not in archive.read("mimetype"):
            raise UnreadableFile(FOREIGN)
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
            "META-INF/manifest.xml"
        ):
            raise UnreadableFile(ENCRYPTED)
        content = archive.read("content.xml")
    tree = etree.parse(
        io.BytesIO(content),
        etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True),
    )
    hidden = {
        style.get(f"{_S}name")
        for style in tree.iter(f"{_S}style")
        if any(p.get(f"{_T}display") == "false" for p in style.iter(f"{_S}table-properties"))
    }
    tables = list(tree.iter(f"{_T}table"))[:MAX_SHEETS]
    return [_Sheet().read(table, table.get(f"{_T}style-name") in hidden) for table in tables]


class _Sheet:
    def __init__(self) -> None:
        self.cells: list[list[Cell]] = []
        self.merges: list[Merge] = []
        self.problems: dict[tuple[int, int], Problem] = {}

    def read(self, table: etree._Element, hidden: bool) -> Grid:
        name = table.get(f"{_T}name", "")
        row = 0
        for element in table.iter(f"{_T}table-row"):
            repeated = int(element.get(f"{_T}number-rows-repeated", "1"))
            line = self._line(row, element)
            if line:
                if row + repeated > MAX_ROWS:
                    raise UnreadableFile(
                        f"工作表“{name}”超过了 {MAX_ROWS} 行，请删去多余的行后再上传。"
                    )
                self.cells.extend([] for _ in range(row - len(self.cells)))
                self.cells.extend(list(line) for _ in range(repeated))
            row += repeated
        return Grid(name, self.cells, tuple(self.merges), hidden, "", self.problems)

    def _line(self, row: int, element: etree._Element) -> list[Cell]:
        line: list[Cell] = []
        column = 0
        for cell in element.iterchildren(f"{_T}table-cell", f"{_T}covered-table-cell"):
            repeated = int(cell.get(f"{_T}number-columns-repeated", "1"))
            self._note_merge(row, column, cell)
            value = _value(cell)
            if isinstance(value, Problem):
                self.problems[row, column] = value
            if value != "":
                if column + repeated > MAX_COLUMNS:
                    raise UnreadableFile(
                        f"第{row + 1}行超过了 {MAX_COLUMNS} 列，请删去多余的列后再上传。"
                    )
                line += [""] * (column - len(line)) + [
                    "" if isinstance(value, Problem) else value
                ] * repeated
            column += repeated
        return line

    def _note_merge(self, row: int, column: int, cell: etree._Element) -> None:
        down = int(cell.get(f"{_T}number-rows-spanned", "1"))
        across = int(cell.get(f"{_T}number-columns-spanned", "1"))
        if (down > 1 or across > 1) and row < MAX_ROWS and column < MAX_COLUMNS:
            self.merges.append((row, column, row + down - 1, column + across - 1))


def _value(cell: etree._Element) -> Cell | Problem:
    kind = cell.get(f"{_O}value-type")
    text = "\n".join(_text(paragraph) for paragraph in cell.iterchildren(f"{_X}p"))
    if cell.get(_CALC_TYPE) == "error" or (
        kind == "string" and text in ("#N/A", "#REF!", "#VALUE!", "#NAME?")
    ):
        return Problem(text, numbers.ERROR_VALUE)
    if kind in ("float", "percentage", "currency"):
        value = numbers.plain_number(float(cell.get(f"{_O}value", "nan")))
        return text if isinstance(value, int) and text.isdigit() and text != str(value) else value
    if kind == "date":
        return _date(cell.get(f"{_O}date-value", ""), text)
    if kind == "time":
        return Problem(text, numbers.NO_DATE)
    return numbers.plain_text(text)


def _date(value: str, text: str) -> Cell | Problem:
    try:
        return numbers.plain(datetime.date.fromisoformat(value[:10]))
    except ValueError:
        return Problem(text, numbers.NO_DATE)


def _text(paragraph: etree._Element) -> str:
    return "".join(_pieces(paragraph))


def _pieces(element: etree._Element) -> Iterator[str]:
    """The visible text: spaces and breaks are elements of their own, and comments are left out."""
    yield element.text or ""
    for child in element:
        if child.tag == f"{_X}s":
            yield " " * min(int(child.get(f"{_X}c", "1")), 100)
        elif child.tag in (f"{_X}line-break", f"{_X}tab"):
            yield "\n" if child.tag == f"{_X}line-break" else "\t"
        elif isinstance(child.tag, str) and child.tag != f"{_O}annotation":
            yield from _pieces(child)
        yield child.tail or ""
