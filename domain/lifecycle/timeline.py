"""What has happened to an item, day by day: to whom it was handed over, and every [已发生] date of every row that
belongs to it, as schema.sql says; which of them were entered afterwards (补录), as the change log says.

A table that is added there joins by itself. What the reader may not see is not told: rows by his session, columns here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import and_, or_, select

from domain import models
from domain.access import scopes
from domain.lifecycle.belonging import ITEMS
from domain.lifecycle.under import is_under, tables_under
from domain.schema.words import Column
from domain.storing.changes import BACKFILLED, DERIVED, plain
from domain.storing.session import ActorSession

_WHEN = ("日期", "时间")
_ALSO_TOLD = {"assignments": {"counts_from_on": "assigned_by_id"}}
"""By table the dates that are told although they follow from others, once they are there: with who did it. A task is
handed over on the day from which it counts."""
Cells = set[tuple[str, int, str]]
"""Table, id of the row, column."""


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
    """The events of an item, the first one first: a question for each table that has such dates, one to the log."""
    rows = {ITEMS: [item]}
    for table in tables_under():
        if (
            table not in DERIVED
            and _dated(session, table)
            and scopes.may(session.actor, table, "read")
        ):
            rows[table] = _rows(session, table, item.id)
    later = backfilled(session, (row for found in rows.values() for row in found))
    events = [event for table in rows for event in _events_of(session, table, rows[table], item)]
    told = [_marked(event, column, later) for event, column in events]
    return sorted(told, key=lambda event: (event.at, event.is_day, event.row_id))


def backfilled(session: ActorSession, rows: Iterable[Any]) -> Cells:
    """Which dates of these rows were entered later than on the day that they tell of, by a file or an act that says so.

    One question to the log for all, whoever may read it: nothing is told of it but that. What was changed since counts
    no more.
    """
    known = {(row.words.name, row.id): row for row in rows}
    if not known:
        return set()
    ids = {table: [row_id for of, row_id in known if of == table] for table, _ in known}
    log = models.table_of("change_log").c
    of_rows = or_(
        *(and_(log.table_name == table, log.row_id.in_(keys)) for table, keys in ids.items())
    )
    query = select(log.table_name, log.row_id, log.changes, log.happened_at)
    query = query.where(log.act.contains(BACKFILLED), of_rows)
    return {
        (entry.table_name, entry.row_id, name)
        for entry in session.unchecked_connection().execute(query)
        for name, (_, said) in entry.changes.items()
        if _is_later(known[entry.table_name, entry.row_id], name, said, entry.happened_at)
    }


def _is_later(row: Any, name: str, said: Any, entered_at: datetime) -> bool:
    value = getattr(row, name, None)
    return isinstance(value, date) and plain(value) == said and _day(value) < entered_at.date()


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _marked(event: Event, column: Column, later: Cells) -> Event:
    is_later = (event.table, event.row_id, column.name) in later
    return replace(event, what=f"{event.what}（{BACKFILLED}）") if is_later else event


def _rows(session: ActorSession, table: str, item_id: int) -> list[Any]:
    row: Any = models.by_table[table]
    dates = [getattr(row, column.name) for column in _dated(session, table)]
    query = select(row).where(is_under(table, item_id), or_(*(d.is_not(None) for d in dates)))
    return list(session.scalars(query.options(*models.name_options(row))))


def _dated(session: ActorSession, table: str) -> list[Column]:
    """The dates of a table that tell of something done, as far as the reader sees them."""
    hidden = scopes.hidden_columns(session.actor, table)
    columns, also = models.schema.tables[table].columns.values(), _ALSO_TOLD.get(table, {})
    told = [c for c in columns if c.has_happened or c.name in also]
    return [c for c in told if c.name not in hidden]


def _events_of(
    session: ActorSession, table: str, rows: list[Any], item: Any
) -> Iterator[tuple[Event, Column]]:
    """The events of these rows, each with the column that tells of it; nothing of what is still to come."""
    words, today = models.schema.tables[table], session.now().date()
    item_name = str(item)
    for row in rows:
        name = str(row).replace(item_name, "").strip() or words.label
        for column in _dated(session, table):
            value = getattr(row, column.name)
            if value is not None and _day(value) <= today:
                at, is_day = _instant(value)
                person = _person(session, words.columns, column, row)
                said = _said(column, words.label)
                yield Event(at, is_day, said, name, table, row.id, person), column


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
    also, deed = _ALSO_TOLD.get(row.words.name, {}), column.name.removesuffix("_on")
    its_own = also.get(column.name, f"{deed.removesuffix('_at')}_by_id")
    names = [its_own, "recorded_by_id", "user_id"]
    found = next((n for n in names if n in columns and n not in hidden), None)
    person: int | None = getattr(row, found) if found else None
    return person
