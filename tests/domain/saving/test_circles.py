"""References to the own table: a circle is found by one question, and two who save at once make none."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text

from domain import models
from domain.actors import OFFICE, Actor
from domain.saving.circles import GoesInACircle
from domain.storing import bulk
from domain.storing.session import ActorSession, actor_session, system_session
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import an_item
from tests.ground.waiting import wait_until

MORNING = datetime(2024, 4, 15, 9)


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def items(engine: Engine) -> list[int]:
    with system_session(engine, "准备", lambda: MORNING) as session:
        keys = [an_item(session, f"{n:03}").id for n in range(1, 22)]
        session.commit()
    return keys


@pytest.fixture
def asked(engine: Engine) -> Iterator[list[str]]:
    """The questions by which circles are looked for."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "WITH RECURSIVE" in statement:
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def merge(session: ActorSession, pairs: list[tuple[int, int]]) -> None:
    """Write that the first of each pair is 并入 the second, as a file does."""
    rows = bulk.read_rows(session, models.Proposal, [one for one, _ in pairs])
    changes = [(rows[one], {"merged_into_id": other}) for one, other in pairs]
    bulk.update_rows(session, models.Proposal, changes, lambda row: str(row["number"]))


def test_many_rows_are_looked_at_by_one_question(
    engine: Engine, items: list[int], asked: list[str]
) -> None:
    with system_session(engine, "导入", lambda: MORNING) as session:
        merge(session, list(itertools.pairwise(items)))
        assert len(asked) == 1
        with pytest.raises(GoesInACircle):
            merge(session, [(items[-1], items[0])])


def test_a_way_that_ends_in_another_circle_is_followed_to_an_end(
    engine: Engine, items: list[int]
) -> None:
    with engine.begin() as connection:
        circle = text("UPDATE proposals SET merged_into_id = :to WHERE id = :id")
        connection.execute(circle, [{"id": items[n], "to": items[3 - n]} for n in (1, 2)])
    with system_session(engine, "导入", lambda: MORNING) as session:
        merge(session, [(items[0], items[1])])


def is_held_up(engine: Engine) -> bool:
    """Whether somebody waits for a lock; on SQLite whoever would write cannot even begin."""
    if engine.dialect.name == "sqlite":
        return True
    with engine.connect() as connection:
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(connection.scalar(waits))


def test_two_who_each_make_half_of_a_circle_do_not_make_it(
    engine: Engine, items: list[int]
) -> None:
    one, other = items[:2]
    begins = Event()

    def office(name: str) -> ActorSession:
        return actor_session(engine, Actor(name, OFFICE), lambda: MORNING)

    def second() -> None:
        with office("乙") as session:
            begins.set()
            session.get_one(models.Proposal, other).merged_into_id = one
            session.commit()

    with ThreadPoolExecutor(1) as pool, office("甲") as first:
        first.get_one(models.Proposal, one).merged_into_id = other
        first.flush()
        told = pool.submit(second)
        wait_until(lambda: begins.is_set() and (told.done() or is_held_up(engine)))
        first.commit()
        with pytest.raises(GoesInACircle):
            told.result()
    with system_session(engine, "看", lambda: MORNING) as session:
        merged = select(models.Proposal.id).where(models.Proposal.merged_into_id.is_not(None))
        assert session.scalars(merged).all() == [one]
