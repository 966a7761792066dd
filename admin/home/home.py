"""The front page: what needs this person today, each number opening the list that it counts.

A number is the count of the list whose address it links to, read by the same code, so the two cannot disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask.typing import ResponseReturnValue
from flask_admin import expose
from werkzeug.datastructures import MultiDict

from admin.frame import edge
from admin.frame.page_view import PanelView
from admin.home.mornings import (
    IDLE_SINCE,
    LOOKS,
    MORE,
    OWED,
    PARTS,
    QUESTIONS,
    TOLD_AS_BACK,
    Look,
    Question,
)
from admin.home.nightly_note import NightlyNote, nightly_note
from admin.home.waiting import Waiters, waiting_rows
from admin.tables.desk import Desk, desk_at
from admin.tables.drawing import DrawnTable, draw_rows
from admin.tables.finding import paging
from admin.tables.finding.addresses import Address
from admin.tables.finding.asking import Asked, read_asked
from admin.tables.finding.ordering import Place
from admin.tables.finding.waiting import ARGUMENT as WAITS
from admin.tables.finding.waiting import waiting_acts
from domain import models
from domain.lifecycle.last_records import idle_days
from domain.storing.session import LOOKS_UP

SOON = timedelta(days=7)
ROWS = 8
CAP = 2_000
"""A number is counted no further: it says that there is much to do, and the list how much."""
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Tile:
    """A number and the list that it counts."""

    label: str
    count: int
    count_text: str
    url: str
    tone: str


@dataclass(frozen=True)
class Part:
    """The numbers under one head."""

    title: str
    tiles: tuple[Tile, ...]

    @property
    def filled(self) -> tuple[Tile, ...]:
        """Those that count something."""
        return tuple(tile for tile in self.tiles if tile.count)

    @property
    def empty(self) -> tuple[Tile, ...]:
        """Those of which there is nothing now."""
        return tuple(tile for tile in self.tiles if not tile.count)


@dataclass(frozen=True)
class Excerpt:
    """The most urgent rows of a list."""

    title: str
    sheet: DrawnTable
    url: str


@dataclass(frozen=True)
class HomePage:
    """The front page of one person on one day."""

    day: str
    parts: tuple[Part, ...]
    waiting: Waiters
    excerpts: tuple[Excerpt, ...]
    note: NightlyNote

    @property
    def is_calm(self) -> bool:
        """Whether none of the numbers asks for anything."""
        return not any(tile.tone and tile.count for part in self.parts for tile in part.tiles)


class HomeView(PanelView):
    """The front page of every role."""

    def __init__(self) -> None:
        # A path of our own keeps Flask-Admin from serving its own scripts and styles.
        super().__init__(name="首页", endpoint="home", url="/", static_url_path="/static/admin")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What needs me today."""
        today = edge.today()
        page = HomePage(
            day=f"{today:%Y年%m月%d日} 星期{WEEKDAYS[today.weekday()]}",
            parts=tuple(_parts(today)),
            waiting=waiting_rows(today),
            excerpts=tuple(_excerpts(today)),
            note=nightly_note(edge.now()),
        )
        return self.render("home/home.html", page=page, title="首页")


def _parts(today: date) -> Iterator[Part]:
    """The heads under which there is anything, each with its numbers."""
    tiles: dict[str, list[Tile]] = {title: [] for title in PARTS}
    tiles[OWED] += _todos(today)
    for part, tile in _answers(today):
        tiles[part].append(tile)
    yield from (Part(title, tuple(some)) for title, some in tiles.items() if some)


def _answers(today: date) -> Iterator[tuple[str, Tile]]:
    """What the role's questions are answered with, each with its head."""
    for question in QUESTIONS.get(edge.actor().role, ()):
        desk = desk_at(question.table)
        if not desk.may("read"):
            continue
        asked = read_asked(desk, _filled_in(question, today), today)
        count = _count(desk, asked, is_led=_is_led(desk, question))
        said = paging.say_number(count, CAP)
        url = Address(question.table, asked).with_()
        yield question.part or MORE, Tile(question.label, count, said, url, question.tone)


def _todos(today: date) -> Iterator[Tile]:
    """What waits for this person, act by act: each number is that of the list it leads to."""
    for words in models.schema.tables.values():
        desk = desk_at(words.name)
        for act in waiting_acts(desk) if desk.may("read") else ():
            further = TOLD_AS_BACK.get((words.name, act.name), {})
            asked = read_asked(desk, MultiDict({WAITS: act.name, **further}), today)
            count = _count(desk, asked, is_led=True)
            url = Address(words.name, asked).with_()
            yield Tile(act.todo, count, paging.say_number(count, CAP), url, "amber")


def _count(desk: Desk, asked: Asked, *, is_led: bool) -> int:
    query = asked.narrow(desk.query(), desk, is_led=is_led)
    return paging.count_capped(
        desk.session, query, desk.model.id, cap=CAP, way=LOOKS_UP if is_led else ""
    )


def _is_led(desk: Desk, question: Question) -> bool:
    """Whether an index leads to what is asked for: a unit's questions say which unit."""
    return desk.actor.unit_id is not None and not question.gathers


def _excerpts(today: date) -> Iterator[Excerpt]:
    for look in LOOKS.get(edge.actor().role, ()):
        desk = desk_at(look.question.table)
        args = _filled_in(look.question, today)
        args["sort"] = look.sort
        asked = read_asked(desk, args, today)
        sheet = _draw_excerpt(desk, asked, look, today)
        if sheet.rows:
            url = Address(look.question.table, asked).with_()
            yield Excerpt(look.question.label, sheet, url)


def _draw_excerpt(desk: Desk, asked: Asked, look: Look, today: date) -> DrawnTable:
    columns = [desk.shown[name] for name in look.columns if name in desk.shown]
    is_led = _is_led(desk, look.question)
    query = asked.narrow(desk.query_for(columns), desk, is_led=is_led)
    rows = paging.fetch(desk.session, query, asked.order, Place(), ROWS).rows
    return draw_rows(desk, columns, rows, today, opens_itself=look.opens_itself)


def _filled_in(question: Question, today: date) -> MultiDict[str, str]:
    """What is asked, with the day and the person put in."""
    asked = [
        (name, text)
        for name, texts in question.asked.items()
        for text in ((texts,) if isinstance(texts, str) else texts)
    ]
    known = {
        "today": today.isoformat(),
        "yesterday": (today - timedelta(days=1)).isoformat(),
        "soon": (today + SOON).isoformat(),
        "unit": str(edge.actor().unit_id or ""),
    }
    if any(IDLE_SINCE in text for _, text in asked):
        idle = idle_days(desk_at(question.table).session.unchecked_connection())
        known["idle_since"] = (today - timedelta(days=idle)).isoformat()
    return MultiDict((name, text.format(**known)) for name, text in asked)
