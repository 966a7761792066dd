"""Working days as the State Council published them, and as they are guessed where it has not."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.time.calendar import REST_DAY, WORKDAY, SpecialDay, WorkCalendar, add_days
from seeds.renew_calendar import special_days
from tests.ground.places import SEEDS

SEED = SEEDS / "calendar_days.csv"
DAYS = st.dates(date(2003, 6, 1), date(2029, 6, 30))


def seeded() -> WorkCalendar:
    with SEED.open(encoding="utf-8", newline="") as file:
        days = [
            SpecialDay(date.fromisoformat(r["day"]), r["kind"], r["name"])
            for r in csv.DictReader(file)
        ]
    return WorkCalendar.of(days, range(2004, 2027))


CALENDAR = seeded()


def test_the_seed_says_of_every_published_day_what_chinesecalendar_says() -> None:
    day, wrong = date(2004, 1, 1), []
    while day.year < 2027:
        if CALENDAR.is_working(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_the_seed_is_what_the_developer_would_write_today() -> None:
    stored = [(day.on, day.kind, day.name) for day in CALENDAR.special.values()]
    assert stored == special_days()


def test_the_seed_holds_only_days_that_differ_from_monday_to_friday() -> None:
    plain = WorkCalendar.of((), ())
    assert [
        day for day in CALENDAR.special if plain.is_working(day) == CALENDAR.is_working(day)
    ] == []


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2024, 4, 10), 10, date(2024, 4, 24)),
        (date(2023, 4, 10), 30, date(2023, 5, 23)),
        (date(2024, 4, 26), 1, date(2024, 4, 28)),  # a Sunday that is worked
        (date(2024, 4, 30), 1, date(2024, 5, 6)),  # over the holiday of 1 to 5 May
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2023, 12, 29), 1, date(2024, 1, 2)),  # over a year's end with its holiday
        (date(2024, 5, 3), 1, date(2024, 5, 6)),  # counted from a rest day
        (date(2024, 4, 10), 0, date(2024, 4, 10)),
        (date(2024, 4, 24), -10, date(2024, 4, 10)),
        (date(2024, 1, 2), -1, date(2023, 12, 29)),
        (date(2024, 4, 20), -1, date(2024, 4, 19)),  # back from a Saturday
    ],
)
def test_working_days_are_counted_over_rest_days_and_makeup_days(
    start: date, count: int, due: date
) -> None:
    assert CALENDAR.add_working_days(start, count) == due


def test_ten_natural_days_after_the_notice_of_2024_end_on_a_saturday() -> None:
    due = add_days(date(2024, 4, 10), 10)
    assert (due, CALENDAR.is_working(due)) == (date(2024, 4, 20), False)
    assert CALENDAR.roll_forward(due) == date(2024, 4, 22)


def test_a_day_that_is_worked_does_not_roll() -> None:
    assert CALENDAR.roll_forward(date(2024, 4, 28)) == date(2024, 4, 28)


def test_the_last_day_of_a_year_rolls_into_the_next() -> None:
    assert CALENDAR.roll_forward(date(2022, 12, 31)) == date(2023, 1, 3)


def test_an_unpublished_year_counts_monday_to_friday_and_says_so() -> None:
    assert not CALENDAR.is_published(2027)
    assert CALENDAR.note(2027) == "2027年放假安排未公布，按周一至周五推算"
    assert CALENDAR.is_working(
        date(2027, 1, 1)
    )  # a Friday: nobody can know yet that it is a holiday
    assert not CALENDAR.is_working(date(2027, 1, 2))
    assert CALENDAR.note(2026) == ""


def test_staff_can_give_an_unpublished_year_a_rest_day_before_it_is_published() -> None:
    known = WorkCalendar.of([SpecialDay(date(2027, 4, 9), REST_DAY, "三月三")], ())
    assert known.add_working_days(date(2027, 4, 8), 1) == date(2027, 4, 12)
    assert known.note(2027) != ""


def test_a_day_can_only_be_a_working_day_or_a_rest_day() -> None:
    with pytest.raises(ValueError, match="只能是“上班”或“放假”"):
        SpecialDay(date(2024, 5, 1), "假日")


def test_a_calendar_that_someone_else_edits_gives_other_dates() -> None:
    changed = WorkCalendar.of(
        [*CALENDAR.special.values(), SpecialDay(date(2024, 4, 20), WORKDAY)], CALENDAR.published
    )
    assert changed.add_working_days(date(2024, 4, 10), 10) == date(2024, 4, 23)


@given(DAYS, st.integers(min_value=1, max_value=400))
def test_counting_there_and_back_agrees(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count)
    assert CALENDAR.is_working(end)
    assert CALENDAR.working_days_between(start, end) == count
    assert CALENDAR.working_days_between(end, start) == -count


@given(DAYS, st.integers(min_value=0, max_value=500))
def test_counting_is_what_walking_day_by_day_gives(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    walked = sum(CALENDAR.is_working(start + timedelta(days=n)) for n in range(1, length + 1))
    assert CALENDAR.working_days_between(start, end) == walked


@given(DAYS, st.integers(min_value=-60, max_value=60))
def test_a_later_start_never_gives_an_earlier_due_date(start: date, count: int) -> None:
    next_day = start + timedelta(days=1)
    assert CALENDAR.add_working_days(start, count) <= CALENDAR.add_working_days(next_day, count)


@given(DAYS)
def test_rolling_goes_to_the_first_working_day_at_or_after(day: date) -> None:
    rolled = CALENDAR.roll_forward(day)
    assert rolled >= day and CALENDAR.is_working(rolled)
    assert CALENDAR.working_days_between(day - timedelta(days=1), rolled) == 1
