"""The rows from which a side column is read, as SQL: joined from hop to hop, and what they must hold."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, not_, or_, select
from sqlalchemy.orm import aliased

from domain import models
from domain.access import scopes
from domain.actors import Actor
from domain.ordering import Order, own_order
from domain.schema.columns import LAST, PAST, Demand, SideColumn


@dataclass(frozen=True)
class Way:
    """The way of a side column, each table under an alias of its own, so that the scope of the session follows it."""

    side: SideColumn
    base: Any
    """The table of the list, where the way begins with a reference of its rows."""
    rows: tuple[Any, ...]

    @classmethod
    @cache
    def of(cls, side: SideColumn) -> "Way":
        """The way of a side column. Kept: making aliases takes longer than asking by them."""
        base = None if side.hops[0].goes_down else aliased(models.by_table[side.table])
        return cls(side, base, tuple(aliased(models.by_table[hop.table]) for hop in side.hops))

    @property
    def key(self) -> Any:
        """The id of the row in the list."""
        return getattr(self.rows[0], self.side.hops[0].key) if self.base is None else self.base.id

    @property
    def value(self) -> Any:
        """What is shown of a row at the end of the way."""
        return getattr(self.rows[-1], self.side.source.name)

    def link(self, model: Any) -> tuple[Any, Any]:
        """A column of ``model``, the table of the list, and the one on the way that must equal it."""
        first, row = self.side.hops[0], self.rows[0]
        if first.goes_down:
            return model.id, getattr(row, first.key)
        return getattr(model, first.key), row.id

    def of_rows(self, ids: Collection[int], today: date, *columns: Any) -> Select[Any]:
        """As ``select``, for the rows of the list with these ids; ``key`` may be among the columns."""
        query = self.select(today, *columns).where(self.key.in_(ids))
        if self.base is None:
            return query
        return query.join(self.base, getattr(self.base, self.side.hops[0].key) == self.rows[0].id)

    def select(self, today: date, *columns: Any) -> Select[Any]:
        """The filled values at the end of the way, from its first table on."""
        query = select(*columns).select_from(self.rows[0])
        for place, hop in list(enumerate(self.side.hops))[1:]:
            before, row = self.rows[place - 1], self.rows[place]
            below, above = (row, before) if hop.goes_down else (before, row)
            query = query.join(row, getattr(below, hop.key) == above.id)
        return query.where(*self._conditions(today))

    def order(self, actor: Actor) -> tuple[ColumnElement[Any], ...]:
        """How the rows stand of which the first, the last or all are shown; the last then comes first."""
        side = self.side
        place = side.lowest if side.lowest is not None else len(side.hops) - 1
        row, words = self.rows[place], models.schema.tables[side.hops[place].table]
        order = own_order(words, scopes.readable_columns(actor, words.name), row)
        if side.ordered_by or order.is_by_key:  # else as they were made
            order = Order(getattr(row, side.ordered_by or "id"), row.id)
        return order.along(backwards=side.taking == LAST)

    def _conditions(self, today: date) -> Iterator[ColumnElement[bool]]:
        yield from map(self._met, self.side.demands)
        yield self.value.is_not(None)
        if self.side.source.kind in ("text", "long text"):
            yield self.value != ""
        if self.side.taking == PAST:
            yield self.value < today

    def _met(self, demand: Demand) -> ColumnElement[bool]:
        held = getattr(self.rows[demand.hop], demand.column)
        table = self.side.hops[demand.hop].table
        return _as_demanded(held, demand, models.schema.tables[table].columns[demand.column].kind)


def _as_demanded(held: Any, demand: Demand, kind: str) -> ColumnElement[bool]:
    """A column that is empty holds none of the words."""
    if not demand.words:
        empty = or_(held.is_(None), held == "") if kind in ("text", "long text") else held.is_(None)
        return empty if demand.is_met_by else not_(empty)
    words: list[Any] = [word == "是" for word in demand.words] if kind == "yes/no" else []
    found: ColumnElement[bool] = held.in_(words or demand.words)
    return found if demand.is_met_by else or_(held.is_(None), not_(found))
