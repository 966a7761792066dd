"""A second look at an .xlsx: error cells, formulas without a saved result, formats, what is struck through or hidden.

Cheap when there is nothing to find: the sheet's bytes are searched first and parsed only if something stands out.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from lxml import etree

from domain.sheets.grid import MAX_COLUMNS, Problem, UnreadableFile
from domain.sheets.readers import numbers
from domain.sheets.readers.marks import Marks, Runs
from domain.sheets.readers.package import Package, parse
from domain.sheets.readers.xlsx_styles import WorkbookLooks, looks_of, runs_of

_SUSPICIOUS = re.compile(
    rb"""\bt\s*=\s*["']e["']"""
    rb"""|(?:<(?:\w+:)?f\b[^>]*/>|</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"""
)
"""An error, or a formula with no value behind it: none at all, <v/>, or <v></v> as openpyxl leaves it."""
_WITHOUT_IT_NOTHING = (b'"e"', b"'e'", b"<f", b":f")
"""Whatever is suspicious holds one of these; looking for them takes a tenth of the expression's time."""
_HIDDEN_ROW = re.compile(
    rb"<(?:\w+:)?row\b[^>]*\b(?:hidden\s*=\s*[\"'](?:1|true)|ht\s*=\s*[\"']0[.\"'])"
)
_SHEET_DATA = re.compile(rb"<(?:\w+:)?sheetData\b")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_YES = ("1", "true")
NOT_UTF_8 = "的编码不常见或文件已损坏，读不到内容，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。"


def scan(path: Path) -> tuple[dict[str, Marks], bool]:
    """Marks by sheet name, and whether days count from 1904. A sheet whose part cannot be found is missing.

    Raises UnreadableFile, and lxml, zip and key errors as they come.
    """
    with zipfile.ZipFile(path) as archive:
        package = Package(archive)
        main = package.main_part("xl/workbook.xml")
        if main not in package:
            return {}, False
        relations = package.relations(main)
        kinds = dict(relations.values())
        looks = looks_of(
            package,
            kinds.get("/styles", "xl/styles.xml"),
            kinds.get("/sharedStrings", "xl/sharedstrings.xml"),
        )
        workbook = parse(package.read(main))
        parts = {
            sheet.get("name", ""): relations.get(_relation(sheet), ("", ""))[1]
            for sheet in workbook.iter("{*}sheet")
        }
        marks = {
            name: _scan_sheet(name, package.read(part), looks)
            for name, part in parts.items()
            if part in package
        }
        about = workbook.find("{*}workbookPr")
        return marks, about is not None and about.get("date1904", "0").lower() in _YES


def _relation(sheet: etree._Element) -> str:
    return sheet.get(_RELATION) or sheet.get(_STRICT_RELATION) or ""


def _scan_sheet(name: str, data: bytes, looks: WorkbookLooks) -> Marks:
    if data.count(b"sheetData") > 2 and len(_SHEET_DATA.findall(data)) > 1:
        raise UnreadableFile(
            f"工作表“{name}”的内容分成了两段（sheetData），文件已损坏，"
            "请用 WPS 或 Excel 打开、检查行数后另存为 .xlsx 再上传。"
        )
    if b"\0" in data[:200]:  # UTF-16, of which the first look reads nothing
        raise UnreadableFile(f"工作表“{name}”" + NOT_UTF_8)
    marks = Marks()
    head = data[: data.find(b"sheetData")]
    if b"hidden" in head or b' width="0' in head:
        marks.hidden_columns = _hidden_columns(data)
    if _is_styled(data, looks) or _hides_rows(data) or _is_suspicious(data):
        _parse_sheet(data, looks, marks)
    return marks


def _hidden_columns(data: bytes) -> set[int]:
    found: set[int] = set()
    events = etree.iterparse(
        io.BytesIO(data), tag=("{*}col", "{*}row"), resolve_entities=False, no_network=True
    )
    for _, element in events:
        if etree.QName(element).localname == "row":
            break
        if element.get("hidden", "").lower() in _YES or _is_nothing(element.get("width", "")):
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            found.update(range(first - 1, min(last, MAX_COLUMNS)))
    return found


def _is_styled(data: bytes, looks: WorkbookLooks) -> bool:
    """Whether some cell may have a look that matters. Cells without a style have the first."""
    return (
        bool(looks.runs)
        or b"strike" in data
        or b"superscript" in data
        or "0" in looks.styles
        or any(f"s={q}{style}{q}".encode() in data for style in looks.styles for q in "\"'")
    )


def _hides_rows(data: bytes) -> bool:
    return (b"hidden" in data or b' ht="0' in data) and bool(_HIDDEN_ROW.search(data))


def _is_suspicious(data: bytes) -> bool:
    return any(mark in data for mark in _WITHOUT_IT_NOTHING) and bool(_SUSPICIOUS.search(data))


def _parse_sheet(data: bytes, looks: WorkbookLooks, marks: Marks) -> None:
    row = column = -1
    events = etree.iterparse(
        io.BytesIO(data),
        ("start", "end"),
        tag=("{*}row", "{*}c"),
        resolve_entities=False,
        no_network=True,
    )
    for event, element in events:
        is_row = etree.QName(element).localname == "row"
        if event == "start" and is_row:
            row, column = int(element.get("r") or row + 2) - 1, -1
            if _is_hidden(element):
                marks.hidden_rows.add(row)
        elif event == "end" and not is_row:
            row, column = _position(element.get("r"), row, column + 1)
            _mark(marks, (row, column), element, looks)
        elif event == "end":
            element.clear()


def _is_hidden(row: etree._Element) -> bool:
    """A row of no height is hidden, too."""
    return row.get("hidden", "").lower() in _YES or _is_nothing(row.get("ht", ""))


def _is_nothing(size: str) -> bool:
    return size[:1] == "0" and not size.strip("0.")


def _position(reference: str | None, row: int, column: int) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference or "")
    if not match:
        return row, column
    letters, digits = match.groups()
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return int(digits) - 1, number - 1


def _mark(marks: Marks, place: tuple[int, int], cell: etree._Element, looks: WorkbookLooks) -> None:
    kind, text = cell.get("t"), cell.findtext("{*}v")
    style = cell.get("s", "0")
    if kind == "e":
        marks.problems[place] = Problem(text or "#N/A", numbers.ERROR_VALUE)
    elif cell.find("{*}f") is not None and not (text or "").strip() and kind != "str":
        marks.problems[place] = Problem("=" + (cell.findtext("{*}f") or ""), numbers.NO_RESULT)
    elif style in looks.formats:
        marks.formats[place] = looks.formats[style]
    if style in looks.unseen:
        marks.unseen.add(place)
    if style in looks.struck or looks.runs or kind == "inlineStr":
        _mark_struck(marks, place, cell, looks)


def _mark_struck(
    marks: Marks, place: tuple[int, int], cell: etree._Element, looks: WorkbookLooks
) -> None:
    is_struck = cell.get("s", "0") in looks.struck
    if cell.get("t") == "s":
        pieces = looks.runs.get((cell.findtext("{*}v") or "").strip(), [])
    else:
        pieces = cell.findall("{*}is/{*}r")
    runs: Runs | None = runs_of(pieces, is_struck)
    if runs or (is_struck and not pieces):
        marks.struck[place] = runs
