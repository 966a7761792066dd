"""Labels of measures and rates in a template: 件数, 主办.办复率, 数 意见反馈 末次评价 办理工作=满意.

Counted as the page 统计表 counts them, so that each number is the number of the rows of its list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from admin.figures.counting import Pairs
from admin.figures.tabling import NOTHING, Figure, FigureAsking, FigureTable, make_table
from admin.papers.paths import near
from admin.papers.questions import Days, pairs_of
from admin.papers.ways import column_of
from admin.tables.desk import Desk
from admin.tables.finding.filters import SLICED
from domain import models
from domain.papers.marks import Value
from domain.papers.percent import Percent
from domain.statistics.dimensions import DIMENSIONS, Dimension
from domain.statistics.measures import Measure, Rate
from domain.statistics.register import MEASURES, RATES

COUNT = "数"
"""Begins a mark that counts the rows of a table: 数 意见反馈 末次评价 办理工作=满意."""


@dataclass(frozen=True)
class FigureMark:
    """A measure or a rate, as it is counted for one mark."""

    asked: Measure | Rate

    @property
    def name(self) -> str:
        """By which it is found among the counted ones."""
        return self.asked.name


@dataclass(frozen=True)
class Lines:
    """Numbers told apart: by the values of a dimension in their order, with their names, and of the whole."""

    names: Mapping[Any, str]
    numbers: Mapping[Any, Mapping[str, Figure]]
    total: Mapping[str, Figure]


def figure_at(desk: Desk, name: str, today: date, days: Days | None) -> FigureMark | None:
    """What a mark counts; None where it names no number. Raises BadQuestion for a count that makes no sense."""
    first, *terms = name.split(" ")
    if first == COUNT and terms:
        return _count_of(desk, name, terms, today, days)
    *words, label = name.split(".")
    found = _labelled(label)
    if found is None or any(word not in qualifiers() for word in words):
        return None
    for word in words:
        found = _qualified(found, word)
    return FigureMark(_within(desk, found, days))


def figure_labels() -> list[str]:
    """The labels of all measures and rates."""
    return [*(m.label for m in MEASURES.values()), *(r.label for r in RATES.values())]


def qualifiers() -> dict[str, tuple[str, str]]:
    """The words that may stand before a number, as 主办: which dimension has that value."""
    found = dict[str, tuple[str, str]]()
    for dimension in DIMENSIONS.values():
        column = column_of(dimension)
        for choice in column.choices if column else ():
            found.setdefault(choice, (dimension.name, choice))
    return found


def count_figures(
    desk: Desk, marks: Iterable[FigureMark], by: Dimension | None, slices: Pairs, today: date
) -> Lines:
    """All the numbers, a question for each measure."""
    asked = {mark.name: mark.asked for mark in marks}
    measures = [one for one in asked.values() if isinstance(one, Measure)]
    rates = [one for one in asked.values() if isinstance(one, Rate)]
    table = make_table(desk, FigureAsking(by, measures, rates, slices, today))
    return Lines(
        {line.value: line.label for line in table.lines},
        {line.value: _named(table, line.figures) for line in table.lines},
        _named(table, table.total.figures),
    )


def _named(table: FigureTable, figures: Sequence[Figure]) -> dict[str, Figure]:
    return {heading.name: figure for heading, figure in zip(table.headings, figures, strict=True)}


def value_of(figure: Figure | None, mark: FigureMark) -> Value:
    """A number as a cell holds it; what nobody has is 0, and a rate of nothing —."""
    if isinstance(mark.asked, Measure):
        return figure.pair[0] if figure and figure.pair else 0
    if figure is None or figure.text == NOTHING:
        return NOTHING
    return Percent(figure.text[:-1]) if figure.text.endswith("%") else figure.text


def _labelled(label: str) -> Measure | Rate | None:
    every: list[Measure | Rate] = [*MEASURES.values(), *RATES.values()]
    return next((one for one in every if one.label == label), None)


def _qualified(one: Measure | Rate, word: str) -> Measure | Rate:
    dimension, value = qualifiers()[word]
    return _more(one, word, {f"{SLICED}{dimension}": value})


def _more(one: Measure | Rate, word: str, asked: Mapping[str, str]) -> Measure | Rate:
    """The same within more, under a name of its own."""
    if isinstance(one, Rate):
        of, among = _more(one.of, word, asked), _more(one.among, word, asked)
        assert isinstance(of, Measure)
        assert isinstance(among, Measure)
        return replace(one, name=f"{word}.{one.name}", of=of, among=among)
    return replace(one, name=f"{word}.{one.name}", asked={**one.asked, **asked})


def _within(desk: Desk, one: Measure | Rate, days: Days | None) -> Measure | Rate:
    """The same in a period, by the day that each measure belongs to."""
    if days is None:
        return one
    if isinstance(one, Rate):
        of, among = _within(desk, one.of, days), _within(desk, one.among, days)
        assert isinstance(of, Measure)
        assert isinstance(among, Measure)
        return replace(one, of=of, among=among)
    if one.day not in desk.beside(one.table).readable:
        return one
    limits = {f"{one.day}.from": days.first.isoformat(), f"{one.day}.to": days.last.isoformat()}
    return replace(one, asked={**one.asked, **limits})


def _count_of(
    desk: Desk, name: str, terms: Sequence[str], today: date, days: Days | None
) -> FigureMark | None:
    tables = {words.label: words.name for words in models.schema.tables.values()}
    table = tables.get(terms[0])
    if table is None or not desk.beside(table).may("read"):
        return None
    pairs = pairs_of(desk.beside(table), terms[1:], today, days)
    asked = {key: tuple(texts) for key, texts in pairs.lists()}
    return FigureMark(Measure(name, name, table, asked, "", ""))


def unknown_figure(name: str) -> str:
    """What is told of a name that is no number."""
    return near(name.split(".")[-1], figure_labels())
