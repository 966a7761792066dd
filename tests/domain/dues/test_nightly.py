"""The nightly check tells each step once, however often it runs, and escalates as time passes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, update

from domain import models
from domain.dues.due_states import Alerts, reminder_steps
from domain.dues.nightly import NightlyResult, check_deadlines
from domain.dues.rulebook import load_alerts, load_calendar
from domain.storing.session import ActorSession, system_session
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import a_deadline, a_task, an_item

DUE = date(2024, 4, 24)  # a Wednesday; 04-28 is a Sunday that is worked, 05-01 to 05-05 is holiday


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Engine, now: datetime) -> Iterator[ActorSession]:
    with system_session(engine, "每日检查", lambda: now) as session:
        yield session


@pytest.fixture
def line(session: ActorSession) -> Any:
    """A reply due on DUE."""
    return a_deadline(session, a_task(session, an_item(session)), DUE)


def told(session: ActorSession) -> list[tuple[str, str, str]]:
    """Step, colour and audience of every reminder, in the order they were made."""
    reminder = models.Reminder
    rows = session.execute(
        select(reminder.step, reminder.colour, reminder.audience).order_by(reminder.id)
    )
    return [tuple(row) for row in rows]


def check_every_day(session: ActorSession, first: date, last: date) -> None:
    for day in range((last - first).days + 1):
        check_deadlines(session, first + timedelta(days=day))


@pytest.mark.parametrize("value", ["²", "十", "", "0", "999"])
def test_a_setting_that_is_no_number_is_passed_over(session: ActorSession, value: str) -> None:
    """As an older program, or somebody at the database, may have left it."""
    table = models.table_of("settings")
    known = update(table).where(table.c.name == "LATE_YELLOW_DAYS").values(value=value)
    assert session.connection().execute(known).rowcount == 1
    assert load_alerts(session) == Alerts()


@pytest.mark.usefixtures("line")
def test_a_deadline_escalates_from_the_liaison_to_the_leader_to_the_office(
    session: ActorSession,
) -> None:
    check_every_day(session, date(2024, 4, 10), date(2024, 5, 20))
    assert told(session) == [
        ("提前7日", "蓝", "联络员"),
        ("提前3日", "蓝", "联络员"),
        ("提前1日", "蓝", "联络员"),
        ("到期", "蓝", "联络员"),
        ("逾期蓝", "蓝", "联络员"),
        ("逾期黄", "黄", "单位领导"),
        ("逾期红", "红", "交办督查"),
    ]


@pytest.mark.usefixtures("line")
def test_a_step_is_told_once_however_often_the_check_runs(session: ActorSession) -> None:
    first = check_deadlines(session, date(2024, 4, 15))
    again = check_deadlines(session, date(2024, 4, 15))
    assert (first.new, again.new) == (1, 0)
    assert first.reminders == again.reminders
    assert len(told(session)) == 1


@pytest.mark.usefixtures("line")
def test_the_result_counts_what_stands_at_each_step(session: ActorSession) -> None:
    a_deadline(session, a_task(session, an_item(session, "002")), date(2024, 4, 1))
    a_deadline(session, a_task(session, an_item(session, "003")), date(2024, 12, 1))
    result = check_deadlines(session, date(2024, 4, 19))
    assert result == NightlyResult(
        date(2024, 4, 19),
        3,
        {
            "提前7日": 0,
            "提前3日": 1,
            "提前1日": 0,
            "到期": 0,
            "逾期蓝": 0,
            "逾期黄": 0,
            "逾期红": 1,
        },
        2,
    )
    assert result.as_json()["on"] == "2024-04-19"


@pytest.mark.usefixtures("line")
def test_after_missed_nights_only_the_step_that_holds_now_is_told(session: ActorSession) -> None:
    check_deadlines(session, date(2024, 4, 15))
    check_deadlines(session, date(2024, 4, 26))
    assert [step for step, _, _ in told(session)] == ["提前7日", "逾期蓝"]


@pytest.mark.usefixtures("line")
def test_a_late_run_for_an_earlier_night_tells_nothing_milder(session: ActorSession) -> None:
    check_deadlines(session, date(2024, 4, 26))
    assert check_deadlines(session, date(2024, 4, 19)).new == 0
    assert [step for step, _, _ in told(session)] == ["逾期蓝"]


def test_a_completed_task_is_left_in_peace(session: ActorSession, line: Any) -> None:
    line.done_on = date(2024, 4, 12)
    session.flush()
    assert check_deadlines(session, date(2024, 4, 30)).new == 0


def test_what_was_recorded_since_counts_as_done_the_same_night(session: ActorSession) -> None:
    task = a_task(session, an_item(session), signed_on=date(2024, 4, 11))
    line = a_deadline(session, task, date(2024, 4, 15), "签收")
    result = check_deadlines(session, date(2024, 4, 16))
    session.refresh(line)
    assert (result.open, result.new, line.done_on) == (0, 0, date(2024, 4, 11))


def test_a_window_that_closes_is_not_late(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    a_deadline(session, task, date(2024, 4, 19), "申请退办")
    assert check_deadlines(session, date(2024, 5, 20)).new == 0


def test_the_office_can_let_late_turn_red_sooner(session: ActorSession, line: Any) -> None:
    for name, days in (("LATE_YELLOW_DAYS", "1"), ("LATE_RED_DAYS", "2")):
        setting = session.scalars(select(models.Setting).filter_by(name=name)).one()
        setting.value = days
    session.flush()
    check_deadlines(session, date(2024, 4, 26))
    assert told(session) == [("逾期红", "红", "交办督查")]


def test_a_setting_that_makes_no_sense_does_not_stop_the_night(session: ActorSession) -> None:
    setting = session.scalars(select(models.Setting).filter_by(name="LATE_RED_DAYS")).one()
    setting.value = "1"  # before yellow
    session.flush()
    assert check_deadlines(session, date(2024, 4, 26)).new == 0


def test_the_statements_agree_with_the_pure_function(session: ActorSession) -> None:
    today, calendar = date(2024, 4, 29), load_calendar(session)
    for number in range(60):
        task = a_task(session, an_item(session, str(number)))
        a_deadline(session, task, today - timedelta(days=40 - number))
    check_deadlines(session, today)
    line, reminder = models.Deadline, models.Reminder
    stored = session.execute(
        select(line.due_on, reminder.step).outerjoin(reminder, reminder.deadline_id == line.id)
    )
    for due_on, step in stored.all():
        reached = reminder_steps(due_on, today, calendar)
        assert step == (reached[-1].name if reached else None), due_on


def test_the_check_takes_as_many_statements_for_many_deadlines_as_for_one(
    session: ActorSession, engine: Engine
) -> None:
    def statements() -> int:
        count = 0

        def counted(*_: Any) -> None:
            nonlocal count
            count += 1

        event.listen(engine, "before_cursor_execute", counted)
        check_deadlines(session, date(2024, 4, 15))
        event.remove(engine, "before_cursor_execute", counted)
        return count

    a_deadline(session, a_task(session, an_item(session)), DUE)
    one = statements()
    for number in range(30):
        a_deadline(session, a_task(session, an_item(session, f"1{number:02}")), DUE)
    assert statements() == one
    assert session.scalar(select(func.count(models.Reminder.id))) == 31
