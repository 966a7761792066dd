"""OpenDocument spreadsheets (.ods): values, merges and error cells straight from content.xml.

calamine reads .ods too, but knows neither its merges nor its error cells.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any, TypeVar

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
from domain.sheets.preflight import ENCRYPTED
from domain.sheets.readers import ods_cells
from domain.sheets.readers.ods_cells import OdsLooks
from domain.sheets.text_files import FOREIGN

_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_HIDDEN = ("collapse", "filter")
_Noted = TypeVar("_Noted")


def read(path: Path) -> list[Grid]:
    """All sheets. Raises UnreadableFile, zip and XML errors."""
    with zipfile.ZipFile(path) as archive:
        if b"spreadsheet" not in archive.read("mimetype"):
            raise UnreadableFile(FOREIGN)
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
            "META-INF/manifest.xml"
        ):
            raise UnreadableFile(ENCRYPTED)
        tree = _parsed(archive.read("content.xml"))
        has_styles = "styles.xml" in archive.namelist()
        shared = [_parsed(archive.read("styles.xml"))] if has_styles else []
    looks = OdsLooks([*shared, tree])
    tables = list(tree.iter(f"{_T}table"))[:MAX_SHEETS]
    return [_Sheet(looks).read(table) for table in tables]


def _again(found: dict[tuple[int, int], _Noted], row: int, repeated: int) -> None:
    for (_, column), one in [item for item in found.items() if item[0][0] == row]:
        found.update({(row + below, column): one for below in range(1, repeated)})


def _parsed(part: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.parse(io.BytesIO(part), parser)


class _Sheet:
    def __init__(self, looks: OdsLooks) -> None:
        self.looks = looks
        self.cells: list[list[Cell]] = []
        self.merges: list[Merge] = []
        self.problems: dict[tuple[int, int], Problem] = {}
        self.remarks: dict[tuple[int, int], Problem] = {}
        self.behind: dict[tuple[int, int], int] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.styles: dict[int, str] = {}

    def read(self, table: etree._Element) -> Grid:
        name = table.get(f"{_T}name", "")
        self._columns(table)
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
                if repeated > 1:
                    self._repeat(row, repeated)
                if element.get(f"{_T}visibility") in _HIDDEN:
                    self.hidden_rows.update(range(row, row + repeated))
            row += repeated
        return Grid(
            name,
            self.cells,
            tuple(self.merges),
            self.looks.is_hidden_table(table.get(f"{_T}style-name")),
            "",
            self.problems,
            self.remarks,
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            behind=self.behind,
        )

    def _columns(self, table: etree._Element) -> None:
        place = 0
        for column in table.iter(f"{_T}table-column"):
            following = place + int(column.get(f"{_T}number-columns-repeated", "1"))
            places = range(place, min(following, MAX_COLUMNS))
            if column.get(f"{_T}visibility") in _HIDDEN:
                self.hidden_columns.update(places)
            self.styles |= dict.fromkeys(places, column.get(f"{_T}default-cell-style-name", ""))
            place = following

    def _repeat(self, row: int, repeated: int) -> None:
        """What was noted in a row that stands for several is so in each."""
        _again(self.problems, row, repeated)
        _again(self.remarks, row, repeated)
        _again(self.behind, row, repeated)

    def _line(self, row: int, element: etree._Element) -> list[Cell]:
        line: list[Cell] = []
        column = 0
        for cell in element.iterchildren(f"{_T}table-cell", f"{_T}covered-table-cell"):
            repeated = int(cell.get(f"{_T}number-columns-repeated", "1"))
            self._note_merge(row, column, cell)
            style = cell.get(f"{_T}style-name") or self.styles.get(column, "")
            value, left_out = ods_cells.read(cell, style, self.looks)
            if value != "" or left_out:
                if column + repeated > MAX_COLUMNS:
                    raise UnreadableFile(
                        f"第{row + 1}行超过了 {MAX_COLUMNS} 列，请删去多余的列后再上传。"
                    )
                self._note(row, range(column, column + repeated), value, left_out)
                number = None if left_out else ods_cells.number_behind(cell, value)
                if number is not None:
                    places = ((row, column + step) for step in range(repeated))
                    self.behind |= dict.fromkeys(places, number)
                plain = "" if isinstance(value, Problem) else value
                line += [""] * (column - len(line)) + [plain] * repeated
            column += repeated
        return line

    def _note(
        self, row: int, columns: range, value: Cell | Problem, left_out: Problem | None
    ) -> None:
        for column in columns:
            if isinstance(value, Problem):
                self.problems[row, column] = value
            if left_out:
                self.remarks[row, column] = left_out

    def _note_merge(self, row: int, column: int, cell: etree._Element) -> None:
        down = int(cell.get(f"{_T}number-rows-spanned", "1"))
        across = int(cell.get(f"{_T}number-columns-spanned", "1"))
        if (down > 1 or across > 1) and row < MAX_ROWS and column < MAX_COLUMNS:
            self.merges.append((row, column, row + down - 1, column + across - 1))
