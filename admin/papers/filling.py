"""A plan filled: the rows of every block read at once, whatever the number of rows around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select

from admin.figures.counting import Pairs
from admin.papers.asks import Asks, LinesPlan, RowsPlan
from admin.papers.figures import Lines, count_figures, value_of
from admin.papers.reading import Said, in_pieces, read_paths
from admin.papers.subjects import TABLES, PaperSubject, general_words
from admin.papers.ways import column_of, dimension_of, target_of, way_to
from admin.tables.desk import Desk
from admin.tables.finding.filters import SLICED
from admin.tables.finding.named import may_look_at
from domain.exports.plans import natural
from domain.ordering import own_order
from domain.papers.marks import PLACE, Filled, Value
from domain.papers.paper import ITEM, MEETING, UNIT, PaperRefused
from domain.statistics.dimensions import Dimension, DimensionPath
from domain.statistics.ratios import ranked

MOST_ROWS = 20_000
_TOO_MANY = f"这份表超过 {MOST_ROWS} 行，请选定会议、单位或更短的期间，分几次出。"


@dataclass(frozen=True)
class PaperFiller:
    """Fills a plan for one subject, in the session of the person at the ``desk``."""

    desk: Desk
    subject: PaperSubject
    today: date

    def fill(self, asks: Asks) -> Filled:
        """What the marks of the template stand for. Raises PaperRefused where there are too many rows."""
        numbers = count_figures(
            self.desk, asks.figures.values(), None, self._slices(), self.today
        ).total
        values = self._everywhere(asks)
        values |= {name: value_of(numbers.get(m.name), m) for name, m in asks.figures.items()}
        blocks = {name: self._whole_block(plan) for name, plan in asks.rows.items()}
        blocks |= {name: self._lines(plan) for name, plan in asks.lines.items()}
        return Filled(values, blocks)

    def _everywhere(self, asks: Asks) -> dict[str, Value]:
        """What may be said at any place, and what is said of the chosen rows."""
        known = general_words(self.desk.session, self.subject) if asks.general else {}
        values = {name: known[name] for name in asks.general}
        for name, (kind, path) in asks.about.items():
            row = self.subject.row(kind)
            if row is None or path is None:
                values[name] = str(row) if row is not None else None
            else:
                there = self.desk.beside(TABLES[kind])
                values[name] = read_paths(there, [row.id], {name: path}, self.today)[row.id][name]
        return values

    def _slices(self) -> Pairs:
        """The chosen meeting and unit, as the numbers are asked."""
        found = ((dimension_of(TABLES[kind]), self.subject.row(kind)) for kind in (MEETING, UNIT))
        return tuple((f"{SLICED}{d.name}", str(row.id)) for d, row in found if d and row)

    def _whole_block(self, plan: RowsPlan) -> list[Filled]:
        """The rows of a block that stands in no other."""
        query = self._narrowed(plan, (ITEM, MEETING, UNIT))
        ids = [key for (key,) in self._limited(plan, query.with_only_columns(plan.desk.model.id))]
        return self._rows(plan, {None: ids})[None]

    def _narrowed(self, plan: RowsPlan, kinds: Sequence[str]) -> Select[Any]:
        """The rows that answer the block's question, of what was chosen."""
        desk, query = plan.desk, plan.asked.narrow(plan.desk.query(), plan.desk)
        for kind in kinds:
            row = self.subject.row(kind)
            way = way_to(desk.words.name, TABLES[kind]) if row else None
            if row and way and may_look_at(desk, way.columns):
                query = query.where(way.has(desk.model, row.id))
        return query.order_by(*plan.asked.order.clauses())

    def _limited(self, plan: RowsPlan, query: Select[Any]) -> list[Any]:
        found = list(plan.desk.session.execute(query.limit(MOST_ROWS + 1)))
        if len(found) > MOST_ROWS:
            raise PaperRefused(_TOO_MANY)
        return found

    def _rows(self, plan: RowsPlan, ids: Mapping[Any, Sequence[int]]) -> dict[Any, list[Filled]]:
        """By the row around, the rows of a block: their values, numbers and inner blocks read for all together."""
        every = list(dict.fromkeys(key for some in ids.values() for key in some))
        paths = {**plan.asks.paths, **({_ORDER: plan.ordered} if plan.ordered else {})}
        said = read_paths(plan.desk, every, paths, self.today)
        if plan.ordered:
            ids = {around: _in_order(plan, some, said) for around, some in ids.items()}
        numbers = self._numbers_of(plan.desk, plan.asks, every)
        inner = {name: self._below(p, plan.desk, every) for name, p in plan.asks.rows.items()}
        return {
            around: [
                Filled(
                    {**said[key], **numbers.get(key, {}), PLACE: place},
                    {name: found.get(key, []) for name, found in inner.items()},
                )
                for place, key in enumerate(some, 1)
            ]
            for around, some in ids.items()
        }

    def _numbers_of(
        self, desk: Desk, asks: Asks, ids: Sequence[int]
    ) -> dict[int, dict[str, Value]]:
        """The numbers at rows that are values of a dimension."""
        dimension = dimension_of(desk.words.name)
        if dimension is None or not asks.figures:
            return {}
        counted = self._counted(asks, dimension)
        return {
            key: {
                name: value_of(counted.numbers.get(key, {}).get(mark.name), mark)
                for name, mark in asks.figures.items()
            }
            for key in ids
        }

    def _counted(self, asks: Asks, dimension: Dimension) -> Lines:
        marks = asks.figures.values()
        return count_figures(self.desk, marks, dimension, self._slices(), self.today)

    def _below(self, plan: RowsPlan, around: Desk, ids: Sequence[int]) -> dict[Any, list[Filled]]:
        """By the row of the block around, the rows that are its."""
        is_counted_by = dimension_of(around.words.name) is not None
        kinds = (MEETING, UNIT) if is_counted_by else (UNIT,)
        way = plan.way
        if way is None or not may_look_at(plan.desk, way.columns):
            return {}
        return self._rows(plan, self._grouped(plan, way, ids, kinds))

    def _grouped(
        self, plan: RowsPlan, way: DimensionPath, values: Sequence[Any], kinds: Sequence[str]
    ) -> dict[Any, list[int]]:
        model = plan.desk.model
        query, value = way.joined(self._narrowed(plan, kinds), model)
        query = query.with_only_columns(model.id, value, maintain_column_froms=True)
        found: dict[Any, list[int]] = defaultdict(list)
        for some in in_pieces(values):
            for key, around in self._limited(plan, query.where(value.in_(some))):
                found[around].append(key)
        return found

    def _lines(self, plan: LinesPlan) -> list[Filled]:
        """The rows of a block by a dimension."""
        asks, dimension = plan.asks, plan.dimension
        marks = {**asks.figures}
        marks |= {"": plan.ordered} if plan.ordered else {}
        marks |= {" ": plan.only} if plan.only else {}
        counted = count_figures(self.desk, marks.values(), dimension, self._slices(), self.today)
        values = self._values(plan, counted)
        inner = {name: self._by_value(p, values, dimension) for name, p in asks.rows.items()}
        target = target_of(dimension)
        keys = [value for value in values if value is not None]
        there = self.desk.beside(target) if target else None
        said = read_paths(there, keys, asks.paths, self.today) if there else {}
        names = self._names(dimension, values, counted)
        return [
            Filled(
                {
                    **dict.fromkeys(asks.paths),
                    **said.get(value, {}),
                    **{
                        name: value_of(counted.numbers.get(value, {}).get(mark.name), mark)
                        for name, mark in asks.figures.items()
                    },
                    **dict.fromkeys(asks.named, names[value]),
                    PLACE: place,
                },
                {name: found.get(value, []) for name, found in inner.items()},
            )
            for place, value in enumerate(values, 1)
        ]

    def _values(self, plan: LinesPlan, counted: Lines) -> list[Any]:
        """The values in the order of the numbers' page, or as the block says; of a paper for one unit that alone."""
        values = list(counted.names) or self._all_values(plan.dimension)
        target = target_of(plan.dimension)
        row = self.subject.row_of(target) if target else None
        if row is not None:
            values = [value for value in values if value == row.id]
        if plan.only:
            name = plan.only.name
            values = [v for v in values if (_pair(counted, v, name) or (0, 1))[0]]
        if plan.ordered:
            name = plan.ordered.name
            return ranked({v: _pair(counted, v, name) or (0, 0) for v in values})
        return values

    def _all_values(self, dimension: Dimension) -> list[Any]:
        """Where a block counts nothing: all values there are."""
        column = column_of(dimension)
        if column is None or not column.references:
            return list(column.choices) if column else []
        there = self.desk.beside(column.target)
        order = own_order(there.words, there.readable)
        return [row.id for row in there.session.scalars(there.query().order_by(*order.clauses()))]

    def _names(
        self, dimension: Dimension, values: Sequence[Any], counted: Lines
    ) -> Mapping[Any, str]:
        column = column_of(dimension)
        missing = [value for value in values if value not in counted.names]
        linked = self.desk.linked_rows(column, missing) if column and column.references else {}
        said = {value: str(linked.get(value, value)) for value in missing}
        return {**said, **counted.names}

    def _by_value(
        self, plan: RowsPlan, values: Sequence[Any], dimension: Dimension
    ) -> dict[Any, list[Filled]]:
        way = plan.way
        if way is None or not may_look_at(plan.desk, way.columns):
            return {}
        kinds = (MEETING,) if dimension.name == "unit" else (MEETING, UNIT)
        return self._rows(plan, self._grouped(plan, way, _known(values), kinds))


_ORDER = ""
"""Stands among the marks for what rows are ordered by."""


def _in_order(plan: RowsPlan, ids: Sequence[int], said: Said) -> list[int]:
    """By what the block says: numbers of items as they are counted, choices as they are listed, nothing last."""
    assert plan.ordered is not None
    column = plan.ordered.column

    def place(key: int) -> Any:
        value = said[key].get(_ORDER)
        if column.is_item_number:
            return natural(str(value))
        return column.choices.index(value) if value in column.choices else value

    filled = [key for key in ids if said[key].get(_ORDER) is not None]
    ordered = sorted(filled, key=place, reverse=plan.is_descending)
    return [*ordered, *(key for key in ids if said[key].get(_ORDER) is None)]


def _known(values: Sequence[Any]) -> Sequence[Any]:
    return [value for value in values if value is not None]


def _pair(counted: Lines, value: Any, name: str) -> tuple[int, int] | None:
    figure = counted.numbers.get(value, {}).get(name)
    return figure.pair if figure else None


def rows_in(filled: Filled) -> Iterator[int]:
    """How many rows all blocks have, for the record of what was taken out."""
    for rows in filled.blocks.values():
        yield len(rows)
        for row in rows:
            yield from rows_in(row)
