"""Quiet hours and rest days: when people may be written to, from the office's settings."""

from datetime import date, datetime

import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.messages.hours import SendingHours, load_hours, period_at
from domain.storing.session import system_session
from domain.time.calendar import WorkCalendar
from seeds.reference import seed_reference

PLAIN = WorkCalendar.of((), ())


@pytest.mark.parametrize(
    ("now", "period"),
    [
        ("2024-04-15 07:59", None),
        ("2024-04-15 08:00", "2024-04-15 08"),
        ("2024-04-15 11:59", "2024-04-15 08"),
        ("2024-04-15 12:00", "2024-04-15 12"),
        ("2024-04-15 19:59", "2024-04-15 16"),
        ("2024-04-15 20:00", None),
        ("2024-04-13 09:00", None),  # a Saturday
    ],
)
def test_a_period_begins_every_few_hours_between_the_quiet_ones(
    now: str, period: str | None
) -> None:
    assert SendingHours().period(datetime.fromisoformat(now), PLAIN) == period


def test_rest_days_are_the_offices_own_and_may_be_allowed(engine: Engine) -> None:
    with system_session(engine, "测试", lambda: datetime(2024, 4, 1, 9)) as session:
        seed_reference(session)
        tomb_sweeping = datetime(2024, 4, 4, 9)
        assert period_at(session, tomb_sweeping) is None  # a Thursday, and a holiday
        assert period_at(session, datetime(2024, 4, 7, 9)) is not None  # a Sunday that is worked
        setting = models.Setting
        row = session.scalars(select(setting).filter_by(name="SEND_ON_REST_DAYS")).one()
        row.value = "1"
        session.flush()
        assert period_at(session, tomb_sweeping) == "2024-04-04 08"


def test_settings_that_make_no_sense_are_the_defaults(engine: Engine) -> None:
    with system_session(engine, "测试", lambda: datetime(2024, 4, 1, 9)) as session:
        seed_reference(session)
        setting = models.Setting
        for name, value in (("SEND_FROM_HOUR", "九点"), ("SEND_EVERY_HOURS", "0")):
            session.scalars(select(setting).filter_by(name=name)).one().value = value
        session.flush()
        assert load_hours(session) == SendingHours()
    assert date(2024, 4, 1)
