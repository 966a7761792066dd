"""What reading a plan needs from the database: the meeting, the dictionary of units, remembered column mappings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import models
from domain.plans.recognising.outcomes import MeetingFacts
from domain.plans.recognising.tables import Overrides
from domain.plans.recognising.units import UnitBook, UnitEntry
from domain.texts.text import squeeze

TARGET = "分工方案"


@dataclass(frozen=True)
class PlanMeeting:
    """The meeting that a plan is imported into."""

    id: int
    name: str
    body: str
    level: str
    term: int
    year: int
    kind: str
    handed_over_on: date | None
    is_history: bool = False
    """Whether the plan brings its items in as those of a year gone by (历史件)."""

    @property
    def facts(self) -> MeetingFacts:
        """What reading needs of it."""
        return MeetingFacts(self.kind, self.year)


_COLUMNS = ("id", "name", "body", "level", "term", "year", "kind", "handed_over_on")


def load_meeting(session: Session, meeting_id: int) -> PlanMeeting:
    """The meeting of this id. Raises sqlalchemy's NoResultFound."""
    columns = [getattr(models.Meeting, name) for name in _COLUMNS]
    return PlanMeeting(
        *session.execute(select(*columns).where(models.Meeting.id == meeting_id)).one()
    )


def find_meeting(session: Session, name: str) -> PlanMeeting | None:
    """The meeting of this name, in whatever width and with or without the 第 of 第十五届 and 第五次."""
    wanted = _plain(name)
    named = session.execute(select(models.Meeting.id, models.Meeting.name)).all()
    exact = [row.id for row in named if row.name == name]
    like = [row.id for row in named if _plain(row.name) == wanted]
    found = exact or (like if len(like) == 1 else [])
    return load_meeting(session, found[0]) if found else None


def _plain(name: str) -> str:
    return squeeze(name).replace("第", "")


def load_unit_book(session: Session, chosen: Mapping[str, int] | None = None) -> UnitBook:
    """All units with their short names and aliases; the areas' names come from the settings.

    `chosen`: what a person said that a written name means in this file, by the unit's id.
    """
    aliases: dict[int, list[str]] = {}
    alias, unit, setting = models.UnitAlias, models.Unit, models.Setting
    for unit_id, written in session.execute(select(alias.unit_id, alias.alias)):
        aliases.setdefault(unit_id, []).append(written)
    rows = session.execute(select(unit.id, unit.name, unit.short_name, unit.is_active))
    units = [
        UnitEntry(id, name, tuple(filter(None, (short, *aliases.get(id, ())))), active)
        for id, name, short, active in rows
    ]
    names = setting.name.in_(("AREA_NAME", "UPPER_AREA_NAME"))
    areas = session.scalars(select(setting.value).where(names, setting.value != ""))
    return UnitBook(units, tuple(areas), chosen)


def load_overrides(session: Session) -> Overrides:
    """The column mappings that people have corrected, by header fingerprint."""
    mapping = models.ImportMapping
    rows = session.execute(
        select(mapping.fingerprint, mapping.columns).where(mapping.target == TARGET)
    )
    return {
        fingerprint: {int(index): canonical for index, canonical in columns.items()}
        for fingerprint, columns in rows
    }
