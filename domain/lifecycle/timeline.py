"""What has happened to an item, day by day: every [已发生] date of every row that belongs to it, as schema.sql says.

A table that is added there joins by itself. What the reader may not see is not told: rows by his session, columns here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import or_, select

from domain import models
from domain.access import scopes
from domain.lifecycle.belonging import ITEMS
from domain.lifecycle.under import is_under, tables_under
from domain.schema.words import Column
from domain.storing.changes import DERIVED
from domain.storing.session import ActorSession

_WHEN = ("日期", "时间")


@dataclass(frozen=True)
class Event:
    """Something that happened: when, what, to which row, by whom. ``is_day``: of ``at`` only the day is known."""

    at: datetime
    is_day: bool
    what: str
    row_name: str
    table: str
    row_id: int
    user_id: int | None


def timeline(session: ActorSession, item: Any) -> list[Event]:
    """The events of an item, the first one first: a question for each table that has such dates."""
    events = list(_events_of(session, ITEMS, [item], item))
    for table in tables_under():
        if (
            table not in DERIVED
            and _dated(session, table)
            and scopes.may(session.actor, table, "read")
        ):
            events += _events_of(session, table, _rows(session, table, item.id), item)
    return sorted(events, key=lambda event: (event.at, event.is_day, event.row_id))


def _rows(session: ActorSession, table: str, item_id: int) -> list[Any]:
    row: Any = models.by_table[table]
    dates = [getattr(row, column.name) for column in _dated(session, table)]
    query = select(row).where(is_under(table, item_id), or_(*(d.is_not(None) for d in dates)))
    return list(session.scalars(query.options(*models.name_options(row))))


def _dated(session: ActorSession, table: str) -> list[Column]:
    """The dates of a table that tell of something done, as far as the reader sees them."""
    hidden = scopes.hidden_columns(session.actor, table)
    columns = models.schema.tables[table].columns.values()
    return [c for c in columns if c.has_happened and c.name not in hidden]


def _events_of(session: ActorSession, table: str, rows: list[Any], item: Any) -> Iterator[Event]:
    words = models.schema.tables[table]
    item_name = str(item)
    for row in rows:
        name = str(row).replace(item_name, "").strip() or words.label
        for column in _dated(session, table):
            value = getattr(row, column.name)
            if value is not None:
                at, is_day = _instant(value)
                person = _person(session, words.columns, column, row)
                yield Event(at, is_day, _said(column, words.label), name, table, row.id, person)


def _instant(value: date) -> tuple[datetime, bool]:
    return (
        (value, False) if isinstance(value, datetime) else (datetime.combine(value, time()), True)
    )


def _said(column: Column, label: str) -> str:
    """签收日期 tells of 签收; a column that is only called 日期 or 时间, of its table."""
    for end in _WHEN:
        if column.label.endswith(end):
            return column.label.removesuffix(end) or label
    return column.label


def _person(
    session: ActorSession, columns: Mapping[str, Column], column: Column, row: Any
) -> int | None:
    """Who did it: the person that goes with the date, else the one that the row names by itself."""
    hidden = scopes.hidden_columns(session.actor, row.words.name)
    deed = column.name.removesuffix("_on").removesuffix("_at")
    names = [f"{deed}_by_id", "recorded_by_id", "user_id"]
    found = next((n for n in names if n in columns and n not in hidden), None)
    person: int | None = getattr(row, found) if found else None
    return person
