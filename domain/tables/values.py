"""One cell as the value of one column: by its type, choices and length, as schema.sql has them."""

from __future__ import annotations

import datetime
import re
from typing import Any

from domain.schema.words import Column
from domain.sheets.grid import Cell
from domain.texts.dates import NO_DATE, date_of
from domain.texts.numbers import Unclear
from domain.texts.text import clean, half_width, similar
from domain.texts.typed_text import read_text

_CLOCK = re.compile(r"(?:T|\s*)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$")
_YES, _NO = (
    frozenset(("是", "TRUE", "1", "√", "Y", "YES")),
    frozenset(("否", "FALSE", "0", "×", "N", "NO")),
)


def read_value(column: Column, cell: Cell) -> Any:
    """The value; None or the column's default for a blank: a row without an id is a new one.

    Raises Unclear with the rest of a sentence.
    """
    text = clean(cell)
    if text == "":
        return _blank(column)
    return _READERS.get(column.kind, _text)(column, cell)


def _blank(column: Column) -> Any:
    if column.is_key or not column.is_required:
        return None
    if column.default is None:
        raise Unclear("没有填写，请填上")
    return column.default


def _text(column: Column, cell: Cell) -> str:
    if isinstance(cell, datetime.date) and not column.is_item_number:
        return cell.isoformat()
    return read_text(column, cell)


def _choice(column: Column, cell: Cell) -> str:
    text = clean(cell)
    if text not in column.choices:
        near = similar(text, column.choices, limit=1)
        raise Unclear(
            f"不在可选范围内，是不是“{near[0]}”"
            if near
            else f"不在可选范围内，可填{'、'.join(column.choices)}"
        )
    return text


def _whole_number(column: Column, cell: Cell) -> int:
    number = _number(column, cell)
    if number != int(number):
        raise Unclear("不是整数")
    return int(number)


def _number(column: Column, cell: Cell) -> float:
    try:
        return cell if isinstance(cell, int | float) else float(clean(cell))
    except ValueError:
        raise Unclear("不是数字") from None


def _date(column: Column, cell: Cell) -> datetime.date:
    if isinstance(cell, datetime.date):
        return cell
    found = date_of(cell, None)
    if found is None:
        raise Unclear(NO_DATE)
    return found


def _instant(column: Column, cell: Cell) -> datetime.datetime:
    if isinstance(cell, datetime.date):
        return datetime.datetime.combine(cell, datetime.time())
    text = half_width(clean(cell))
    clock = _CLOCK.search(text)
    hour, minute, second = map(int, clock.groups("0")) if clock else (0, 0, 0)
    try:
        time = datetime.time(hour, minute, second)
        return datetime.datetime.combine(_date(column, _CLOCK.sub("", text)), time)
    except ValueError:
        raise Unclear("不是时间，请写成 2024-06-05 09:00") from None


def _yes_or_no(column: Column, cell: Cell) -> bool:
    text = clean(cell).upper()
    if text not in _YES | _NO:
        raise Unclear("请写“是”或“否”")
    return text in _YES


_READERS = {
    "choice": _choice,
    "whole number": _whole_number,
    "key": _whole_number,
    "number": _number,
    "date": _date,
    "instant": _instant,
    "yes/no": _yes_or_no,
}
