"""The parts that the page of an item has besides those of every row: whose turn it is, progress, everything below its
tasks, and the timeline. What each person sees of it, his session says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from admin.frame import edge
from admin.items.noted import draw_note
from admin.items.progress import STEPS, TaskLine, task_lines
from admin.items.remarks import Remarks, remarks_on_item, remarks_on_reply
from admin.tables.additions import additions
from admin.tables.desk import Desk
from admin.tables.drawing import DrawnTable, draw_rows, row_url, without_name
from admin.tables.screens import Section, Whole
from domain import models
from domain.lifecycle.belonging import ITEMS
from domain.lifecycle.handling_units import UnitsOfRole, units_of_item
from domain.lifecycle.timeline import timeline
from domain.lifecycle.turns import Turn, turn_of_reply, turns
from domain.lifecycle.under import filled_under, is_under, tables_under
from domain.people.roles import role_of
from domain.schema.row import Row
from domain.schema.states import ReplyKind
from domain.storing.changes import DERIVED

SHOWN = 50
_TOLD = frozenset({"assignments"})
"""Of which the progress tells enough."""
_ELSEWHERE = _TOLD | DERIVED | {"reminder_reads"}


@dataclass(frozen=True)
class Told:
    """One line of the timeline."""

    when: str
    what: str
    row_name: str
    url: str
    who: str


@dataclass(frozen=True)
class RowsBelow:
    """The rows of one table below the item's tasks."""

    title: str
    sheet: DrawnTable
    is_cut: bool


@dataclass(frozen=True)
class Progress:
    """Whose turn it is, and how far each unit has come."""

    turns: tuple[Turn, ...]
    steps: tuple[str, ...]
    tasks: tuple[TaskLine, ...]
    units: tuple[UnitsOfRole, ...]
    """Who handles the item, where the progress does not tell of all of them."""


@dataclass(frozen=True)
class ReplyStanding:
    """Where a reply is, and what was said on the way."""

    turns: tuple[Turn, ...]
    remarks: Remarks
    units: tuple[UnitsOfRole, ...]


@dataclass(frozen=True)
class TaskStanding:
    """Who handles the item of a task."""

    units: tuple[UnitsOfRole, ...]


@dataclass(frozen=True)
class Records:
    """What was written down, and what has happened, day by day."""

    remarks: Remarks
    gathered: tuple[RowsBelow, ...]
    events: tuple[Told, ...]


def init_items(app: Flask) -> None:
    """Draw the whole on the page of an item, whose turn it is on that of a reply, who else there is on a task's."""
    additions(app).wholes[ITEMS] = draw_whole
    additions(app).wholes["replies"] = draw_reply
    additions(app).wholes["assignments"] = draw_task
    additions(app).wholes["supervision_notes"] = draw_note


def draw_whole(desk: Desk, row: Row) -> Whole:
    """Everything about an item that this person may see."""
    today = edge.today()
    tasks = task_lines(desk, row, today)
    units = units_of_item(desk.session, row.id)
    is_told = sum(len(one.names) for one in units) <= sum(not task.is_over for task in tasks)
    standing = Progress(
        turns=tuple(turns(desk.session, row)),
        steps=STEPS,
        tasks=tasks,
        units=() if is_told else units,
    )
    filled = filled_under(desk.session, row.id)
    records = Records(
        remarks=remarks_on_item(desk, row),
        gathered=(*_main_answers(desk, row, today), *_gathered(desk, row, filled, today)),
        events=tuple(_events(desk, row, filled)),
    )
    return Whole(
        Section("items/standing.html", standing), Section("items/records.html", records), _TOLD
    )


def draw_reply(desk: Desk, row: Any) -> Whole:
    """Whose turn it is at a reply, and what was said of it at its review."""
    turn = turn_of_reply(desk.session, row)
    units = units_of_item(desk.session, row.proposal_id)
    standing = ReplyStanding((turn,) if turn else (), remarks_on_reply(desk, row), units)
    return Whole(Section("items/reply.html", standing))


def draw_task(desk: Desk, row: Any) -> Whole:
    """Who handles the item of a task."""
    standing = TaskStanding(units_of_item(desk.session, row.proposal_id))
    return Whole(Section("items/units.html", standing))


def _gathered(desk: Desk, item: Any, filled: Collection[str], today: date) -> Iterator[RowsBelow]:
    """The rows below the item's tasks, table by table, those of tables that are not on the page otherwise. ``filled``
    are the tables in which it has any."""
    for table in (t for t in tables_under() if t in filled and t not in _ELSEWHERE):
        child = desk.beside(table)
        if not child.may("read") or _is_direct(table):
            continue
        columns = tuple(c for c in child.listed if c.references != ITEMS)
        query = child.query_for(columns).where(is_under(table, item.id))
        rows = list(desk.session.scalars(query.order_by(*child.order().clauses()).limit(SHOWN + 1)))
        if rows:
            sheet = without_name(str(item), draw_rows(child, columns, rows[:SHOWN], today))
            yield RowsBelow(child.words.label, sheet, len(rows) > SHOWN)


def _main_answers(desk: Desk, item: Any, today: date) -> Iterator[RowsBelow]:
    """Of an item that was merged into another: that one's answers, which are its own."""
    child = desk.beside("replies")
    if item.merged_into_id is None or not child.may("read"):
        return
    reply: Any = child.model
    columns = tuple(c for c in child.listed if c.references != ITEMS)
    query = child.query_for(columns).where(
        reply.proposal_id == item.merged_into_id, reply.kind != ReplyKind.OPINION
    )
    rows = list(desk.session.scalars(query.order_by(*child.order().clauses()).limit(SHOWN)))
    if rows:
        yield RowsBelow("主案的答复", draw_rows(child, columns, rows, today), is_cut=False)


def _is_direct(table: str) -> bool:
    """Whether the item's own page lists the table's rows: they hang on the item itself."""
    columns = models.schema.tables[table].columns.values()
    return any(c.references == ITEMS for c in columns)


def _events(desk: Desk, item: Any, filled: Collection[str]) -> Iterator[Told]:
    happened = timeline(desk.session, item, filled)
    people = _people(desk, {event.user_id for event in happened if event.user_id is not None})
    for event in happened:
        when = f"{event.at:%Y-%m-%d}" if event.is_day else f"{event.at:%Y-%m-%d %H:%M}"
        url = row_url(event.table, event.row_id)
        who = people[event.user_id] if event.user_id is not None else ""
        yield Told(when, event.what, event.row_name, url, who)


def _people(desk: Desk, ids: Collection[int]) -> dict[int, str]:
    """Each person by name, or, where his account is not the reader's to see, by his role."""
    user = models.User
    named = desk.session.execute(select(user.id, user.full_name).where(user.id.in_(ids)))
    seen: dict[int, str] = {row.id: row.full_name for row in named}
    return {key: seen[key] if key in seen else role_of(desk.session, key) for key in ids}
