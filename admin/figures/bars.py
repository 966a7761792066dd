"""One column of a table of numbers as bars, beside which the table stays: whom it is longest for is seen at once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from admin.figures.tabling import Figure, FigureTable

MOST = 40
WHOLE = 1000
"""The width of the longest bar, in units of the drawing."""


@dataclass(frozen=True)
class Bar:
    """A line of the table as a bar: ``width`` of WHOLE."""

    label: str
    figure: Figure
    width: int


@dataclass(frozen=True)
class Chart:
    """The bars of one column; ``is_cut``: there are more lines than bars."""

    title: str
    about: str
    bars: tuple[Bar, ...]
    is_cut: bool


def draw_chart(table: FigureTable, name: str) -> Chart | None:
    """The column called so, in the order of the table; None where there is nothing to see."""
    place = next((n for n, heading in enumerate(table.headings) if heading.name == name), None)
    if place is None or len(table.lines) < 2:
        return None
    drawn = [(line.label, line.figures[place]) for line in table.lines]
    heading = table.headings[place]
    longest = Fraction(1) if heading.is_rate else Fraction(0)
    longest = max([longest, *(figure.size for _, figure in drawn)])
    if not longest:
        return None
    bars = [Bar(label, figure, round(figure.size / longest * WHOLE)) for label, figure in drawn]
    return Chart(heading.label, heading.words, tuple(bars[:MOST]), len(bars) > MOST)
