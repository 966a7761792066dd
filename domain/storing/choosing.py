"""On which rows a person may hang a row that he writes: what a picker asks before it offers them.

Not the enforcement, which is the flush check's (flushing/): here the same criteria are asked of a row not written yet.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, literal, select

from domain import models
from domain.access import scopes
from domain.access.rule import Verb
from domain.schema.words import Column
from domain.storing.session import ActorSession


class _Unknown(Exception):
    """A criterion asks for what is not known of the row yet."""


class _Proposed:
    """The row to be written, as a criterion reads it: what is known of it, and in one column each id in question."""

    def __init__(self, known: Mapping[str, Any], column: str, ids: ColumnElement[Any]) -> None:
        self._known, self._column, self._ids = known, column, ids
        self.is_decisive = False

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        if name == self._column:
            self.is_decisive = True
            return self._ids
        if self._known.get(name) is None:
            raise _Unknown(name)
        return literal(self._known[name])


def those_to_hang_on(
    session: ActorSession,
    place: tuple[str, Column],
    verb: Verb,
    known: Mapping[str, Any],
    ids: Collection[int],
) -> set[int]:
    """Of the rows with these ``ids`` those that the actor may point to from a row that he creates or updates.

    ``place`` is the table and the reference, ``known`` what the row holds besides. Where the rules say nothing of the
    reference, or ask for more than is known, all of them.
    """
    table, column = place
    parents = models.table_of(column.references or "")
    proposed = _Proposed(known, column.name, parents.c.id)
    try:
        criterion = scopes.criterion_for(session.actor, table, verb, proposed)
    except _Unknown:
        return set(ids)
    if not proposed.is_decisive:
        return set(ids)
    query = select(parents.c.id).where(parents.c.id.in_(ids), criterion)
    return set(session.unchecked_connection().scalars(query))
