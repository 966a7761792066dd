"""One value as it is written into a cell. Nothing here can fail on a value, and no text becomes a formula.

A text is handed on as a text, and written so that a reader takes it literally, whatever its first character.
"""

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

LONGEST_TEXT = 32_767
"""UTF-16 units in one cell; Excel calls a file with more damaged."""

CUT = "……（内容超过表格单元格的上限，后面的没有导出）"
LONGEST_DIGITS = 15
"""Excel keeps so many digits; longer numbers are written as text, digit for digit."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_OVERLAPPING = re.compile(r"_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")
_IN_ESCAPES = re.compile(r"(?<=_)(?=x[0-9A-Fa-f]{4}_)")
_FIRST_DATE = date(1900, 3, 1)
"""Before it, spreadsheets disagree about the count of days (1900 had no 29 February)."""


def write_cell(page: Any, row: int, column: int, value: Any, look: Any) -> None:
    """Write ``value`` in XlsxWriter's format ``look``; an empty cell for None, '' and not-a-number.

    Rows and columns count from 0.
    """
    _WRITERS.get(type(value), _other)(page, row, column, value, look)


def clean_text(value: str) -> str:
    """``value`` without what no workbook may hold; the rest unchanged. Longer texts end in a note that they do."""
    text = value
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _SURROGATES.sub("\ufffd", _NO_XML.sub("", text))
    return _shortened(text) if len(text) * 2 > LONGEST_TEXT else text


def runs(text: str) -> Sequence[str]:
    """The parts in which XlsxWriter writes ``text`` to the letter: itself, but for two kinds of text.

    <r>…</r> it would take for XML; of what looks like two of Excel's escapes and shares a mark (_x0041_x0042_) it
    would protect the first alone, so no part holds a whole one.
    """
    if "_x" in text and _OVERLAPPING.search(text):
        return _IN_ESCAPES.split(text)
    if text.startswith("<r>") and text.endswith("</r>"):
        return text[:1], text[1:]
    return (text,)


def _shortened(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= LONGEST_TEXT * 2:
        return text
    return units[: (LONGEST_TEXT - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT


def _text(page: Any, row: int, column: int, value: str, look: Any) -> None:
    text = clean_text(value)
    if not text:
        page.write_blank(row, column, None, look)
    elif "_x" in text or text.startswith("<r>"):
        _in_runs(page, row, column, text, look)
    else:
        page.write_string(row, column, text, look)


def _in_runs(page: Any, row: int, column: int, text: str, look: Any) -> None:
    first, *others = runs(text)
    if others:
        parts = [part for other in others for part in (look, other)]
        page.write_rich_string(row, column, first, *parts, look)
    else:
        page.write_string(row, column, text, look)


def _whole(page: Any, row: int, column: int, value: int, look: Any) -> None:
    if abs(value) < 10**LONGEST_DIGITS:
        page.write_number(row, column, value, look)
    else:
        page.write_string(row, column, str(value), look)


def _float(page: Any, row: int, column: int, value: float, look: Any) -> None:
    if math.isfinite(value):
        page.write_number(row, column, value, look)
    else:
        page.write_blank(row, column, None, look)


def _decimal(page: Any, row: int, column: int, value: Decimal, look: Any) -> None:
    if not value.is_finite():
        page.write_blank(row, column, None, look)
    elif len(value.normalize().as_tuple().digits) <= LONGEST_DIGITS:
        page.write_number(row, column, value, look)
    else:
        page.write_string(row, column, f"{value:f}", look)


def _yes_or_no(page: Any, row: int, column: int, value: bool, look: Any) -> None:
    page.write_string(row, column, "是" if value else "否", look)


def _date(page: Any, row: int, column: int, value: date, look: Any) -> None:
    if value >= _FIRST_DATE:
        page.write_datetime(row, column, value, look)
    else:
        page.write_string(row, column, value.isoformat(), look)


def _instant(page: Any, row: int, column: int, value: datetime, look: Any) -> None:
    if value.tzinfo is None and value.date() >= _FIRST_DATE:
        page.write_datetime(row, column, value, look)
    else:
        page.write_string(row, column, value.isoformat(" "), look)


def _nothing(page: Any, row: int, column: int, value: None, look: Any) -> None:
    page.write_blank(row, column, None, look)


def _other(page: Any, row: int, column: int, value: Any, look: Any) -> None:
    write = next((write for kind, write in _WRITERS.items() if isinstance(value, kind)), None)
    if write is None:
        _text(page, row, column, str(value), look)
    else:
        write(page, row, column, value, look)


_WRITERS: dict[type, Callable[[Any, int, int, Any, Any], None]] = {
    str: _text,
    type(None): _nothing,
    bool: _yes_or_no,
    int: _whole,
    float: _float,
    Decimal: _decimal,
    datetime: _instant,
    date: _date,
}
