"""Tables of a Word document (.docx), with the text above each as its caption. Merged cells become merges."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from domain.sheets.grid import MAX_COLUMNS, MAX_ROWS, Cell, Grid, Merge, UnreadableFile
from domain.sheets.readers import numbers

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read(path: Path) -> list[Grid]:
    """One grid per table, unnamed if it is the only one, else 表1, 表2, … Raises zip and XML errors."""
    with zipfile.ZipFile(path) as archive:
        data = archive.read("word/document.xml").replace(_STRICT.encode(), _W[1:-1].encode())
    root = etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    )
    found = list(_tables(root))
    names = [None] if len(found) == 1 else [f"表{number}" for number in range(1, len(found) + 1)]
    return [
        _grid(name, table, caption) for name, (table, caption) in zip(names, found, strict=True)
    ]


def _tables(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Every outermost table with the paragraphs between it and the table before."""
    lines: list[str] = []
    for element in root.iter(f"{_W}p", f"{_W}tbl"):
        if next(element.iterancestors(f"{_W}tbl", _FALLBACK), None) is not None:
            continue
        if element.tag == f"{_W}p":
            lines.append(_text(element))
        else:
            yield element, "\n".join(line for line in lines if line.strip())
            lines = []


def _text(element: etree._Element) -> str:
    pieces = []
    for node in element.iter(f"{_W}t", f"{_W}br", f"{_W}cr", f"{_W}tab"):
        if next(node.iterancestors(_FALLBACK), None) is None:
            pieces.append(
                node.text or ""
                if node.tag == f"{_W}t"
                else "\t"
                if node.tag == f"{_W}tab"
                else "\n"
            )
    return "".join(pieces)


def _grid(name: str | None, table: etree._Element, caption: str) -> Grid:
    cells: list[list[Cell]] = []
    open_merges: dict[int, list[int]] = {}
    merges: list[list[int]] = []
    rows = [row for row in table.iter(f"{_W}tr") if next(row.iterancestors(f"{_W}tbl")) is table]
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(f"表格超过了 {MAX_ROWS} 行，请删去多余的行后再上传。")
    for index, row in enumerate(rows):
        line: list[Cell] = []
        for span, vertical, text in _cells_of(row):
            _merge(open_merges, merges, (index, len(line)), (span, vertical))
            value = "" if vertical == "continue" else numbers.plain_text(text.strip())
            line += [value if isinstance(value, str) else "", *[""] * (span - 1)]
        if len(line) > MAX_COLUMNS:
            raise UnreadableFile(
                f"第{index + 1}行超过了 {MAX_COLUMNS} 列，请删去多余的列后再上传。"
            )
        cells.append(line)
    return Grid(name, cells, tuple(_as_merge(merge) for merge in merges), False, caption)


def _cells_of(row: etree._Element) -> Iterator[tuple[int, str | None, str]]:
    """Of each cell: its span across, 'restart'/'continue'/None down, its text. Skipped columns are empty cells."""
    for _ in range(min(_number(row.find(f"{_W}trPr/{_W}gridBefore"), 0), MAX_COLUMNS)):
        yield 1, None, ""
    for cell in row.iter(f"{_W}tc"):
        if next(cell.iterancestors(f"{_W}tr")) is not row:
            continue
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        vertical = None if merge is None else merge.get(f"{_W}val", "continue")
        span = min(_number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1), MAX_COLUMNS + 1)
        yield span, vertical, "\n".join(_text(p) for p in cell.iterchildren(f"{_W}p", f"{_W}sdt"))


def _number(element: etree._Element | None, default: int) -> int:
    value = "" if element is None else element.get(f"{_W}val", "")
    return max(int(value), 0) if value.isdigit() else default


def _merge(
    open_merges: dict[int, list[int]],
    merges: list[list[int]],
    place: tuple[int, int],
    cell: tuple[int, str | None],
) -> None:
    """Keep the list of merges up: a 'continue' lengthens the one above it, anything else ends it."""
    (row, column), (span, vertical) = place, cell
    above = open_merges.pop(column, None)
    if vertical == "continue" and above:
        above[2] = row
        open_merges[column] = above
    elif vertical == "restart" or span > 1:
        merges.append([row, column, row, column + span - 1])
        if vertical == "restart":
            open_merges[column] = merges[-1]


def _as_merge(merge: list[int]) -> Merge:
    top, left, bottom, right = merge
    return top, left, bottom, right
