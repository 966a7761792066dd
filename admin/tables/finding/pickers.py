"""Choosing a linked row: what a picker offers for a text, and which row a submitted answer means.

Both ask the linked table through the person's own session, so that nothing out of scope can be offered or sent. In a
form they keep besides to what saving would take (Filling); a filter asks for any row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, or_

from admin.frame.keys import is_key
from admin.tables.desk import Desk
from admin.tables.finding.filter_values import BadFilter
from admin.tables.finding.filters import read_search
from admin.tables.finding.likely import Above, likely
from admin.tables.finding.searching import search
from domain import models
from domain.access.rule import Verb
from domain.schema.words import Column
from domain.storing.allowed import carried_values
from domain.storing.choosing import those_to_hang_on
from domain.storing.write_rules import all_kept_off

OFFERED = 20
OTHERS = "其他"
Offer = tuple[models.Row, str]
"""A row that is offered, and the heading that it stands under; '' where there is none."""
_LOOKED_THROUGH = 200


@dataclass(frozen=True)
class Filling:
    """A form that is being filled in: its table, the stored row (None for a new one), and the ids it gives so far."""

    desk: Desk
    row: models.Row | None
    given: Mapping[str, int]
    fixed: Mapping[str, int] = field(default_factory=dict)
    """Of these what the form does not ask for: the row that it belongs to."""
    above: tuple[Above, ...] = ()
    """Rows that a row not stored yet, on which this one will hang, is going to hang on."""
    linked: Mapping[str, Mapping[int, models.Row]] = field(default_factory=dict)
    """By reference: the rows that are pointed to, where several forms have asked for theirs together."""

    @cached_property
    def known(self) -> dict[str, Any]:
        """What is known of the row to be written: what it is or has by itself, what is given, what it carries."""
        columns = self.desk.words.columns.values()
        stored = {c.name: getattr(self.row, c.name) if self.row else c.default for c in columns}
        said = stored | dict(self.given)
        keys = {c.name: said[c.name] for c in columns if c.references and said[c.name]}
        return said | carried_values(self.desk.session, self.desk.words, keys)

    def is_kept(self, column: Column, key: int) -> bool:
        """Whether the row has held this already; it may stay, whatever else is offered."""
        return self.row is not None and bool(getattr(self.row, column.name) == key)

    def conditions(self, column: Column) -> Iterator[ColumnElement[bool]]:
        """What a row must be to be offered: in use, as schema.sql says, and as composite keys compare it."""
        words, target = self.desk.words, self.desk.beside(column.target)
        stored = getattr(self.row, column.name) if self.row else None
        is_stored: ColumnElement[bool] = target.model.id == stored
        if "is_active" in target.words.columns:
            yield or_(target.attribute("is_active"), is_stored)
        if column.only:
            name, word = column.only
            yield or_(target.attribute(name) == word, is_stored)
        if column.is_required:
            for refused in all_kept_off(words.name, column.target, target.model):
                yield or_(~refused, is_stored)
        for key in (k for k in words.foreign_keys if k.key_column == column.name):
            for local, remote in zip(key.columns[1:], key.target_columns[1:], strict=True):
                is_copied = words.columns[local].is_carried and key.fills(local, words)
                if self.known[local] is not None and not is_copied:
                    yield target.attribute(remote) == self.known[local]

    def matching(self, column: Column, text: str) -> list[Offer]:
        """The rows for a text that the person could save here. Raises BadFilter on a text that is no search."""
        target, conditions = self.desk.beside(column.target), tuple(self.conditions(column))
        found, first = list[Offer](), set[int]()
        for group in likely(self.desk, column, self._pointed, self.above):
            of_these = (*conditions, target.model.id.in_(group.ids))
            rows = {row.id: row for row in _holding(target, text, of_these, _LOOKED_THROUGH)}
            found += [(rows[key], group.heading) for key in group.ids if key in rows]
            first |= set(group.ids)
        others = _holding(target, text, conditions, _LOOKED_THROUGH)
        found += [(row, OTHERS if found else "") for row in others if row.id not in first]
        return self._allowed(column, found)[:OFFERED]

    @property
    def _pointed(self) -> dict[str, int]:
        """The ids that the row's references hold so far."""
        links = (c for c in self.desk.words.columns.values() if c.references)
        return {c.name: self.known[c.name] for c in links if self.known.get(c.name)}

    def _allowed(self, column: Column, found: list[Offer]) -> list[Offer]:
        """Those on which the person may hang the row."""
        place: tuple[str, Column] = (self.desk.words.name, column)
        verb: Verb = "update" if self.row else "create"
        asked = [row.id for row, _ in found]
        ids = those_to_hang_on(self.desk.session, place, verb, self.known, asked)
        return [offered for offered in found if offered[0].id in ids]

    def find(self, column: Column, key: int) -> models.Row | None:
        """The row with this id that a reference points to, or None where it is not for this person."""
        known = self.linked.get(column.name)
        return self.desk.linked(column, key) if known is None else known.get(key)


