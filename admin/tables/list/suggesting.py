"""The questions that a search may have meant: filters by a unit, a deputy, a meeting that one of its words names.

A search box looks into a row's own texts; whom the rows below it name is asked for by a filter, and this leads there.
Not the filtered list itself: that is asked and counted like any other (lists.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from admin.tables.desk import Desk
from admin.tables.finding.asking import Asked
from admin.tables.finding.fields import asked_about
from admin.tables.finding.filters import Condition, Field
from admin.tables.finding.searching import named
from domain import models
from domain.schema.searched import is_indexed
from domain.storing.session import LOOKS_UP

MOST = 5
"""A word that names more rows than this names none in particular."""


@dataclass(frozen=True)
class MeantFilter:
    """A question that may have been meant; ``words`` say in what it differs from the one that was asked."""

    words: str
    asked: Asked


def suggest(desk: Desk, asked: Asked) -> Iterator[MeantFilter]:
    """For every row that a word names: the filters that could ask for it, with the search for the other words."""
    in_force = {condition.field.name for condition in asked.conditions}
    fields = [field for field in _naming_fields(desk, asked) if field.name not in in_force]
    tables = list(dict.fromkeys(field.column.references or "" for field in fields))
    for word in dict.fromkeys(asked.words):
        found = {table: _named_by(desk.beside(table), word) for table in tables}
        for field in fields:
            for row in found[field.column.references or ""]:
                yield _meant(asked, word, field, row)


def _naming_fields(desk: Desk, asked: Asked) -> Iterator[Field]:
    """The filters that ask for one row by its name: what the rows, and those beside and below them, are about.

    Not what the search looks into already.
    """
    for field in asked.fields.values():
        column, owner = field.column, asked_about(desk, field)
        asks_for_one = column in owner.telling and "" in field.operators
        is_searched = owner is desk and column in desk.searched
        if asks_for_one and not is_searched and is_indexed(models.schema.tables[column.target]):
            yield field


def _named_by(desk: Desk, word: str) -> list[models.Row]:
    """The rows of a table that a word names, in the table's order; none where they are too many to be meant."""
    so_named = named(desk, word)
    if so_named is None:
        return []
    query = desk.query().options(*models.name_options(desk.model)).where(so_named)
    query = query.order_by(*desk.order().clauses()).limit(MOST + 1)
    rows = list(desk.session.scalars(query, execution_options={LOOKS_UP: True}))
    return rows if len(rows) <= MOST else []


def _meant(asked: Asked, word: str, field: Field, row: models.Row) -> MeantFilter:
    others = tuple(other for other in asked.words if other != word)
    text = " ".join(others)
    condition = Condition(field, "is", (row.id,), (str(row.id),), f"{field.label}：{row}")
    return MeantFilter(
        f"按{field.label}“{row}”筛选" + (f"，并查找“{text}”" if text else ""),
        replace(asked, conditions=(*asked.conditions, condition), search=text, words=others),
    )
