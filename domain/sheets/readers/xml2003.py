"""Excel's own XML of 2003 ("XML 电子表格 2003"): values, formats, merges, hidden rows and columns, struck cells."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from domain.sheets.grid import MAX_COLUMNS, MAX_ROWS, Cell, Grid, Merge, Problem, UnreadableFile
from domain.sheets.readers import formats, numbers
from domain.sheets.readers.formats import NumberFormat

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_STRIKES = ("S", "DEL", "STRIKE")


@dataclass(frozen=True)
class _Look:
    """What a style says of the cells that have it."""

    number_format: NumberFormat | None = None
    is_struck: bool = False


def read(path: Path) -> list[Grid]:
    """All sheets of an 'XML Spreadsheet 2003'. Raises XML errors and UnreadableFile."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(path.read_bytes(), parser)
    looks = {style.get(f"{_SS}ID", ""): _look(style) for style in root.iter(f"{_SS}Style")}
    is_1904 = next(root.iter("{*}Date1904"), None) is not None
    return [_XmlSheet(looks).read(sheet, is_1904) for sheet in root.iter(f"{_SS}Worksheet")]


def _look(style: etree._Element) -> _Look:
    code, font = style.find(f"{_SS}NumberFormat"), style.find(f"{_SS}Font")
    return _Look(
        None if code is None else formats.parse(code.get(f"{_SS}Format", "")),
        font is not None and font.get(f"{_SS}StrikeThrough", "0") == "1",
    )


@dataclass
class _XmlSheet:
    looks: dict[str, _Look]
    cells: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    problems: dict[tuple[int, int], Problem] = field(default_factory=dict)
    remarks: dict[tuple[int, int], Problem] = field(default_factory=dict)
    behind: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    styles: dict[int, str] = field(default_factory=dict)

    def read(self, sheet: etree._Element, counts_from_1904: bool) -> Grid:
        self._columns(sheet)
        for index, row in _rows(sheet):
            self.cells.extend([] for _ in range(index + 1 - len(self.cells)))
            for cell in row.iterchildren(f"{_SS}Cell"):
                self._put(index, row, cell)
        return Grid(
            sheet.get(f"{_SS}Name", ""),
            self.cells,
            tuple(self.merges),
            any((v.text or "") != "SheetVisible" for v in sheet.iter("{*}Visible")),
            "",
            self.problems,
            self.remarks,
            frozenset(self.hidden_rows | {i for i, row in _rows(sheet) if _is_hidden(row)}),
            frozenset(self.hidden_columns),
            counts_from_1904,
            self.behind,
        )

    def _columns(self, sheet: etree._Element) -> None:
        following = 0
        for column in sheet.iter(f"{_SS}Column"):
            first = int(column.get(f"{_SS}Index") or following + 1) - 1
            following = first + int(column.get(f"{_SS}Span", "0")) + 1
            places = range(first, min(following, MAX_COLUMNS))
            if _is_hidden(column):
                self.hidden_columns.update(places)
            self.styles |= dict.fromkeys(places, column.get(f"{_SS}StyleID", ""))

    def _put(self, index: int, row: etree._Element, cell: etree._Element) -> None:
        line = self.cells[index]
        place = _place(cell, index, line)
        style = cell.get(f"{_SS}StyleID") or row.get(f"{_SS}StyleID") or self.styles.get(place[1])
        value = self._value(place, cell.find(f"{_SS}Data"), self.looks.get(style or "Default"))
        line.append(value)
        across = max(int(cell.get(f"{_SS}MergeAcross", "0")), 0)
        down = max(int(cell.get(f"{_SS}MergeDown", "0")), 0)
        if across or down:
            right = min(place[1] + across, MAX_COLUMNS - 1)
            self.merges.append((index, place[1], index + down, right))
            line.extend([""] * min(across, MAX_COLUMNS))

    def _value(
        self, place: tuple[int, int], data: etree._Element | None, look: _Look | None
    ) -> Cell:
        """The value as it is shown; what cannot be read or is struck is noted beside it."""
        struck = "" if data is None else "".join(_struck(data)).strip()
        value = _xml_value(data)
        if isinstance(value, Problem):
            self.problems[place] = value
            return ""
        if look and look.number_format:
            if isinstance(value, int) and not look.is_struck:
                self.behind[place] = value
            value = look.number_format.shown(value)
        if look and look.is_struck and value != "" and not struck:
            struck, value = str(value), ""
        if struck:
            self.remarks[place] = Problem(struck, numbers.STRUCK)
        return value


def _rows(sheet: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Rows with their places; one that spans more stands for the blank ones after it, too."""
    following = 0
    for row in sheet.iter(f"{_SS}Row"):
        index = int(row.get(f"{_SS}Index") or following + 1) - 1
        if not 0 <= index < MAX_ROWS:
            raise UnreadableFile(f"表格超过了 {MAX_ROWS} 行，请删去多余的行后再上传。")
        yield index, row
        following = index + int(row.get(f"{_SS}Span", "0")) + 1


def _is_hidden(element: etree._Element) -> bool:
    sizes = (element.get(f"{_SS}Height"), element.get(f"{_SS}Width"))
    return element.get(f"{_SS}Hidden") == "1" or "0" in sizes


def _place(cell: etree._Element, row: int, line: list[Cell]) -> tuple[int, int]:
    column = int(cell.get(f"{_SS}Index") or len(line) + 1) - 1
    if not 0 <= column < MAX_COLUMNS:
        raise UnreadableFile(f"第{row + 1}行超过了 {MAX_COLUMNS} 列，请删去多余的列后再上传。")
    line += [""] * (column - len(line))
    return row, column


def _xml_value(data: etree._Element | None) -> Cell | Problem:
    if data is None:
        return ""
    text, kind = "".join(_kept(data)), data.get(f"{_SS}Type")
    if kind == "Number" and text:
        return numbers.plain_number(float(text))
    if kind == "DateTime" and text:
        return numbers.plain(datetime.datetime.fromisoformat(text[:19]))
    if kind == "Error":
        return Problem(text, numbers.ERROR_VALUE)
    return numbers.plain_text(text)


def _is_strike(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname.upper() in _STRIKES


def _kept(data: etree._Element) -> Iterator[str]:
    yield data.text or ""
    for child in data:
        if isinstance(child.tag, str) and not _is_strike(child):
            is_raised = etree.QName(child).localname.upper() == "SUP"
            yield from map(numbers.raised, _kept(child)) if is_raised else _kept(child)
        yield child.tail or ""


def _struck(data: etree._Element) -> Iterator[str]:
    return ("".join(e.itertext()) for e in data.iter() if e is not data and _is_strike(e))
