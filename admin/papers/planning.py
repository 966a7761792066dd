"""A template's marks looked up for one person and one subject: a plan of what is read, or all faults with their places.

Nothing of the template is executed: a mark is a name that something declared answers to, or it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from admin.papers.asks import Asks, LinesPlan, RowsPlan
from admin.papers.figures import COUNT, FigureMark, figure_at, figure_labels, unknown_figure
from admin.papers.paths import LabelPath, UnknownWord, labels_of, near, path_at
from admin.papers.questions import BadQuestion, Days, read_question
from admin.papers.subjects import GENERAL, TABLES
from admin.papers.ways import column_of, dimension_of, target_of, way_to
from admin.tables.desk import Desk
from domain import models
from domain.papers.marks import PLACE, BadMark, Wanted
from domain.papers.paper import ITEM, MEETING, PERIOD, UNIT, PaperRefused
from domain.statistics.dimensions import DIMENSIONS, Dimension, DimensionPath

BY = "按"
ORDERED, DESCENDING, ONLY = "排序=", "倒序=", "只列="


@dataclass(frozen=True)
class _Place:
    """Where a mark stands: at the rows of a table, at the values of a dimension, or at neither, in the whole."""

    asks: Asks
    table: str = ""
    dimension: Dimension | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is in no block."""
        return not self.table and self.dimension is None

    @property
    def rows_of(self) -> str:
        """The table whose rows are at hand."""
        return self.table or (target_of(self.dimension) or "" if self.dimension else "")

    @property
    def is_counted(self) -> bool:
        """Whether numbers may stand here: of the whole, by a dimension, or at rows that are values of one."""
        return not self.table or dimension_of(self.table) is not None


Places = tuple[_Place, ...]
"""A place and those around it, the whole first."""


