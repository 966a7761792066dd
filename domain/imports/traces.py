"""What people have left on tasks: by that a plan knows which tasks it may neither drop nor give another role.

Whatever schema.sql hangs on a task counts; of what the program derives for it, what a person wrote into. Not here:
what was changed since an import (since.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from domain import models
from domain.saving import typed_dates
from domain.storing.changes import DERIVED, OWN_RECORDS

_TABLE = "assignments"
_OF_PLANS = frozenset({"proposal_id", "unit_id", "role"})
"""The columns of a task that a plan fills."""
_BY_HAND: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    typed_dates.TABLE: typed_dates.is_typed
}
"""Derived tables that a person may write into, and which of their rows he did."""
_AT_ONCE = 500


@cache
def typed_columns() -> tuple[str, ...]:
    """The columns of a task that people fill, plans do not, and the program does not."""
    columns = models.schema.tables[_TABLE].columns.values()
    typed = (c for c in columns if not (c.is_key or c.is_automatic or c.is_carried))
    return tuple(c.name for c in typed if c.name not in _OF_PLANS)


def filled_in(task: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """The labels of those columns of a task, by ``names``, that hold more than they do by themselves."""
    columns = (models.schema.tables[_TABLE].columns[name] for name in names)
    return [c.label for c in columns if task[c.name] not in (None, c.default)]


def hanging(session: Session, of: ColumnElement[bool]) -> dict[int, list[str]]:
    """What people have hung on the tasks for which ``of`` holds: by task the labels of its kinds.

    ``of`` speaks of models.Assignment and models.Proposal.
    """
    task, item = models.Assignment, models.Proposal
    tasks = select(task.id).join(item, item.id == task.proposal_id).where(of)
    found: dict[int, list[str]] = defaultdict(list)
    for label, query in _written(tasks, _TABLE):
        for task_id in session.scalars(query.distinct()):
            if label not in found[task_id]:  # may hang in more than one way
                found[task_id].append(label)
    return dict(found)


def _written(rows: Select[Any], table: str) -> Iterator[tuple[str, Select[Any]]]:
    """Queries for the tasks among ``rows`` that have something of people's below their row of ``table``: what, which.

    Looks on below what is derived; what hangs on a person's row hangs with it.
    """
    parent = models.by_table[table]
    for name, words in models.schema.tables.items():
        for column in words.columns.values():
            if column.references != table or name in OWN_RECORDS:
                continue
            child: Any = models.by_table[name]
            child = aliased(child) if name == table else child  # a task that took this one's place
            below = rows.join(child, getattr(child, column.name) == parent.id)
            if name not in DERIVED:
                yield words.label, below
                continue
            if name in _BY_HAND:
                yield f"人工改过的{words.label}", below.where(_BY_HAND[name](child))
            yield from _written(below, name)


def locked_deadlines(session: Session, tasks: Sequence[int]) -> Iterator[Any]:
    """The deadlines of these tasks, held until the transaction ends; one that a person is just writing into is
    waited for.

    Each with its id, assignment_id, milestone, origin, is_done_by_hand and, whatever it was, is_typed.
    """
    line = models.Deadline
    columns: Any = (line.id, line.assignment_id, line.milestone, line.origin, line.is_done_by_hand)
    columns = (*columns, _BY_HAND[typed_dates.TABLE](line).label("is_typed"))
    for start in range(0, len(tasks), _AT_ONCE):
        among = line.assignment_id.in_(tasks[start : start + _AT_ONCE])
        held = select(*columns).where(among).order_by(line.id).with_for_update()
        yield from session.execute(held)
