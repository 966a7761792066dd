"""The demo district: the same on the same day, alive on every day, and only in an empty database."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, func, select

from domain import models
from domain.actors import ROLES
from domain.dues.due_states import due_state
from domain.dues.nightly import check_deadlines
from domain.dues.rulebook import load_calendar
from domain.schema.states import ReplyState
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, system_session
from seeds.demo.district import HELP, MARK, NotEmpty, is_demo, seed_demo
from seeds.demo.meetings import numeral, term_and_session
from seeds.demo.people import password_of
from seeds.reference import seed_reference
from tests.ground.district import Panel
from tests.ground.serving.contents import create_tables
from tests.ground.serving.databases import Databases, SQLiteDatabases
from tests.ground.tasks import an_item

A_DAY = datetime(2026, 11, 21, 9)


def opened(engine: Engine, now: datetime) -> ActorSession:
    return system_session(engine, "演示数据", lambda: now)


def build_demo(url: str) -> None:
    create_tables(url)
    engine = make_engine(url)
    with opened(engine, A_DAY) as session:
        assert seed_demo(session, str.upper)
        session.commit()
    engine.dispose()


@pytest.fixture
def demo(databases: Databases) -> Iterator[ActorSession]:
    """The demo as of A_DAY, made once and copied."""
    with databases.copy_of("demo", build_demo) as url:
        engine = make_engine(url)
        with opened(engine, A_DAY) as session:
            yield session
        engine.dispose()


def counted(session: ActorSession, column: object) -> Counter:
    return Counter(session.scalars(select(column)))


def test_the_demo_has_the_sample_units_and_meetings_and_those_of_this_year(
    demo: ActorSession,
) -> None:
    assert demo.scalar(select(func.count(models.Unit.id))) == 44
    assert set(demo.scalars(select(models.Meeting.name))) == {
        "柳州市第十五届人大第五次会议",
        "柳州市政协十三届四次会议",
        "鱼峰区第十四届人大第一次会议",
        "柳州市政协十四届一次会议",
    }


def test_the_demo_has_people_of_every_role_who_may_walk_in_at_once(demo: ActorSession) -> None:
    assert set(counted(demo, models.User.role)) == set(ROLES)
    assert set(counted(demo, models.User.must_change_password)) == {False}
    liaisons = demo.scalars(select(models.User).filter_by(role="承办单位联络员"))
    assert {"区教育局", "区住建局", "区财政局"} <= {user.unit.short_name for user in liaisons}


def test_the_demo_shows_every_state_there_is(demo: ActorSession) -> None:
    states = set(counted(demo, models.Proposal.state))
    assert states == {"登记", "交办", "办理", "审核", "答复", "评价", "重办", "办结", "销号"}
    tasks = set(counted(demo, models.Assignment.state))
    assert tasks == {"待签收", "退办中", "已退办", "办理中", "审核中", "已答复", "已完成"}
    replies = set(counted(demo, models.Reply.state))
    every = set(models.schema.tables["replies"].columns["state"].choices)
    assert replies == every - {
        ReplyState.COUNTERSIGNED
    }  # no notice that the demo follows asks for it


def test_the_demo_shows_both_kinds_levels_and_all_that_is_special(demo: ActorSession) -> None:
    assert demo.scalar(select(func.count(models.Proposal.id))) > 60
    assert {"建议", "提案"} <= set(counted(demo, models.Proposal.kind))
    assert {"区县级", "市级"} <= set(counted(demo, models.Meeting.level))
    assert set(counted(demo, models.Assignment.role)) == {"主办", "协办", "分办"}
    assert counted(demo, models.Proposal.area_role)["协办"] >= 2
    for special in ("key_kind", "merged_into_id", "carried_from_id", "written_off_on"):
        column = getattr(models.Proposal, special)
        assert demo.scalar(select(func.count(column))), special
    ratings = set(counted(demo, models.Feedback.result_rating))
    assert {"满意", "基本满意", "不满意"} <= ratings
    assert demo.scalar(select(func.count(models.Commitment.id))) >= 4
    assert demo.scalar(select(func.max(models.Reply.round))) == 2


@pytest.mark.parametrize(
    "today",
    [
        date(2026, 11, 21),  # a Saturday
        date(2026, 10, 7),  # the end of a long holiday
        date(2026, 2, 24),  # after the Spring Festival
        date(2027, 1, 4),  # a year not published yet
        date(2028, 2, 29),
        date(2025, 3, 3),  # before the promises of 2024 are looked back upon
        date(2024, 4, 10),
    ],
)
def test_on_whatever_day_it_starts_something_is_near_and_something_is_late(
    sqlite_databases: SQLiteDatabases, today: date
) -> None:
    """Days are reckoned before any database is asked: one kind tells."""
    now = datetime(today.year, today.month, today.day, 9)
    with sqlite_databases.copy_of("schema", create_tables) as url:
        engine = make_engine(url)
        with opened(engine, now) as session:
            _check_that_it_is_alive(session, today)
        engine.dispose()


def _check_that_it_is_alive(session: ActorSession, today: date) -> None:
    seed_demo(session, str.upper)
    calendar, line = load_calendar(session), models.Deadline
    rows = session.execute(select(line.due_on, line.done_on))
    states = Counter(due_state(due, done, today, calendar).state for due, done in rows)
    for state in ("未到期", "临期", "逾期", "已完成"):
        assert states[state] >= 3, (state, states)
    assert not [on for on in dates_stored(session) if on > today]


def dates_stored(session: ActorSession) -> Iterator[date]:
    """Every date of something that has happened."""
    happened = {
        models.Assignment: ("signed_on", "finished_on", "handed_over_on"),
        models.HandlingPlan: ("submitted_on", "accepted_on"),
        models.LedgerEntry: ("happened_on",),
        models.Reply: (
            "drafted_on",
            "submitted_on",
            "approved_on",
            "issued_on",
            "reported_on",
            "published_on",
        ),
        models.Delivery: ("sent_on",),
        models.Feedback: ("received_on",),
        models.Proposal: ("closed_on", "written_off_on", "submitted_on"),
        models.Deadline: ("done_on",),
    }
    for cls, names in happened.items():
        for name in names:
            column = getattr(cls, name)
            yield from session.scalars(select(column).where(column.is_not(None)))


def everything_told(session: ActorSession) -> dict[str, list[tuple]]:
    """Every row of every table but the users', whose hashes are salted."""
    tables = {
        n: c.__table__ for n, c in models.by_table.items() if n not in ("users", "change_log")
    }
    return {
        name: [tuple(row) for row in session.execute(select(table).order_by(table.c.id))]
        for name, table in tables.items()
    }


