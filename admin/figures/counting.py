"""Counting a measure: one grouped question, made by the reader of addresses that also makes the list behind it.

Whose rows they are the session says, as for any list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, distinct, func, select
from werkzeug.datastructures import MultiDict

from admin.tables.desk import Desk
from admin.tables.finding.asking import COUNTED, Asked, asked_by, read_asked
from admin.tables.finding.filter_values import BadFilter
from admin.tables.finding.filters import SLICED
from admin.tables.finding.slices import NONE, is_sliced_by
from domain.statistics.dimensions import MONTH, Dimension, month_of
from domain.statistics.measures import ROWS, Measure

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FigureQuestion:
    """A measure as one person asks it at the desk of its table, within some slices: ``asked`` is its list's question.

    ``table`` and ``pairs`` are the list whose rows are counted, and what its address asks.
    """

    measure: Measure
    desk: Desk
    asked: Asked
    table: str
    pairs: Pairs

    @property
    def counted(self) -> Any:
        """What is counted: the rows, or what a reference of theirs names."""
        counts = self.measure.counts
        return self.desk.model.id if counts == ROWS else self.desk.attribute(counts)

    def query(self, *columns: Any) -> Select[Any]:
        """These columns of the rows that answer."""
        narrowed = self.asked.narrow(self.desk.query(), self.desk).whereclause
        query = select(*columns).select_from(self.desk.model)
        return query if narrowed is None else query.where(narrowed)


@dataclass(frozen=True)
class Counts:
    """How many there are in all, and by the values of a dimension; None is the value of those that have none.

    Of what has several values ``by`` adds up to more than ``total``.
    """

    total: int
    by: Mapping[Any, int] = field(default_factory=dict)


def question(desk: Desk, measure: Measure, slices: Pairs, today: date) -> FigureQuestion | None:
    """The measure as this person may ask it; None where he cannot, for he does not see what it looks at."""
    there = desk.beside(measure.table)
    names = there.readable
    if not there.may("read") or (measure.counts != ROWS and measure.counts not in names):
        return None
    try:
        asked = read_asked(there, asked_by(measure, MultiDict(slices)), today)
    except BadFilter:
        return None
    if measure.counts == ROWS:
        return FigureQuestion(measure, there, asked, measure.table, (*measure.pairs, *slices))
    pairs = ((COUNTED, measure.name), *slices)
    return FigureQuestion(measure, there, asked, names[measure.counts].target, pairs)


def is_told_apart(asked: FigureQuestion, dimension: Dimension) -> bool:
    """Whether the measure can be told apart by it: not where it asks for one value of it itself."""
    measure = asked.measure
    return f"{SLICED}{dimension.name}" not in measure.asked and is_sliced_by(
        asked.desk, dimension, measure.day
    )


def count(asked: FigureQuestion, dimension: Dimension | None = None) -> Counts:
    """The numbers, by one question; and one for the whole where the parts do not add up to it."""
    if dimension is None:
        return Counts(_total(asked))
    query, value, is_multiple = _told_apart(asked, dimension)
    rows = asked.desk.session.execute(query.group_by(value))
    by = {_plain(dimension, key): number for key, number in rows if number}
    total = _total(asked) if is_multiple else sum(by.values())
    return Counts(total, by)


def _total(asked: FigureQuestion) -> int:
    counting = func.count() if asked.measure.counts == ROWS else func.count(distinct(asked.counted))
    return asked.desk.session.scalar(asked.query(counting)) or 0


def _told_apart(asked: FigureQuestion, dimension: Dimension) -> tuple[Select[Any], Any, bool]:
    """The value and how many have it; whether one thing counted may have several."""
    once = func.count(distinct(asked.counted))
    if dimension is MONTH:
        value = month_of(asked.desk.attribute(asked.measure.day))
        counting = func.count() if asked.measure.counts == ROWS else once
        return asked.query(value, counting), value, asked.measure.counts != ROWS
    route = dimension.route(asked.desk.words.name)
    assert route is not None
    is_multiple = route.is_multiple or asked.measure.counts != ROWS
    counting = once if is_multiple else func.count()
    query, value = route.joined(asked.query(), asked.desk.model)
    return query.add_columns(value, counting), value, is_multiple


def _plain(dimension: Dimension, key: Any) -> Any:
    """A month as 2024-05."""
    if dimension is MONTH and key is not None:
        year, month = divmod(int(key), 100)
        return f"{year}-{month:02}"
    return key


def slice_of(measure: Measure, dimension: Dimension, value: Any) -> tuple[str, str]:
    """What an address asks for the rows that have this value."""
    text = NONE if value is None else str(value)
    day = f"{measure.day}:" if dimension is MONTH else ""
    return f"{SLICED}{dimension.name}", f"{day}{text}"
