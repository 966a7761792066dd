"""What the database does by itself when rows are deleted: rows that go along, rows that lose a link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import models
from domain.actors import Actor
from domain.schema.words import Constraint
from domain.storing.acting import ActingSession
from domain.storing.changes import CHANGED, DELETED, Entry, differences, is_logged

_AT_ONCE = 500


def along_with(session: ActingSession, table: str, ids: Sequence[int]) -> Iterator[Entry]:
    """Yield an entry for every row that ON DELETE will delete or change when rows ``ids`` of ``table`` go.

    Ask before they go. Rows of tables that keep no change log are passed over.
    """
    # A plain session: what the database does is told whole, whoever sees how much of it.
    with Session(
        session.unchecked_connection(), join_transaction_mode="rollback_only"
    ) as all_seeing:
        yield from _along_with(all_seeing, Actor.system(session.actor.name), table, ids)


def _along_with(session: Session, actor: Actor, table: str, ids: Sequence[int]) -> Iterator[Entry]:
    for child, key in _following(table):
        if not _is_told(child, actor):
            continue
        rows = list(_hanging(session, child, key.key_column, ids))
        if is_logged(child, actor):
            yield from (_entry(row, key.key_column, key.on_delete) for row in rows)
        if key.on_delete == "CASCADE" and rows:
            yield from _along_with(session, actor, child, [row.id for row in rows])


def _following(table: str) -> Iterator[tuple[str, Constraint]]:
    """The tables whose rows go, or lose a link, with rows of ``table``, and the keys by which they do."""
    for child, words in models.schema.tables.items():
        for key in words.foreign_keys:
            if key.target == table and key.on_delete in ("CASCADE", "SET NULL"):
                yield child, key


def _is_told(table: str, actor: Actor) -> bool:
    """Whether the change log tells of rows of ``table``, or of any that would go along with them."""
    if is_logged(table, actor):
        return True
    return any(_is_told(child, actor) for child, _ in _following(table) if child != table)


def _hanging(session: Session, child: str, column: str, ids: Sequence[int]) -> Iterator[Any]:
    cls = models.by_table[child]
    for start in range(0, len(ids), _AT_ONCE):
        among = getattr(cls, column).in_(ids[start : start + _AT_ONCE])
        yield from session.scalars(select(cls).where(among).options(*models.name_options(cls)))


def _entry(row: Any, column: str, on_delete: str) -> Entry:
    old = {c.name: getattr(row, c.name) for c in row.__table__.columns}
    new = {} if on_delete == "CASCADE" else {**old, column: None}
    action = DELETED if on_delete == "CASCADE" else CHANGED
    return Entry(
        action, row.__table__.name, row.id, str(row), differences(row.__table__.name, old, new)
    )
