"""For whom a paper is made, and what is said of that at any place of a template: names, days, who makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from admin.papers.questions import Days
from domain import models
from domain.exports.plans import setting
from domain.papers.marks import Value
from domain.papers.paper import ITEM, MEETING, UNIT
from domain.storing.session import ActorSession, program_for

TABLES: Mapping[str, str] = {MEETING: "meetings", UNIT: "units", ITEM: "proposals"}
"""Of which table each of them is a row."""
_CALLED = {"人大": "代表建议", "政协": "提案"}


@dataclass(frozen=True)
class PaperSubject:
    """What was chosen: rows by MEETING, UNIT or ITEM, and a period."""

    rows: Mapping[str, models.Row]
    days: Days | None = None

    def row(self, kind: str) -> models.Row | None:
        """The chosen one of this kind."""
        return self.rows.get(kind)

    def row_of(self, table: str) -> models.Row | None:
        """The chosen row of a table."""
        return next((row for kind, row in self.rows.items() if TABLES[kind] == table), None)

    @property
    def words(self) -> str:
        """All of it, for a name of a file or the record of what was taken out."""
        said = [str(row) for row in self.rows.values()]
        return "　".join([*said, *([_period(self.days)] if self.days else [])])


def general_words(session: ActorSession, subject: PaperSubject) -> dict[str, Value]:
    """What may be said at any place, by its mark."""
    return {name: say(session, subject) for name, (say, _) in GENERAL.items()}


def _setting(name: str) -> Callable[[ActorSession, PaperSubject], Value]:
    return lambda session, subject: setting(program_for(session), name)


def _filled_by(session: ActorSession, subject: PaperSubject) -> Value:
    """The unit of the person, else the office."""
    unit = session.get(models.Unit, session.actor.unit_id) if session.actor.unit_id else None
    return str(unit) if unit else setting(program_for(session), "OFFICE_NAME")


def _today(session: ActorSession, subject: PaperSubject) -> date:
    return session.now().date()


def _called(session: ActorSession, subject: PaperSubject) -> Value:
    """代表建议, 提案, or both, by whose meeting it is."""
    meeting = subject.row(MEETING)
    item = subject.row(ITEM)
    if item is not None:
        meeting = session.get(models.Meeting, getattr(item, "meeting_id"))  # noqa: B009
    return _CALLED.get(getattr(meeting, "body", ""), "建议提案")


def _period(days: Days) -> str:
    return f"{_in_words(days.first)}至{_in_words(days.last)}"


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


Say = Callable[[ActorSession, PaperSubject], Value]
GENERAL: Mapping[str, tuple[Say, str]] = {
    "填报单位": (_filled_by, "填报人所在的单位；交办督查是设置里的发文单位"),
    "填报人": (lambda session, subject: session.actor.name, "出这份表的人"),
    "填报日期": (_today, "出表当天"),
    "地区名称": (_setting("AREA_NAME"), "设置里的地区名称"),
    "发文单位": (_setting("OFFICE_NAME"), "设置里的发文单位"),
    "督查机构": (_setting("SUPERVISION_OFFICE"), "设置里的督查机构"),
    "件的统称": (_called, "人大会议是“代表建议”，政协会议是“提案”，没有选会议是“建议提案”"),
    "期间": (lambda _, subject: _period(subject.days) if subject.days else None, "选定的起止日期"),
    "起始日期": (lambda _, subject: subject.days.first if subject.days else None, "选定的第一天"),
    "截止日期": (lambda _, subject: subject.days.last if subject.days else None, "选定的最后一天"),
}
"""Marks that stand anywhere: how each is said, and what it is."""
