"""A table that is imported while people work: what they are just changing is waited for and compared again."""

from collections.abc import Iterator
from datetime import datetime
from threading import Thread

import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.actors import Actor
from domain.sheets.grid import Grid
from domain.storing.session import ActorSession, actor_session, system_session
from domain.tables.importing import import_table, open_table
from domain.tables.matching import TableStep
from tests.ground.serving.contents import SEEDED, Contents

NAME = "鱼峰区教育局"
OFFICE = Actor("王芳", "交办督查")


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def desk(engine: Engine, now: datetime) -> Iterator[ActorSession]:
    """A person at work on the seeded units."""
    with actor_session(engine, OFFICE, lambda: now) as desk:
        yield desk


def unit(session: ActorSession) -> models.Row:
    return session.scalars(select(models.Unit).filter_by(name=NAME)).one()


def importing(engine: Engine, now: datetime, letter_code: str) -> tuple[Thread, list[TableStep]]:
    """An import of 发文代字 that is on its way in a thread of its own, and the steps that it will have made."""
    steps: list[TableStep] = []
    words, rows = models.schema.tables["units"], [["单位全称", "发文代字"], [NAME, letter_code]]

    def run_it() -> None:
        with system_session(engine, "导入承办单位", lambda: now) as program:
            file = open_table(program, words, [Grid(None, list(rows))])
            steps.extend(import_table(program, file).steps)
            program.commit()

    thread = Thread(target=run_it)
    thread.start()
    return thread, steps


def saved_meanwhile(
    desk: ActorSession, now: datetime, typed: str | None, imported: str
) -> list[TableStep]:
    """The steps of an import that starts before a person is done typing 发文代字 (None: deleting the unit)."""
    row = unit(desk)
    if typed is None:
        desk.delete(row)
    else:
        row.letter_code = typed
    desk.flush()
    thread, steps = importing(desk.get_bind(), now, imported)  # type: ignore[arg-type]
    thread.join(timeout=1)
    assert thread.is_alive()
    desk.commit()
    thread.join(timeout=20)
    assert not thread.is_alive()
    return steps


def logged(desk: ActorSession) -> list[list[str]]:
    """Old and new 发文代字, change by change."""
    log = models.ChangeLog
    asked = select(log.changes).where(log.table_name == "units", log.action == "修改")
    return [changes["letter_code"] for changes in desk.scalars(asked.order_by(log.id))]


def test_a_row_that_is_just_being_edited_is_compared_as_it_is_then(
    desk: ActorSession, now: datetime
) -> None:
    before = unit(desk).letter_code
    (step,) = saved_meanwhile(desk, now, "鱼教字", "鱼教函")
    assert (step.outcome, step.changes) == ("updated", {"letter_code": ["鱼教字", "鱼教函"]})
    assert logged(desk) == [[before, "鱼教字"], ["鱼教字", "鱼教函"]]


def test_what_a_person_has_just_typed_as_the_file_says_it_is_unchanged(
    desk: ActorSession, now: datetime
) -> None:
    (step,) = saved_meanwhile(desk, now, "鱼教函", "鱼教函")
    assert step.outcome == "unchanged"
    assert len(logged(desk)) == 1


def test_a_row_that_is_just_being_deleted_is_new_again(desk: ActorSession, now: datetime) -> None:
    gone = unit(desk).id
    (step,) = saved_meanwhile(desk, now, None, "鱼教函")
    assert step.outcome == "new"
    assert unit(desk).id != gone
