"""A paper from its name to its file: the template's marks looked up, filled in the person's scope, put into place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from admin.papers.asks import Asks
from admin.papers.filling import PaperFiller, rows_in
from admin.papers.planning import Planner
from admin.papers.questions import PaperDays
from admin.papers.shelf import ShelvedPaper
from admin.papers.subjects import TABLES, PaperSubject
from admin.tables.desk import Desk
from domain import models
from domain.papers.marks import BadMark, Filled, Wanted
from domain.papers.paper import ITEM, MEETING, PER, PERIOD, UNIT, PaperRefused
from domain.papers.templates import fill
from domain.sheets.grid import UnreadableFile
from domain.storing.session import ActorSession
from domain.texts.numbers import Unclear, number_of

_CALLED = {MEETING: "会议", UNIT: "承办单位", ITEM: "件", PERIOD: "起止日期"}


@dataclass(frozen=True)
class MadePaper:
    """A paper that is done: the file, what it is called, for whom it was, and how many rows it holds."""

    name: str
    content: bytes
    narrowed: str
    row_count: int


@dataclass(frozen=True)
class ChosenFor:
    """What somebody chose for a paper, as names or texts; '' for nothing."""

    meeting: str = ""
    unit: str = ""
    item: str = ""
    first: str = ""
    last: str = ""


def make_paper(session: ActorSession, shelved: ShelvedPaper, subject: PaperSubject) -> MadePaper:
    """The paper for a subject as the session's actor may see it. Raises PaperRefused with all that is wrong."""
    paper, today = shelved.paper, session.now().date()
    desk = Desk(models.schema.tables["proposals"], session.actor, session)
    try:
        asks = check(desk, shelved.wanted, paper.takes, subject.days)
        filled = PaperFiller(desk, subject, today).fill(asks)
        _refuse_empty(shelved, filled)
        content = fill(shelved.template, filled)
    except (UnreadableFile, BadMark) as fault:
        raise PaperRefused(f"{paper.name}的模板：{fault}") from None
    said = "_".join([paper.name, *(str(row) for row in subject.rows.values()), f"{today:%Y%m%d}"])
    return MadePaper(f"{said}{paper.ending}", content, subject.words, sum(rows_in(filled)))


def _refuse_empty(shelved: ShelvedPaper, filled: Filled) -> None:
    """A paper that is nothing but rows, as the letters to one item, is not made where there are none."""
    if not shelved.wanted.marks and filled.blocks and not any(filled.blocks.values()):
        tables = "、".join(dict.fromkeys(name.split(" ")[0] for name in filled.blocks))
        raise PaperRefused(f"“{shelved.paper.name}”没有内容可填：这里还没有相应的{tables}。")


def check(
    desk: Desk, wanted: Wanted, takes: tuple[str, ...], days: PaperDays | None = None
) -> Asks:
    """The plan of what a template asks for. Raises PaperRefused with all its faults and their places."""
    return Planner(desk, takes, desk.session.now().date(), days).plan(wanted)


def takes_of(per: str) -> tuple[str, ...]:
    """What can be chosen for a paper that is made per this."""
    return PER[per][0] + PER[per][1]


def subject_of(session: ActorSession, shelved: ShelvedPaper, chosen: ChosenFor) -> PaperSubject:
    """The chosen rows, as far as the paper is for them. Raises PaperRefused for what is missing or not there."""
    paper, rows = shelved.paper, dict[str, models.Row]()
    for kind, find in ((MEETING, _meeting), (UNIT, _unit)):
        text = getattr(chosen, kind)
        if kind in paper.takes and text:
            rows[kind] = find(session, text)
    if ITEM in paper.takes and chosen.item:
        rows[ITEM] = _item(session, chosen)
    days = _days(chosen) if PERIOD in paper.takes else None
    missing = [kind for kind in paper.needs if kind not in rows and not (kind == PERIOD and days)]
    if missing:
        raise PaperRefused(
            f"“{paper.name}”要先选：{'、'.join(_CALLED[kind] for kind in missing)}。"
        )
    return PaperSubject(rows, days)


def _meeting(session: ActorSession, text: str) -> models.Row:
    return _found(session, MEETING, text, models.Meeting.name == text)


def _unit(session: ActorSession, text: str) -> models.Row:
    unit = models.Unit
    return _found(session, UNIT, text, (unit.name == text) | (unit.short_name == text))


def _item(session: ActorSession, chosen: ChosenFor) -> models.Row:
    item = models.Proposal
    try:
        is_called = item.number == number_of(chosen.item)
    except Unclear:
        is_called = item.number == chosen.item
    if chosen.meeting:
        is_called &= item.meeting.has(name=chosen.meeting)
    return _found(session, ITEM, chosen.item, is_called)


def _found(session: ActorSession, kind: str, text: str, is_it: object) -> models.Row:
    model = models.by_table[TABLES[kind]]
    rows = list(session.scalars(select(model).where(is_it).limit(2)))  # type: ignore[arg-type]
    if not rows:
        raise PaperRefused(f"没有叫“{text}”的{_CALLED[kind]}。")
    if len(rows) > 1:
        raise PaperRefused(f"叫“{text}”的{_CALLED[kind]}不止一个，请同时选定会议。")
    return rows[0]


def _days(chosen: ChosenFor) -> PaperDays | None:
    if not (chosen.first and chosen.last):
        return None
    try:
        days = PaperDays(date.fromisoformat(chosen.first), date.fromisoformat(chosen.last))
    except ValueError:
        raise PaperRefused("起止日期请写成 2026-02-28 这样。") from None
    if days.last < days.first:
        raise PaperRefused("截止日期不能早于起始日期。")
    return days
