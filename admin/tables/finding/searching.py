"""What the search box of a list asks for, as SQL: every word in the row's own texts, or in what the row is about.

The index (domain/searching) offers rows, the words are read again here in the columns that this person may see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    cast,
    false,
    literal,
    or_,
    select,
    true,
    union_all,
)

from admin.tables.desk import Desk
from admin.tables.finding.mentions import mentions
from admin.tables.finding.paging import is_quickly_counted
from domain import models
from domain.schema.file import Column
from domain.schema.searched import indexed_columns, name_parts
from domain.searching.finding import candidates

LINKS_DEEP = 2
_CHOICES = 100


@dataclass(frozen=True)
class Found:
    """Rows that hold some words. ``are_few``: an index leads to them, so they can be gathered at once."""

    clause: ColumnElement[bool]
    are_few: bool


def search(desk: Desk, words: Sequence[str]) -> ColumnElement[bool]:
    """Every word somewhere in what is searched."""
    return _find(desk, words, frozenset({desk.words.name})).clause


def named(desk: Desk, word: str) -> ColumnElement[bool] | None:
    """The word in the row's natural name, or in a marked column called `…name`; None where the rows are not soon found.

    Soon found are those of a short table, and those to which the index leads.
    """
    names = (getattr(desk.model, c.name) for c in desk.searched if c.name.endswith("name"))
    said = or_(_named_so(desk, word), *(mentions(name, word) for name in names))
    few = offered(desk, [word])
    if few is not None:
        return and_(few, said)
    return said if is_quickly_counted(desk.session, desk.model) else None


def offered(desk: Desk, texts: Sequence[str]) -> ColumnElement[bool] | None:
    """What every row keeps to whose own name and marked texts hold all of ``texts``; None where it helps nothing."""
    columns = indexed_columns(desk.words)
    named = models.name_fields(desk.words)
    if any(c.name in named and c.name not in desk.readable for c in columns):
        return None  # the index has the name in full
    return candidates(desk.session.unchecked_connection(), desk.model, texts)


def is_offered(desk: Desk, column: Column) -> bool:
    """Whether the index of the table knows this column."""
    return column in indexed_columns(desk.words)


def _find(desk: Desk, words: Sequence[str], on_the_way: frozenset[str]) -> Found:
    """The words in the texts of a table, or in the rows that its own are about; ``on_the_way`` are tables before it."""
    if any(column.references for column in desk.searched):
        found = [_find_linked(desk, word, on_the_way) for word in words]
        return Found(and_(*(f.clause for f in found)), any(f.are_few for f in found))
    said = and_(*(_mentions(desk, word) for word in words))
    few = offered(desk, words)
    return Found(said, are_few=False) if few is None else Found(and_(few, said), are_few=True)


def _mentions(desk: Desk, word: str) -> ColumnElement[bool]:
    """The word in the row's own name or in a searched text besides."""
    named = models.name_fields(desk.words)
    texts = (getattr(desk.model, c.name) for c in desk.searched if c.name not in named)
    return or_(_named_so(desk, word), *(mentions(text, word) for text in texts))


def _find_linked(desk: Desk, word: str, on_the_way: frozenset[str]) -> Found:
    """The word in the row's own name or in what the row is about, gathered where few rows hold it."""
    ways = [_through(desk, column, word, on_the_way) for column in desk.searched]
    own = _named_so(desk, word)
    if own is false() and ways and all(way.are_few for way in ways):
        some = (select(desk.model.id).where(way.clause) for way in ways)
        return Found(desk.model.id.in_(union_all(*some)), are_few=True)
    return Found(or_(own, *(way.clause for way in ways)), are_few=False)


def _through(desk: Desk, column: Column, word: str, on_the_way: frozenset[str]) -> Found:
    """The word in the row that a reference points to. Where many hold it, each row's own is looked up by itself."""
    attribute, target = getattr(desk.model, column.name), desk.beside(column.target)
    if len(on_the_way) > LINKS_DEEP:
        return Found(false(), are_few=True)
    found = _find(target, [word], on_the_way | {target.words.name})
    ids = select(target.model.id).where(found.clause)
    if not found.are_few and target.words.name not in on_the_way:
        ids = ids.where(target.model.id == attribute)
    return Found(attribute.in_(ids), found.are_few)


def _named_so(desk: Desk, word: str) -> ColumnElement[bool]:
    """The word in the natural name, as far as it stands in this table: 建议003号 is found though no column holds it."""
    parts = [p for p in name_parts(desk.words) if isinstance(p, str) or p.name in desk.readable]
    columns = [part for part in parts if isinstance(part, Column)]
    names = reduce(lambda count, column: count * len(column.choices), columns, 1)
    if 0 < names <= _CHOICES:
        return _chosen_so(desk, parts, word)
    spoken = (_spoken(desk, part) for part in parts)
    return mentions(reduce(lambda said, part: said.concat(part), spoken), word)


def _chosen_so(desk: Desk, parts: list[str | Column], word: str) -> ColumnElement[bool]:
    """The few names that choices make are read here, so that the database need not read every row's."""
    ways = [[part] if isinstance(part, str) else part.choices for part in parts]
    said = [way for way in product(*ways) if word.lower() in "".join(way).lower()]
    return or_(*(and_(true(), *_chosen(desk, parts, way)) for way in said)) if said else false()


def _chosen(
    desk: Desk, parts: list[str | Column], way: tuple[str, ...]
) -> Iterator[ColumnElement[bool]]:
    for part, value in zip(parts, way, strict=True):
        if isinstance(part, Column):
            yield getattr(desk.model, part.name) == value


def _spoken(desk: Desk, part: str | Column) -> ColumnElement[str]:
    if isinstance(part, str):
        return literal(part)
    attribute: Any = getattr(desk.model, part.name)
    return cast(attribute, String) if part.kind == "whole number" else attribute
