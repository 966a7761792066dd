"""A plan that comes again and no longer names a unit: its task goes, unless people have left something there."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from domain import models
from domain.actors import Actor
from domain.plans.steps import PlanStep
from domain.storing.session import ActorSession, actor_session, system_session
from tests.domain.plans.test_plans_import import (
    ITEM,
    at_the_same_time,
    changed,
    item,
    outcomes,
    run,
    sentences,
    tasks,
)
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import a_deadline


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Engine, now: datetime) -> Iterator[ActorSession]:
    with system_session(engine, "导入分工方案", lambda: now) as session:
        yield session


def minus_one(session: ActorSession) -> list[PlanStep]:
    """The plan comes again without 区民政局, which has not signed."""
    steps = run(session, changed(协办单位="区财政局"))
    session.flush()
    return steps


def task_of(session: ActorSession, unit: str) -> Any:
    return next(t for t in item(session).assignments if t.unit.short_name == unit)


def test_a_unit_that_nobody_has_done_anything_about_is_dropped_with_its_computed_deadlines(
    session: ActorSession,
) -> None:
    run(session, ITEM)
    assert task_of(session, "区民政局").deadlines
    assert outcomes(minus_one(session)) == ["updated"]
    assert tasks(session) == {"区住建局": "主办", "区财政局": "协办"}


@pytest.mark.parametrize(
    "typed",
    [
        {"due_on": date(2024, 6, 3)},
        {"due_on": date(2024, 6, 3), "extension_reason": "等待上级批复"},
        {"done_on": date(2024, 4, 10)},
    ],
)
def test_a_deadline_that_a_person_set_extended_or_completed_keeps_its_unit(
    session: ActorSession, engine: Engine, now: datetime, typed: dict[str, Any]
) -> None:
    run(session, ITEM)
    session.commit()
    with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
        (line,) = (d for d in task_of(desk, "区民政局").deadlines if d.milestone == "协办意见")
        for name, value in typed.items():
            setattr(line, name, value)
        desk.commit()
    steps = minus_one(session)
    assert outcomes(steps) == ["invalid"]
    assert sentences(steps) == [
        "第2行“协办单位”：“鱼峰区民政局”承办本件，已有人工改过的办理时限，方案里却没有它，请在系统里改派。"
    ]
    assert len(tasks(session)) == 3


def test_a_deadline_that_a_person_set_keeps_its_unit_in_its_role(session: ActorSession) -> None:
    run(session, ITEM)
    a_deadline(session, task_of(session, "区住建局"), date(2024, 6, 3), milestone="再梳理")
    steps = run(session, changed(主办单位="区财政局", 协办单位="区住建局、区民政局"))
    assert sentences(steps)[0].endswith(
        "按主办承办本件，已有人工改过的办理时限，不能由方案改为协办，请在系统里改派。"
    )


def test_whatever_a_person_hangs_on_a_task_or_writes_into_it_is_named_and_keeps_it(
    session: ActorSession,
) -> None:
    """Every table of schema.sql that refers to tasks, and every column of them that a form asks for."""
    run(session, ITEM)
    task, today = task_of(session, "区民政局"), date(2024, 4, 10)
    rule = models.ScoreRule(year=2024, name="未按时签收", points=1)
    session.add(rule)
    session.flush()
    of = {"assignment_id": task.id}
    plan = dict.fromkeys(
        ("leader", "office", "handler", "study", "survey", "contact", "timetable", "partner_tasks"),
        "无",
    )
    file = {"file_name": "函.pdf", "stored_name": "1", "content_type": "application/pdf"}
    session.add_all(
        [
            models.ReturnRequest(**of, asked_on=today, reason="不属职责"),
            models.ExtensionRequest(
                **of,
                milestone="协办意见",
                due_on=today,
                wanted_on=date(2024, 5, 1),
                asked_on=today,
                reason="待批",
            ),
            models.Urging(**of, content="请抓紧", urged_on=today),
            models.HandlingPlan(**of, **plan),
            models.LedgerEntry(
                **of, happened_on=today, stage="办前", activity="其他", summary="阅件"
            ),
            models.Commitment(**of, content="年内完成", due_on=date(2024, 12, 1)),
            models.Reply(**of, kind="协办意见"),
            models.ScoreEntry(
                **of, unit_id=task.unit_id, score_rule_id=rule.id, points=1, scored_on=today
            ),
            models.Attachment(**of, **file, byte_size=1, sha256="", uploaded_at=session.now()),
        ]
    )
    a_deadline(session, task, date(2024, 9, 1), milestone="办结")
    task.handed_over_on, task.instruction, task.handler = today, "请三天内答复", "小韦"
    session.flush()
    (sentence,) = sentences(minus_one(session))
    labels = {"单独交办日期", "交办意见", "办理人员"} | {
        f"人工改过的{words.label}" if name == "deadlines" else words.label
        for name, words in models.schema.tables.items()
        if any(c.references == "assignments" for c in words.columns.values())
        and name != "assignments"  # a task that took this one's place: none has
    }
    named = sentence.split("已有")[1].split("，")[0].split("、")
    assert (set(named), len(named)) == (labels, len(labels))
    assert len(tasks(session)) == 3


def test_a_deadline_that_is_just_being_set_by_hand_is_waited_for_and_keeps_its_unit(
    session: ActorSession, engine: Engine, now: datetime
) -> None:
    run(session, ITEM)
    session.commit()
    with actor_session(engine, Actor("王芳", "交办督查"), lambda: now) as desk:
        (line,) = (d for d in task_of(desk, "区民政局").deadlines if d.milestone == "协办意见")
        line.due_on = date(2024, 6, 3)
        desk.flush()
        importing, steps = at_the_same_time(engine, now, changed(协办单位="区财政局"))
        importing.join(timeout=1)
        assert importing.is_alive()
        desk.commit()
    importing.join(timeout=20)
    assert outcomes(steps) == ["invalid"] and "人工改过的办理时限" in sentences(steps)[0]
    assert len(tasks(session)) == 3
