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
from domain.imports.undo import UndoResult, undo_import
from domain.sheets.grid import Grid
from domain.storing.session import ActorSession, actor_session, system_session
from domain.tables.importing import import_table, open_table
from tests.domain.plans.test_plans_import import changed, count, item, run, signed, tasks
from tests.ground.serving.contents import SEEDED, Contents

_COLUMNS = {"完成日": "done_on", "到期日": "due_on", "延期理由": "extension_reason"}
ROWS = [changed("001"), changed("002", 领衔代表="蓝秀英"), changed("003", 协办单位="")]


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Engine, now: datetime) -> Iterator[ActorSession]:
    with system_session(engine, "导入分工方案", lambda: now) as session:
        yield session


def begun(session: ActorSession, target: str = "分工方案") -> int:
    """The id of an import to which the log will ascribe what the session writes until `committed`."""
    record = models.Import(
        target=target, file_name="表.xlsx", stored_name="", sha256="", uploaded_at=session.now()
    )
    session.add(record)
    session.flush()
    session.info["import_id"] = record.id
    return int(record.id)


def committed(session: ActorSession) -> None:
    session.commit()
    session.info["import_id"] = None


def imported(session: ActorSession, *rows: list[Any]) -> int:
    """The id of a committed import of these rows."""
    import_id = begun(session)
    run(session, *rows)
    committed(session)
    return import_id


def deputies_kept(*names: str) -> set[tuple[str, str]]:
    return {(f"{name}（人大）", "还有提出人用到它") for name in names}


def told(result: UndoResult) -> list[tuple[str, str]]:
    """What stayed, by name, and why."""
    return [(one.name, one.why) for one in result.kept]


def undone(session: ActorSession, import_id: int) -> UndoResult:
    session.info["import_id"] = import_id
    result = undo_import(session, import_id)
    committed(session)
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
    assert told(result)[0] == (
        "建议002号 关于改过的建议（导入时：建议002号 关于推进老旧小区改造的建议）",
        "2024-04-10 09:00由王芳改过",
    )
    assert set(told(result)[1:]) == deputies_kept("蓝秀英", "韦子豪")
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
    assert told(result)[0] == (
        "建议002号 关于推进老旧小区改造的建议",
        "2024-04-10 09:00由王芳改过",
    )
    assert set(told(result)[1:]) == deputies_kept("蓝秀英", "韦子豪")
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
    assert told(result)[0] == ("建议001号 关于推进老旧小区改造的建议", "已有办理台账")
    assert set(told(result)[1:]) == deputies_kept("雷立新", "韦子豪")
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
    assert result.kept[0].why == "2024-04-10 09:00由导入分工方案改过"
    assert set(told(result)[1:]) == deputies_kept("雷立新", "韦子豪")
    assert item(session).title == "关于第二版的建议"


def test_a_deputy_whom_others_need_meanwhile_stays_and_is_named(session: ActorSession) -> None:
    first = imported(session, changed("001"))
    imported(session, changed("002"))
    result = undone(session, first)
    assert set(told(result)) == deputies_kept("雷立新", "韦子豪")
    assert signed(session, "002") == [("雷立新", "领衔"), ("韦子豪", "联名")]
    assert count(session, models.Proposal) == 1


def test_a_unit_that_got_tasks_meanwhile_stays_and_is_named(session: ActorSession) -> None:
    import_id = begun(session, "承办单位")
    rows = [["单位全称"], ["鱼峰区档案馆"], ["鱼峰区气象局"]]
    import_table(session, open_table(session, models.schema.tables["units"], [Grid(None, rows)]))
    committed(session)
    run(session, changed("001", 主办单位="鱼峰区档案馆", 协办单位=""))
    session.commit()
    result = undone(session, import_id)
    assert told(result) == [("鱼峰区档案馆", "还有承办任务用到它")]
    assert result.removed["承办单位"] == 1


