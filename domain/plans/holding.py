"""Locks what a plan is about to change or drop, and looks whether it still is as matching read it. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from domain import models
from domain.plans.steps import UPDATED, Step
from domain.plans.stock import Stock, Values
from domain.plans.traces import hanging, locked_deadlines
from domain.storing.session import ActorSession

_AT_ONCE = 500


def hold(session: ActorSession, stock: Stock, steps: Iterable[Step]) -> bool:
    """Lock the stored rows that these steps change or drop until the transaction ends, in the order of an undo.

    False where somebody has changed one of them, or left something on such a task, since the stock was read: who was
    just at it has been waited for.
    """
    touched = _touched(steps)
    held = [_is_as_read(session, table, rows) for table, rows in sorted(touched.items())]
    return all(held) and not _is_left_since(session, stock, touched["assignments"])


def _is_left_since(session: ActorSession, stock: Stock, tasks: Iterable[Values]) -> bool:
    """Whether people have hung on one of these tasks, held by now, what the stock does not know."""
    ids = {task["id"] for task in tasks}
    if not ids:
        return False
    list(locked_deadlines(session, sorted(ids)))
    now = hanging(session, models.Proposal.meeting_id == stock.meeting.id)
    return not ids.isdisjoint(now.keys() - stock.hanging.keys())


def _touched(steps: Iterable[Step]) -> dict[str, list[Values]]:
    rows: dict[str, list[Values]] = {"assignments": [], "proposals": [], "sponsors": []}
    for step in steps:
        if step.outcome == UPDATED and step.item:
            rows["proposals"].append(step.item)
            rows["assignments"] += [*step.dropped_tasks, *(old for old, _ in step.changed_tasks)]
            rows["sponsors"] += [
                *step.dropped_sponsors,
                *(old for old, _ in step.changed_sponsors),
            ]
    return rows


def _is_as_read(session: ActorSession, table: str, rows: Sequence[Values]) -> bool:
    read = {row["id"]: row for row in rows}
    now = {row["id"]: row for row in _locked(session, table, read)}
    return read.keys() == now.keys() and all(
        value == read[row_id][name] for row_id, row in now.items() for name, value in row.items()
    )


def _locked(session: ActorSession, table: str, read: dict[int, Values]) -> Iterator[Values]:
    """The rows as they are now, in those of their own columns that were read."""
    columns: Any = models.table_of(table).c
    names = [name for name in next(iter(read.values()), {}) if name in columns]
    ids = sorted(read)
    for start in range(0, len(ids), _AT_ONCE):
        among = columns.id.in_(ids[start : start + _AT_ONCE])
        query = select(*(columns[name] for name in names)).where(among)
        query = query.order_by(columns.id).with_for_update()
        yield from map(dict, session.connection().execute(query).mappings())
