"""考核: a night scores each fault once, takes points back with their ground, and leaves what an office has ruled."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.scoring.entries import ScoringResult, score
from domain.storing.session import ActorSession, system_session
from seeds.reference import seed_reference
from tests.ground.acting import act, state, task
from tests.ground.district import Panel
from tests.ground.tasks import a_deadline, a_rating, a_reply, a_task, an_item

DUE, ON = date(2024, 6, 5), date(2024, 6, 6)


@pytest.fixture
def session(engine: Engine) -> Iterator[ActorSession]:
    with system_session(engine, "测试", lambda: datetime(2024, 6, 6, 2)) as session:
        seed_reference(session)
        yield session


def a_rule(session: ActorSession, ground: str, **more: Any) -> Any:
    words = {"year": 2024, "name": f"{ground}扣分", "points": 2, "ground": ground}
    rule = models.ScoreRule(**{**words, **more})
    session.add(rule)
    session.flush()
    return rule


def entries(session: ActorSession) -> list[tuple[Any, ...]]:
    rows = session.scalars(select(models.ScoreEntry).order_by(models.ScoreEntry.id))
    return [(row.unit.short_name, row.scored_on, row.standing) for row in rows]


def test_a_date_that_was_missed_is_scored_once(session: ActorSession) -> None:
    rule, done = a_rule(session, "答复逾期"), a_task(session, an_item(session, "002"), "区住建局")
    late = a_deadline(session, a_task(session, an_item(session)), DUE)
    a_deadline(session, done, DUE, done_on=DUE)  # in time
    assert score(session, DUE) == ScoringResult()  # not yet late
    assert score(session, ON) == ScoringResult(made=1)
    assert score(session, ON) == ScoringResult()
    assert entries(session) == [("区教育局", DUE, "有效")]
    late.done_on, late.is_done_by_hand = date(2024, 6, 10), True  # late it stays
    session.flush()
    assert score(session, date(2024, 6, 20)) == ScoringResult()
    assert session.scalars(select(models.ScoreEntry.points)).all() == [rule.points]


def test_a_rule_counts_for_its_own_year_while_it_is_in_use(session: ActorSession) -> None:
    a_rule(session, "答复逾期", year=2023)
    a_rule(session, "答复逾期", is_active=False)
    a_deadline(session, a_task(session, an_item(session)), DUE)
    a_deadline(session, a_task(session, an_item(session, "002", is_history=True)), DUE)
    assert score(session, ON) == ScoringResult()


def test_points_go_with_their_ground_and_come_back_with_it(session: ActorSession) -> None:
    a_rule(session, "答复逾期")
    line = a_deadline(session, a_task(session, an_item(session)), DUE)
    score(session, ON)
    line.due_on = date(2024, 7, 5)
    session.flush()
    assert score(session, ON) == ScoringResult(taken_back=1)
    assert entries(session) == [("区教育局", DUE, "撤销")]
    assert score(session, date(2024, 7, 6)) == ScoringResult(restored=1)


def test_bad_ratings_and_replies_returned_by_the_office_are_scored(session: ActorSession) -> None:
    """S3 counts what the reviewing office returns; a unit's own leader returning a draft is no fault of it."""
    a_rule(session, "评价不满意")
    a_rule(session, "答复退回")
    reply = a_reply(session, a_task(session, an_item(session)), DUE)
    rating = a_rating(session, reply, DUE)
    for step in ("督查审核", "主要审签"):
        words = {"step": step, "result": "退回", "return_reason": "答复内容不具体", "note": "改"}
        session.add(models.ReviewStep(reply_id=reply.id, acted_at=datetime(2024, 6, 1, 9), **words))
    session.flush()
    assert score(session, ON) == ScoringResult(made=2)
    assert {row[1] for row in entries(session)} == {DUE, date(2024, 6, 1)}
    rating.result_rating = "基本满意"
    session.flush()
    assert score(session, ON) == ScoringResult(taken_back=1)


