"""The people whom an import would make new, for the preview: each can be spelt otherwise. Asks, never writes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from domain import models
from domain.imports.correcting import KeptName, kept_names
from domain.storing.session import ActorSession
from domain.texts.text import similar

SHOWN = 60
MOST_ON_ROLL = 5_000
"""In a longer roll nobody is looked for who is spelt alike."""


@dataclass(frozen=True)
class NewPerson:
    """A name that is on no roll yet: whether it hardly is one, in which rows it stands, who on the roll is alike."""

    name: str
    is_unlikely: bool
    is_body: bool
    delegation: str
    rows: tuple[tuple[str, str], ...]
    more: int
    alike: tuple[str, ...]


@dataclass(frozen=True)
class PeoplePart:
    """Who would be new, the unlikely first, and what people said of names so far."""

    count: int
    unlikely: int
    people: tuple[NewPerson, ...]
    renamed: tuple[KeptName, ...]


def draw_people(session: ActorSession, row: "models.Import") -> PeoplePart:
    """Who would be new in the import as it was looked at last."""
    found = row.findings or {"count": 0, "unlikely": 0, "people": ()}
    shown = found["people"][:SHOWN]
    people = tuple(_people(session, row, shown))
    return PeoplePart(found["count"], found["unlikely"], people, tuple(kept_names(row)))


def _people(
    session: ActorSession, row: "models.Import", found: Iterable[Mapping[str, Any]]
) -> Iterator[NewPerson]:
    roll = _roll(session, row) if found else ()
    several = len(row.sheets or ()) > 1
    for one in found:
        rows = tuple(_row_link(row, sheet, number, several) for sheet, number in one["rows"])
        alike = () if one["is_body"] else tuple(similar(one["name"], roll, limit=3))
        odd, body = one["is_unlikely"], one["is_body"]
        yield NewPerson(one["name"], odd, body, one["delegation"], rows, one["more"], alike)


def _row_link(row: "models.Import", sheet: str, number: int, several: bool) -> tuple[str, str]:
    of: dict[str, Any] = {"sheet": sheet} if sheet else {}
    shown = f"{sheet} {number}" if several and sheet else str(number)
    return shown, url_for("importing.row", key=row.id, number=number, **of)


def _roll(session: ActorSession, row: "models.Import") -> tuple[str, ...]:
    """The names on the rolls of the meeting's level; none of a very long roll."""
    deputy, meeting = models.Deputy, row.meeting
    assert meeting is not None  # every plan has one
    named = select(deputy.name).where(deputy.level == meeting.level).distinct()
    found = tuple(session.scalars(named.limit(MOST_ON_ROLL + 1)))
    return found if len(found) <= MOST_ON_ROLL else ()
