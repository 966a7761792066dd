"""What waits for this person, soonest due first: the first rows of every list of what waits, with the act to do.

Of a very long list only the oldest rows are looked at, which the page then says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from admin.tables.cells import tone_of_due
from admin.tables.desk import Desk, desk_at
from admin.tables.drawing import names, row_url
from admin.tables.finding.waiting import ANY, read_waiting, waiting_acts
from domain import models
from domain.dues.next_due import next_dues
from domain.lifecycle.acts.act import Act
from domain.lifecycle.judging import waiting_for
from domain.storing.session import LOOKS_UP

SHOWN = 12
LOOKED_AT = 500
"""Of a longer list so many of the oldest rows are looked at."""


@dataclass(frozen=True)
class Waiter:
    """A row that waits: what is to be done, the row, when it is due."""

    act: str
    name: str
    url: str
    due_text: str
    tone: str
    due_on: date | None


@dataclass(frozen=True)
class Waiters:
    """The first rows that wait; ``is_cut``: there are more; ``looked_at``: among so many of a longer list."""

    rows: tuple[Waiter, ...]
    is_cut: bool
    looked_at: int | None

    def __len__(self) -> int:
        return len(self.rows)


def waiting_rows(today: date) -> Waiters:
    """The first rows that wait for this person, of all tables."""
    found, count, looked_at = list[Waiter](), 0, None
    for words in models.schema.tables.values():
        desk = desk_at(words.name)
        ids = _waiting_at(desk)
        looked_at = LOOKED_AT if len(ids) > LOOKED_AT else looked_at
        found += _soonest(desk, ids[:LOOKED_AT], today)
        count += len(ids)
    found.sort(key=lambda one: (one.due_on is None, one.due_on or date.max))
    return Waiters(tuple(found[:SHOWN]), count > SHOWN, looked_at)


def _waiting_at(desk: Desk) -> Sequence[int]:
    """The oldest rows of a table that wait, and one more than are looked at where there are more."""
    waiting = read_waiting(desk, ANY) if desk.may("read") and waiting_acts(desk) else None
    if waiting is None:
        return ()
    query = waiting.narrow(desk.query(), desk).with_only_columns(desk.model.id)
    oldest = query.order_by(desk.model.id).limit(LOOKED_AT + 1)
    return desk.session.scalars(oldest, execution_options={LOOKS_UP: True}).all()


def _soonest(desk: Desk, ids: Sequence[int], today: date) -> Iterator[Waiter]:
    if not ids:
        return
    acts = waiting_acts(desk)
    dues = next_dues(desk.session, desk.words.name, _dated(desk, acts, ids))
    first = sorted(ids, key=lambda id: (id not in dues, dues.get(id, date.max)))[:SHOWN]
    query = desk.query().where(desk.model.id.in_(first))
    named = query.options(*models.name_options(desk.model))
    rows = desk.session.scalars(named, execution_options={LOOKS_UP: True}).all()
    waited_for = waiting_for(desk.session, acts, first)
    called = names(desk, rows)
    for row in rows:
        labels = [act.called_from(getattr(row, act.state, None)) for act in waited_for[row.id]]
        due_on = dues.get(row.id)
        yield Waiter(
            "、".join(labels),
            called[row.id],
            row_url(desk.words.name, row.id),
            f"{due_on:%Y-%m-%d}" if due_on else "",
            tone_of_due(due_on, today) or "",
            due_on,
        )


def _dated(desk: Desk, acts: Sequence[Act], ids: Sequence[int]) -> Sequence[int]:
    """The ids of the rows that wait for an act for which what is due of them is due."""
    dated = [act for act in acts if act.is_dated]
    if len(dated) == len(acts):
        return ids
    return [id for id, some in waiting_for(desk.session, dated, ids).items() if some]
