"""Which acts are open for which rows, and what stands in the way: asked of the database, one question for a table.

Asked again under the lock when an act is done (doing.py), so that what was offered and what is done cannot differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from domain import models
from domain.access import scopes
from domain.access.rule import Columns
from domain.actors import Actor
from domain.lifecycle.acts.act import Act, Asking, Need
from domain.storing.session import ActorSession
from domain.storing.statements import vetted

_AT_ONCE = 500
_KEPT = 100
"""How many questions are kept, each of one person on one day about the acts of one table: half a megabyte or so."""


@dataclass(frozen=True)
class Standing:
    """How a row stands to an act: whether it is open for this person, what is missing for it, and what is to be
    minded, which does not stand in its way."""

    is_open: bool
    missing: tuple[Need, ...] = ()
    to_mind: tuple[Need, ...] = ()


def asking_of(session: ActorSession) -> Asking:
    """Who asks in this session, today. What he may see is looked up row by row: a few rows are asked about."""
    actor = replace(session.actor, reads_on=True)
    return Asking(actor, session.now().date(), scopes.ANSWERS)


def is_open(act: Act, asking: Asking, row: Columns) -> ColumnElement[bool]:
    """SQL that is true for the rows on which this person may do the act now: he sees them, they are his, it is time."""
    seen = scopes.criterion_for(asking.actor, act.table, "read", row)
    return and_(_is_his_turn(act, asking, row), seen)


def _is_his_turn(act: Act, asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The same of rows that he sees."""
    criterion = act.who.get(asking.actor.role)
    if criterion is None:
        return false()
    his = criterion(asking.ask, asking.actor, row)
    at = getattr(row, act.state).in_(act.starts) if act.starts else true()
    return and_(at, his, act.when(asking, row) if act.when else true())


def judge(
    session: ActorSession, acts: Collection[Act], ids: Iterable[int]
) -> Mapping[int, Mapping[str, Standing]]:
    """By row and act how they stand; a question for every 500 rows. ``acts`` are of one table."""
    keys, found = list(ids), dict[int, dict[str, Standing]]()
    if not acts:
        return {key: {} for key in keys}
    rows = models.table_of(next(iter(acts)).table)
    asked = _asked(tuple(acts), asking_of(session))
    columns = [condition.label(f"c{n}") for n, (_, _, condition) in enumerate(asked)]
    for start in range(0, len(keys), _AT_ONCE):
        query = select(rows.c.id, *columns).where(rows.c.id.in_(keys[start : start + _AT_ONCE]))
        for row in session.unchecked_connection().execute(query):
            held = zip(asked, row[1:], strict=True)
            found[row.id] = _standings((act, need, bool(said)) for (act, need, _), said in held)
    return found


@lru_cache(maxsize=_KEPT)
def _asked(
    acts: tuple[Act, ...], asking: Asking
) -> tuple[tuple[Act, Need | None, ColumnElement[bool]], ...]:
    """Whether each act is open, and what it needs. Kept: to write it down takes longer than to ask it."""
    rows = models.table_of(acts[0].table).c
    return tuple(
        (act, need, need.holds(asking, rows) if need else is_open(act, asking, rows))
        for act in acts
        for need in (None, *_needs_of(act, asking.actor))
    )


def _needs_of(act: Act, actor: Actor) -> tuple[Need, ...]:
    return tuple(need for need in (*act.needs, *act.warns) if need.is_for(actor))


def _standings(told: Iterable[tuple[Act, Need | None, bool]]) -> dict[str, Standing]:
    acts: dict[str, Act] = {}
    is_open_for: dict[str, bool] = {}
    absent: dict[str, list[Need]] = {}
    for act, need, holds in told:
        if need is None:
            acts[act.name], is_open_for[act.name], absent[act.name] = act, holds, []
        elif not holds:
            absent[act.name].append(need)
    return {
        name: Standing(
            is_open_for[name],
            tuple(need for need in absent[name] if need not in act.warns),
            tuple(need for need in absent[name] if need in act.warns),
        )
        for name, act in acts.items()
    }


def waits_for(acts: Collection[Act], asking: Asking) -> ColumnElement[bool]:
    """SQL for a person's own session that is true for the rows on which he may do one of the acts now.

    ``acts`` are of one table. It speaks of the mapped class, and leaves it to the session which rows he sees.
    """
    return _waits_for(tuple(acts), asking)


@lru_cache(maxsize=_KEPT)
def _waits_for(acts: tuple[Act, ...], asking: Asking) -> ColumnElement[bool]:
    row: Any = models.by_table[acts[0].table]
    return vetted(
        or_(*(_is_owed(act, asking, row, _is_his_turn(act, asking, row)) for act in acts))
    )


def waiting_for(
    session: ActorSession, acts: Collection[Act], ids: Iterable[int]
) -> dict[int, list[Act]]:
    """By row which of the acts it waits for this person to do; a question for every 500. ``acts`` are of one table."""
    keys, found, asking = list(ids), dict[int, list[Act]](), asking_of(session)
    if not acts:
        return {key: [] for key in keys}
    rows = models.table_of(next(iter(acts)).table)
    columns = _owed(tuple(acts), asking)
    for start in range(0, len(keys), _AT_ONCE):
        query = select(rows.c.id, *columns).where(rows.c.id.in_(keys[start : start + _AT_ONCE]))
        for row in session.unchecked_connection().execute(query):
            found[row.id] = [act for act, said in zip(acts, row[1:], strict=True) if said]
    return found


@lru_cache(maxsize=_KEPT)
def _owed(acts: tuple[Act, ...], asking: Asking) -> tuple[ColumnElement[bool], ...]:
    rows = models.table_of(acts[0].table).c
    opened = (_is_owed(act, asking, rows, is_open(act, asking, rows)) for act in acts)
    return tuple(column.label(f"c{n}") for n, column in enumerate(opened))


def _is_owed(
    act: Act, asking: Asking, row: Columns, opened: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The act is open, and to be done. What is owed is asked first: it is little, and what opens an act is often asked
    at length, as who has not yet rated a reply, which of an archive nobody needs to know."""
    return and_(act.owed(asking, row), opened) if act.owed else opened
