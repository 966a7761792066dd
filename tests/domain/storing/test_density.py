"""How a list finds its page: by reading on where the unit has a good part of the newest tasks, else by its own ids."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, select

from admin.tables.desk import Desk
from admin.tables.finding import paging
from admin.tables.finding.ordering import Place
from admin.tables.finding.paging import Cut
from domain import models
from domain.actors import LIAISON, OFFICE, Actor
from domain.ordering import Order
from domain.storing import density
from domain.storing.density import is_dense
from domain.storing.session import actor_session
from tests.ground.district import MORNING

BUSY, SPARE, RETIRED, NEW = range(1, 5)
"""Units: one with every second task, one with every hundredth, one with old tasks alone, one with the newest."""


@pytest.fixture
def engine_with_tasks(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(density, "OWN", 5)
    monkeypatch.setattr(density, "NEWEST", 20)
    meeting = {
        "name": "会",
        "body": "人大",
        "level": "区县级",
        "term": 1,
        "session": 1,
        "year": 2024,
    }
    with engine.begin() as connection:
        add(
            connection,
            "units",
            [{"id": n, "name": f"单位{n}"} for n in (BUSY, SPARE, RETIRED, NEW)],
        )
        add(connection, "meetings", [{"id": 1, **meeting}])
        add(
            connection,
            "proposals",
            [
                {"id": n, "meeting_id": 1, "kind": "建议", "number": str(n), "title": "题"}
                for n in range(1, 301)
            ],
        )
        add(connection, "assignments", list(tasks()))
    yield engine


def add(connection: Any, table: str, rows: list[dict[str, Any]]) -> None:
    connection.execute(insert(models.table_of(table)), rows)


def tasks() -> Iterator[dict[str, Any]]:
    """Two for most items; the partner is a third unit."""
    for n in range(1, 301):
        lead = BUSY if n % 2 else RETIRED if n < 100 else NEW if n > 280 else None
        if lead:
            yield {"id": 2 * n, "proposal_id": n, "unit_id": lead, "role": "主办"}
        if n % 50 == 0:
            yield {"id": 2 * n + 1, "proposal_id": n, "unit_id": SPARE, "role": "协办"}


def liaison(unit: int) -> Actor:
    return Actor(f"联络员{unit}", LIAISON, unit, unit)


def test_only_a_unit_with_many_of_the_newest_tasks_is_dense(engine_with_tasks: Engine) -> None:
    with engine_with_tasks.connect() as connection:
        dense = [
            unit for unit in (BUSY, SPARE, RETIRED, NEW) if is_dense(connection, liaison(unit))
        ]
        assert dense == [BUSY, NEW]
        assert not is_dense(connection, Actor("督查", OFFICE))


@pytest.mark.parametrize("unit", [BUSY, SPARE, RETIRED, NEW])
@pytest.mark.parametrize("place", [Place(), Place(from_end=True)], ids=["first", "last"])
def test_a_page_holds_the_units_own_rows_either_way(
    engine_with_tasks: Engine, unit: int, place: Place
) -> None:
    mine = sorted({t["proposal_id"] for t in tasks() if t["unit_id"] == unit}, reverse=True)
    expected = mine[-10:] if place.from_end else mine[:10]
    assert page_of(engine_with_tasks, liaison(unit), "proposals", place) == expected


def test_a_page_of_tasks_holds_the_partners_too(engine_with_tasks: Engine) -> None:
    led = {t["proposal_id"] for t in tasks() if t["unit_id"] == NEW}
    seen = [t for t in tasks() if t["proposal_id"] in led]
    seen.sort(key=lambda t: (-t["proposal_id"], t["role"] == "协办"))
    expected = [t["id"] for t in seen][:10]
    assert page_of(engine_with_tasks, liaison(NEW), "assignments", Place()) == expected
    assert any(key % 2 for key in expected)


def page_of(engine: Engine, actor: Actor, table: str, place: Place) -> list[int]:
    with actor_session(engine, actor, lambda: MORNING) as session:
        desk = Desk(models.schema.tables[table], actor, session)
        page = paging.fetch_cut(session, desk.query(), Cut(desk.query(), desk.order(), place, 10))
        return [row.id for row in page.rows]


@pytest.mark.parametrize(("unit", "form"), [(BUSY, "EXISTS"), (SPARE, "IN (SELECT")])
def test_the_form_of_the_question_follows_the_density(
    engine_with_tasks: Engine, unit: int, form: str
) -> None:
    asked: list[str] = []
    event.listen(engine_with_tasks, "before_cursor_execute", lambda *a: asked.append(a[2]))
    page_of(engine_with_tasks, liaison(unit), "proposals", Place())
    assert form in next(s for s in asked if s.startswith("SELECT proposals.id \nFROM proposals"))


def test_a_count_gathers_the_rows_however_many(engine_with_tasks: Engine) -> None:
    asked: list[str] = []
    event.listen(engine_with_tasks, "before_cursor_execute", lambda *a: asked.append(a[2]))
    with actor_session(engine_with_tasks, liaison(BUSY), lambda: MORNING) as session:
        assert paging.count_capped(session, select(models.Proposal), models.Proposal.id) == 150
    assert not any("EXISTS" in statement for statement in asked)


def test_only_an_order_that_an_index_has_is_read_on(engine_with_tasks: Engine) -> None:
    item = models.Proposal
    known = {
        c: Order(getattr(item, c), item.id).is_along_index
        for c in ("id", "number", "due_on", "title")
    }
    assert known == {"id": True, "number": True, "due_on": True, "title": False}
    with actor_session(engine_with_tasks, liaison(BUSY), lambda: MORNING) as session:
        cut = Cut(select(item), Order(item.title, item.id), Place(), 10)
        assert [row.id for row in paging.fetch_cut(session, select(item), cut).rows] == list(
            range(1, 20, 2)
        )
