"""A new database starts with what the office would otherwise have to type in."""

from datetime import date, datetime

import pytest
from sqlalchemy import Engine, func, select

from domain import models
from domain.dues.rulebook import load_calendar, load_rulebook
from domain.storing.session import ActorSession, system_session
from seeds.files import read
from seeds.reference import seed_reference


@pytest.fixture
def session(engine: Engine, now: datetime) -> ActorSession:
    with system_session(engine, "初始数据", lambda: now) as session:
        seed_reference(session)
        session.commit()
        yield session


def test_the_units_and_meetings_of_the_sample_district_are_there(session: ActorSession) -> None:
    assert session.scalar(select(func.count(models.Unit.id))) == 44
    names = set(session.scalars(select(models.Meeting.name)))
    assert names == {"柳州市第十五届人大第五次会议", "柳州市政协十三届四次会议"}


def test_a_unit_is_found_by_its_alias_and_shown_by_its_short_name(session: ActorSession) -> None:
    alias = session.scalars(
        select(models.UnitAlias).filter_by(alias="区、区政府督查绩效办")
    ).first()
    assert alias is None
    alias = session.scalars(
        select(models.UnitAlias).filter_by(alias="区委、区政府督查绩效办")
    ).one()
    assert (alias.unit.name, alias.unit.short_name) == (
        "区委区政府督查和绩效考评办公室",
        "区督查绩效办",
    )


def test_the_calendar_in_the_database_counts_as_the_files_do(session: ActorSession) -> None:
    calendar = load_calendar(session)
    assert calendar.add_working_days(date(2024, 4, 10), 10) == date(2024, 4, 24)
    assert calendar.add_working_days(date(2023, 4, 10), 30) == date(2023, 5, 23)
    assert (calendar.is_published(2026), calendar.is_published(2027)) == (True, False)


def test_every_rule_of_the_three_notices_reaches_the_rulebook(session: ActorSession) -> None:
    stored = session.scalar(select(func.count(models.DeadlineRule.id)))
    assert stored == len(read("deadline_rules"))
    meeting_id = session.scalar(select(models.Meeting.id).filter_by(body="人大"))
    rules = load_rulebook(session).meetings[meeting_id].rules
    of_yufeng = [r for r in read("deadline_rules") if r["rule_set"] == "鱼峰区2024年通知"]
    assert sorted(r.milestone for r in rules) == sorted(r["milestone"] for r in of_yufeng)


def test_a_meeting_has_the_letters_of_its_notice(session: ActorSession) -> None:
    meeting = session.scalars(select(models.Meeting).filter_by(body="政协")).one()
    letters = session.scalars(select(models.AnswerCategory).filter_by(meeting_id=meeting.id))
    assert [(a.letter, a.is_promise) for a in letters] == [("A", False), ("B", True), ("C", False)]


def test_seeding_again_adds_nothing_and_takes_nothing_back(session: ActorSession) -> None:
    setting = session.scalars(select(models.Setting).filter_by(name="AREA_NAME")).one()
    setting.value = "城中区"
    session.flush()
    assert set(seed_reference(session).values()) == {0}
    session.refresh(setting)
    assert setting.value == "城中区"
