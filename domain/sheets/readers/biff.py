"""A second look at an old workbook (.xls, .et): error cells, formats, what is struck through or hidden.

Walks the records of BIFF8 and reads only positions and formats; calamine reads the values, olefile finds the stream.
Facts of the formats: [MS-XLS] 2.4 (records), [MS-CFB] 2.2 (header).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from olefile import OleFileIO

from domain.sheets.grid import MAX_COLUMNS, Problem
from domain.sheets.readers import biff_texts, formats, numbers
from domain.sheets.readers.biff_texts import Piece
from domain.sheets.readers.formats import NumberFormat
from domain.sheets.readers.marks import Marks, Runs

_FORMULA, _EOF, _BOUNDSHEET, _XF, _MULRK = 0x0006, 0x000A, 0x0085, 0x00E0, 0x00BD
_NUMBER, _BOOLERR, _RK, _FORMAT = 0x0203, 0x0205, 0x027E, 0x041E
_DATE_1904, _FONT, _COLINFO, _ROW, _TEXT, _LABEL = 0x0022, 0x0031, 0x007D, 0x0208, 0x00FD, 0x0204
_TEXTS, _CONTINUE = 0x00FC, 0x003C
_CELLS = frozenset((_FORMULA, _NUMBER, _RK, _MULRK, _TEXT, _LABEL))
_STRUCK_FONT, _HIDDEN_ROW, _RAISED_FONT = 0x0008, 0x20, b"\x01\x00"
_ERRORS = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
}
_STREAM = "Workbook"
_SECTOR, _SECTORS_IN_TABLE, _TABLES_IN_HEADER, _HEADER = 512, 128, 109, 76


@dataclass
class _Globals:
    """What the records before the first sheet say: the sheets, and which cell styles look how."""

    sheets: list[tuple[str, int]] = field(default_factory=list)
    codes: dict[int, NumberFormat] = field(default_factory=dict)
    fonts: list[bool] = field(default_factory=list)
    raised: list[bool] = field(default_factory=list)
    styles: list[tuple[int, int]] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    last: int = 0
    counts_from_1904: bool = False

    def note(self, kind: int, body: bytes) -> None:
        """Take in one record. The table of texts may go on in records of its own."""
        if kind == _TEXTS or (kind == _CONTINUE and self.last == _TEXTS):
            self.texts.append(body)
            self.last = _TEXTS
            return
        self.last = kind
        if kind == _BOUNDSHEET and len(body) > 8:
            self.sheets.append((_text(body[6], body[7:]), struct.unpack_from("<I", body)[0]))
        elif kind == _FORMAT and len(body) > 5:
            number, length = struct.unpack_from("<HH", body)
            if code := formats.parse(_text(length, body[4:])):
                self.codes[number] = code
        elif kind == _FONT and len(body) >= 4:
            self.fonts.append(bool(struct.unpack_from("<H", body, 2)[0] & _STRUCK_FONT))
            self.raised.append(body[8:10] == _RAISED_FONT)
        elif kind == _XF and len(body) >= 4:
            self.styles.append(struct.unpack_from("<HH", body))
        elif kind == _DATE_1904:
            self.counts_from_1904 = body[:1] == b"\x01"

    def looks(self) -> _Looks:
        found = {
            i: self.codes[code] for i, (_, code) in enumerate(self.styles) if code in self.codes
        }
        struck = (i for i, (font, _) in enumerate(self.styles) if self._is_struck(font))
        has_runs = any(self.fonts) or any(self.raised)
        rich = biff_texts.rich_texts(self.texts) if has_runs else {}
        return _Looks(found, frozenset(struck), self._with_runs(rich))

    def _with_runs(self, rich: dict[int, list[Piece]]) -> dict[tuple[int, bool], Runs | None]:
        """By the text's index, and whether its cell is struck, what is struck of it and what is not."""
        return {
            (index, is_cell_struck): biff_texts.runs_of(
                pieces, self._is_struck, self._is_raised, is_cell_struck
            )
            for index, pieces in rich.items()
            for is_cell_struck in (False, True)
        }

    def _is_struck(self, font: int) -> bool:
        return _at(self.fonts, font)

    def _is_raised(self, font: int) -> bool:
        return _at(self.raised, font)


def _at(looks: list[bool], font: int) -> bool:
    """Fonts are counted without a number 4."""
    place = font - (font > 4)
    return place < len(looks) and looks[place]


