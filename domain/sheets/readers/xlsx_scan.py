"""A second look at an .xlsx: error cells, formulas without a saved result, numbers shown with leading zeros.

Cheap when there is nothing to find: the sheet's bytes are searched first and parsed only if something stands out.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from pathlib import Path

from lxml import etree

from domain.sheets.grid import Problem
from domain.sheets.readers import numbers
from domain.sheets.readers.marks import Marks

_SUSPICIOUS = re.compile(
    rb"""\bt\s*=\s*["']e["']"""
    rb"""|(?:<(?:\w+:)?f\b[^>]*/>|</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"""
)
"""An error, or a formula with no value behind it: none at all, <v/>, or <v></v> as openpyxl leaves it."""
_WITHOUT_IT_NOTHING = (b'"e"', b"'e'", b"<f", b":f")
"""Whatever is suspicious holds one of these; looking for them takes a tenth of the expression's time."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def scan(path: Path) -> dict[str, Marks]:
    """Marks by sheet name; sheets with nothing to mark may be missing. Raises lxml, zip and key errors as they come."""
    with zipfile.ZipFile(path) as archive:
        parts = _sheet_parts(archive)
        paddings = _padding_styles(archive)
        return {name: _scan_sheet(archive.read(part), paddings) for name, part in parts.items()}


def _parse(data: bytes) -> etree._Element:
    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    )


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    present = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= present:
        return {}
    targets = {
        relation.get("Id"): posixpath.normpath(
            posixpath.join("/xl", relation.get("Target", ""))
        ).lstrip("/")
        for relation in _parse(archive.read("xl/_rels/workbook.xml.rels"))
    }
    sheets = _parse(archive.read("xl/workbook.xml")).iter("{*}sheet")
    parts = {
        s.get("name", ""): targets.get(s.get(_RELATION) or s.get(_STRICT_RELATION), "")
        for s in sheets
    }
    return {name: part for name, part in parts.items() if part in present}


def _padding_styles(archive: zipfile.ZipFile) -> dict[str, re.Match[str]]:
    """Cell style index -> format, for the styles that show numbers with leading zeros."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    data = archive.read("xl/styles.xml")
    if b"numFmt " not in data:
        return {}
    styles = _parse(data)
    formats = {
        f.get("numFmtId"): numbers.zero_padding(f.get("formatCode", ""))
        for f in styles.iter("{*}numFmt")
    }
    cell_styles = styles.findall("{*}cellXfs/{*}xf")
    found = (
        (str(index), formats.get(style.get("numFmtId"))) for index, style in enumerate(cell_styles)
    )
    return {index: padding for index, padding in found if padding}


def _scan_sheet(data: bytes, paddings: dict[str, re.Match[str]]) -> Marks:
    marks = Marks()
    styled = any(f's="{style}"'.encode() in data for style in paddings)
    if not styled and not _is_suspicious(data):
        return marks
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
        elif event == "end" and not is_row:
            row, column = _position(element.get("r"), row, column + 1)
            _mark(marks, (row, column), element, paddings)
        elif event == "end":
            element.clear()
    return marks


def _is_suspicious(data: bytes) -> bool:
    return any(mark in data for mark in _WITHOUT_IT_NOTHING) and bool(_SUSPICIOUS.search(data))


def _position(reference: str | None, row: int, column: int) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference or "")
    if not match:
        return row, column
    letters, digits = match.groups()
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return int(digits) - 1, number - 1


def _mark(
    marks: Marks, place: tuple[int, int], cell: etree._Element, paddings: dict[str, re.Match[str]]
) -> None:
    kind, text = cell.get("t"), cell.findtext("{*}v")
    if kind == "e":
        marks.problems[place] = Problem(text or "#N/A", numbers.ERROR_VALUE)
    elif cell.find("{*}f") is not None and not (text or "").strip() and kind != "str":
        marks.problems[place] = Problem("=" + (cell.findtext("{*}f") or ""), numbers.NO_RESULT)
    elif kind in (None, "n") and cell.get("s") in paddings:
        marks.paddings[place] = paddings[cell.get("s", "")]
