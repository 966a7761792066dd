"""The place in a list that an address names: read from its text, and what lies beyond it as SQL.

Not the order itself (domain/ordering.py), not the pages that are cut at such places (paging.py).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, tuple_

from domain.ordering import Cursor, Order


class BadCursor(ValueError):
    """The place in the address cannot be read; the message is for the person."""


@dataclass(frozen=True)
class Place:
    """Where a page begins: the very front, after a row, before a row, or the very end."""

    after: Cursor | None = None
    before: Cursor | None = None
    from_end: bool = False

    @property
    def backwards(self) -> bool:
        return self.from_end or self.before is not None


def read_cursor(text: str, parse: Callable[[str], Any], *others: Callable[[str], Any]) -> Cursor:
    """The cursor that `str(cursor)` wrote; `parse` and `others` turn the values' texts back. Raises BadCursor."""
    try:
        value, *more, key = json.loads(text)
        if type(key) is not int or not 0 < key < 2**63:
            raise BadCursor
        values = tuple(read(str(one)) for read, one in zip(others, more, strict=True))
        return Cursor(None if value is None else parse(str(value)), key, values)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadCursor("翻页的位置看不懂，请从第一页开始。") from error


def beyond(order: Order, cursor: Cursor, *, backwards: bool) -> ColumnElement[bool]:
    """The rows with a value that come after the cursor in the order (or before it, backwards)."""
    if order.is_by_key:
        return key_beyond(order, cursor, backwards=backwards)
    if order.then:
        return _beyond_each(order, cursor, backwards=backwards)
    pair, mark = tuple_(order.column, order.key), tuple_(cursor.value, cursor.id)
    return pair > mark if order.descending == backwards else pair < mark


def _beyond_each(order: Order, cursor: Cursor, *, backwards: bool) -> ColumnElement[bool]:
    """The same where columns go different ways: beyond in the first, or there and beyond in the next, and so on.

    The first stands alone as well, so that the database reads on from there in its index.
    """
    found: ColumnElement[bool] = false()
    steps = list(zip(order.compared, order.marks(cursor), strict=True))
    for (said, descending), mark in reversed(steps):
        further = said > mark if descending == backwards else said < mark
        found = or_(further, and_(said == mark, found))
    goes_up = order.descending == backwards
    return and_(order.column >= cursor.value if goes_up else order.column <= cursor.value, found)


def key_beyond(order: Order, cursor: Cursor, *, backwards: bool) -> ColumnElement[bool]:
    """The rows with a greater id, or with a smaller one, as the order goes."""
    return order.key > cursor.id if order.descending == backwards else order.key < cursor.id
