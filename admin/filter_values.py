"""Values of filters and cursors: from the text of an address to what a column holds. Nothing is guessed."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from admin.keys import LARGEST
from domain.days import read_day, read_instant
from domain.schema import Column

_LARGEST_NUMBER = 2**63 - 1
FLAGS: Mapping[str, bool] = {"1": True, "是": True, "0": False, "否": False}


class BadFilter(ValueError):
    """The address asks for something this list cannot do; the message is for the person."""


def parse_value(column: Column, text: str) -> Any:
    """The value a column of this kind would hold. Raises BadFilter with a sentence."""
    try:
        return _PARSERS.get(column.kind, str)(text.strip())
    except (ValueError, InvalidOperation, OverflowError) as error:
        raise BadFilter(f"“{column.label}”看不懂“{text[:40]}”。") from error


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
