"""The rows for which a side column holds what is asked, as SQL in the scope of the session's actor.

Rows of other tables are gathered at once where an index leads to few of them; where they are many, each row of the
list looks up its own, so that a page of a long list does not gather them all.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, select

from domain import models
from domain.schema.columns import DAYS, EARLIEST, LATEST, PAST, SideColumn
from domain.schema.words import Index
from domain.side_columns.way import Way
from domain.storing.session import ActorSession

FEW = 1_000
"""So many rows are counted and gathered in a few milliseconds."""

Says = Callable[[str, Any, tuple[Any, ...]], ColumnElement[bool]]
"""A filter as SQL: of its operator, the expression it asks about, and its values."""


@dataclass(frozen=True)
class SideQuestion:
    """What is asked of a side column: ``operator`` is is, not, contains, from, to or empty, as in any filter."""

    operator: str
    values: tuple[Any, ...]
    says: Says


def holding(
    session: ActorSession, side: SideColumn, question: SideQuestion, today: date
) -> ColumnElement[bool]:
    """SQL that is true of the rows in the list for which ``side`` holds what is asked, on the day ``today``."""
    operator, values = question.operator, question.values
    if operator == "empty":
        filled = _looked_up(Way.of(side), today)
        return not_(filled) if values[0] else filled
    if operator == "not":
        return not_(holding(session, side, replace(question, operator="is"), today))
    if side.taking == PAST:  # so many days ago or more is that day or an earlier one
        operator = {"from": "to", "to": "from"}[operator]
        values = tuple(_before(today, days) for days in values)
    way = Way.of(side)
    asked = question.says(operator, way.value, values)
    found = _gathered(session, way, asked, today)
    if _is_told_by_any(side, operator):
        return found
    return and_(found, question.says(operator, _one(session, side, today), values))


def _is_told_by_any(side: SideColumn, operator: str) -> bool:
    """Whether one row with such a value is enough, whatever the others hold."""
    if side.is_joined or side.lowest is None:
        return True
    return (side.taking, operator) in ((EARLIEST, "to"), (PAST, "to"), (LATEST, "from"))


def _gathered(
    session: ActorSession, way: Way, asked: ColumnElement[bool], today: date
) -> ColumnElement[bool]:
    """Whether the reader sees a row at the end of the way that is as asked."""
    here, there = way.link(_listed(way))
    query = way.select(today, there).where(asked)
    if _is_indexed(way.side) and _are_few(session, query):
        found: ColumnElement[bool] = here.in_(query.where(there.is_not(None)))
        return found
    return _looked_up(way, today, asked)


def _looked_up(way: Way, today: date, *asked: ColumnElement[bool]) -> ColumnElement[bool]:
    here, there = way.link(_listed(way))
    query = way.select(today, there).where(there == here, *asked)
    return query.correlate(_listed(way)).exists()


def _one(session: ActorSession, side: SideColumn, today: date) -> Any:
    """The value that is shown, where it is one of several."""
    way = Way.of(side)
    here, there = way.link(_listed(way))
    if side.taking in DAYS:
        extreme = func.max if side.taking == LATEST else func.min
        query = way.select(today, extreme(way.value))
    else:
        query = way.select(today, way.value).order_by(*way.order(session.actor)).limit(1)
    return query.where(there == here).correlate(_listed(way)).scalar_subquery()


def _listed(way: Way) -> Any:
    return models.by_table[way.side.table]


def _are_few(session: ActorSession, query: Select[Any]) -> bool:
    """Whoever may see them: this chooses the way to the rows, never which rows they are."""
    some = query.limit(FEW + 1).subquery()
    count = session.unchecked_connection().scalar(select(func.count()).select_from(some))
    return (count or 0) <= FEW


def _is_indexed(side: SideColumn) -> bool:
    """Whether an index leads to the rows with some value of the source."""
    table = models.schema.tables[side.source_table]
    unique = [rule.columns for rule in table.constraints if rule.kind == "unique"]
    whole = [*unique, *(i.columns for i in table.indexes if _is_used(i, side))]
    return side.source.name in {columns[0] for columns in whole}


def _is_used(index: Index, side: SideColumn) -> bool:
    """An index of some rows is used where all that are read are among them."""
    last = len(side.hops) - 1
    empty = (d.column for d in side.demands if d.hop == last and d.is_met_by and not d.words)
    return not index.condition or index.condition in {f"{name} IS NULL" for name in empty}


def _before(today: date, days: int) -> date:
    """The day so many days before, as far as the calendar goes."""
    return date.fromordinal(min(max(today.toordinal() - days, 1), date.max.toordinal()))
