"""Keyset paging: the place in a list is a row, not a number, so page 20,000 costs what page 1 costs.

Not the order and the places in it (ordering.py), not the filters (filters.py), not the screen (lists.py). Works on any
mapped class with an integer `id`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from admin.tables.finding.ordering import Place, beyond, key_beyond
from domain.ordering import Cursor, Order
from domain.schema.row import Row
from domain.storing.session import LOOKS_UP, READS_ON, ActorSession

Read = TypeVar("Read")

COUNT_CAP = 10_000
QUICKLY_COUNTED = 20_000


@dataclass(frozen=True)
class Page:
    """At most `size` rows in the order of the list, and the cursors of the pages around it, if any."""

    rows: list[Row]
    before: Cursor | None
    after: Cursor | None


@dataclass(frozen=True)
class Cut:
    """Which page: of the rows that `narrowed` selects, `size` in an order from a place on."""

    narrowed: Select[Row]
    order: Order
    place: Place
    size: int


def fetch(session: Session, query: Select[Row], order: Order, place: Place, size: int) -> Page:
    """One page of `query`, a select of whole rows."""
    return fetch_cut(session, query, Cut(query, order, place, size))


def fetch_cut(session: Session, query: Select[Row], cut: Cut) -> Page:
    """One page, its rows as `query` selects them. One id more than asked tells whether the list goes on.

    The ids come first, then their rows: what the database sorts is narrow, whatever the list shows, and what it is
    narrowed by is asked once.
    """
    order, place, size = cut.order, cut.place, cut.size
    ids = _read_ids(session, cut)
    if not ids:
        return Page([], None, None)
    goes_on = len(ids) > size
    these = query.where(order.key.in_(ids[:size]))
    found = {row.id: row for row in session.scalars(these, execution_options={LOOKS_UP: True})}
    rows = [found[key] for key in ids[:size] if key in found]
    if place.backwards:
        rows.reverse()
    return _page(rows, order, place, goes_on=goes_on)


def count_capped(
    session: Session,
    query: Select[Row],
    key: InstrumentedAttribute[Any],
    *,
    cap: int | None = None,
    way: str = "",
) -> int:
    """How many rows, counted no further than one more than `cap`, usually COUNT_CAP.

    `way`: READS_ON of a short table, LOOKS_UP where an index leads to what is asked for.
    """
    some = (
        query.order_by(None)
        .with_only_columns(key)
        .limit((COUNT_CAP if cap is None else cap) + 1)
        .subquery()
    )
    count = select(func.count()).select_from(some)
    return session.scalar(count, execution_options={way: True} if way else {}) or 0


def is_quickly_counted(session: ActorSession, model: type[Row]) -> bool:
    """Whether the table is small enough to be counted while the person waits."""
    return session.newest_id(model) <= QUICKLY_COUNTED


def say_number(count: int, cap: int | None = None) -> str:
    """60 or 10000+."""
    most = COUNT_CAP if cap is None else cap
    return f"{most}+" if count > most else str(count)


def say_count(count: int) -> str:
    """「共 60 条」 or 「10000+ 条」."""
    return f"{say_number(count)} 条" if count > COUNT_CAP else f"共 {count} 条"


def _read_ids(session: Session, cut: Cut) -> list[int]:
    """The ids of the page, and one more where the list goes on."""
    ids: list[int] = []
    for part in _parts(cut):
        rest = cut.size + 1 - len(ids)
        ids += (
            _read_groups(session, cut, part)
            if cut.order.then
            else _read(session, cut, part.limit(rest))
        )
        if len(ids) > cut.size:
            break
    return ids


def _read(session: Session, cut: Cut, query: Select[Read]) -> list[Read]:
    along = {READS_ON: cut.order.is_along_index}
    return list(session.scalars(query, execution_options=along))


def _read_groups(session: Session, cut: Cut, part: Select[int]) -> list[int]:
    """The same in an order by further columns: first the values of the first column as far as the page goes, read along
    its index; then the rows with these, sorted. In one statement the database would rather sort all there are.
    """
    column = cut.order.column
    first = cut.order.along(backwards=cut.place.backwards)[0]
    values = part.with_only_columns(column).order_by(None).order_by(first).limit(cut.size + 1)
    near = part.where(column.in_(set(_read(session, cut, values)))).limit(cut.size + 1)
    return list(session.scalars(near, execution_options={LOOKS_UP: True}))


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
        return ids.where(beyond(order, cursor, backwards=place.backwards))
    return ids.where(order.column.is_not(None)) if order.has_empties else ids


def _empty(ids: Select[int], order: Order, place: Place) -> Select[int]:
    """Those without, from the cursor on where it has none either."""
    ids = ids.where(order.column.is_(None)).order_by(order.along(backwards=place.backwards)[-1])
    cursor = place.before or place.after
    if cursor and cursor.value is None:
        return ids.where(key_beyond(order, cursor, backwards=place.backwards))
    return ids


def _page(rows: list[Row], order: Order, place: Place, *, goes_on: bool) -> Page:
    page = Page(rows, None, None)
    if not rows:
        return page
    first, last = order.cursor(rows[0]), order.cursor(rows[-1])
    has_before = goes_on if place.backwards else place.after is not None
    has_after = (place.before is not None) if place.backwards else goes_on
    return replace(page, before=first if has_before else None, after=last if has_after else None)