class Answering(Filling):
    """The same for an act, whose answers are no row that the person writes: any row in use that fits may be meant."""

    def _allowed(self, column: Column, found: list[Offer]) -> list[Offer]:
        return found


def lookup_url(desk: Desk, column: Column, filling: Filling | None = None) -> str:
    """Where picker.js asks for the rows that this column may point to: in a form, or in a filter."""
    of: dict[str, Any] = {}
    if filling is not None:
        of = {"of": filling.row.id if filling.row else "new"}
        of |= {f"given.{name}": key for name, key in filling.fixed.items()}
    return url_for(f"{desk.words.name}.ajax_lookup", name=column.name, **of)


def offer(
    desk: Desk, column: Column, text: str, filling: Filling | None = None
) -> list[dict[str, Any]]:
    """At most 20 rows for a text, as picker.js wants them. Raises BadFilter on a text that is no search."""
    found = _matching(desk, column, text, filling)
    return [{"id": row.id, "text": str(row), "group": heading} for row, heading in found]


def _matching(desk: Desk, column: Column, text: str, filling: Filling | None) -> list[Offer]:
    if filling is None:
        return [(row, "") for row in _holding(desk.beside(column.target), text)]
    return filling.matching(column, text)


def _holding(
    target: Desk, text: str, narrowed: tuple[ColumnElement[bool], ...] = (), limit: int = OFFERED
) -> list[models.Row]:
    """At most ``limit`` rows of the table that hold a text, of those ``narrowed`` to, in the table's own order."""
    query = target.query().options(*models.name_options(target.model)).limit(limit)
    query = query.where(*narrowed)
    if words := read_search(text):
        query = query.where(search(target, words))
    return list(target.session.scalars(query.order_by(*target.order().clauses())))


def pick(
    desk: Desk, column: Column, key: str, text: str, filling: Filling | None = None
) -> tuple[int | None, str]:
    """The id and name that an answer means: by its id, else by the exact name; (None, "") for no answer.

    Raises ValueError, with a sentence, where no row that the person may see is meant, or in a form one out of use.
    """
    if key:
        return _by_key(desk, column, key, filling)
    if not text:
        return None, ""
    try:
        matching = _matching(desk, column, text, filling)
    except BadFilter as error:
        raise ValueError(str(error)) from error
    same = [row for row, _ in matching if text in (str(row), row.brief_name)]
    if len(same) != 1:
        raise ValueError(f"没有找到“{text[:40]}”，请从列表里选一项。")
    return same[0].id, str(same[0])


def _by_key(
    desk: Desk, column: Column, key: str, filling: Filling | None
) -> tuple[int | None, str]:
    row = None
    if is_key(key):
        row = filling.find(column, int(key)) if filling else desk.linked(column, int(key))
    if row is None:
        raise ValueError(f"所选的{column.label}不存在，或不在您的范围内，请重新选择。")
    if filling is not None and not filling.is_kept(column, row.id):
        _refuse(column, row)
    return row.id, str(row)


def _refuse(column: Column, row: models.Row) -> None:
    """Raise ValueError for a row that a form does not offer."""
    if not getattr(row, "is_active", True):
        raise ValueError(f"“{row}”已经停用，请另选一项。")
    name, word = column.only or ("", "")
    if name and getattr(row, name) != word:
        label = row.words.columns[name].label
        raise ValueError(f"“{row}”的{label}不是“{word}”，请另选一项。")
