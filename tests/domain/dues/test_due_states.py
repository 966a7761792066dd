"""What a due date means today: near, due, late, and how late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dues.due_states import (
    Alerts,
    DueState,
    ReminderStep,
    due_state,
    reminder_steps,
    schedule,
    windows,
)
from tests.domain.time.test_calendar import CALENDAR

DUE = date(2024, 4, 24)  # a Wednesday
DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2024, 4, 12), DueState("未到期", "", 8)),
        (date(2024, 4, 15), DueState("临期", "", 7)),
        (date(2024, 4, 19), DueState("临期", "", 3)),
        (date(2024, 4, 23), DueState("临期", "", 1)),
        (date(2024, 4, 24), DueState("到期")),
        (date(2024, 4, 25), DueState("逾期", "蓝", 1)),
        (date(2024, 4, 29), DueState("逾期", "蓝", 4)),  # 2024-04-28 is a Sunday that is worked
        (date(2024, 4, 30), DueState("逾期", "黄", 5)),
        (date(2024, 5, 5), DueState("逾期", "黄", 5)),  # nothing moves during the holiday
        (date(2024, 5, 9), DueState("逾期", "黄", 9)),
        (date(2024, 5, 10), DueState("逾期", "红", 10)),
        (date(2024, 5, 11), DueState("逾期", "红", 11)),  # a Saturday that is worked
    ],
)
def test_a_deadline_grows_more_urgent_day_by_day(today: date, state: DueState) -> None:
    assert due_state(DUE, None, today, CALENDAR) == state


def test_a_task_done_in_time_is_never_late_again() -> None:
    assert due_state(DUE, DUE, date(2030, 1, 1), CALENDAR) == DueState("已完成")


def test_a_task_done_too_late_stays_known_as_late() -> None:
    assert due_state(DUE, DUE + timedelta(days=1), date(2024, 4, 26), CALENDAR) == DueState(
        "逾期完成"
    )


@pytest.mark.parametrize(
    ("today", "sentence"),
    [(date(2024, 4, 12), "还有8个工作日"), (DUE, "到期"), (date(2024, 4, 30), "逾期5个工作日")],
)
def test_the_chip_says_how_many_days(today: date, sentence: str) -> None:
    assert due_state(DUE, None, today, CALENDAR).sentence == sentence


def test_a_deadline_on_friday_is_already_late_on_saturday() -> None:
    late = due_state(date(2024, 4, 19), None, date(2024, 4, 20), CALENDAR)
    assert (late, late.sentence) == (DueState("逾期", "蓝", 0), "逾期")


def test_the_steps_of_a_deadline_fall_on_working_days_before_it() -> None:
    assert schedule(DUE, CALENDAR) == (
        ReminderStep("提前7日", date(2024, 4, 15)),
        ReminderStep("提前3日", date(2024, 4, 19)),
        ReminderStep("提前1日", date(2024, 4, 23)),
        ReminderStep("到期", date(2024, 4, 24)),
        ReminderStep("逾期蓝", date(2024, 4, 25)),
        ReminderStep("逾期黄", date(2024, 4, 30)),
        ReminderStep("逾期红", date(2024, 5, 10)),
    )


def test_only_the_steps_reached_are_due_for_a_reminder() -> None:
    names = [step.name for step in reminder_steps(DUE, date(2024, 4, 22), CALENDAR)]
    assert names == ["提前7日", "提前3日"]


def test_the_office_can_choose_when_late_turns_yellow_and_red() -> None:
    strict = Alerts(yellow=1, red=2)
    levels = [
        due_state(DUE, None, date(2024, 4, day), CALENDAR, strict).level for day in (24, 25, 26)
    ]
    assert levels == ["", "黄", "红"]


@pytest.mark.parametrize(("yellow", "red"), [(0, 5), (9, 9), (9, 3)])
def test_days_that_make_no_sense_are_refused(yellow: int, red: int) -> None:
    with pytest.raises(ValueError, match="逾期转黄的天数"):
        Alerts(yellow, red)


@given(DAYS)
def test_the_steps_come_in_their_order(due_on: date) -> None:
    dates = [step.on for step in schedule(due_on, CALENDAR)]
    assert dates == sorted(dates)


@given(DAYS, st.integers(min_value=-40, max_value=60))
def test_the_windows_sort_every_due_date_as_the_pure_function_does(
    today: date, offset: int
) -> None:
    due_on = today + timedelta(days=offset)
    found = [window.step for window in windows(today, CALENDAR) if window.holds(due_on)]
    reached = reminder_steps(due_on, today, CALENDAR)
    assert found == ([reached[-1].name] if reached else [])


@given(DAYS, DAYS)
def test_no_day_makes_a_deadline_less_urgent(due_on: date, today: date) -> None:
    order = ("未到期", "临期", "到期", "逾期")
    before, after = (
        due_state(due_on, None, day, CALENDAR) for day in (today, today + timedelta(days=1))
    )
    assert (order.index(before.state), "蓝黄红".find(before.level)) <= (
        order.index(after.state),
        "蓝黄红".find(after.level),
    )
