"""Keyset paging: the place in a list is a row, not a number, so page 20,000 costs what page 1 costs.

Not the filters (filters.py), not the screen (lists.py). Works on any mapped class with an integer `id`.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.schema import Table
from domain.storing.session import READS_ON, ActorSession

COUNT_CAP = 10_000
QUICKLY_COUNTED = 20_000


class BadCursor(ValueError):
    """The place in the address cannot be read; the message is for the person."""


@dataclass(frozen=True)
class Order:
    """One column up or down, then the id the same way; empty values come last either way."""

    column: InstrumentedAttribute[Any]
    key: InstrumentedAttribute[Any]
    descending: bool = False

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
        descends = self.descending != backwards
        key = self.key.desc() if descends else self.key.asc()
        if self.is_by_key:
            return (key,)
        return (self.column.desc() if descends else self.column.asc(), key)


@dataclass(frozen=True)
class Cursor:
    """The row next to which a page begins: its value in the ordering column and its id."""

    value: Any
    id: int

    def __str__(self) -> str:
        return json.dumps(
            [self.value, self.id], ensure_ascii=False, default=str, separators=(",", ":")
        )


@dataclass(frozen=True)
class Page:
    """At most `size` rows in the order of the list, and the cursors of the pages around it, if any."""

    rows: list[Any]
    before: Cursor | None
    after: Cursor | None


@dataclass(frozen=True)
class Place:
    """Where a page begins: the very front, after a row, before a row, or the very end."""

    after: Cursor | None = None
    before: Cursor | None = None
    from_end: bool = False

    @property
    def backwards(self) -> bool:
        return self.from_end or self.before is not None


def read_cursor(text: str, parse: Callable[[str], Any]) -> Cursor:
    """The cursor that `str(cursor)` wrote; `parse` turns the value's text back. Raises BadCursor."""
    try:
        value, key = json.loads(text)
        if type(key) is not int or not 0 < key < 2**63:
            raise BadCursor
        return Cursor(None if value is None else parse(str(value)), key)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadCursor("翻页的位置看不懂，请从第一页开始。") from error


@dataclass(frozen=True)
class Cut:
    """Which page: of the rows that `narrowed` selects, `size` in an order from a place on."""

    narrowed: Select[Any]
    order: Order
    place: Place
    size: int


def fetch(session: Session, query: Select[Any], order: Order, place: Place, size: int) -> Page:
    """One page of `query`, a select of whole rows."""
    return fetch_cut(session, query, Cut(query, order, place, size))


def fetch_cut(session: Session, query: Select[Any], cut: Cut) -> Page:
    """One page, its rows as `query` selects them. One id more than asked tells whether the list goes on.

    The ids come first, then their rows: what the database sorts is narrow, whatever the list shows, and what it is
    narrowed by is asked once.
    """
    order, place, size = cut.order, cut.place, cut.size
    ids = _read_ids(session, cut)
    goes_on = len(ids) > size
    these = query.where(order.key.in_(ids[:size]))
    found = {row.id: row for row in session.scalars(these, execution_options={READS_ON: True})}
    rows = [found[key] for key in ids[:size] if key in found]
    if place.backwards:
        rows.reverse()
    return _page(rows, order, place, goes_on=goes_on)


def count_capped(
    session: Session,
    query: Select[Any],
    key: InstrumentedAttribute[Any],
    *,
    is_small: bool = False,
) -> int:
    """How many rows, counted no further than COUNT_CAP + 1; of a table that `is_small` each is looked at by itself."""
    some = query.order_by(None).with_only_columns(key).limit(COUNT_CAP + 1).subquery()
    count = select(func.count()).select_from(some)
    return session.scalar(count, execution_options={READS_ON: is_small}) or 0


def is_quickly_counted(session: ActorSession, key: InstrumentedAttribute[Any]) -> bool:
    """Whether the table is small enough to be counted while the person waits."""
    return session.newest_id(key.class_) <= QUICKLY_COUNTED


def say_number(count: int) -> str:
    """60 or 10000+."""
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)


def say_count(count: int) -> str:
    """「共 60 条」 or 「10000+ 条」."""
    return f"{say_number(count)} 条" if count > COUNT_CAP else f"共 {count} 条"


def _read_ids(session: Session, cut: Cut) -> list[int]:
    """The ids of the page, and one more where the list goes on."""
    ids: list[int] = []
    for part in _parts(cut):
        rest = part.limit(cut.size + 1 - len(ids))
        ids += session.scalars(rest, execution_options={READS_ON: cut.order.is_along_index})
        if len(ids) > cut.size:
            break
    return ids


def _parts(cut: Cut) -> Iterator[Select[int]]:
    """The ids from the place on, in the order of the list or against it: the filled ones and the empty ones apart.

    So both are read along an index; none has the empty ones last both ways.
    """
    order, place = cut.order, cut.place
    ids = select(order.key)
    if cut.narrowed.whereclause is not None:
        ids = ids.where(cut.narrowed.whereclause)
    filled, empty = _filled(ids, order, place), _empty(ids, order, place)
    cursor = place.before or place.after
    if not order.has_empties:
        yield filled
    elif cursor and (cursor.value is None) != place.backwards:
        yield empty if cursor.value is None else filled
    else:
        yield from (empty, filled) if place.backwards else (filled, empty)


def _filled(ids: Select[int], order: Order, place: Place) -> Select[int]:
    """Those with a value, from the cursor on where it has one."""
    ids = ids.order_by(*order.along(backwards=place.backwards))
    cursor = place.before or place.after
    if cursor and (order.is_by_key or cursor.value is not None):
        return ids.where(_beyond(order, cursor, backwards=place.backwards))
    return ids.where(order.column.is_not(None)) if order.has_empties else ids


def _empty(ids: Select[int], order: Order, place: Place) -> Select[int]:
    """Those without, from the cursor on where it has none either."""
    ids = ids.where(order.column.is_(None)).order_by(order.along(backwards=place.backwards)[-1])
    cursor = place.before or place.after
    if cursor and cursor.value is None:
        return ids.where(_key_beyond(order, cursor, backwards=place.backwards))
    return ids


def _page(rows: list[Any], order: Order, place: Place, *, goes_on: bool) -> Page:
    page = Page(rows, None, None)
    if not rows:
        return page
    first, last = _cursor(rows[0], order), _cursor(rows[-1], order)
    has_before = goes_on if place.backwards else place.after is not None
    has_after = (place.before is not None) if place.backwards else goes_on
    return replace(page, before=first if has_before else None, after=last if has_after else None)


def _cursor(row: Any, order: Order) -> Cursor:
    return Cursor(
        None if order.is_by_key else getattr(row, order.column.key), getattr(row, order.key.key)
    )


def _beyond(order: Order, cursor: Cursor, *, backwards: bool) -> ColumnElement[bool]:
    """The rows with a value that come after the cursor in the order (or before it, backwards)."""
    if order.is_by_key:
        return _key_beyond(order, cursor, backwards=backwards)
    pair, mark = tuple_(order.column, order.key), tuple_(cursor.value, cursor.id)
    return pair > mark if order.descending == backwards else pair < mark


def _key_beyond(order: Order, cursor: Cursor, *, backwards: bool) -> ColumnElement[bool]:
    return order.key > cursor.id if order.descending == backwards else order.key < cursor.id
