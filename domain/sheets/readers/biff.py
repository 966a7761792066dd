"""A second look at an old workbook (.xls, .et): error cells and numbers shown with leading zeros.

Walks the records of BIFF8 and reads only positions and formats; calamine reads the values, olefile finds the stream.
Facts of the formats: [MS-XLS] 2.4 (records), [MS-CFB] 2.2 (header).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from io import BytesIO

from olefile import OleFileIO

from domain.sheets.grid import Problem
from domain.sheets.readers import numbers
from domain.sheets.readers.marks import Marks

_FORMULA, _EOF, _BOUNDSHEET, _XF, _MULRK = 0x0006, 0x000A, 0x0085, 0x00E0, 0x00BD
_NUMBER, _BOOLERR, _RK, _FORMAT = 0x0203, 0x0205, 0x027E, 0x041E
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
_Padding = re.Match[str]


def scan(data: bytes) -> dict[str, Marks]:
    """Marks by sheet name. A workbook without a BIFF8 stream (Excel 95 and older) gives none."""
    book = _workbook(data)
    if book is None:
        return {}
    sheets: list[tuple[str, int]] = []
    formats: dict[int, _Padding] = {}
    styles: list[int] = []
    for kind, body in _records(book, 0):
        if kind == _BOUNDSHEET and len(body) > 8:
            sheets.append((_text(body[6], body[7:]), struct.unpack_from("<I", body)[0]))
        elif kind == _FORMAT and len(body) > 5:
            number, length = struct.unpack_from("<HH", body)
            padding = numbers.zero_padding(_text(length, body[4:]))
            if padding:
                formats[number] = padding
        elif kind == _XF and len(body) >= 4:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    paddings = {index: formats[style] for index, style in enumerate(styles) if style in formats}
    return {name: _scan_sheet(book, offset, paddings) for name, offset in sheets}


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


def _scan_sheet(book: bytes, offset: int, paddings: dict[int, _Padding]) -> Marks:
    marks = Marks()
    for kind, body in _records(book, offset):
        if kind in (_BOOLERR, _FORMULA):
            _mark_error(marks, kind, body)
        elif paddings and kind in (_RK, _NUMBER, _MULRK) and len(body) >= 6:
            _mark_paddings(marks, kind, body, paddings)
    return marks


def _mark_error(marks: Marks, kind: int, body: bytes) -> None:
    if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
        code = body[6]
    elif kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        code = body[8]
    else:
        return
    row, column = struct.unpack_from("<HH", body)
    marks.problems[row, column] = Problem(_ERRORS.get(code, "#N/A"), numbers.ERROR_VALUE)


def _mark_paddings(marks: Marks, kind: int, body: bytes, paddings: dict[int, _Padding]) -> None:
    row, column, style = struct.unpack_from("<HHH", body)
    styles = [style]
    if kind == _MULRK:
        styles = [struct.unpack_from("<H", body, at)[0] for at in range(4, len(body) - 2, 6)]
    for step, index in enumerate(styles):
        if index in paddings:
            marks.paddings[row, column + step] = paddings[index]
