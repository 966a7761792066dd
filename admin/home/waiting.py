"""What waits for this person, soonest due first: the first rows of every list of what waits, with the act to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from admin.tables.cells import tone_of_due
from admin.tables.desk import Desk, desk_at
from admin.tables.drawing import row_url
from admin.tables.finding.waiting import ANY, read_waiting, waiting_acts
from domain import models
from domain.dues.next_due import next_dues
from domain.lifecycle.judging import judge

SHOWN = 12
LOOKED_AT = 500
"""Of a longer list the oldest rows are looked at."""


@dataclass(frozen=True)
class Waiter:
    """A row that waits: what is to be done, the row, when it is due."""

    act: str
    name: str
    url: str
    due_text: str
    tone: str
    due_on: date | None


def waiting_rows(today: date) -> tuple[Waiter, ...]:
    """The first rows that wait for this person, of all tables."""
    found = [
        one for words in models.schema.tables.values() for one in _of(desk_at(words.name), today)
    ]
    found.sort(key=lambda one: (one.due_on is None, one.due_on or date.max))
    return tuple(found[:SHOWN])


def _of(desk: Desk, today: date) -> Iterator[Waiter]:
    acts = waiting_acts(desk) if desk.may("read") else ()
    waiting = read_waiting(desk, ANY) if acts else None
    if waiting is None:
        return
    query = waiting.narrow(desk.query(), desk).options(*models.name_options(desk.model))
    rows = desk.session.scalars(query.order_by(desk.model.id).limit(LOOKED_AT)).all()
    ids = [row.id for row in rows]
    dues = next_dues(desk.session, desk.words.name, ids)
    first = sorted(rows, key=lambda row: (row.id not in dues, dues.get(row.id, date.max)))[:SHOWN]
    standings = judge(desk.session, acts, [row.id for row in first])
    for row in first:
        labels = [act.label for act in acts if standings[row.id][act.name].is_open]
        due_on = dues.get(row.id)
        yield Waiter(
            "、".join(labels),
            str(row),
            row_url(desk.words.name, row.id),
            f"{due_on:%Y-%m-%d}" if due_on else "",
            tone_of_due(due_on, today) or "",
            due_on,
        )
