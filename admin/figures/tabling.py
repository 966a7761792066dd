"""A table of numbers: rows are the values of a dimension, columns measures and rates, each number with its list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from admin.figures.counting import (
    Counts,
    FigureQuestion,
    Pairs,
    count,
    is_told_apart,
    question,
    slice_of,
)
from admin.tables.desk import Desk
from domain import models
from domain.ordering import own_order
from domain.schema.file import Column
from domain.statistics.dimensions import MONTH, Dimension
from domain.statistics.measures import Measure, Rate
from domain.statistics.ratios import growth, percent, ranked, shares
from domain.statistics.register import SHARED

NOTHING = "—"
Value = Any


@dataclass(frozen=True)
class Figure:
    """One number as it is shown, with the address of the list that it counts.

    ``why``: how it comes about, or why there is none. ``pair``: what is divided by what, by which it is ranked and its
    bar is as long. ``beside``: how much more than a year before.
    """

    text: str
    url: str = ""
    why: str = ""
    pair: tuple[int, int] | None = None
    beside: str = ""

    @property
    def size(self) -> Fraction:
        """How long its bar is, beside others."""
        return Fraction(*self.pair) if self.pair and self.pair[1] else Fraction(0)


@dataclass(frozen=True)
class Heading:
    """A column of the table: a measure or a rate."""

    name: str
    label: str
    words: str
    is_rate: bool


@dataclass(frozen=True)
class FigureLine:
    """A value of the dimension with its numbers."""

    label: str
    figures: tuple[Figure, ...]
    value: Value = None


@dataclass(frozen=True)
class FigureTable:
    """All lines, and the line of the whole."""

    headings: tuple[Heading, ...]
    lines: tuple[FigureLine, ...]
    total: FigureLine
    is_multiple: bool
    """Whether what is counted may stand in several lines, so that they add up to more than the whole."""
    left_out: tuple[str, ...]
    """The measures that cannot be told apart so."""


@dataclass(frozen=True)
class Counted:
    """A measure with its numbers and where they lead."""

    question: FigureQuestion
    counts: Counts

    def number(self, value: Value, *, whole: bool = False) -> int:
        """How many have this value, or are there in all."""
        return self.counts.total if whole else self.counts.by.get(value, 0)


@dataclass(frozen=True)
class FigureAsking:
    """What the page is asked: by what, of which measures, within which slices, on which day."""

    dimension: Dimension | None
    measures: Sequence[Measure]
    rates: Sequence[Rate]
    slices: Pairs
    today: date


def list_address(table: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The address of a list that is asked this."""
    asked: dict[str, Any] = MultiDict(pairs).to_dict(flat=False)
    return url_for(f"{table}.index_view", **asked)


def make_table(desk: Desk, asking: FigureAsking) -> FigureTable:
    """Count all measures, those that the rates are made of too, and lay them out."""
    counted, left_out = _count_all(desk, asking)
    headings = tuple(_headings(asking, counted))
    values = _in_order(desk, asking, counted)
    named = _names(desk, asking.dimension, values)
    table = _Layout(asking, counted, headings)
    return FigureTable(
        headings=headings,
        lines=tuple(FigureLine(named[value], table.figures(value), value) for value in values),
        total=FigureLine("合计" if asking.dimension else "全部", table.figures(None, whole=True)),
        is_multiple=any(sum(one.counts.by.values()) > one.counts.total for one in counted.values()),
        left_out=left_out,
    )


def _count_all(desk: Desk, asking: FigureAsking) -> tuple[dict[str, Counted], tuple[str, ...]]:
    wanted = {m.name: m for m in asking.measures}
    wanted |= {m.name: m for rate in asking.rates for m in (rate.of, rate.among)}
    counted, left_out = dict[str, Counted](), list[str]()
    for measure in wanted.values():
        asked = question(desk, measure, asking.slices, asking.today)
        if asked is None:
            continue
        if asking.dimension and not is_told_apart(asked, asking.dimension):
            left_out.append(measure.label)
        else:
            counted[measure.name] = Counted(asked, count(asked, asking.dimension))
    return counted, tuple(left_out)


def _headings(asking: FigureAsking, counted: Mapping[str, Counted]) -> Iterator[Heading]:
    for measure in asking.measures:
        if measure.name in counted:
            yield Heading(measure.name, measure.label, measure.words, is_rate=False)
    for rate in asking.rates:
        if rate.of.name in counted and rate.among.name in counted:
            yield Heading(rate.name, rate.label, rate.words, is_rate=True)


