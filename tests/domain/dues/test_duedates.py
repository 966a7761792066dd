"""Deadlines are made when a task is given, and move visibly when a rule, a date or a rest day does."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from domain import models
from domain.actors import OFFICE, Actor
from domain.dues.donedates import mark_done, reconsider
from domain.dues.duedates import bring_up_to_date, compared, planned_changes
from domain.storing import bulk
from domain.storing.session import ActorSession, actor_session, system_session
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import (
    HANDED_OVER,
    a_deadline,
    a_rating,
    a_reply,
    a_task,
    an_item,
    deadlines_of,
)


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Engine, now: datetime) -> Iterator[ActorSession]:
    with system_session(engine, "时限", lambda: now) as session:
        yield session


def everything() -> object:
    return models.Assignment.id > 0


def refreshed(session: ActorSession) -> list[tuple[str, date | None, date | None]]:
    return [(c.milestone, c.old_on, c.new_on) for c in bring_up_to_date(session, everything())]


def rule(session: ActorSession, milestone: str, role: str = "主办") -> object:
    rules = select(models.DeadlineRule).join(models.DeadlineRule.rule_set)
    named = models.DeadlineRuleSet.name == "鱼峰区2024年通知"
    return session.scalars(
        rules.where(named).filter_by(milestone=milestone, role=role, area_role="主办")
    ).one()


def test_a_lead_unit_and_a_partner_each_get_their_own_deadlines(session: ActorSession) -> None:
    item = an_item(session)
    lead, partner = a_task(session, item), a_task(session, item, "区财政局", "协办")
    bring_up_to_date(session, everything())
    assert deadlines_of(session, lead) == {
        "办理方案": date(2024, 4, 20),
        "答复": date(2024, 6, 5),
    }
    assert deadlines_of(session, partner) == {"协办意见": date(2024, 4, 30)}


def test_the_deadline_says_where_it_comes_from(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    bring_up_to_date(session, everything())
    line = session.scalars(
        select(models.Deadline).filter_by(assignment_id=task.id, milestone="办理方案")
    ).one()
    assert (line.basis_text, line.origin) == ("交办日2024-04-10后10日", "规则")
    assert line.rule_id == rule(session, "办理方案").id


def test_the_plans_date_is_kept_and_marked_as_the_plans(session: ActorSession) -> None:
    task = a_task(session, an_item(session, due_on=date(2024, 5, 31)))
    bring_up_to_date(session, everything())
    line = session.scalars(
        select(models.Deadline).filter_by(assignment_id=task.id, milestone="答复")
    ).one()
    assert (line.due_on, line.origin, line.rule_id) == (date(2024, 5, 31), "方案", None)


def test_the_date_of_the_meeting_counts_where_the_item_has_none(session: ActorSession) -> None:
    task = a_task(session, an_item(session, handed_over_on=None))
    bring_up_to_date(session, everything())
    assert deadlines_of(session, task)["办理方案"] == date(2024, 4, 20)


def test_the_date_of_the_task_goes_before_that_of_the_item(session: ActorSession) -> None:
    task = a_task(session, an_item(session), handed_over_on=date(2024, 4, 15))
    bring_up_to_date(session, everything())
    assert deadlines_of(session, task)["办理方案"] == date(2024, 4, 25)


def test_bringing_up_to_date_twice_changes_nothing_the_second_time(session: ActorSession) -> None:
    a_task(session, an_item(session))
    assert len(refreshed(session)) == 2
    assert refreshed(session) == []


def test_only_the_tasks_asked_for_are_touched(session: ActorSession) -> None:
    first, second = (a_task(session, an_item(session, number)) for number in ("001", "002"))
    bring_up_to_date(session, models.Assignment.id == second.id)
    assert deadlines_of(session, first) == {}
    assert deadlines_of(session, second) != {}


def test_a_changed_rule_is_shown_before_it_moves_anything(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    bring_up_to_date(session, everything())
    rule(session, "答复").day = 10
    session.flush()
    (change,) = planned_changes(session, everything())
    shown = (change.milestone, change.old_on, change.new_on, change.new.explanation)
    assert shown == ("答复", date(2024, 6, 5), date(2024, 6, 10), "规定日期2024-06-10")
    assert deadlines_of(session, task)["答复"] == date(2024, 6, 5)
    bring_up_to_date(session, everything())
    assert deadlines_of(session, task)["答复"] == date(2024, 6, 10)


def test_a_changed_rest_day_moves_what_is_counted_in_working_days(session: ActorSession) -> None:
    a_task(session, an_item(session))
    plan = rule(session, "办理方案")
    plan.basis = "工作日"
    bring_up_to_date(session, everything())
    year = session.scalars(select(models.CalendarYear).filter_by(year=2024)).one()
    session.add(
        models.CalendarDay(
            calendar_year_id=year.id, day=date(2024, 4, 11), kind="放假", name="三月三"
        )
    )
    session.flush()
    assert refreshed(session) == [("办理方案", date(2024, 4, 24), date(2024, 4, 25))]


def test_a_later_hand_over_moves_what_counts_from_it(session: ActorSession) -> None:
    item = an_item(session)
    a_task(session, item)
    bring_up_to_date(session, everything())
    item.handed_over_on = date(2024, 4, 12)
    session.flush()
    assert refreshed(session) == [("办理方案", date(2024, 4, 20), date(2024, 4, 22))]


def test_a_rule_switched_off_takes_its_open_deadlines_away(session: ActorSession) -> None:
    a_task(session, an_item(session))
    bring_up_to_date(session, everything())
    rule(session, "答复").is_active = False
    session.flush()
    assert refreshed(session) == [("答复", date(2024, 6, 5), None)]


def test_what_is_done_stays_as_it_was(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    bring_up_to_date(session, everything())
    a_reply(session, task, date(2024, 5, 6), letter="C")
    mark_done(session)
    rule(session, "答复").day = 10
    session.flush()
    assert [c for c in refreshed(session) if c[0] == "答复"] == []
    assert deadlines_of(session, task)["答复"] == date(2024, 6, 5)


@pytest.mark.parametrize("origin", ["手工", "延期"])
def test_a_date_that_a_person_set_is_his(session: ActorSession, origin: str) -> None:
    task = a_task(session, an_item(session))
    bring_up_to_date(session, everything())
    line = session.scalars(
        select(models.Deadline).filter_by(assignment_id=task.id, milestone="答复")
    ).one()
    line.due_on, line.origin = date(2024, 8, 1), origin
    rule(session, "答复").is_active = False
    session.flush()
    assert refreshed(session) == []
    assert deadlines_of(session, task)["答复"] == date(2024, 8, 1)


@pytest.fixture
def desk(session: ActorSession, engine: Engine, now: datetime) -> Iterator[ActorSession]:
    """The office at a task with its deadlines; 答复 is due on 2024-06-05 and was reminded of."""
    a_task(session, an_item(session))
    bring_up_to_date(session, everything())
    line = answers_line(session)
    told = {"audience": "联络员", "created_on": date(2024, 5, 27)}
    session.add(models.Reminder(deadline_id=line.id, step="提前7日", **told))
    session.commit()
    with actor_session(engine, Actor("王芳", OFFICE), lambda: now) as desk:
        yield desk


def answers_line(session: ActorSession) -> Any:
    return session.scalars(select(models.Deadline).filter_by(milestone="答复")).one()


def test_a_date_that_the_office_types_is_its_own_from_then_on(
    desk: ActorSession, session: ActorSession
) -> None:
    answers_line(desk).due_on = date(2024, 9, 1)
    desk.commit()
    line = answers_line(session)
    assert (line.origin, line.rule_id, line.basis_text) == ("手工", None, "人工定的到期日")
    assert refreshed(session) == []
    assert line.due_on == date(2024, 9, 1)
    assert session.scalars(select(models.Reminder)).all() == [], "they spoke of the old date"


def test_a_date_that_is_typed_with_a_reason_is_an_extension(
    desk: ActorSession, session: ActorSession
) -> None:
    line = answers_line(desk)
    line.due_on, line.extension_reason = date(2024, 9, 1), "领导同意"
    desk.commit()
    line = answers_line(session)
    extended = (line.origin, line.extended_from_on, line.basis_text)
    assert extended == ("延期", date(2024, 6, 5), "由2024-06-05延期")
    assert refreshed(session) == []


def test_an_extension_without_a_reason_is_refused(desk: ActorSession) -> None:
    line = answers_line(desk)
    line.due_on, line.origin = date(2024, 9, 1), "延期"
    with pytest.raises(IntegrityError, match="ck_deadlines_extension"):
        desk.commit()


def test_a_deadline_that_the_office_makes_is_by_hand(
    desk: ActorSession, session: ActorSession
) -> None:
    task = answers_line(desk).assignment_id
    desk.add(models.Deadline(assignment_id=task, milestone="签收", due_on=date(2024, 4, 12)))
    desk.commit()
    made = session.scalars(select(models.Deadline).filter_by(milestone="签收")).one()
    assert (made.origin, refreshed(session)) == ("手工", [])


def test_a_date_given_back_to_the_rules_follows_them_again(
    desk: ActorSession, session: ActorSession
) -> None:
    answers_line(desk).due_on = date(2024, 9, 1)
    desk.commit()
    answers_line(desk).origin = "规则"
    desk.commit()
    assert refreshed(session) == [("答复", date(2024, 9, 1), date(2024, 6, 5))]


def test_a_reason_alone_moves_nothing(desk: ActorSession, session: ActorSession) -> None:
    answers_line(desk).extension_reason = "想想再说"
    desk.commit()
    assert answers_line(session).origin == "规则"
    assert session.scalar(select(func.count(models.Reminder.id))) == 1


def test_what_a_person_set_against_the_rules_is_told_as_kept(
    desk: ActorSession, session: ActorSession
) -> None:
    answers_line(desk).due_on = date(2024, 9, 1)
    desk.commit()
    assert planned_changes(session, everything()) == []
    (kept,) = compared(session, everything())
    assert (kept.old_on, kept.new_on, kept.kept_as) == (date(2024, 9, 1), date(2024, 6, 5), "手工")


def test_a_returned_task_owes_nothing_any_more(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    bring_up_to_date(session, everything())
    task.state = "已退办"
    session.flush()
    assert {new for _, _, new in refreshed(session)} == {None}
    assert deadlines_of(session, task) == {}


def test_a_merged_item_is_answered_with_its_main_item(session: ActorSession) -> None:
    main = an_item(session, "001")
    merged = a_task(session, an_item(session, "002", merged_into_id=main.id))
    bring_up_to_date(session, everything())
    assert deadlines_of(session, merged) == {}


def test_a_promise_is_looked_back_upon_in_september_of_the_next_year(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    a_reply(session, task, date(2024, 6, 3), letter="B")
    bring_up_to_date(session, everything())
    assert deadlines_of(session, task)["再次答复"] == date(2025, 9, 30)
    assert deadlines_of(session, task)["再梳理"] == date(2024, 10, 31)


def test_an_answer_that_promised_nothing_is_not_looked_back_upon(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    a_reply(session, task, date(2024, 6, 3), letter="A")
    bring_up_to_date(session, everything())
    assert "再次答复" not in deadlines_of(session, task)


def test_only_the_last_answer_promises(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    a_reply(session, task, date(2024, 6, 3), letter="B")
    a_reply(session, task, date(2024, 7, 3), letter="A", round=2)
    bring_up_to_date(session, everything())
    assert "再次答复" not in deadlines_of(session, task)


def redo_rule(session: ActorSession) -> None:
    rule_set = session.scalars(
        select(models.DeadlineRuleSet).filter_by(name="鱼峰区2024年通知")
    ).one()
    session.add(
        models.DeadlineRule(
            rule_set_id=rule_set.id,
            milestone="重新办理",
            basis="月",
            reference="反馈",
            days=1,
        )
    )
    session.flush()


def test_a_dissatisfied_deputy_starts_a_month_for_doing_it_again(session: ActorSession) -> None:
    redo_rule(session)
    task = a_task(session, an_item(session))
    a_rating(session, a_reply(session, task, date(2024, 6, 3)), date(2024, 6, 20))
    bring_up_to_date(session, everything())
    assert deadlines_of(session, task)["重新办理"] == date(2024, 7, 20)


def test_a_deputy_dissatisfied_again_opens_the_task_again(session: ActorSession) -> None:
    redo_rule(session)
    task = a_task(session, an_item(session))
    a_rating(session, a_reply(session, task, date(2024, 6, 3)), date(2024, 6, 20))
    bring_up_to_date(session, everything())
    again = a_reply(session, task, date(2024, 7, 10), round=2)
    mark_done(session)
    assert done_on(session, task)["重新办理"] == date(2024, 7, 10)
    a_rating(session, again, date(2024, 7, 25))
    assert ("重新办理", date(2024, 7, 20), date(2024, 8, 25)) in refreshed(session)
    mark_done(session)
    assert done_on(session, task)["重新办理"] is None


def test_a_moved_deadline_is_reminded_of_anew(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    bring_up_to_date(session, everything())
    line = session.scalars(
        select(models.Deadline).filter_by(assignment_id=task.id, milestone="答复")
    ).one()
    told = {"deadline_id": line.id, "audience": "联络员", "created_on": date(2024, 5, 27)}
    session.add(models.Reminder(step="提前7日", **told))
    session.flush()
    rule(session, "答复").day = 10
    session.flush()
    bring_up_to_date(session, everything())
    assert session.scalar(select(func.count(models.Reminder.id))) == 0


def done_on(session: ActorSession, task: object) -> dict[str, date | None]:
    line = models.Deadline
    rows = session.execute(select(line.milestone, line.done_on).filter_by(assignment_id=task.id))
    return dict(rows.all())


def test_signing_reporting_and_answering_complete_their_deadlines(session: ActorSession) -> None:
    general = session.scalars(
        select(models.DeadlineRuleSet).filter_by(name="鱼峰区2024年通知")
    ).one()
    for milestone in ("签收", "申请退办", "办结"):
        words = {"milestone": milestone, "basis": "工作日", "days": 40}
        session.add(models.DeadlineRule(rule_set_id=general.id, **words))
    item = an_item(session)
    task = a_task(session, item, signed_on=date(2024, 4, 11))
    partner = a_task(session, item, "区财政局", "协办")
    bring_up_to_date(session, everything())
    item.closed_on = date(2024, 6, 6)
    texts = ("leader", "office", "handler", "study", "survey", "contact", "timetable")
    words = dict.fromkeys((*texts, "partner_tasks"), "无")
    session.add(models.HandlingPlan(assignment_id=task.id, submitted_on=date(2024, 4, 18), **words))
    asked = {"reason": "不属于职责", "asked_on": date(2024, 4, 16)}
    session.add(models.ReturnRequest(assignment_id=partner.id, **asked))
    a_reply(session, partner, date(2024, 4, 29), letter=None, kind="协办意见")
    a_reply(session, task, date(2024, 6, 3))
    assert mark_done(session) == 7
    assert done_on(session, task) == {
        "签收": date(2024, 4, 11),
        "申请退办": None,  # to sign is not to give up asking
        "办理方案": date(2024, 4, 18),
        "答复": date(2024, 6, 3),
        "办结": date(2024, 6, 6),
    }
    assert done_on(session, partner) == {
        "签收": None,
        "申请退办": date(2024, 4, 16),
        "协办意见": date(2024, 4, 29),
        "办结": date(2024, 6, 6),
    }
    assert mark_done(session) == 0


def test_a_draft_completes_nothing(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    bring_up_to_date(session, everything())
    a_reply(session, task, HANDED_OVER, state="主要审签", issued_on=None)
    assert mark_done(session) == 0


def everywhere() -> Any:
    return models.Deadline.id > 0


def test_a_corrected_record_takes_its_completion_along(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    bring_up_to_date(session, everything())
    reply = a_reply(session, task, date(2024, 6, 3))
    mark_done(session)
    reply.issued_on = date(2024, 6, 7)
    assert reconsider(session, everywhere()) == 1
    assert done_on(session, task)["答复"] == date(2024, 6, 7)
    reply.state, reply.issued_on = "退回", None
    assert reconsider(session, everywhere()) == 1
    assert done_on(session, task)["答复"] is None
    assert reconsider(session, everywhere()) == 0


def test_a_completion_that_the_office_typed_stands_without_a_record(
    desk: ActorSession, session: ActorSession
) -> None:
    answers_line(desk).done_on = date(2024, 4, 10)
    desk.commit()
    assert reconsider(session, everywhere()) == 0
    assert answers_line(session).done_on == date(2024, 4, 10)
    session.commit()
    answers_line(desk).done_on = None
    desk.commit()
    session.expire_all()
    assert not answers_line(session).is_done_by_hand


def test_dates_that_come_in_a_file_are_by_hand_too(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    bring_up_to_date(session, everything())
    line = answers_line(session)
    old = bulk.read_rows(session, models.Deadline, [line.id])[line.id]
    typed = {"due_on": date(2024, 9, 1)}
    bulk.update_rows(session, models.Deadline, [(old, typed)], lambda row: "时限")
    of = {"assignment_id": task.id, "unit_id": task.unit_id}
    made = {**of, "milestone": "签收", "due_on": date(2024, 4, 12)}
    made |= {"origin": "规则", "done_on": date(2024, 4, 10)}
    bulk.insert_rows(session, models.Deadline, [made], lambda row: "时限")
    assert refreshed(session) == []
    assert reconsider(session, everywhere()) == 0
    origins = select(models.Deadline.milestone, models.Deadline.origin)
    assert dict(session.execute(origins).all()) == {
        "办理方案": "规则",
        "答复": "手工",
        "签收": "手工",
    }


def test_of_a_closed_item_only_what_comes_a_year_later_is_owed(session: ActorSession) -> None:
    item = an_item(session)
    task = a_task(session, item)
    bring_up_to_date(session, models.Assignment.id == task.id)
    a_deadline(session, task, date(2024, 12, 1), "办结")
    a_deadline(session, task, date(2025, 9, 30), "再次答复")
    assert "答复" in deadlines_of(session, task)
    item.closed_on = date(2024, 6, 6)
    session.flush()
    bring_up_to_date(session, models.Assignment.id == task.id)
    assert set(deadlines_of(session, task)) == {"再次答复"}
