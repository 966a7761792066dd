"""Rows as the database has them, and which of them an actor may do something with, whoever asks. A few queries each."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select

from domain import models
from domain.access import scopes
from domain.storing.acting import ActingSession


def read_whole(session: ActingSession, table: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """These rows as the database has them, whoever asks."""
    rows, found = models.table_of(table), {}
    for some in _portions(ids):
        read = session.unchecked_connection().execute(select(rows).where(rows.c.id.in_(some)))
        found.update({row["id"]: dict(row) for row in read.mappings()})
    return found


def holds(session: ActingSession, table: str, verb: str, ids: Iterable[int]) -> bool:
    """Whether the actor may do ``verb`` on every one of these rows of ``table``, as the database stands."""
    wanted = set(ids)
    return those_held(session, table, verb, wanted) == wanted


def those_held(session: ActingSession, table: str, verb: str, ids: Iterable[int]) -> set[int]:
    """The ids of those of these rows of ``table`` on which the actor may do ``verb``, as the database stands."""
    rows, found = models.table_of(table), set[int]()
    criterion = scopes.criterion_for(session.actor, table, verb, rows.c)
    for some in _portions(set(ids)):
        query = select(rows.c.id).where(rows.c.id.in_(some), criterion)
        found.update(session.unchecked_connection().scalars(query))
    return found


def _portions(ids: Iterable[int], size: int = 500) -> Iterator[list[int]]:
    every = list(ids)
    for start in range(0, len(every), size):
        yield every[start : start + size]
