"""What the office and a unit see of due dates: the calendar, the late list, the bell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.actors import Actor
from domain.dues import bell, duelists
from domain.dues.due_states import DueState
from domain.dues.nightly import check_deadlines
from domain.dues.report_dues import report_dues
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, actor_session, system_session
from seeds.reference import seed_reference
from tests.ground.serving.contents import create_tables
from tests.ground.serving.databases import Databases
from tests.ground.tasks import a_deadline, a_task, an_item

TODAY = date(2024, 5, 13)  # a Monday
NOW = datetime(2024, 5, 13, 9)
As = Callable[[str], ActorSession]
PEOPLE = {
    "duban": ("交办督查", None),
    "jyj": ("承办单位联络员", "区教育局"),
    "jyj-ld": ("承办单位领导", "区教育局"),
    "czj": ("承办单位联络员", "区财政局"),
    "shenji": ("审计员", None),
}


def build(url: str) -> None:
    """Two items: 001 led by education with finance as a partner, 002 led by finance."""
    create_tables(url)
    engine = make_engine(url)
    with system_session(engine, "准备", lambda: NOW) as session:
        seed_reference(session)
        units = {unit.short_name: unit.id for unit in session.scalars(select(models.Unit))}
        for username, (role, unit) in PEOPLE.items():
            words = {"full_name": username, "role": role, "unit_id": units[unit] if unit else None}
            session.add(models.User(username=username, **words))
        first, second = an_item(session, "001"), an_item(session, "002")
        lead, partner = a_task(session, first), a_task(session, first, "区财政局", "协办")
        other = a_task(session, second, "区财政局")
        a_deadline(session, lead, date(2024, 4, 19))  # red
        a_deadline(session, lead, date(2024, 5, 10), "办理方案", done_on=date(2024, 5, 11))
        a_deadline(session, lead, date(2024, 5, 9), "申请退办")
        a_deadline(session, partner, date(2024, 5, 10), "协办意见")  # blue
        a_deadline(session, other, date(2024, 5, 16))  # three working days ahead
        a_deadline(session, other, date(2024, 5, 31), "办结")
        check_deadlines(session, TODAY)
        session.commit()
    engine.dispose()


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    with databases.copy_of("due lists", build) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def acting(engine: Engine) -> Callable[[str], ActorSession]:
    """A session of the person with this log-in name."""

    @contextmanager
    def session_of(username: str) -> Iterator[ActorSession]:
        with system_session(engine, "登录", lambda: NOW) as session:
            user = session.scalars(select(models.User).filter_by(username=username)).one()
            actor = Actor.of(user)
        with actor_session(engine, actor, lambda: NOW) as session:
            yield session

    return session_of


def test_the_office_sees_the_late_units_with_the_reddest_first(acting: As) -> None:
    with acting("duban") as session:
        units = duelists.late_by_unit(session, TODAY)
    assert [(u.unit, u.red, u.yellow, u.blue, u.total, u.oldest_on) for u in units] == [
        ("鱼峰区教育局", 1, 0, 0, 1, date(2024, 4, 19)),
        ("鱼峰区财政局", 0, 0, 1, 1, date(2024, 5, 10)),
    ]


def test_the_late_list_names_the_item_the_unit_and_the_days(acting: As) -> None:
    with acting("duban") as session:
        rows = duelists.late(session, TODAY)
    assert [(r.number, r.unit, r.milestone, r.state) for r in rows] == [
        ("001", "鱼峰区教育局", "答复", DueState("逾期", "红", 15)),
        ("001", "鱼峰区财政局", "协办意见", DueState("逾期", "蓝", 2)),
    ]


def test_the_offices_choice_of_when_late_turns_red_holds_for_everybody(
    engine: Engine, acting: As
) -> None:
    with system_session(engine, "设置", lambda: NOW) as session:
        setting = session.scalars(select(models.Setting).filter_by(name="LATE_RED_DAYS")).one()
        setting.value = "30"
        session.commit()
    with acting("jyj") as session:
        assert [r.state.level for r in duelists.late(session, TODAY)] == ["黄"]


def test_the_office_can_look_at_one_unit_alone(acting: As) -> None:
    with acting("duban") as session:
        (_, finance) = duelists.late_by_unit(session, TODAY)
        rows = duelists.late(session, TODAY, finance.unit_id)
    assert [r.unit for r in rows] == ["鱼峰区财政局"]


def test_a_liaison_sees_the_late_tasks_of_the_own_unit_alone(acting: As) -> None:
    with acting("jyj") as session:
        rows = duelists.late(session, TODAY)
        units = duelists.late_by_unit(session, TODAY)
    assert {r.unit for r in rows} == {u.unit for u in units} == {"鱼峰区教育局"}


def test_a_liaison_cannot_open_another_units_late_list(acting: As) -> None:
    with acting("duban") as session:
        finance = duelists.late_by_unit(session, TODAY)[1].unit_id
    with acting("jyj") as session:
        assert duelists.late(session, TODAY, finance) == []


def test_a_window_that_has_closed_is_on_no_late_list(acting: As) -> None:
    with acting("duban") as session:
        assert "申请退办" not in {r.milestone for r in duelists.late(session, TODAY)}


def test_the_calendar_counts_every_day_by_state_and_knows_the_holidays(acting: As) -> None:
    with acting("duban") as session:
        month = duelists.month(session, date(2024, 5, 20), TODAY)
    days = {day.on: day for day in month.days}
    assert (len(days), month.note) == (31, "")
    assert dict(days[date(2024, 5, 10)].counts) == {"逾期完成": 1, "逾期": 1}
    assert dict(days[date(2024, 5, 16)].counts) == {"临期": 1}
    assert dict(days[date(2024, 5, 31)].counts) == {"未到期": 1}
    assert (days[date(2024, 5, 1)].is_working, days[date(2024, 5, 1)].holiday) == (False, "劳动节")
    assert days[date(2024, 5, 11)].is_working  # a Saturday that is worked


def test_the_calendar_of_a_year_without_published_holidays_says_so(acting: As) -> None:
    with acting("duban") as session:
        note = duelists.month(session, date(2027, 5, 1), TODAY).note
    assert note == "2027年放假安排未公布，按周一至周五推算"


def test_a_liaisons_calendar_holds_the_own_units_days(acting: As) -> None:
    with acting("jyj") as session:
        month = duelists.month(session, TODAY, TODAY)
    counted = {day.on: dict(day.counts) for day in month.days if day.counts}
    assert counted == {date(2024, 5, 9): {"逾期": 1}, date(2024, 5, 10): {"逾期完成": 1}}


def test_a_day_of_the_calendar_opens_its_list_with_the_open_ones_first(acting: As) -> None:
    with acting("duban") as session:
        rows = duelists.due_on_day(session, date(2024, 5, 10), TODAY)
    assert [(r.unit, r.state.state) for r in rows] == [
        ("鱼峰区财政局", "逾期"),
        ("鱼峰区教育局", "逾期完成"),
    ]


def test_an_auditor_sees_no_due_dates(acting: As) -> None:
    with acting("shenji") as session:
        assert duelists.late(session, TODAY) == []
        assert bell.count(session) == 0


def test_a_task_without_a_date_for_its_answer_is_on_a_list(engine: Engine, acting: As) -> None:
    with system_session(engine, "交办", lambda: NOW) as session:
        a_task(session, an_item(session, "003"), "区民政局")
        session.commit()
    with acting("duban") as session:
        assert [task.unit.short_name for task in duelists.undated(session)] == ["区民政局"]


@pytest.mark.parametrize(
    ("person", "heard"),
    [
        ("jyj", [("001", "逾期红")]),
        ("jyj-ld", [("001", "逾期红")]),
        ("czj", [("001", "逾期蓝"), ("002", "提前3日")]),
        ("duban", [("001", "逾期红")]),
    ],
)
def test_the_bell_rings_for_those_whom_it_concerns(
    acting: As, person: str, heard: list[tuple[str, str]]
) -> None:
    with acting(person) as session:
        assert [(ring.number, ring.step) for ring in bell.rings(session)] == heard
        assert bell.count(session) == len(heard)


def test_only_the_last_reminder_of_a_deadline_rings(engine: Engine, acting: As) -> None:
    with system_session(engine, "每日检查", lambda: NOW) as session:
        check_deadlines(session, date(2024, 5, 17))
        session.commit()
    with acting("czj") as session:
        assert {(r.number, r.step) for r in bell.rings(session)} == {
            ("001", "逾期黄"),
            ("002", "逾期蓝"),
        }


def test_a_reminder_that_was_read_rings_no_more(acting: As) -> None:
    with acting("czj") as session:
        first = bell.rings(session)[0]
        assert bell.read(session, [first.reminder_id]) == 1
        session.commit()
        assert first not in bell.rings(session)
        assert bell.read(session) == 1
        session.commit()
        assert bell.count(session) == 0


def test_a_liaison_cannot_silence_another_units_bell(acting: As) -> None:
    with acting("czj") as session:
        theirs = [ring.reminder_id for ring in bell.rings(session)]
    with acting("jyj") as session:
        assert bell.read(session, theirs) == 0
        session.commit()
    with acting("czj") as session:
        assert bell.count(session) == len(theirs)


def test_a_late_unit_cannot_keep_its_leader_or_the_office_from_hearing(acting: As) -> None:
    with acting("jyj") as session:
        assert bell.read(session) == 1
        session.commit()
        assert bell.count(session) == 0
    for person in ("jyj-ld", "duban"):
        with acting(person) as session:
            assert [(ring.number, ring.step) for ring in bell.rings(session)] == [("001", "逾期红")]


def test_reading_twice_counts_once(acting: As) -> None:
    with acting("jyj") as session:
        named = [ring.reminder_id for ring in bell.rings(session)]
        assert bell.read(session, named) == 1
        assert bell.read(session, named) == 0
        session.commit()
    with acting("duban") as session:
        read = session.scalars(select(models.ReminderRead)).all()
        assert [(mark.user.username, mark.read_at) for mark in read] == [("jyj", NOW)]


def test_the_bell_falls_silent_when_the_work_is_done(engine: Engine, acting: As) -> None:
    with system_session(engine, "答复", lambda: NOW) as session:
        for line in session.scalars(
            select(models.Deadline).where(models.Deadline.done_on.is_(None))
        ):
            line.done_on = TODAY
        session.commit()
    with acting("duban") as session:
        assert bell.count(session) == 0


def test_every_unit_owes_one_report_for_its_year(engine: Engine, acting: As) -> None:
    with system_session(engine, "总结", lambda: NOW) as session:
        finance = session.scalars(select(models.Unit).filter_by(short_name="区财政局")).one()
        words = {"year": 2024, "submitted_on": date(2024, 5, 12)}
        session.add(models.UnitReport(unit_id=finance.id, **words))
        session.commit()
    with acting("duban") as session:
        dues = report_dues(session, TODAY)
    assert [(d.unit, d.year, d.due_on, d.state.state) for d in dues] == [
        ("鱼峰区教育局", 2024, date(2024, 10, 20), "未到期"),
        ("鱼峰区财政局", 2024, date(2024, 10, 20), "已完成"),
    ]
    with acting("jyj") as session:
        assert [d.unit for d in report_dues(session, TODAY)] == ["鱼峰区教育局"]
