"""Rows as the database has them, and which of them an actor may do something with, whoever asks. A few queries each."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain import models
from domain.access import scopes
from domain.access.rule import Verb
from domain.actors import Actor
from domain.storing.acting import ActingSession


def read_whole(session: ActingSession, table: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """These rows as the database has them, whoever asks."""
    rows, found = models.table_of(table), {}
    for some in _portions(ids):
        read = session.unchecked_connection().execute(select(rows).where(rows.c.id.in_(some)))
        found.update({row["id"]: dict(row) for row in read.mappings()})
    return found


def name_of(session: ActingSession, table: str, key: int) -> str:
    """The natural name of a row, whoever asks, for a refusal that names it; '' where it is gone."""
    cls: Any = models.by_table[table]
    connection = session.unchecked_connection()
    with Session(connection, join_transaction_mode="rollback_only") as all_seeing:
        row = all_seeing.get(cls, key, options=list(models.name_options(cls)))
        return str(row) if row is not None else ""


def holds(session: ActingSession, table: str, verb: Verb, ids: Iterable[int]) -> bool:
    """Whether the actor may do ``verb`` on every one of these rows of ``table``, as the database stands."""
    wanted = set(ids)
    return those_held(session, table, verb, wanted) == wanted


def those_held(session: ActingSession, table: str, verb: Verb, ids: Iterable[int]) -> set[int]:
    """The ids of those of these rows of ``table`` on which the actor may do ``verb``, as the database stands."""
    keys, found = models.table_of(table).c.id, set[int]()
    all_held = _held(session.actor, table, verb)
    for some in _portions(set(ids)):
        found.update(session.unchecked_connection().scalars(all_held.where(keys.in_(some))))
    return found


@lru_cache(maxsize=500)
def _held(actor: Actor, table: str, verb: Verb) -> Select[int]:
    """The ids of all rows of ``table`` on which ``actor`` may do ``verb``. Kept: every save asks for some."""
    rows = models.table_of(table).c
    return select(rows.id).where(scopes.criterion_for(actor, table, verb, rows))


def _portions(ids: Iterable[int], size: int = 500) -> Iterator[list[int]]:
    every = list(ids)
    for start in range(0, len(every), size):
        yield every[start : start + size]
