"""Taking an import back: all of it goes, but what a person changed since stays and is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm.exc import StaleDataError

from domain import models
from domain.actors import Actor
from domain.plans.undo import UndoResult, undo_import
from domain.storing.session import ActorSession, actor_session, system_session
from seeds.reference import seed_reference
from tests.test_plans_import import changed, count, item, run, signed, tasks

ROWS = [changed("001"), changed("002", 领衔代表="蓝秀英"), changed("003", 协办单位="")]


@pytest.fixture
def session(engine: Engine, now: datetime) -> Iterator[ActorSession]:
    with system_session(engine, "导入分工方案", lambda: now) as session:
        seed_reference(session)
        session.commit()
        yield session


def imported(session: ActorSession, *rows: list[Any]) -> int:
    """The id of a committed import of these rows."""
    record = models.Import(
        file_name="方案.xlsx", stored_name="", sha256="", uploaded_at=session.now()
    )
    session.add(record)
    session.flush()
    import_id: int = record.id
    session.info["import_id"] = import_id
    run(session, *rows)
    session.commit()
    session.info["import_id"] = None
    return import_id


def undone(session: ActorSession, import_id: int) -> UndoResult:
    session.info["import_id"] = import_id
    result = undo_import(session, import_id)
    session.commit()
    session.info["import_id"] = None
    return result


def test_an_import_that_nobody_touched_leaves_nothing_behind(session: ActorSession) -> None:
    import_id = imported(session, *ROWS)
    result = undone(session, import_id)
    for cls in (models.Proposal, models.Assignment, models.Sponsor, models.Deputy, models.Deadline):
        assert count(session, cls) == 0, cls
    assert result.kept == []
    assert result.removed == {"建议提案": 3, "承办任务": 7, "提出人": 6, "代表委员": 3}
    record = session.get(models.Import, import_id)
    assert (record.state, record.undo_result["removed"]["建议提案"]) == ("已撤销", 3)


def test_an_item_changed_by_a_person_since_stays_whole_and_is_named(
    session: ActorSession, engine: Engine, now: datetime
) -> None:
    import_id = imported(session, *ROWS)
    with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
        desk.scalars(select(models.Proposal).filter_by(number="002")).one().title = "关于改过的建议"
        desk.commit()
    result = undone(session, import_id)
    assert result.kept == [("建议002号 关于推进老旧小区改造的建议", "2024-04-10 09:00由王芳改过")]
    assert count(session, models.Proposal) == 1
    assert tasks(session, "002") == {"区住建局": "主办", "区财政局": "协办", "区民政局": "协办"}
    assert signed(session, "002") == [("蓝秀英", "领衔"), ("韦子豪", "联名")]


def test_who_is_just_changing_an_item_is_waited_for_and_keeps_it(
    session: ActorSession, engine: Engine, now: datetime
) -> None:
    """Two real sessions: one has changed the item and not committed yet when the other begins to undo."""
    import_id = imported(session, *ROWS)
    results: list[UndoResult] = []

    def undo() -> None:
        with system_session(engine, "撤销导入", lambda: now, import_id=import_id) as program:
            results.append(undo_import(program, import_id))
            program.commit()

    taking_back = Thread(target=undo)
    with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
        desk.scalars(select(models.Proposal).filter_by(number="002")).one().note = "先别动"
        desk.flush()
        taking_back.start()
        taking_back.join(timeout=1)
        assert taking_back.is_alive()
        desk.commit()
    taking_back.join(timeout=20)
    (result,) = results
    assert result.kept == [("建议002号 关于推进老旧小区改造的建议", "2024-04-10 09:00由王芳改过")]
    assert item(session, "002").note == "先别动"
    assert len(tasks(session, "002")) == 3 and count(session, models.Proposal) == 1


def test_what_is_being_undone_cannot_be_changed_meanwhile(
    session: ActorSession, engine: Engine, now: datetime
) -> None:
    import_id = imported(session, *ROWS)
    session.info["import_id"] = import_id
    undo_import(session, import_id)
    refused: list[str] = []

    def change() -> None:
        with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
            row = desk.scalars(select(models.Proposal).filter_by(number="002")).one_or_none()
            if row is None:
                refused.append("gone before it was read")
                return
            row.note = "来晚了"
            try:
                desk.commit()
            except StaleDataError:
                refused.append("gone before it was written")

    changing = Thread(target=change)
    changing.start()
    changing.join(timeout=1)
    session.commit()
    changing.join(timeout=20)
    assert len(refused) == 1 and count(session, models.Proposal) == 0


def test_an_item_with_work_under_it_stays(session: ActorSession) -> None:
    import_id = imported(session, *ROWS)
    lead = next(t for t in item(session, "001").assignments if t.role == "主办")
    session.add(
        models.LedgerEntry(
            assignment_id=lead.id,
            happened_on=date(2024, 4, 12),
            stage="办前",
            activity="调查研究",
            summary="实地走访",
        )
    )
    session.commit()
    result = undone(session, import_id)
    assert [name for name, _ in result.kept] == ["建议001号 关于推进老旧小区改造的建议"]
    assert [row.number for row in session.scalars(select(models.Proposal))] == ["001"]


def test_an_update_is_taken_back_to_what_was_there(session: ActorSession) -> None:
    imported(session, changed("001"))
    before = (tasks(session), signed(session), item(session).title, item(session).due_on)
    second = imported(
        session,
        changed(
            "001",
            标题="关于别的建议",
            主办单位="区财政局",
            协办单位="区教育局",
            领衔代表="韦子豪",
            联名代表="雷立新",
            办理时限="2024-07-01",
        ),
    )
    assert tasks(session) == {"区财政局": "主办", "区教育局": "协办"}
    undone(session, second)
    assert (tasks(session), signed(session), item(session).title, item(session).due_on) == before
    deadlines = {
        (d.assignment.unit.short_name, d.milestone): d.due_on
        for d in session.scalars(select(models.Deadline))
    }
    assert deadlines["区住建局", "答复"] == date(2024, 6, 5)
    assert ("区教育局", "协办意见") not in deadlines


def test_an_item_that_a_later_import_changed_stays_with_the_earlier_import(
    session: ActorSession,
) -> None:
    first = imported(session, changed("001"))
    imported(session, changed("001", 标题="关于第二版的建议"))
    result = undone(session, first)
    assert len(result.kept) == 1
    assert item(session).title == "关于第二版的建议"


def test_a_deputy_whom_others_need_meanwhile_stays(session: ActorSession) -> None:
    first = imported(session, changed("001"))
    imported(session, changed("002"))
    result = undone(session, first)
    assert result.kept == []
    assert signed(session, "002") == [("雷立新", "领衔"), ("韦子豪", "联名")]
    assert count(session, models.Proposal) == 1
