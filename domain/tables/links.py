"""Natural names of rows -> their ids, for the references in an imported table. A unit also goes by its aliases.

Everything is looked up when the file is opened, in a session that only reads: writing waits for no search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from domain import models
from domain.plans import lookups
from domain.schema.words import Column
from domain.storing.session import ActorSession
from domain.texts.numbers import Unclear
from domain.texts.text import clean, similar, squeeze

MOST_NAMES = 5_000
"""Of a longer table nothing is suggested: likeness is looked for in every name."""
MOST_LOOKS = 200
"""For how many unknown texts of a file something is suggested."""
_LONGEST = 200

Wanted = Mapping[str, Mapping[str, str]]
"""By table the texts of a file that should name its rows, by what `text_key` makes of them."""
_Text = Callable[[Any], str]


def text_key(cell: object) -> str:
    """By which a text of a file and a stored name are the same: without spaces and differences of width."""
    return squeeze(clean(cell))


@dataclass
class Links:
    """What the references of one file mean: by (table, key) the ids that are called so, and the likeliest names."""

    ids: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    likely: dict[tuple[str, str], str] = field(default_factory=dict)

    def find(self, column: Column, cell: object) -> list[int]:
        """The ids of the rows that the cell may name. Raises Unclear where there is none."""
        place = (column.references or "", text_key(cell))
        found = self.ids.get(place, [])
        if found:
            return found
        label = models.schema.tables[place[0]].label
        near = self.likely.get(place)
        raise Unclear(
            f"在“{label}”里没有，是不是“{near}”" if near else f"在“{label}”里没有，请先登记"
        )


def look_up(session: ActorSession, wanted: Wanted) -> Links:
    """Find what these texts name, each once. Each table's names are walked through once and not kept."""
    links, looks = Links(), MOST_LOOKS
    for table, texts in wanted.items():
        known = _note_ids(session, links, table, texts)
        if table == "units":
            _note_units(session, links, texts)
        unknown = [key for key in texts if (table, key) not in links.ids and len(key) <= _LONGEST]
        unknown = unknown[:looks] if known else []
        looks -= len(unknown)
        for key in unknown:
            for near in similar(key, known, limit=1):
                links.likely[table, key] = near
    return links


def _note_ids(
    session: ActorSession, links: Links, table: str, texts: Mapping[str, str]
) -> list[str]:
    """Note who is called so; returns all names of the table, or none of a long one."""
    known: dict[str, None] = {}
    for row_id, *names in names_of(session, table):
        keys = [squeeze(name) for name in names]
        for called in dict.fromkeys(keys):
            if called in texts:
                links.ids.setdefault((table, called), []).append(row_id)
        key = keys[0]
        if len(known) <= MOST_NAMES:
            known[key] = None
    return list(known) if len(known) <= MOST_NAMES else []


def _note_units(session: ActorSession, links: Links, texts: Mapping[str, str]) -> None:
    book = lookups.load_unit_book(session)
    for key, text in texts.items():
        if ("units", key) not in links.ids and (found := sorted(book.find(text))):
            links.ids["units", key] = found


def names_of(session: ActorSession, table: str) -> Iterator[tuple[Any, ...]]:
    """Every row of the table: its id, its natural name and, where it has one, the short one.

    Read as plain columns: there may be a million.
    """
    cls = models.by_table[table]
    columns: list[Any] = [cls.id]
    joins: list[tuple[Any, Any]] = []
    parts = _parts_of(cls, cls.words, columns, joins)
    formats = dict.fromkeys((cls.words.name_format, cls.words.short_format))
    ways = [_written(name_format, parts) for name_format in formats]
    query = select(*columns)
    for beside, on in joins:
        query = query.outerjoin(beside, on)
    for row in session.execute(query.execution_options(yield_per=5_000)):
        yield row[0], *(way(row) for way in ways)


def _parts_of(
    cls: Any, words: Any, columns: list[Any], joins: list[tuple[Any, Any]]
) -> dict[str, _Text]:
    """How to read the fields of a row's name from the columns; adds those, and the joins, that it needs."""
    parts: dict[str, _Text] = {}
    for name in models.name_fields(words):
        if name in words.columns:
            parts[name] = _value_at(len(columns))
            columns.append(getattr(cls, name))
        else:
            attribute = getattr(cls, name)
            beside = aliased(attribute.property.mapper.class_)
            place = len(columns)
            columns.append(beside.id)
            joins.append((beside, attribute.of_type(beside)))
            target = attribute.property.mapper.class_.words
            named = _parts_of(beside, target, columns, joins)
            parts[name] = _unless_missing(place, _written(target.name_format, named))
    return parts


def _written(name_format: str, parts: Mapping[str, _Text]) -> _Text:
    """How a row's name reads, as `str` gives it."""
    return lambda row: name_format.format_map(
        {name: part(row) for name, part in parts.items()}
    ).strip()


def _value_at(place: int) -> Callable[[Any], Any]:
    return lambda row: "" if row[place] is None else row[place]


def _unless_missing(place: int, name: _Text) -> _Text:
    return lambda row: "" if row[place] is None else name(row)
