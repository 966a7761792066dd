"""By what numbers are told apart: unit, meeting, category …, each with the way from a table's rows to its value.

A way is written as columns: `reply.assignment.unit_id` follows reply_id and assignment_id. One that begins with a
table goes down to the rows that hang on this one: `assignments.unit_id` of an item has as many values as it has units
at work; those whose task has ended are left out. Grouping and filtering follow the same way, in the reader's scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, extract, select, true
from sqlalchemy.orm import aliased

from domain import models
from domain.schema.file import Column
from domain.schema.states import ENDED


@dataclass(frozen=True)
class PathHop:
    """One step from a row to the next one: by its reference ``key``, or down to the rows whose ``key`` names it."""

    table: str
    key: str
    goes_down: bool


@dataclass(frozen=True)
class DimensionPath:
    """The way from the rows of ``table`` to a column."""

    table: str
    hops: tuple[PathHop, ...]
    column: Column

    @property
    def is_multiple(self) -> bool:
        """Whether a row may have several values."""
        return any(hop.goes_down for hop in self.hops)

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Table and column of what is looked at on the way."""
        return tuple(self._looked_at())

    def _looked_at(self) -> Iterator[tuple[str, str]]:
        table = self.table
        for hop in self.hops:
            yield (hop.table, hop.key) if hop.goes_down else (table, hop.key)
            table = hop.table
        yield table, self.column.name

    def joined(self, query: Select[Any], model: Any) -> tuple[Select[Any], Any]:
        """The query with the tables of the way, and the value; it is empty where the way leads nowhere."""
        row = model
        for hop, there in zip(self.hops, _aliases(self.hops, model, "joined"), strict=True):
            here, other = _ends(hop, row, there)
            query = query.outerjoin(there, and_(here == other, _is_live(hop, there)))
            row = there
        return query, getattr(row, self.column.name)

    def has(self, model: Any, value: Any) -> ColumnElement[bool]:
        """SQL for the rows that have this value; None for those that have none."""
        if value is None:
            return ~self._leads_to(model, lambda held: held.is_not(None))
        return self._leads_to(model, lambda held: held == value)

    def _leads_to(self, model: Any, says: Callable[[Any], Any]) -> ColumnElement[bool]:
        """Whether the way leads from a row to a value of which this holds. Never unknown, so that it can be denied."""
        ways = _aliases(self.hops, model, "asked")
        rows = (model, *ways)
        found: ColumnElement[bool] = says(getattr(rows[-1], self.column.name))
        for place in reversed(range(len(self.hops))):
            hop, there = self.hops[place], ways[place]
            here, other = _ends(hop, rows[place], there)
            led = select(other).where(_is_live(hop, there), found)
            found = and_(here.is_not(None), here.in_(led))
        return found


@lru_cache(maxsize=1000)
def _aliases(hops: tuple[PathHop, ...], model: Any, purpose: str) -> tuple[Any, ...]:
    """The tables of the way, for each purpose its own: one question may follow a way twice. Kept: making them takes
    longer than asking by them; with the mapped class where the way begins, for a new schema has new ones.
    """
    return tuple(aliased(models.by_table[hop.table]) for hop in hops)


def _ends(hop: PathHop, row: Any, there: Any) -> tuple[Any, Any]:
    return (row.id, getattr(there, hop.key)) if hop.goes_down else (getattr(row, hop.key), there.id)


def _is_live(hop: PathHop, there: Any) -> ColumnElement[bool]:
    """On the way down, what has ended is nobody's any more."""
    if not hop.goes_down or hop.table != "assignments":
        return true()
    found: ColumnElement[bool] = there.state.not_in(ENDED)
    return found


@dataclass(frozen=True)
class Dimension:
    """What numbers are told apart by; ``paths``: of each table the way to its value.

    ``is_counted_up``: its values follow each other, the newest first, and each is compared with the one before.
    """

    name: str
    label: str
    paths: Mapping[str, str] = field(default_factory=dict)
    is_counted_up: bool = False

    def route(self, table: str) -> DimensionPath | None:
        """The way from the rows of a table; None where there is none."""
        path = self.paths.get(table)
        return None if path is None else _route(table, path)


def _route(table: str, path: str) -> DimensionPath:
    *steps, last = path.split(".")
    hops, at = list[PathHop](), table
    for step in steps:
        hops.append(_hop(at, step))
        at = hops[-1].table
    return DimensionPath(table, tuple(hops), models.schema.tables[at].columns[last])


def _hop(table: str, step: str) -> PathHop:
    column = models.schema.tables[table].columns.get(f"{step}_id")
    if column is not None:
        return PathHop(column.target, column.name, goes_down=False)
    below = models.schema.tables[step]
    keys = [c.name for c in below.columns.values() if c.references == table]
    if len(keys) != 1:
        raise ValueError(f"{step}: no one way from {table}")
    return PathHop(step, keys[0], goes_down=True)


def month_of(day: Any) -> Any:
    """The month of a date or instant as a number: 202405."""
    return extract("year", day) * 100 + extract("month", day)


_TO_ITEM: Mapping[str, str] = {
    "proposals": "",
    "assignments": "proposal.",
    "replies": "proposal.",
    "review_steps": "reply.proposal.",
    "feedbacks": "reply.proposal.",
    "deliveries": "reply.proposal.",
    "return_requests": "assignment.proposal.",
    "commitments": "assignment.proposal.",
}
_TO_TASK: Mapping[str, str] = {
    "proposals": "assignments.",
    "assignments": "",
    "replies": "assignment.",
    "review_steps": "reply.assignment.",
    "feedbacks": "reply.assignment.",
    "deliveries": "reply.assignment.",
    "return_requests": "assignment.",
    "commitments": "assignment.",
}
_TO_REPLY: Mapping[str, str] = {
    "replies": "",
    "review_steps": "reply.",
    "feedbacks": "reply.",
    "deliveries": "reply.",
}


def _by(ways: Mapping[str, str], column: str) -> dict[str, str]:
    return {table: f"{way}{column}" for table, way in ways.items()}


MONTH = Dimension("month", "月份", is_counted_up=True)
"""By the day that a measure names; read by itself, for each measure has its own."""

DIMENSIONS: Mapping[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        Dimension("unit", "承办单位", _by(_TO_TASK, "unit_id")),
        Dimension("role", "承办方式", _by(_TO_TASK, "role")),
        Dimension("unit_kind", "单位类别", _by(_TO_TASK, "unit.kind")),
        Dimension("meeting", "届次会议", _by(_TO_ITEM, "meeting_id")),
        Dimension("year", "年度", _by(_TO_ITEM, "meeting.year"), is_counted_up=True),
        Dimension("level", "层级", _by(_TO_ITEM, "meeting.level")),
        Dimension("kind", "类型", _by(_TO_ITEM, "kind")),
        Dimension("category", "内容分类", _by(_TO_ITEM, "content_category_id")),
        Dimension("letter", "答复类别", _by(_TO_REPLY, "answer_category.letter")),
        Dimension("key_kind", "重点类别", _by(_TO_ITEM, "key_kind")),
        MONTH,
    )
}
"""All of them, by name."""
