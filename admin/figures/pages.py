"""The page 统计表: measures and rates of a meeting or of all, by a dimension, each number with the list behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select

from admin.figures.bars import WHOLE, Chart, draw_chart
from admin.figures.counting import Pairs
from admin.figures.tabling import FigureAsking, FigureTable, by_size, make_table
from admin.frame import edge
from admin.frame.page_view import PanelView
from admin.tables.desk import Desk, desk_at
from domain import models
from domain.actors import DEPUTY, SUPERVISOR
from domain.statistics.dimensions import DIMENSIONS, Dimension
from domain.statistics.register import MEASURES, PARTS, RATES

ALL = "all"
_OVER_MEETINGS = ("meeting", "year")
"""The dimensions that mean little within one meeting."""


@dataclass(frozen=True)
class PartTab:
    """A head under which measures stand, with its address."""

    label: str
    url: str
    is_here: bool


@dataclass(frozen=True)
class FiguresPage:
    """What was chosen, what can be, and the numbers."""

    part: str
    tabs: tuple[PartTab, ...]
    meetings: tuple[tuple[int, str], ...]
    meeting: models.Row | None
    dimensions: tuple[Dimension, ...]
    dimension: Dimension
    table: FigureTable
    chart: Chart | None
    sorted_by: str
    sort_urls: dict[str, str]
    whole: int = WHOLE


class FiguresView(PanelView):
    """统计表."""

    def __init__(self) -> None:
        super().__init__(name="统计表", category="统计", endpoint="figures", url="/figures")

    def is_accessible(self) -> bool:
        """Whether there is anything to count for the acting person."""
        return desk_at("proposals").may("read")

    def is_visible(self) -> bool:
        """Who looks at more than a few items; the others may open the page, but have no use for it in the menu."""
        return edge.actor().role not in (DEPUTY, SUPERVISOR)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The numbers of ``?meeting=``, ``?by=`` and ``?part=``, in the order of ``?sort=``."""
        return self.render("figures/figures.html", page=_page(desk_at("proposals")), title="统计表")


def init_figures(app: Flask) -> None:
    """Put the page into the menu."""
    app.extensions["admin"][0].add_view(FiguresView())


def _page(desk: Desk) -> FiguresPage:
    dimension = DIMENSIONS.get(request.args.get("by", "unit"))
    part = request.args.get("part", PARTS[0])
    if dimension is None or part not in PARTS:
        abort(404)
    meetings = tuple(_meetings())
    meeting = _meeting(dimension, meetings)
    table = make_table(desk, _asking(dimension, part, meeting))
    sorted_by = request.args.get("sort", "")
    table = by_size(table, sorted_by) if sorted_by else table
    drawn = sorted_by or next((h.name for h in table.headings if h.is_rate), "") or "items"
    return FiguresPage(
        part=part,
        tabs=tuple(PartTab(one, _with(part=one, sort=""), one == part) for one in PARTS),
        meetings=meetings,
        meeting=meeting,
        dimensions=tuple(DIMENSIONS.values()),
        dimension=dimension,
        table=table,
        chart=draw_chart(table, drawn),
        sorted_by=sorted_by,
        sort_urls={h.name: _with(sort=h.name) for h in table.headings},
    )


def _asking(dimension: Dimension, part: str, meeting: models.Row | None) -> FigureAsking:
    slices: Pairs = (("by-meeting", str(meeting.id)),) if meeting else ()
    measures = tuple(measure for measure in MEASURES.values() if measure.part == part)
    rates = tuple(rate for rate in RATES.values() if rate.part == part)
    return FigureAsking(dimension, measures, rates, slices, edge.today())


def _meetings() -> Iterator[tuple[int, str]]:
    """All meetings that the person sees, the newest first."""
    meeting = models.Meeting
    newest = select(meeting).order_by(meeting.year.desc(), meeting.id.desc())
    yield from ((row.id, row.name) for row in edge.session().scalars(newest))


def _meeting(dimension: Dimension, known: tuple[tuple[int, str], ...]) -> models.Row | None:
    """The chosen one, else the newest; none where all are meant."""
    chosen = request.args.get("meeting", "")
    if chosen == ALL or not known or (not chosen and dimension.name in _OVER_MEETINGS):
        return None
    return desk_at("meetings").find(chosen or str(known[0][0]))


def _with(**changes: str) -> str:
    asked: dict[str, Any] = {**request.args.to_dict(), **changes}
    return url_for("figures.index", **{name: text for name, text in asked.items() if text})