def test_a_unit_objects_and_the_office_decides(panel: Panel) -> None:
    with panel.truth() as session:
        rule = models.ScoreRule(year=2024, name="未按要求开展工作", points=1)
        held = session.get_one(models.Assignment, task(panel, "鱼峰区教育局", "主办"))
        session.add(rule)
        session.flush()
        words = {"unit_id": held.unit_id, "assignment_id": held.id, "points": 1}
        entry = models.ScoreEntry(score_rule_id=rule.id, scored_on=date(2024, 4, 15), **words)
        session.add(entry)
        session.commit()
        key = entry.id
    why = {"objection": "已按时报送，见系统记录"}
    act(panel, "housing", "object_to_score", "score_entries", key, status=404, **why)
    act(panel, "school", "object_to_score", "score_entries", key, **why)
    assert "待处理的记分申诉" in panel.as_("office").get("/")
    page = act(panel, "office", "cancel_score", "score_entries", key, status=200)
    assert "请填写处理意见" in page
    act(panel, "office", "cancel_score", "score_entries", key, ruling_note="情况属实")
    assert state(panel, "ScoreEntry", key, "standing") == "撤销"
    with panel.truth() as session:
        score(session, ON)  # what was ruled stays
    assert state(panel, "ScoreEntry", key, "standing") == "撤销"
    act(panel, "office", "restore_score", "score_entries", key, ruling_note="核查后仍应记")
    assert state(panel, "ScoreEntry", key, "standing") == "维持"


def test_a_rule_scores_nothing_from_before_it_counts(session: ActorSession) -> None:
    a_rule(session, "答复逾期", starts_on=date(2024, 6, 6))
    a_deadline(session, a_task(session, an_item(session)), DUE)
    a_deadline(session, a_task(session, an_item(session, "002")), date(2024, 6, 6))
    assert score(session, date(2024, 6, 7)) == ScoringResult(made=1)
    assert [on for _, on, _ in entries(session)] == [date(2024, 6, 6)]


def test_returns_and_ratings_from_before_a_rule_counts_are_not_scored(
    session: ActorSession,
) -> None:
    task = a_task(session, an_item(session))
    reply = a_reply(session, task, date(2024, 5, 20))
    step = {"step": "督查审核", "result": "退回", "return_reason": "其他"}
    for on in (datetime(2024, 5, 2, 9), datetime(2024, 5, 12, 9)):
        session.add(models.ReviewStep(reply_id=reply.id, acted_at=on, **step))
    a_rating(session, reply, date(2024, 5, 25))
    a_rule(session, "答复退回", starts_on=date(2024, 5, 12))
    a_rule(session, "评价不满意", starts_on=date(2024, 5, 26))
    assert score(session, ON) == ScoringResult(made=1)
    assert [on for _, on, _ in entries(session)] == [date(2024, 5, 12)]


def test_a_new_rule_says_before_it_is_saved_what_it_will_score_of_the_past(panel: Panel) -> None:
    office = panel.as_("office")
    with panel.truth() as session:
        words = {"milestone": "协办意见", "due_on": date(2024, 4, 12), "origin": "规则"}
        key = panel.id_of("Assignment", role="协办")
        session.add(models.Deadline(assignment_id=key, **words))
        session.commit()
    rule = {"year": "2024", "name": "协办逾期", "kind": "扣分", "ground": "协办意见逾期"}
    rule |= {"points": "1", "is_active": "y"}
    told = office.post("/score_rules/new/", 200, **rule)
    assert "今晚会按这条规则给 1 个单位补记 1 次" in told and "请把起记日期填成 2024-04-15" in told
    assert panel.count("ScoreRule") == 0
    office.post("/score_rules/new/", 302, starts_on="2024-04-15", **rule)
    assert panel.count("ScoreRule", starts_on=date(2024, 4, 15)) == 1
    sure = told.split('name="form.sure" value="')[1].split('"')[0]
    rule["name"] = "补记"
    office.post("/score_rules/new/", 302, **{**rule, "form.sure": sure})
    assert panel.count("ScoreRule") == 2
