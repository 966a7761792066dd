"""One value as the XML of one worksheet cell. Nothing here can fail on a value, and no text becomes a formula.

Texts are written as inline strings: a reader takes them literally, whatever their first character.
"""

import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

LONGEST_TEXT = 32_767
"""UTF-16 units in one cell; Excel calls a file with more damaged."""

CUT = "……（内容超过表格单元格的上限，后面的没有导出）"
LONGEST_NUMBER = 10**15
"""Excel keeps 15 digits; longer numbers are written as text, digit for digit."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH = date(1899, 12, 30)
_FIRST_DATE = date(1900, 3, 1)
"""Before it, spreadsheets disagree about the count of days (1900 had no 29 February)."""


def cell_xml(place: str, style: str, value: Any) -> str:
    """The cell at ``place`` ('B7') holding ``value``; empty, but styled, for None, '' and not-a-number."""
    kind = type(value)
    attributes, content = _WRITERS.get(kind, _other)(value)
    return f'<c r="{place}" s="{style}"{attributes}>{content}</c>'


def clean_text(value: str) -> str:
    """``value`` without what no workbook may hold; the rest unchanged. Longer texts end in a note that they do."""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = _SURROGATES.sub("\ufffd", _NO_XML.sub("", text))
    if len(text) * 2 > LONGEST_TEXT:
        text = _shortened(text)
    return text


def _shortened(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= LONGEST_TEXT * 2:
        return text
    return units[: (LONGEST_TEXT - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT


Written = tuple[str, str]


def _text(value: str) -> Written:
    text = clean_text(value)
    if not text:
        return "", ""
    if "_x" in text:
        text = _ESCAPE_LIKE.sub("_x005F_", text)
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return ' t="inlineStr"', f"<is><t{space}>{escape(text)}</t></is>"


def _whole(value: int) -> Written:
    return ("", f"<v>{value}</v>") if abs(value) < LONGEST_NUMBER else _text(str(value))


def _float(value: float) -> Written:
    return ("", f"<v>{value!r}</v>") if math.isfinite(value) else ("", "")


def _decimal(value: Decimal) -> Written:
    if not value.is_finite():
        return "", ""
    digits = len(value.normalize().as_tuple().digits)
    return ("", f"<v>{value}</v>") if digits <= 15 else _text(f"{value:f}")


def _yes_or_no(value: bool) -> Written:
    return _text("是" if value else "否")


def _date(value: date) -> Written:
    return (
        ("", f"<v>{(value - _EPOCH).days}</v>")
        if value >= _FIRST_DATE
        else _text(value.isoformat())
    )


def _instant(value: datetime) -> Written:
    if value.tzinfo is not None or value.date() < _FIRST_DATE:
        return _text(value.isoformat(" "))
    since = value - datetime(_EPOCH.year, _EPOCH.month, _EPOCH.day)
    return "", f"<v>{since / timedelta(days=1)!r}</v>"


def _nothing(value: None) -> Written:
    return "", ""


def _other(value: Any) -> Written:
    for kind, write in _WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    return _text(str(value))


_WRITERS: dict[type, Callable[[Any], Written]] = {
    str: _text,
    type(None): _nothing,
    bool: _yes_or_no,
    int: _whole,
    float: _float,
    Decimal: _decimal,
    datetime: _instant,
    date: _date,
}