def test_the_same_day_gives_the_same_demo(databases: Databases, demo: ActorSession) -> None:
    with databases.copy_of("schema", create_tables) as url:
        other = make_engine(url)
        with opened(other, A_DAY) as session:
            seed_demo(session, str.upper)
            assert everything_told(session) == everything_told(demo)
        other.dispose()


def test_seeding_the_demo_again_changes_nothing(demo: ActorSession) -> None:
    before = everything_told(demo)
    demo.info["clock"] = lambda: datetime(2026, 12, 24, 9)
    assert not seed_demo(demo, str.upper)
    assert everything_told(demo) == before


def test_the_demo_stays_out_of_an_offices_own_database(engine: Engine) -> None:
    with opened(engine, A_DAY) as session:
        seed_reference(session)
        an_item(session)
        with pytest.raises(NotEmpty, match="库里已有建议提案"):
            seed_demo(session, str.upper)
        assert not is_demo(session)


def test_the_bell_rings_in_the_demo_from_the_start(demo: ActorSession) -> None:
    audiences = counted(demo, models.Reminder.audience)
    assert min(audiences[name] for name in ("联络员", "单位领导", "交办督查")) >= 1
    assert check_deadlines(demo, A_DAY.date()).new == 0


def test_passwords_differ_by_user_and_installation() -> None:
    made = {password_of(key, name) for key in ("a", "b") for name in ("admin", "jyj")}
    assert len(made) == 4
    assert password_of("a", "admin") == password_of("a", "admin")


@pytest.mark.parametrize(("number", "words"), [(4, "四"), (10, "十"), (14, "十四"), (20, "二十")])
def test_numbers_are_written_as_meetings_are_called(number: int, words: str) -> None:
    assert numeral(number) == words


def test_the_count_of_meetings_agrees_with_the_known_one_of_2024() -> None:
    assert term_and_session(2024) == (13, 4)


def test_the_settings_stand_as_the_office_needs_them_and_say_what_the_demo_is(panel: Panel) -> None:
    """The area's name first; what says that all this is made up, last."""
    with panel.truth() as session:
        seed_reference(session)
        session.add(models.Setting(name=MARK, label="演示数据", value="2026-11-21", help=HELP))
        session.commit()
    page = panel.as_("admin").get("/settings/")
    labels = ("地区名称", "上级地区", "发文单位", "多少天不用就停用账号", "演示数据")
    places = [page.index(f">{label}<") for label in labels]
    assert places == sorted(places)
    assert HELP in page
