"""Tables of a Word document (.docx), with the text above each as its caption. Merged cells become merges."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from domain.sheets.grid import MAX_COLUMNS, MAX_ROWS, Cell, Grid, Merge, Problem, UnreadableFile
from domain.sheets.readers import numbers, word_styles, word_text
from domain.sheets.readers.package import Package, parse
from domain.sheets.readers.word_styles import W, WordStyles, is_on
from domain.sheets.readers.word_text import Piece

_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
AUTOMATIC = "是 Word 自动生成的，文件里没有存下来，请直接键入编号，或先把自动编号转换为文本"


def read(path: Path) -> list[Grid]:
    """One grid per table, unnamed if it is the only one, else 表1, 表2, … Raises zip and XML errors."""
    with zipfile.ZipFile(path) as archive:
        package = Package(archive)
        main = package.main_part("word/document.xml")
        root = _parsed(package.read(main))
        kinds = dict(package.relations(main).values())
        part = kinds.get("/styles", "word/styles.xml")
        styles = word_styles.styles_of(_parsed(package.read(part)) if part in package else None)
    found = list(_tables(root, styles))
    names = [None] if len(found) == 1 else [f"表{number}" for number in range(1, len(found) + 1)]
    return [
        _Table(styles).read(name, table, caption)
        for name, (table, caption) in zip(names, found, strict=True)
    ]


def _parsed(data: bytes) -> etree._Element:
    return parse(data.replace(_STRICT.encode(), W[1:-1].encode()))


def _tables(root: etree._Element, styles: WordStyles) -> Iterator[tuple[etree._Element, str]]:
    """Every table that stands for itself, with the paragraphs between it and the table before."""
    lines: list[str] = []
    frames = {table for table in root.iter(f"{W}tbl") if _is_frame(table)}
    for element in root.iter(f"{W}p", f"{W}tbl"):
        around = (t for t in element.iterancestors(f"{W}tbl", _FALLBACK) if t not in frames)
        if element in frames or next(around, None) is not None:
            continue
        if element.tag == f"{W}p":
            lines.append(
                "".join(text for text, state in word_text.pieces(element, styles) if not state)
            )
        else:
            yield element, "\n".join(line for line in lines if line.strip())
            lines = []


def _is_frame(element: etree._Element) -> bool:
    """Whether a table only stands around another one: what it holds has at least as many cells as itself."""
    inner = [len(_own(table, "tc")) for table in element.iter(f"{W}tbl") if table is not element]
    return bool(inner) and max(inner) >= len(_own(element, "tc"))


def _own(table: etree._Element, name: str) -> list[etree._Element]:
    return [one for one in table.iter(f"{W}{name}") if next(one.iterancestors(f"{W}tbl")) is table]


@dataclass(frozen=True)
class _WordCell:
    """Its span across, 'restart'/'continue'/None down, its text in pieces, whether Word numbers it."""

    span: int = 1
    vertical: str | None = None
    pieces: tuple[Piece, ...] = ()
    is_numbered: bool = False

    def text(self, state: str = "") -> str:
        return "".join(text for text, found in self.pieces if found == state).strip()


class _Table:
    def __init__(self, styles: WordStyles) -> None:
        self.styles = styles
        self.open_merges: dict[int, list[int]] = {}
        self.merges: list[list[int]] = []
        self.problems: dict[tuple[int, int], Problem] = {}
        self.remarks: dict[tuple[int, int], Problem] = {}

    def read(self, name: str | None, table: etree._Element, caption: str) -> Grid:
        rows = [row for row in _own(table, "tr") if row.find(f"{W}trPr/{W}del") is None]
        if len(rows) > MAX_ROWS:
            raise UnreadableFile(f"表格超过了 {MAX_ROWS} 行，请删去多余的行后再上传。")
        cells = [self._line(index, row) for index, row in enumerate(rows)]
        hidden = (i for i, row in enumerate(rows) if is_on(row.find(f"{W}trPr/{W}hidden")))
        return Grid(
            name,
            cells,
            tuple(_as_merge(merge) for merge in self.merges),
            caption=caption,
            problems=self.problems,
            remarks=self.remarks,
            hidden_rows=frozenset(hidden),
        )

    def _line(self, index: int, row: etree._Element) -> list[Cell]:
        line: list[Cell] = []
        for cell in self._cells_of(row):
            place = index, len(line)
            _merge(self.open_merges, self.merges, place, (cell.span, cell.vertical))
            value = "" if cell.vertical == "continue" else numbers.plain_text(cell.text())
            line += [value if isinstance(value, str) else "", *[""] * (cell.span - 1)]
            self._note(place, cell)
        if len(line) > MAX_COLUMNS:
            raise UnreadableFile(
                f"第{index + 1}行超过了 {MAX_COLUMNS} 列，请删去多余的列后再上传。"
            )
        return line

    def _note(self, place: tuple[int, int], cell: _WordCell) -> None:
        """What a person should hear of the cell: text that was left out, a number that is not there."""
        if cell.vertical == "continue":
            return
        for why in (numbers.HIDDEN, numbers.STRUCK):
            if text := cell.text(why):
                self.remarks[place] = Problem(text, why)
        if cell.is_numbered and cell.text() in ("", "号", "第号", "第", "."):
            self.problems[place] = Problem("自动编号", AUTOMATIC)

    def _cells_of(self, row: etree._Element) -> Iterator[_WordCell]:
        """The cells of a row. Skipped columns are empty cells."""
        for _ in range(min(_number(row.find(f"{W}trPr/{W}gridBefore"), 0), MAX_COLUMNS)):
            yield _WordCell()
        for cell in row.iter(f"{W}tc"):
            if next(cell.iterancestors(f"{W}tr")) is not row:
                continue
            properties = f"{W}tcPr"
            if cell.find(f"{properties}/{W}cellDel") is not None:
                continue
            merge = cell.find(f"{properties}/{W}vMerge")
            vertical = None if merge is None else merge.get(f"{W}val", "continue")
            span = min(_number(cell.find(f"{properties}/{W}gridSpan"), 1), MAX_COLUMNS + 1)
            numbered = (word_text.is_numbered(p, self.styles.numbering) for p in cell.iter(f"{W}p"))
            yield _WordCell(span, vertical, tuple(_pieces(cell, self.styles)), any(numbered))


def _pieces(cell: etree._Element, styles: WordStyles) -> Iterator[Piece]:
    """The text of the cell's paragraphs, and of a small table in it, line by line."""
    for child in cell:
        if child.tag == f"{W}tbl":
            for row in _own(child, "tr"):
                for inner in row.iter(f"{W}tc"):
                    yield from _pieces(inner, styles)
        elif child.tag == f"{W}p":
            yield from word_text.pieces(child, styles)
            yield "\n", ""
        elif isinstance(child.tag, str) and child.tag not in (f"{W}tcPr", _FALLBACK):
            is_box = child.tag == f"{W}sdt"
            is_asking = is_box and child.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
            if not is_asking:
                yield from word_text.pieces(child, styles) if is_box else _pieces(child, styles)


def _number(element: etree._Element | None, default: int) -> int:
    value = "" if element is None else element.get(f"{W}val", "")
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
