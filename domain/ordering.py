"""In which order the rows of a table stand, and the place of a row in it, as SQL.

The same on the screen, in an export and in a file that a command writes. Not what an address asks for, not the pages
(admin/tables/finding/ordering.py, admin/tables/finding/paging.py).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import InstrumentedAttribute

from domain import models
from domain.schema.words import Column, Table

_BY_NAME = ("sort_order", "position")
"""Columns that order a table by being called so."""


@dataclass(frozen=True)
class Then:
    """A further column of an order, never empty; a choice goes by the order of its words, which no collation knows."""

    column: InstrumentedAttribute[Any]
    descending: bool = False
    words: tuple[str, ...] = ()

    @property
    def said(self) -> ColumnElement[Any]:
        """What is compared."""
        if not self.words:
            return self.column.expression
        return case({word: place for place, word in enumerate(self.words)}, value=self.column)

    def mark(self, value: Any) -> Any:
        """What ``said`` is for a value."""
        return self.words.index(value) if self.words else value


@dataclass(frozen=True)
class Order:
    """One column up or down, perhaps others, then the id the way of the last; empty values come last either way.

    With others the first is never empty, and few rows share its value: they are sorted when they are read.
    """

    column: InstrumentedAttribute[Any]
    key: InstrumentedAttribute[Any]
    descending: bool = False
    then: tuple[Then, ...] = ()

    @property
    def columns(self) -> tuple[InstrumentedAttribute[Any], ...]:
        """The columns that it goes by before the id."""
        return (self.column, *(step.column for step in self.then))

    @property
    def is_by_key(self) -> bool:
        return self.column is self.key

    @property
    def is_along_index(self) -> bool:
        """Whether the database reads rows in this order, rather than sorting all that are asked for."""
        words: Table = self.column.class_.words
        unique = (rule.columns for rule in words.constraints if rule.kind == "unique")
        firsts = {columns[0] for columns in (*unique, *(i.columns for i in words.indexes))}
        return self.is_by_key or self.column.key in firsts

    @property
    def has_empties(self) -> bool:
        return not self.is_by_key and bool(self.column.property.columns[0].nullable)

    def clauses(self) -> tuple[ColumnElement[Any], ...]:
        """ORDER BY."""
        first, *key = self.along()
        return (first.nulls_last(), *key) if self.has_empties else (first, *key)

    def along(self, *, backwards: bool = False) -> tuple[ColumnElement[Any], ...]:
        """ORDER BY of the rows with a value, which an index has both ways; backwards is the exact mirror."""
        return tuple(
            said.desc() if descending != backwards else said.asc()
            for said, descending in self.compared
        )

    @property
    def compared(self) -> tuple[tuple[ColumnElement[Any], bool], ...]:
        """What rows are compared by, one after the other, and whether it descends."""
        first = () if self.is_by_key else ((self.column.expression, self.descending),)
        then = tuple((step.said, step.descending) for step in self.then)
        last = self.then[-1].descending if self.then else self.descending
        return (*first, *then, (self.key.expression, last))

    def cursor(self, row: Any) -> "Cursor":
        """The place of a row."""
        value = None if self.is_by_key else getattr(row, self.column.key)
        more = tuple(getattr(row, step.column.key) for step in self.then)
        return Cursor(value, getattr(row, self.key.key), more)

    def marks(self, cursor: "Cursor") -> tuple[Any, ...]:
        """The values of ``compared`` at a place."""
        first = () if self.is_by_key else (cursor.value,)
        then = (step.mark(value) for step, value in zip(self.then, cursor.more, strict=True))
        return (*first, *then, cursor.id)


@dataclass(frozen=True)
class Cursor:
    """The row next to which a page begins: its value in the ordering column, in the further ones, and its id."""

    value: Any
    id: int
    more: tuple[Any, ...] = ()

    def __str__(self) -> str:
        said = [self.value, *self.more, self.id]
        return json.dumps(said, ensure_ascii=False, default=str, separators=(",", ":"))


def place_column(words: Table, below: Column) -> Column | None:
    """The column that says at which place a row stands among those ``below`` the same row, if its order goes by one."""
    steps = [step for step in words.order if step.column != below.name]
    named = next((name for name in _BY_NAME if name in words.columns), None)
    if words.order:
        named = steps[0].column if steps and not steps[0].descending else None
    column = words.columns[named] if named else None
    return column if column and column.kind == "whole number" else None


def own_order(words: Table, readable: Mapping[str, Column], rows: Any = None) -> Order:
    """How the table orders itself, as far as its reader may see the columns: by its 次序, its sort_order, else the
    newest first. ``rows`` is an alias of the mapped class, where they are read under one.
    """
    model: Any = rows or models.by_table[words.name]
    if steps := tuple(_steps(words, readable, model)):
        return Order(steps[0].column, model.id, steps[0].descending, steps[1:])
    named = next((name for name in _BY_NAME if name in readable), None)
    return Order(getattr(model, named), model.id) if named else Order(model.id, model.id, True)


def _steps(words: Table, readable: Mapping[str, Column], model: Any) -> Iterator[Then]:
    """What schema.sql says of the order, up to the first column that the reader may not see."""
    for step in takewhile(lambda step: step.column in readable, words.order):
        choices = readable[step.column].choices
        yield Then(getattr(model, step.column), step.descending, choices)