@dataclass(frozen=True)
class Planner:
    """Looks up the marks for one person: his ``desk`` at any table, on which day, for what."""

    desk: Desk
    takes: Sequence[str]
    today: date
    days: Days | None = None
    faults: list[BadMark] = field(default_factory=list)

    def plan(self, wanted: Wanted) -> Asks:
        """What is to be read. Raises PaperRefused with all faults, each with its place."""
        whole = _Place(Asks())
        self._look(wanted, (whole,))
        if self.faults:
            raise PaperRefused(*(str(fault) for fault in self.faults))
        return whole.asks

    def _look(self, wanted: Wanted, places: Places) -> None:
        for mark in wanted.marks.values():
            try:
                self._look_up(mark.name, places)
            except (UnknownWord, BadQuestion) as fault:
                self.faults.append(BadMark(mark.where, str(fault)))
        for name, inner in wanted.blocks.items():
            try:
                self._open(name, inner, places)
            except (UnknownWord, BadQuestion) as fault:
                self.faults.append(BadMark(inner.where, str(fault)))

    def _look_up(self, name: str, places: Places) -> None:
        """Find what a mark means: at its own place first, then around it."""
        if name == PLACE and not places[-1].is_whole:
            return
        if any(self._is_found(name, place) for place in reversed(places)):
            return
        whole = places[0].asks
        if name in GENERAL and self._is_general(name):
            whole.general.add(name)
        elif about := self._about(name):
            whole.about[name] = about
        else:
            raise UnknownWord(self._unknown(name, places))

    def _is_found(self, name: str, place: _Place) -> bool:
        if place.dimension and name == place.dimension.label:
            place.asks.named.add(name)
        elif place.rows_of and (path := path_at(self.desk.beside(place.rows_of), name)):
            place.asks.paths[name] = path
        elif place.is_counted and (figure := self._figure(name)):
            place.asks.figures[name] = figure
        else:
            return False
        return True

    def _figure(self, name: str) -> FigureMark | None:
        return figure_at(self.desk, name, self.today, self.days)

    def _is_general(self, name: str) -> bool:
        return PERIOD in self.takes or name not in ("期间", "起始日期", "截止日期")

    def _about(self, name: str) -> tuple[str, LabelPath | None] | None:
        """What a mark says of the chosen meeting, unit or item; of the narrowest one its labels stand alone."""
        for kind in self._chosen():
            there = self.desk.beside(TABLES[kind])
            head, _, rest = name.partition(".")
            if head == there.words.label:
                path = path_at(there, rest) if rest else None
                if path or not rest:
                    return kind, path
                raise UnknownWord(f"“{head}”没有“{rest}”这一栏{near(rest, _labels(there))}")
        for kind in self._chosen():
            if path := path_at(self.desk.beside(TABLES[kind]), name):
                return kind, path
        return None

    def _chosen(self) -> Iterator[str]:
        yield from (kind for kind in (ITEM, UNIT, MEETING) if kind in self.takes)

    def _unknown(self, name: str, places: Places) -> str:
        if name.split(" ")[0] == COUNT:
            return f"“{name}”：“{COUNT}”后面要写一张表的名称，如“{COUNT} 意见反馈 末次评价”。"
        known = [*GENERAL, *figure_labels()]
        for table in filter(None, (place.rows_of for place in places)):
            known += _labels(self.desk.beside(table))
        for kind in self._chosen():
            known += _labels(self.desk.beside(TABLES[kind]))
        return f"没有“{name}”这个标记{near(name, known)}"

    def _open(self, name: str, inner: Wanted, places: Places) -> None:
        head, *terms = name.split(" ")
        if head.startswith(BY) and (found := _dimension(head.removeprefix(BY))):
            if not places[-1].is_whole:
                raise BadQuestion(f"“{head}”只能放在最外面，不能放在别的块里。")
            places[-1].asks.lines[name] = self._lines(found, terms, inner, places)
        else:
            places[-1].asks.rows[name] = self._rows(head, terms, inner, places)

    def _rows(self, head: str, terms: Sequence[str], inner: Wanted, places: Places) -> RowsPlan:
        words = next((t for t in models.schema.tables.values() if t.label == head), None)
        if words is None or not self.desk.beside(words.name).may("read"):
            raise BadQuestion(f"没有叫“{head}”的块{near(head, self._blocks())}")
        there = self.desk.beside(words.name)
        orders = [term for term in terms if term.startswith((ORDERED, DESCENDING))]
        question = [term for term in terms if term not in orders]
        asked = read_question(there, question, self.today, self.days)
        plan = RowsPlan(there, asked, Asks(), _way(words.name, places[-1]))
        if plan.way is None and not places[-1].is_whole:
            raise BadQuestion(f"“{head}”不挂在外面那个块的记录上，请把它移到外面。")
        for order in orders:
            plan.ordered = self._path(there, order.partition("=")[2])
            plan.is_descending = order.startswith(DESCENDING)
        self._look(inner, (*places, _Place(plan.asks, words.name)))
        return plan

    def _path(self, desk: Desk, label: str) -> LabelPath:
        found = path_at(desk, label)
        if found is None:
            raise UnknownWord(
                f"“{desk.words.label}”没有“{label}”这一栏{near(label, _labels(desk))}"
            )
        return found

    def _lines(
        self, dimension: Dimension, terms: Sequence[str], inner: Wanted, places: Places
    ) -> LinesPlan:
        plan = LinesPlan(dimension, Asks())
        self._look(inner, (*places, _Place(plan.asks, dimension=dimension)))
        for term in terms:
            plan.ordered = self._told(term, ORDERED) or plan.ordered
            plan.only = self._told(term, ONLY) or plan.only
            if not term.startswith((ORDERED, ONLY)):
                raise BadQuestion(
                    f"“{BY}{dimension.label}”后面只能写“排序=”或“只列=”，不能写“{term}”。"
                )
        if not (plan.asks.figures or plan.asks.rows or plan.only):
            raise BadQuestion(f"“{BY}{dimension.label}”里没有数，也没有块，不知道该列哪些。")
        return plan

    def _told(self, term: str, sign: str) -> FigureMark | None:
        if not term.startswith(sign):
            return None
        name = term.removeprefix(sign)
        figure = self._figure(name)
        if figure is None:
            raise BadQuestion(f"“{term}”：没有叫“{name}”的数{unknown_figure(name)}")
        return figure

    def _blocks(self) -> list[str]:
        tables = models.schema.tables.values()
        known = [words.label for words in tables if self.desk.beside(words.name).may("read")]
        return [*known, *(f"{BY}{d.label}" for d in DIMENSIONS.values() if column_of(d))]


def _way(table: str, around: _Place) -> DimensionPath | None:
    way = way_to(table, around.rows_of) if around.rows_of else None
    if way is None and around.dimension:
        way = around.dimension.route(table)
    return way


def _dimension(label: str) -> Dimension | None:
    return next((d for d in DIMENSIONS.values() if d.label == label and column_of(d)), None)


def _labels(desk: Desk) -> list[str]:
    return [label for label, _ in labels_of(desk)]
