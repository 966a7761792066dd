"""One value of a dimension in the address of a list: `by-unit=3`, `by-month=issued_on:2024-05`, `by-letter=none`.

The rows are those that a number told apart by this dimension counts (domain/statistics/dimensions.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_
from werkzeug.datastructures import MultiDict

from admin.tables.desk import Desk
from admin.tables.finding.filter_values import BadFilter, parse_value
from admin.tables.finding.filters import SLICED
from admin.tables.finding.named import NamedFilter, may_look_at
from domain.schema.file import Column
from domain.statistics.dimensions import DIMENSIONS, MONTH, Dimension

NONE = "none"
"""In the address: the rows without a value."""


def is_sliced_by(desk: Desk, dimension: Dimension, day: str = "") -> bool:
    """Whether the rows of the table can be told apart by it, for this person; by month with this ``day``."""
    if dimension is MONTH:
        return day in desk.readable
    route = dimension.route(desk.words.name)
    return route is not None and may_look_at(desk, route.columns)


def read_slices(desk: Desk, args: MultiDict[str, str]) -> Iterator[NamedFilter]:
    """What the address says. Raises BadFilter for a dimension or a value that this list does not have."""
    for argument in args:
        text = args[argument].strip()
        if not argument.startswith(SLICED) or not text:
            continue
        dimension = DIMENSIONS.get(argument.removeprefix(SLICED))
        if dimension is None:
            raise BadFilter(f"这个列表没有“{argument[:40]}”这项筛选。")
        words, clause = (_of_month if dimension is MONTH else _of)(desk, dimension, text)
        yield NamedFilter(argument, (text,), words, "", clause)


def _of(desk: Desk, dimension: Dimension, text: str) -> tuple[str, ColumnElement[bool]]:
    route = dimension.route(desk.words.name)
    if route is None or not may_look_at(desk, route.columns):
        raise BadFilter(f"这个列表不能按{dimension.label}筛选。")
    if text == NONE:
        return f"没有{dimension.label}", route.has(desk.model, None)
    value = parse_value(route.column, text)
    words = f"{dimension.label}：{_say(desk, route.column, value)}"
    return words, route.has(desk.model, value)


def _say(desk: Desk, column: Column, value: Any) -> str:
    name = desk.name_of(column, value) if column.references else str(value)
    if name is None:
        raise BadFilter(f"“{column.label}”没有编号为{value}的记录。")
    return name


def _of_month(desk: Desk, dimension: Dimension, text: str) -> tuple[str, ColumnElement[bool]]:
    name, _, month = text.partition(":")
    day = desk.readable.get(name)
    if day is None or day.kind not in ("date", "instant"):
        raise BadFilter(f"这个列表不能按“{name[:40]}”的月份筛选。")
    held = desk.attribute(name)
    if month == NONE:
        return f"没有{day.label}", held.is_(None)
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise BadFilter(f"“{month[:20]}”不是月份，请写成 2026-02。") from None
    after = (first + timedelta(days=31)).replace(day=1)
    return f"{day.label}：{first:%Y年}{first.month}月", and_(held >= first, held < after)
