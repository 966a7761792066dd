"""Values of filters and cursors: from the text of an address to what a column holds. Nothing is guessed."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from admin.frame.keys import LARGEST
from domain.schema.file import Column
from domain.texts.days import read_day, read_instant

_LARGEST_NUMBER = 2**63 - 1
FLAGS: Mapping[str, bool] = {"1": True, "是": True, "0": False, "否": False}


class BadFilter(ValueError):
    """The address asks for something this list cannot do; the message is for the person."""


class BadValue(BadFilter):
    """The list has the filter, but what was typed into it means nothing."""


_WAYS: Mapping[str, str] = {
    "date": "不是日期，请写成 2026-02-28。",
    "instant": "不是时间，请写成 2026-02-28 或 2026-02-28 09:30。",
    "whole number": "不是整数，请写成 12 这样的数。",
    "number": "不是数，请写成 2.5 这样的数。",
    "yes/no": "不行，请选是或否。",
}


def parse_value(column: Column, text: str) -> Any:
    """The value a column of this kind would hold. Raises BadValue with a sentence."""
    try:
        return _PARSERS.get(column.kind, str)(text.strip())
    except (ValueError, InvalidOperation, OverflowError) as error:
        way = _WAYS.get(column.kind, "不是记录的编号，请按名称查找后选择。")
        raise BadValue(f"“{column.label}”：“{text[:40]}”{way}") from error


def _as_flag(text: str) -> bool:
    if text not in FLAGS:
        raise ValueError(text)
    return FLAGS[text]


def _as_key(text: str) -> int:
    value = int(text)
    if not text.isascii() or not 0 < value <= LARGEST:
        raise ValueError(text)
    return value


def _as_integer(text: str) -> int:
    value = int(text)
    if abs(value) > LARGEST:
        raise OverflowError(text)
    return value


def _as_number(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite() or abs(value) > _LARGEST_NUMBER:
        raise ValueError(text)
    return value


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "key": _as_key,
    "link": _as_key,
    "whole number": _as_integer,
    "number": _as_number,
    "date": read_day,
    "instant": read_instant,
    "yes/no": _as_flag,
}
