"""Which acts are open for which rows, and what stands in the way: asked of the database, one question for a table.

Asked again under the lock when an act is done (doing.py), so that what was offered and what is done cannot differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from domain import models
from domain.access import scopes
from domain.access.rule import Columns
from domain.actors import Actor
from domain.lifecycle.acts.act import Act, Asking, Need
from domain.storing.session import ActorSession
from domain.storing.statements import vetted

_AT_ONCE = 500


@dataclass(frozen=True)
class Standing:
    """How a row stands to an act: whether it is open for this person, and owed where that was asked; what it misses."""

    is_open: bool
    missing: tuple[Need, ...] = ()
    is_owed: bool = True

    @property
    def is_waiting(self) -> bool:
        """Whether the row waits for this person to do it."""
        return self.is_open and self.is_owed


def asking_of(session: ActorSession) -> Asking:
    """Who asks in this session, today."""
    return Asking(session.actor, session.now().date(), scopes.ANSWERS)


def is_open(act: Act, asking: Asking, row: Columns) -> ColumnElement[bool]:
    """SQL that is true for the rows on which this person may do the act now: he sees them, they are his, it is time."""
    criterion = act.who.get(asking.actor.role)
    if criterion is None:
        return false()
    seen = scopes.criterion_for(asking.actor, act.table, "read", row)
    his = criterion(asking.ask, asking.actor, row)
    at = getattr(row, act.state).in_(act.starts) if act.starts else true()
    return and_(at, his, seen, act.when(asking, row) if act.when else true())


def is_owed(act: Act, asking: Asking, row: Columns) -> ColumnElement[bool]:
    """SQL that is true for the rows that wait for this person to do the act: it is open, and time to do it."""
    is_time = act.owed(asking, row) if act.owed else true()
    return and_(is_open(act, asking, row), is_time)


def judge(
    session: ActorSession, acts: Collection[Act], ids: Iterable[int], *, owed: bool = False
) -> Mapping[int, Mapping[str, Standing]]:
    """By row and act how they stand, also whether they are ``owed``; a question for every 500 rows. ``acts`` are of
    one table."""
    keys, found = list(ids), dict[int, dict[str, Standing]]()
    if not acts:
        return {key: {} for key in keys}
    rows = models.table_of(next(iter(acts)).table)
    asked = _asked(tuple(acts), asking_of(session), owed)
    columns = [condition.label(f"c{n}") for n, (_, _, condition) in enumerate(asked)]
    for start in range(0, len(keys), _AT_ONCE):
        query = select(rows.c.id, *columns).where(rows.c.id.in_(keys[start : start + _AT_ONCE]))
        for row in session.unchecked_connection().execute(query):
            held = zip(asked, row[1:], strict=True)
            found[row.id] = _standings((act, what, bool(said)) for (act, what, _), said in held)
    return found


_OPEN, _OWED = "open", "owed"
_What = Need | str


@lru_cache(maxsize=500)
def _asked(
    acts: tuple[Act, ...], asking: Asking, owed: bool
) -> tuple[tuple[Act, _What, ColumnElement[bool]], ...]:
    """Whether each act is open, and owed, and what it needs. Kept: to write it down takes longer than to ask it."""
    rows = models.table_of(acts[0].table).c
    return tuple(found for act in acts for found in _asked_of(act, asking, rows, owed))


def _asked_of(
    act: Act, asking: Asking, rows: Columns, owed: bool
) -> Iterator[tuple[Act, _What, ColumnElement[bool]]]:
    yield act, _OPEN, is_open(act, asking, rows)
    if owed and act.owed:
        yield act, _OWED, act.owed(asking, rows)
    for need in _needs_of(act, asking.actor):
        yield act, need, need.holds(asking, rows)


def _needs_of(act: Act, actor: Actor) -> tuple[Need, ...]:
    return tuple(need for need in act.needs if need.is_for(actor))


def _standings(told: Iterable[tuple[Act, _What, bool]]) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    for act, what, holds in told:
        known = found.get(act.name, Standing(is_open=False))
        if what == _OPEN:
            found[act.name] = replace(known, is_open=holds)
        elif what == _OWED:
            found[act.name] = replace(known, is_owed=holds)
        elif isinstance(what, Need) and not holds:
            found[act.name] = replace(known, missing=(*known.missing, what))
    return found


def owed_ids(acts: Collection[Act], asking: Asking) -> Select[Any]:
    """The ids of the rows that wait for this person to do one of the acts; ``acts`` are of one table."""
    return _owed_ids(tuple(acts), asking)


@lru_cache(maxsize=500)
def _owed_ids(acts: tuple[Act, ...], asking: Asking) -> Select[Any]:
    rows = models.table_of(acts[0].table).alias("waiting_rows")
    return vetted(select(rows.c.id).where(or_(*(is_owed(act, asking, rows.c) for act in acts))))
