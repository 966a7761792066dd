"""Locks what a plan is about to change or drop, and looks whether it still is as matching read it. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable

from domain import models
from domain.imports.outcomes import UPDATED
from domain.imports.traces import hanging, locked_deadlines
from domain.plans.steps import PlanStep
from domain.plans.stock import Stock, Values
from domain.storing.holding import hold_as_read
from domain.storing.session import ActorSession


def hold(session: ActorSession, stock: Stock, steps: Iterable[PlanStep]) -> bool:
    """Lock the stored rows that these steps change or drop until the transaction ends, in the order of an undo.

    False where somebody has changed one of them, or left something on such a task, since the stock was read: who was
    just at it has been waited for.
    """
    touched = _touched(steps)
    held = [hold_as_read(session, table, rows) for table, rows in sorted(touched.items())]
    return all(held) and not _is_left_since(session, stock, touched["assignments"])


def _is_left_since(session: ActorSession, stock: Stock, tasks: Iterable[Values]) -> bool:
    """Whether people have hung on one of these tasks, held by now, what the stock does not know."""
    ids = {task["id"] for task in tasks}
    if not ids:
        return False
    list(locked_deadlines(session, sorted(ids)))
    now = hanging(session, models.Proposal.meeting_id == stock.meeting.id)
    return not ids.isdisjoint(now.keys() - stock.hanging.keys())


def _touched(steps: Iterable[PlanStep]) -> dict[str, list[Values]]:
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
