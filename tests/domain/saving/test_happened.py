"""What is told as done has been done: a day still to come is refused where rows come in from files."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.saving.happened import NotYetHappened
from domain.sheets.grid import Grid
from domain.storing import bulk
from domain.storing.session import ActorSession, system_session
from domain.tables.importing import import_table, open_table
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import a_task, an_item

NOW = datetime(2024, 4, 15, 9)


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Engine) -> Iterator[ActorSession]:
    with system_session(engine, "测试", lambda: NOW) as session:
        yield session


def ledger(task: Any, *days: str) -> list[Grid]:
    rows = [["承办任务", "日期", "阶段", "活动", "情况"]]
    rows += [[str(task), day, "办前", "调查研究", f"第{n}次调研"] for n, day in enumerate(days)]
    return [Grid("Sheet1", rows)]


def test_an_imported_entry_of_tomorrow_is_invalid_and_the_others_are_written(
    session: ActorSession,
) -> None:
    task = a_task(session, an_item(session))
    grids = ledger(task, "2024-04-12", "2024-04-16", "2024-04-15")
    file = open_table(session, models.schema.tables["ledger_entries"], grids)
    found = import_table(session, file)
    assert [step.outcome for step in found.steps] == ["new", "invalid", "new"]
    (error,) = found.steps[1].errors
    assert "第3行" in error.message
    assert "“日期”" in error.message
    assert "2024-04-16 还没有到，请填写已经发生的日期。" in error.message
    written = session.scalars(select(models.LedgerEntry.happened_on)).all()
    assert sorted(written) == [date(2024, 4, 12), date(2024, 4, 15)]


def test_a_bulk_change_to_a_day_to_come_is_refused(session: ActorSession) -> None:
    item = an_item(session)
    session.commit()
    (row,) = bulk.read_rows(session, models.Proposal, [item.id]).values()
    with pytest.raises(NotYetHappened, match="“办结日期”：2024-04-16 还没有到"):
        bulk.update_rows(session, models.Proposal, [(row, {"closed_on": date(2024, 4, 16)})], str)
    bulk.update_rows(session, models.Proposal, [(row, {"closed_on": date(2024, 4, 15)})], str)


def test_a_day_that_may_be_planned_may_lie_ahead(session: ActorSession) -> None:
    item = an_item(session)
    session.commit()
    (row,) = bulk.read_rows(session, models.Proposal, [item.id]).values()
    ahead = {"handed_over_on": date(2024, 5, 6), "due_on": date(2024, 8, 31)}
    bulk.update_rows(session, models.Proposal, [(row, ahead)], str)
