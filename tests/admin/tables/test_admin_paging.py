"""Turning the pages of a list: every row once, in order, forwards and backwards, whatever is empty or equal."""

import random
from collections.abc import Iterator
from datetime import date
from itertools import chain, pairwise
from typing import Any

import pytest
from sqlalchemy import Engine, select

from admin.tables.finding import paging
from admin.tables.finding.ordering import BadCursor, Place, read_cursor
from domain import models
from domain.ordering import Cursor, Order, Then
from domain.storing.session import ActorSession, system_session
from tests.ground.district import MORNING

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


def walk(
    session: ActorSession, order: Order, start: Place, step: str, model: Any = None
) -> list[list[int]]:
    """The ids of every page from a place on, going one way to the end."""
    pages, place = [], start
    while True:
        page = paging.fetch(session, select(model or models.Proposal), order, place, SIZE)
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


ROLES = ("主办", "分办", "协办")


@pytest.fixture
def tasks(session: ActorSession) -> list[Any]:
    """Of every item up to five tasks, entered in any order."""
    chance = random.Random(7)
    session.add_all(models.Unit(name=f"单位{n}") for n in range(1, 6))
    session.flush()
    wanted = [
        (item, unit, "主办" if unit == lead else chance.choice(ROLES[1:]))
        for item in range(1, 41)
        for units in [chance.sample(range(1, 6), chance.randrange(6))]
        for lead in units[:1]
        for unit in units
    ]
    chance.shuffle(wanted)
    rows = [models.Assignment(proposal_id=i, unit_id=u, role=r) for i, u, r in wanted]
    for row in rows:
        session.add(row)
        session.flush()
    return rows


def task_order(*, down: bool) -> Order:
    task = models.Assignment
    return Order(task.proposal_id, task.id, down, (Then(task.role, words=ROLES),))


def walk_tasks(session: ActorSession, start: Place, step: str, *, down: bool) -> list[list[int]]:
    return walk(session, task_order(down=down), start, step, models.Assignment)


@pytest.mark.parametrize("down", [True, False])
def test_rows_in_an_order_by_several_columns_are_met_once_either_way(
    session: ActorSession, tasks: list[Any], down: bool
) -> None:
    def standing(row: Any) -> tuple[int, int, int]:
        return (-row.proposal_id if down else row.proposal_id, ROLES.index(row.role), row.id)

    expected = [row.id for row in sorted(tasks, key=standing)]
    forward = walk_tasks(session, Place(), "after", down=down)
    backward = walk_tasks(session, Place(from_end=True), "before", down=down)
    assert list(chain(*forward)) == expected == list(chain(*reversed(backward)))
    assert {len(page) for page in forward[:-1]} == {SIZE}


def test_the_pages_around_a_row_within_an_item_leave_none_out(
    session: ActorSession, tasks: list[Any]
) -> None:
    pages = walk_tasks(session, Place(), "after", down=True)
    order = task_order(down=True)
    for before, after in pairwise(pages):
        place = Place(before=order.cursor(session.get(models.Assignment, after[0])))
        page = paging.fetch(session, select(models.Assignment), order, place, SIZE)
        assert [row.id for row in page.rows] == before


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
        assert read_cursor(str(cursor), str) == cursor
    longer = Cursor(5, 7, ("协办", date(2024, 5, 1)))
    assert read_cursor(str(longer), int, str, date.fromisoformat) == longer
    with pytest.raises(BadCursor):
        read_cursor(str(longer), int)


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
        read_cursor(text, int)