@dataclass(frozen=True)
class _Layout:
    asking: FigureAsking
    counted: Mapping[str, Counted]
    headings: tuple[Heading, ...]

    @cached_property
    def rates(self) -> Mapping[str, Rate]:
        """Those asked for, by name."""
        return {rate.name: rate for rate in self.asking.rates}

    def figures(self, value: Value, *, whole: bool = False) -> tuple[Figure, ...]:
        """The numbers of one line."""
        even = self._even_shares(value, whole)
        return tuple(
            self._rate(self.rates[heading.name], value, whole, even)
            if heading.is_rate
            else self._count(self.counted[heading.name], value, whole)
            for heading in self.headings
        )

    def _count(self, one: Counted, value: Value, whole: bool) -> Figure:
        number = one.number(value, whole=whole)
        beside = "" if whole else self._growth(one, value, number)
        return Figure(str(number), self._url(one, value, whole), "", (number, 1), beside)

    def _growth(self, one: Counted, value: Value, number: int) -> str:
        """同比, where the values are years and there was the year before."""
        before = one.number(value - 1) if isinstance(value, int) and self._is_by_year else 0
        return f"{growth(number, before):+}%" if before else ""

    @property
    def _is_by_year(self) -> bool:
        return self.asking.dimension is not None and self.asking.dimension.is_counted_up

    def _rate(self, rate: Rate, value: Value, whole: bool, even: Mapping[str, Decimal]) -> Figure:
        of, among = self.counted[rate.of.name], self.counted[rate.among.name]
        part, all_of = of.number(value, whole=whole), among.number(value, whole=whole)
        hundredths = even.get(rate.name, percent(part, all_of))
        if hundredths is None:
            return Figure(NOTHING, why=rate.nothing)
        said = f"{part}/{all_of}" if rate.shown == "n/N" else f"{hundredths}%"
        why = f"{rate.words} = {part} ÷ {all_of} = {hundredths}%"
        return Figure(said, self._url(of, value, whole), why, (part, all_of))

    def _even_shares(self, value: Value, whole: bool) -> dict[str, Decimal]:
        """The shares of one whole, so that they add up; none where something of it is in no share."""
        names = [name for name in SHARED if any(h.name == name for h in self.headings)]
        parts = [self.counted[self.rates[n].of.name].number(value, whole=whole) for n in names]
        if not names:
            return {}
        all_of = self.counted[self.rates[names[0]].among.name].number(value, whole=whole)
        even = shares(parts) if sum(parts) == all_of else None
        return dict(zip(names, even, strict=True)) if even else {}

    def _url(self, one: Counted, value: Value, whole: bool) -> str:
        pairs = one.question.pairs
        if self.asking.dimension and not whole:
            pairs = (*pairs, slice_of(one.question.measure, self.asking.dimension, value))
        return list_address(one.question.table, pairs)


def _in_order(desk: Desk, asking: FigureAsking, counted: Mapping[str, Counted]) -> list[Value]:
    """The values that any measure has, in the order of the table or of the choices; those without a value last."""
    found = {value for one in counted.values() for value in one.counts.by}
    column = _column(asking.dimension, counted)
    if asking.dimension and asking.dimension.is_counted_up:
        order = sorted(found - {None}, reverse=True)
    elif column is not None and column.references:
        order = _as_listed(desk, column, found - {None})
    elif column is not None and column.choices:
        order = [choice for choice in column.choices if choice in found]
    else:
        order = sorted(found - {None})
    return [*order, *([None] if None in found else [])]


def _as_listed(desk: Desk, column: Column, keys: set[Value]) -> list[Value]:
    """In the order of the table's own list; last the rows that this person does not see."""
    there = desk.beside(column.target)
    order = own_order(there.words, there.readable)
    query = there.query().where(there.model.id.in_(keys))
    rows = [row.id for row in there.session.scalars(query.order_by(*order.clauses()))]
    return [*rows, *sorted(keys - set(rows))]


def _column(dimension: Dimension | None, counted: Mapping[str, Counted]) -> Column | None:
    if dimension is None or dimension is MONTH:
        return None
    routes = (dimension.route(one.question.measure.table) for one in counted.values())
    return next((route.column for route in routes if route), None)


def _names(desk: Desk, dimension: Dimension | None, values: Sequence[Value]) -> dict[Value, str]:
    if dimension is None:
        return {}
    path = next(iter(dimension.paths), None)
    route = dimension.route(path) if path else None
    known: Mapping[int, models.Row] = {}
    if route is not None and route.column.references:
        known = desk.linked_rows(route.column, [value for value in values if value is not None])
    return {value: _name(dimension, known, value) for value in values}


def _name(dimension: Dimension, known: Mapping[int, models.Row], value: Value) -> str:
    if value is None:
        return f"没有{dimension.label}"
    return (
        str(known[value])
        if value in known
        else f"{value}{'年' if dimension.name == 'year' else ''}"
    )


def by_size(table: FigureTable, name: str) -> FigureTable:
    """The same with the lines in the order of one column, the highest first; those without a number last."""
    place = next((n for n, heading in enumerate(table.headings) if heading.name == name), None)
    if place is None:
        return table
    pairs = {line: line.figures[place].pair or (0, 0) for line in table.lines}
    return replace(table, lines=tuple(ranked(pairs)))