@pytest.mark.parametrize(
    "edit",
    [
        {"due_on": date(2024, 9, 1), "origin": "手工"},
        {
            "due_on": date(2024, 9, 1),
            "origin": "延期",
            "extended_from_on": date(2024, 6, 5),
            "extension_reason": "领导同意",
        },
        {"done_on": date(2024, 4, 10)},
    ],
)
def test_an_item_with_a_deadline_that_a_person_changed_stays(
    session: ActorSession, engine: Engine, now: datetime, edit: dict[str, Any]
) -> None:
    import_id = imported(session, *ROWS)
    with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
        lead = next(t for t in item(desk, "002").assignments if t.role == "主办")
        line = desk.scalars(
            select(models.Deadline).filter_by(assignment_id=lead.id, milestone="答复")
        ).one()
        for name, value in edit.items():
            setattr(line, name, value)
        desk.commit()
        line_id = line.id
    result = undone(session, import_id)
    assert told(result)[0] == (
        "建议002号 关于推进老旧小区改造的建议",
        "“答复”的时限2024-04-10 09:00由王芳改过",
    )
    assert count(session, models.Proposal) == 1
    kept = session.get(models.Deadline, line_id)
    assert {name: getattr(kept, name) for name in edit} == edit


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("完成日", "2024-04-10", "“答复”的完成日是人工填的"),
        ("到期日", "2024-06-20", "“答复”的时限是人工定的（手工）"),
        ("延期理由", "等待上级批复", "“答复”的时限有延期说明"),
    ],
)
def test_an_item_with_a_deadline_that_came_later_in_a_file_stays(
    session: ActorSession, column: str, value: str, why: str
) -> None:
    """The log does not tell of deadlines that the program writes; what was typed into the file is a person's."""
    import_id = imported(session, changed("001"), changed("002"))
    lead = next(t for t in item(session, "002").assignments if t.role == "主办")
    line = session.scalars(
        select(models.Deadline).filter_by(assignment_id=lead.id, milestone="答复")
    ).one()
    later, line_id = begun(session, "办理时限"), line.id
    rows = [["编号", column], [line_id, value]]
    file = open_table(session, models.schema.tables["deadlines"], [Grid(None, rows)])
    assert [step.outcome for step in import_table(session, file).steps] == ["updated"]
    committed(session)
    result = undone(session, import_id)
    assert ("建议002号 关于推进老旧小区改造的建议", why) in told(result)
    assert count(session, models.Proposal) == 1
    assert str(getattr(session.get(models.Deadline, line_id), _COLUMNS[column])) == value
    assert later != import_id


def test_a_deadline_that_is_just_being_extended_is_waited_for(
    session: ActorSession, engine: Engine, now: datetime
) -> None:
    import_id = imported(session, changed("001"))
    results: list[UndoResult] = []

    def undo() -> None:
        with system_session(engine, "撤销导入", lambda: now, import_id=import_id) as program:
            results.append(undo_import(program, import_id))
            program.commit()

    taking_back = Thread(target=undo)
    with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
        line = desk.scalars(select(models.Deadline).filter_by(milestone="答复")).first()
        line.due_on, line.origin = date(2024, 9, 1), "手工"
        desk.flush()
        taking_back.start()
        taking_back.join(timeout=1)
        assert taking_back.is_alive()
        desk.commit()
    taking_back.join(timeout=20)
    assert "由王芳改过" in results[0].kept[0].why and count(session, models.Proposal) == 1


def test_what_cannot_be_restored_is_kept_and_the_rest_goes_back(
    session: ActorSession, engine: Engine, now: datetime
) -> None:
    """The import gave two units other names; one of the old names is another unit's by now."""
    units = session.scalars(select(models.Unit).order_by(models.Unit.id).limit(2)).all()
    (first, old), (second, other) = [(unit.id, unit.name) for unit in units]
    import_id = begun(session, "承办单位")
    rows = [["编号", "单位全称"], [first, "鱼峰区改名甲局"], [second, "鱼峰区改名乙局"]]
    import_table(session, open_table(session, models.schema.tables["units"], [Grid(None, rows)]))
    committed(session)
    with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
        desk.add(models.Unit(name=old))
        desk.commit()
    result = undone(session, import_id)
    ((name, why),) = told(result)
    assert name.endswith("鱼峰区改名甲局")
    assert why == "原来的内容现在恢复不了：已有同名的承办单位"
    assert result.restored == {"承办单位": 1}
    assert session.get(models.Unit, first).name == "鱼峰区改名甲局"
    assert session.get(models.Unit, second).name == other


def test_an_item_of_which_one_task_cannot_come_back_stays_as_a_whole(
    session: ActorSession, engine: Engine, now: datetime
) -> None:
    """The import took a partner off two items and changed their titles; one item has that partner again."""
    imported(session, changed("001"), changed("002"), changed("003"))
    fewer = {"标题": "关于第二版的建议", "协办单位": "区财政局"}
    second = imported(session, changed("002", **fewer), changed("003", **fewer))
    with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
        partner = desk.scalars(select(models.Unit).filter_by(short_name="区民政局")).one()
        desk.add(
            models.Assignment(proposal_id=item(desk, "002").id, unit_id=partner.id, role="协办")
        )
        desk.commit()
    result = undone(session, second)
    ((name, why),) = told(result)
    assert name == "建议002号 关于第二版的建议" and "原来的内容现在恢复不了" in why
    assert item(session, "002").title == "关于第二版的建议"
    assert item(session, "003").title == "关于推进老旧小区改造的建议"
    assert set(tasks(session, "003")) == {"区住建局", "区财政局", "区民政局"}
