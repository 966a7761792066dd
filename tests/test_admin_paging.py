"""Turning the pages of a list: every row once, in order, forwards and backwards, whatever is empty or equal."""

import random
from collections.abc import Iterator
from itertools import chain

import pytest
from sqlalchemy import Engine, select

from admin import paging
from admin.paging import BadCursor, Cursor, Order, Place
from domain import models
from domain.storing.session import ActorSession, system_session
from tests.district import MORNING

SIZE = 7


@pytest.fixture
def session(engine: Engine) -> Iterator[ActorSession]:
    with system_session(engine, "测试", lambda: MORNING) as session:
        chance = random.Random(5)
        session.add(
            models.Meeting(name="会", body="人大", level="区县级", term=1, session=1, year=2024)
        )
        session.flush()
        for number in range(40):
            due = chance.choice([None, None, "2024-05-01", "2024-05-02", "2024-06-01"])
            day = None if due is None else MORNING.date().fromisoformat(due)
            session.add(
                models.Proposal(
                    meeting_id=1, kind="建议", number=f"{number:03}", title="题", due_on=day
                )
            )
        session.flush()
        yield session


def orders() -> list[tuple[str, bool]]:
    return [(name, down) for name in ("id", "number", "due_on") for down in (False, True)]


def walk(session: ActorSession, order: Order, start: Place, step: str) -> list[list[int]]:
    """The ids of every page from a place on, going one way to the end."""
    pages, place = [], start
    while True:
        page = paging.fetch(session, select(models.Proposal), order, place, SIZE)
        pages.append([row.id for row in page.rows])
        cursor = getattr(page, step)
        if cursor is None:
            return pages
        place = Place(**{step: cursor})


def expected(session: ActorSession, name: str, *, down: bool) -> list[int]:
    rows = session.scalars(select(models.Proposal)).all()
    filled = [row for row in rows if getattr(row, name) is not None]
    empty = [row for row in rows if getattr(row, name) is None]
    filled.sort(key=lambda row: (getattr(row, name), row.id), reverse=down)
    empty.sort(key=lambda row: row.id, reverse=down)
    return [row.id for row in filled + empty]


@pytest.mark.parametrize(("name", "down"), orders())
def test_going_forward_meets_every_row_once_with_the_empty_ones_last(
    session: ActorSession, name: str, down: bool
) -> None:
    order = Order(getattr(models.Proposal, name), models.Proposal.id, down)
    pages = walk(session, order, Place(), "after")
    assert list(chain(*pages)) == expected(session, name, down=down)
    assert [len(page) for page in pages] == [7, 7, 7, 7, 7, 5]


@pytest.mark.parametrize(("name", "down"), orders())
def test_going_backward_from_the_end_meets_the_same_rows(
    session: ActorSession, name: str, down: bool
) -> None:
    order = Order(getattr(models.Proposal, name), models.Proposal.id, down)
    pages = walk(session, order, Place(from_end=True), "before")
    assert list(chain(*reversed(pages))) == expected(session, name, down=down)


def test_a_page_in_the_middle_leads_both_ways(session: ActorSession) -> None:
    order = Order(models.Proposal.number, models.Proposal.id)
    first = paging.fetch(session, select(models.Proposal), order, Place(), SIZE)
    second = paging.fetch(session, select(models.Proposal), order, Place(after=first.after), SIZE)
    assert first.before is None
    back = paging.fetch(session, select(models.Proposal), order, Place(before=second.before), SIZE)
    assert [row.id for row in back.rows] == [row.id for row in first.rows]
    assert back.before is None


def test_a_count_stops_at_the_cap_and_says_so(
    session: ActorSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert paging.count_capped(session, select(models.Proposal), models.Proposal.id) == 40
    monkeypatch.setattr(paging, "COUNT_CAP", 30)
    assert paging.count_capped(session, select(models.Proposal), models.Proposal.id) == 31
    assert (paging.say_count(30), paging.say_count(31)) == ("共 30 条", "30+ 条")


def test_a_cursor_survives_the_address() -> None:
    for cursor in (Cursor("2024-05-01", 7), Cursor(None, 7), Cursor('"引号",[', 9)):
        assert paging.read_cursor(str(cursor), str) == cursor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "[]",
        "[1]",
        '["a",0]',
        '["a","b"]',
        '["a",-1]',
        "[[],1]x",
        '["a",1.5]',
        "[" * 9999,
        "[null,9223372036854775808]",
    ],
)
def test_a_place_that_makes_no_sense_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadCursor, match="第一页"):
        paging.read_cursor(text, int)
