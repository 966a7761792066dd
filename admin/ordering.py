"""In which order the rows of a list stand, and the place of a row in it, as SQL and as the text of an address.

Not the pages that are cut at such places (paging.py).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from domain.schema import Table


class BadCursor(ValueError):
    """The place in the address cannot be read; the message is for the person."""


@dataclass(frozen=True)
class Then:
    """A further column of an order, never empty; a choice goes by the order of its words, which no collation knows."""

    column: InstrumentedAttribute[Any]
    descending: bool = False
    words: tuple[str, ...] = ()

    @property
    def said(self) -> ColumnElement[Any]:
        """What is compared."""
        if not self.words:
            return self.column.expression
        return case({word: place for place, word in enumerate(self.words)}, value=self.column)

    def mark(self, value: Any) -> Any:
        """What ``said`` is for a value."""
        return self.words.index(value) if self.words else value


@dataclass(frozen=True)
class Order:
    """One column up or down, perhaps others, then the id the way of the last; empty values come last either way.

    With others the first is never empty, and few rows share its value: they are sorted when they are read.
    """

    column: InstrumentedAttribute[Any]
    key: InstrumentedAttribute[Any]
    descending: bool = False
    then: tuple[Then, ...] = ()

    @property
    def columns(self) -> tuple[InstrumentedAttribute[Any], ...]:
        """The columns that it goes by before the id."""
        return (self.column, *(step.column for step in self.then))

    @property
    def is_by_key(self) -> bool:
        return self.column is self.key

    @property
    def is_along_index(self) -> bool:
        """Whether the database reads rows in this order, rather than sorting all that are asked for."""
        words: Table = self.column.class_.words
        unique = (rule.columns for rule in words.constraints if rule.kind == "unique")
        firsts = {columns[0] for columns in (*unique, *(i.columns for i in words.indexes))}
        return self.is_by_key or self.column.key in firsts

    @property
    def has_empties(self) -> bool:
        return not self.is_by_key and bool(self.column.property.columns[0].nullable)

    def clauses(self) -> tuple[ColumnElement[Any], ...]:
        """ORDER BY."""
        first, *key = self.along()
        return (first.nulls_last(), *key) if self.has_empties else (first, *key)

    def along(self, *, backwards: bool = False) -> tuple[ColumnElement[Any], ...]:
        """ORDER BY of the rows with a value, which an index has both ways; backwards is the exact mirror."""
        return tuple(
            said.desc() if descending != backwards else said.asc()
            for said, descending in self.compared
        )

    @property
    def compared(self) -> tuple[tuple[ColumnElement[Any], bool], ...]:
        """What rows are compared by, one after the other, and whether it descends."""
        first = () if self.is_by_key else ((self.column.expression, self.descending),)
        then = tuple((step.said, step.descending) for step in self.then)
        last = self.then[-1].descending if self.then else self.descending
        return (*first, *then, (self.key.expression, last))

    def cursor(self, row: Any) -> "Cursor":
        """The place of a row."""
        value = None if self.is_by_key else getattr(row, self.column.key)
        more = tuple(getattr(row, step.column.key) for step in self.then)
        return Cursor(value, getattr(row, self.key.key), more)

    def marks(self, cursor: "Cursor") -> tuple[Any, ...]:
        """The values of ``compared`` at a place."""
        first = () if self.is_by_key else (cursor.value,)
        then = (step.mark(value) for step, value in zip(self.then, cursor.more, strict=True))
        return (*first, *then, cursor.id)


@dataclass(frozen=True)
class Cursor:
    """The row next to which a page begins: its value in the ordering column, in the further ones, and its id."""

    value: Any
    id: int
    more: tuple[Any, ...] = ()

    def __str__(self) -> str:
        said = [self.value, *self.more, self.id]
        return json.dumps(said, ensure_ascii=False, default=str, separators=(",", ":"))


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
