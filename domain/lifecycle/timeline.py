"""What has happened to an item, day by day: to whom it was handed over, and every [已发生] date of every row that
belongs to it, as schema.sql says; which of them were entered afterwards (补录), as the change log says.

What an act took back of the item itself, as 取消撤件, or changed of its place, as 并案, the log alone tells.

A table that is added there joins by itself. What the reader may not see is not told: rows by his session, columns here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
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
Cell = tuple[str, int, str]
"""Table, id of the row, column."""


@dataclass(frozen=True)
class Happening:
    """Something that happened: when, what, to which row, by whom. ``is_day``: of ``at`` only the day is known."""

    at: datetime
    is_day: bool
    what: str
    row_name: str
    table: str
    row_id: int
    user_id: int | None


@dataclass(frozen=True)
class EnteredDate:
    """When what a date says was entered, as which change, and whether it was said to be entered afterwards."""

    number: int
    at: datetime
    is_backfilled: bool


def timeline(session: ActorSession, item: Any, filled: Collection[str]) -> list[Happening]:
    """The events of an item, the first one first: a question for each table of ``filled``, in which it has rows, that
    has such dates, one to the log.

    Of events of which only the day is known those that were entered that very day stand where they were entered.
    """
    rows = {ITEMS: [item]}
    for table in tables_under():
        if (
            table in filled
            and table not in DERIVED
            and _dated(session, table)
            and scopes.may(session.actor, table, "read")
        ):
            rows[table] = _rows(session, table, item.id)
    entries = _entries(session, (row for found in rows.values() for row in found))
    told = [
        _with_entry(event, entries.get((table, event.row_id, column.name)))
        for table in rows
        for event, column in _events_of(session, table, rows[table], item)
    ]
    told += [
        ((event.at, False, number, item.id), event) for number, event in _acts_on(session, item)
    ]
    return [event for _, event in sorted(told, key=lambda one: one[0])]


def _acts_on(session: ActorSession, item: Any) -> Iterator[tuple[int, Happening]]:
    """The acts on the item itself of which no date is left: one emptied a date that was told of, or moved the item."""
    log, seen = models.table_of("change_log").c, scopes.hidden_columns(session.actor, ITEMS)
    words = [c for c in item.words.columns.values() if c.name not in seen]
    query = select(log.id, log.happened_at, log.user_id, log.act, log.changes)
    mine = query.where(log.table_name == ITEMS, log.row_id == item.id, log.act != "")
    for entry in session.unchecked_connection().execute(mine.order_by(log.id)):
        what = next((said for c in words if (said := _said_by(entry, c))), None)
        if what:
            at, name = entry.happened_at, item.words.label
            yield entry.id, Happening(at, False, what, name, ITEMS, item.id, entry.user_id)


def _said_by(entry: Any, column: Column) -> str:
    """What an act on an item has done to a column, where no date of the item tells it; "" where one does."""
    old, new = entry.changes.get(column.name, (None, None))
    if column.has_happened and old is not None and new is None:
        return f"{entry.act}（原{column.label} {old}）"
    is_moved = column.references == ITEMS and column.is_by_act and old != new
    return str(entry.act) if is_moved else ""


def _with_entry(
    event: Happening, entry: EnteredDate | None
) -> tuple[tuple[datetime, bool, int, int], Happening]:
    """Where the event stands, and the event, marked where it was entered afterwards."""
    at, is_day, number = event.at, event.is_day, entry.number if entry else 0
    if entry and is_day and entry.at.date() == at.date():
        at, is_day = entry.at, False
    if entry and entry.is_backfilled and event.at.date() < entry.at.date():
        event = replace(event, what=f"{event.what}（{BACKFILLED}）")
    return (at, is_day, number, event.row_id), event


def _entries(session: ActorSession, rows: Iterable[Any]) -> dict[Cell, EnteredDate]:
    """Where the log has them, the entries by which the dates of these rows came to be what they are.

    One question to the log for all, whoever may read it: nothing is told of it but when.
    """
    known = {(row.words.name, row.id): row for row in rows}
    if not known:
        return {}
    ids = {table: [row_id for of, row_id in known if of == table] for table, _ in known}
    log = models.table_of("change_log").c
    of_rows = or_(
        *(and_(log.table_name == table, log.row_id.in_(keys)) for table, keys in ids.items())
    )
    query = select(log.id, log.table_name, log.row_id, log.changes, log.happened_at, log.act)
    found: dict[Cell, EnteredDate] = {}
    for entry in session.unchecked_connection().execute(query.where(of_rows).order_by(log.id)):
        row = known[entry.table_name, entry.row_id]
        for name, (_, said) in entry.changes.items():
            value = getattr(row, name, None)
            if isinstance(value, date) and plain(value) == said:
                is_later = BACKFILLED in entry.act
                cell = entry.table_name, entry.row_id, name
                found[cell] = EnteredDate(entry.id, entry.happened_at, is_later)
    return found


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


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
) -> Iterator[tuple[Happening, Column]]:
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
                yield Happening(at, is_day, said, name, table, row.id, person), column


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