@dataclass(frozen=True)
class _Looks:
    formats: dict[int, NumberFormat]
    struck: frozenset[int]
    runs: dict[tuple[int, bool], Runs | None]


def scan(data: bytes) -> tuple[dict[str, Marks], bool]:
    """Marks by sheet name, and whether days count from 1904. Without a BIFF8 stream (Excel 95 and older) none."""
    book = _workbook(data)
    if book is None:
        return {}, False
    found = _Globals()
    for kind, body in _records(book, 0):
        found.note(kind, body)
    looks = found.looks()
    marks = {name: _scan_sheet(book, offset, looks) for name, offset in found.sheets}
    return marks, found.counts_from_1904


def _workbook(data: bytes) -> bytes | None:
    """The workbook's stream, or None when the file has no such stream or its tables do not hold together."""
    if len(data) < _HEADER or _claims_too_much(data):
        return None
    try:
        with OleFileIO(BytesIO(data)) as file:
            if max(file.root.size, file.get_size(_STREAM)) > len(data):
                return None
            stream: bytes = file.openstream(_STREAM).read()
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return stream


def _claims_too_much(data: bytes) -> bool:
    """Whether the header tells of more tables than the file can need: olefile would load a circle of them for ever."""
    tables, small_tables = (struct.unpack_from("<I", data, at)[0] for at in (0x2C, 0x40))
    most = _TABLES_IN_HEADER + len(data) // _SECTOR // _SECTORS_IN_TABLE
    return bool(tables > most or small_tables > most)


def _records(book: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    while offset + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, offset)
        if kind == _EOF:
            return
        yield kind, book[offset + 4 : offset + 4 + length]
        offset += 4 + length


def _text(length: int, body: bytes) -> str:
    """An XLUnicodeString without its length: one flag byte, then one or two bytes per character."""
    if body[:1] == b"\x01":
        return body[1 : 1 + 2 * length].decode("utf-16-le", "replace")
    return body[1 : 1 + length].decode("latin-1")


def _scan_sheet(book: bytes, offset: int, looks: _Looks) -> Marks:
    marks = Marks()
    has_looks = bool(looks.formats or looks.struck or looks.runs)
    for kind, body in _records(book, offset):
        if kind in (_BOOLERR, _FORMULA):
            _mark_error(marks, kind, body)
        if kind == _ROW and len(body) >= 14 and _is_hidden_row(body):
            marks.hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif kind == _COLINFO and len(body) >= 10 and _is_hidden_column(body):
            first, last = struct.unpack_from("<HH", body)
            marks.hidden_columns.update(range(first, min(last + 1, MAX_COLUMNS)))
        elif has_looks and kind in _CELLS and len(body) >= 6:
            _mark_looks(marks, kind, body, looks)
    return marks


def _is_hidden_row(body: bytes) -> bool:
    """A row of no height is hidden, too: it is in 1/20 points, and its highest bit says that it is the usual one."""
    height = struct.unpack_from("<H", body, 6)[0] & 0x7FFF
    return bool(body[12] & _HIDDEN_ROW) or height == 0


def _is_hidden_column(body: bytes) -> bool:
    """A column of no width is hidden, too."""
    return bool(body[8] & 1) or struct.unpack_from("<H", body, 4)[0] == 0


def _mark_error(marks: Marks, kind: int, body: bytes) -> None:
    if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
        code = body[6]
    elif kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        code = body[8]
    else:
        return
    row, column = struct.unpack_from("<HH", body)
    marks.problems[row, column] = Problem(_ERRORS.get(code, "#N/A"), numbers.ERROR_VALUE)


def _mark_looks(marks: Marks, kind: int, body: bytes, looks: _Looks) -> None:
    row, column, style = struct.unpack_from("<HHH", body)
    styles = [style]
    if kind == _MULRK:
        styles = [struct.unpack_from("<H", body, at)[0] for at in range(4, len(body) - 2, 6)]
    for step, index in enumerate(styles):
        if index in looks.formats:
            marks.formats[row, column + step] = looks.formats[index]
        is_struck = index in looks.struck
        text = struct.unpack_from("<I", body, 6)[0] if kind == _TEXT and len(body) >= 10 else -1
        runs = looks.runs.get((text, is_struck))
        if runs or (is_struck and (text, is_struck) not in looks.runs):
            marks.struck[row, column + step] = runs
