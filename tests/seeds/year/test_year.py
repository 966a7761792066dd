"""The district's year from 2024-04-10 to 2025-10-31, lived act by act and night by night, and what comes of it.

The figures are worked out by hand from seeds/year/items.csv and its strands; the working stands beside them.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from domain import models
from domain.actors import ROLES
from domain.lifecycle.acts.register import ACTS
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, system_session
from domain.time.calendar import SpecialDay, WorkCalendar
from seeds.demo.district import is_demo
from seeds.files import read
from seeds.year.district import seed_year
from seeds.year.items import year_items
from seeds.year.script import ENDS, full_script, people
from tests.admin.figures.brute import Books
from tests.ground.serving.contents import create_tables
from tests.ground.serving.databases import Databases
from tests.seeds.year.watching import Watch

PROVE = bool(os.environ.get("PROVE"))
AT_THE_END = datetime(2025, 10, 31, 18)
pytestmark = pytest.mark.timeout(7200)


def build_year(url: str) -> None:
    create_tables(url)
    engine = make_engine(url)
    with tempfile.TemporaryDirectory() as folder:
        seed_year(
            engine,
            str.upper,
            lambda: AT_THE_END,
            Path(folder),
            watch=lambda clock: Watch(engine, clock, always=bool(os.environ.get("EVERYBODY"))),
        )
    engine.dispose()


@pytest.fixture(scope="module")
def year(databases: Databases) -> Iterator[ActorSession]:
    """The year as it ended; everybody's 待办 was asked on the way (watching.py). It takes minutes: `make prove`."""
    if not PROVE:
        pytest.skip("make prove lives the year")
    with databases.copy_of("year", build_year) as url:
        engine = make_engine(url)
        with system_session(engine, "测试", lambda: AT_THE_END) as session:
            yield session
        engine.dispose()


def counted(session: ActorSession, column: Any) -> Counter[Any]:
    return Counter(session.scalars(select(column)))


def the_calendar() -> WorkCalendar:
    days = ((date.fromisoformat(r["day"]), r["kind"], r["name"]) for r in read("calendar_days"))
    return WorkCalendar.of((SpecialDay(*day) for day in days), (2024, 2025))


def test_the_script_does_every_act_that_there_is_and_knows_every_role() -> None:
    steps = full_script(the_calendar())
    assert {act.name for act in ACTS} <= {step.act for step in steps}
    assert {row["role"] for row in people()} == set(ROLES)
    doing = {row["username"]: row["role"] for row in people()}
    assert {doing[step.who] for step in steps} == set(ROLES) - {"审计员"}, "an auditor only reads"


def test_the_change_log_names_every_act(year: ActorSession) -> None:
    done = set(year.scalars(select(models.ChangeLog.act).distinct()))
    assert {act.label for act in ACTS} <= {name.removesuffix("（补录）") for name in done}


def test_every_night_was_checked_and_the_year_is_marked_as_a_demo(year: ActorSession) -> None:
    assert is_demo(year)
    last = select(func.max(models.Reminder.created_on))
    assert year.scalar(last) <= ENDS
    assert year.scalar(select(func.count(models.ChangeLog.id))) > 4000


def test_sixty_items_end_where_their_stories_end(year: ActorSession) -> None:
    """60 = 8 市人大 + 8 市政协 + 31 区人大 + 9 区政协 + 4 of 2025, of which two carry on what was promised.

    Not written off: 闭字2 was withdrawn; 003续 is being handled and 101 of 2025 redone; the year ended before the
    writing off of the other two of 2025; the promise of 003 is open, and that of 20240045 was dropped.
    """
    assert len(year_items()) == 60
    states = {"销号": 53, "办结": 4, "办理": 1, "重办": 1, "撤回": 1}
    assert counted(year, models.Proposal.state) == states
    open_ones = select(models.Proposal.number).where(models.Proposal.state.not_in(["销号"]))
    assert sorted(year.scalars(open_ones)) == [
        "003",
        "003",
        "003续",
        "006",
        "101",
        "20240045",
        "闭字2",
    ]
    # 建议: 8 市人大, 29 区人大, 3 of 2025; 提案: 8 市政协, 7 区政协, 1 of 2025.
    kinds = {"建议": 40, "提案": 16, "议案": 1, "建议案": 1, "专线电话件": 1, "社情民意": 1}
    assert counted(year, models.Proposal.kind) == kinds


def test_a_merged_item_follows_its_main_one_and_a_carried_one_names_who_tracks_it(
    year: ActorSession,
) -> None:
    item = models.Proposal
    (merged,) = year.scalars(select(item).where(item.merged_into_id.is_not(None)))
    assert (merged.number, merged.merged_into.number, merged.state) == ("024", "005", "销号")
    got = select(models.Deputy.name).join(models.Delivery).join(models.Reply)
    assert set(year.scalars(got.where(models.Reply.proposal_id == merged.merged_into_id))) == {
        "农桂芳",
        "甘志远",
    }
    heirs = year.scalars(select(item).where(item.carried_from_id.is_not(None)))
    told = {(h.number, h.tracker, h.carried_from.number, h.meeting.year) for h in heirs}
    assert told == {("003续", "梁建平", "003", 2025), ("006", "刘颖", "006", 2025)}


def test_tasks_and_replies_are_as_many_as_the_story_has(year: ActorSession) -> None:
    """Tasks at work: 58 items with a main unit (60 less 闭字2 withdrawn and 024 merged), 009 with two, and 30 partners;
    and 闭字2's, which stays 办理中 though its item was withdrawn.

    Ended: 020 and 022 given back; 026 handed on, 001's third partner and 024 (by 并案) taken back.
    """
    tasks = {"已答复": 57, "已完成": 30, "办理中": 3, "已退办": 2, "已撤办": 3}
    assert counted(year, models.Assignment.state) == tasks
    kinds = Counter(
        tuple(row) for row in year.execute(select(models.Reply.kind, models.Reply.state))
    )
    # 56 last answers (59 tasks less two of the upper level and 003续), 002 once and 017 twice redone, 007 changed.
    assert kinds == {
        ("答复", "已答复"): 56 + 1 + 2 + 1,
        ("答复", "拟稿"): 1,  # 101 of 2025
        ("协办意见", "已答复"): 30 + 2,  # and the two items of the upper level
        ("再次答复", "已答复"): 5,  # 301, 20240008, 20240045, 003, 006
    }


FIGURES = {
    "items": 60,
    "key_items": 6,  # 001 003 007 议1 103 20240008
    "withdrawn": 1,
    "handled": 58,  # 60 less withdrawn and merged
    "led": 58,
    "to_answer": 89,  # 59 main tasks and 30 partners'
    "answered": 88,  # not 003续
    "come_due": 88,
    "on_time": 86,  # not 016, two days late, nor 区财政局's opinion on 012
    "closed": 56,  # 53 written off less 024, and 4
    "sent_back": 3,  # 012 thrice by the office; 001 and 012 by leaders do not count
    "asked_back": 4,  # 020 twice (once withdrawn), 022, 023; 001 asked for a further unit
    "to_meet": 6,
    "met_of_these": 6,
    "met": 56,  # 58 less the two of the upper level
    "final_answers": 56,
    "letter_a": 48,
    "letter_b": 5,  # 301 20240008 20240045 003 006
    "letter_c": 3,  # 305, and 009 twice
    "to_publish": 54,  # 56 less 017 and 20240118
    "published": 53,  # less 101 of 2025, not yet
    "first_rated": 58,  # one a final answer, and two more for 001
    "first_satisfied": 44,  # less 11 基本满意 and 3 不满意 (002, 017, 101 of 2025)
    "rated": 58,
    "satisfied": 45,  # less 12 基本满意 (017 among them by now) and 101 of 2025
    "satisfied_or_fairly": 57,
    "not_satisfied": 1,
    "looked_back": 7,  # the five B, 007 which was one, and 003's own second look
    "turned": 5,
    "promises": 5,  # six less the dropped one
    "kept": 4,  # 006 007 301 20240008
}


def test_the_measures_are_those_worked_out_by_hand(year: ActorSession) -> None:
    found = Books(year, ENDS).numbers()
    assert {name: found[name] for name in FIGURES} == FIGURES


def test_points_are_what_each_unit_has_earned(year: ActorSession) -> None:
    """区财政局: plan for 021 two days late 0.5, opinion on 012 late 0.5 (upheld). 区城管执法局: 018's plan came back
    and was late 0.5, 002 不满意 2. 区农业农村局: 012 returned thrice by the office 1.5. 区住建局: 017 twice 不满意 4,
    议1 closed late 1. 区文体广旅局: 016 answered late 1 (cancelled, restored). 区卫健局: 20240045 again late 1.
    区商务局: 101 of 2025 不满意 2. 区教育局: a bonus.
    """
    entry, rule, unit = models.ScoreEntry, models.ScoreRule, models.Unit
    query = (
        select(unit.short_name, rule.kind, func.sum(entry.points))
        .join(rule, rule.id == entry.score_rule_id)
        .join(unit, unit.id == entry.unit_id)
        .where(entry.standing.not_in(["撤销"]))
        .group_by(unit.short_name, rule.kind)
    )
    assert {(row[0], row[1]): float(row[2]) for row in year.execute(query)} == {
        ("区财政局", "扣分"): 1.0,
        ("区城管执法局", "扣分"): 2.5,
        ("区农业农村局", "扣分"): 1.5,
        ("区住建局", "扣分"): 5.0,
        ("区文体广旅局", "扣分"): 1.0,
        ("区卫健局", "扣分"): 1.0,
        ("区商务局", "扣分"): 2.0,
        ("区教育局", "加分"): 1.0,
    }
    standings = counted(year, entry.standing)
    assert standings == {"有效": 12, "维持": 2}


LATE = {
    # item, unit, milestone: due; 蓝 the day after, 黄 after 5 and 红 after 10 working days unless it is done before
    ("021", "签收", "逾期蓝", "2024-04-16"),  # due 04-15, done 04-17
    ("021", "办理方案", "逾期蓝", "2024-04-23"),  # due 04-20, a Saturday, so 04-22; done 04-24
    ("018", "办理方案", "逾期蓝", "2024-04-23"),  # returned on 04-22, filed again on 04-23
    ("012", "协办意见", "逾期蓝", "2024-05-24"),  # 30 working days: 05-23; done 05-29
    ("016", "答复", "逾期蓝", "2024-07-11"),  # three months: 07-10; done 07-12
    ("议1", "办结", "逾期蓝", "2024-10-01"),  # due 09-30, closed 10-15; the holiday does not count:
    ("议1", "办结", "逾期黄", "2024-10-12"),  # 10-08 09 10 11 and Saturday 12, which was worked
    ("20240045", "再梳理", "逾期蓝", "2024-11-01"),  # due 10-31, confirmed 11-06
    ("20240045", "再次答复", "逾期蓝", "2025-10-01"),  # due 09-30, done 10-17
    ("20240045", "再次答复", "逾期黄", "2025-10-14"),  # 10-09 10 11 (Saturday, worked) 13 14
    ("101", "办结", "逾期蓝", "2025-10-01"),  # open
    ("101", "办结", "逾期黄", "2025-10-14"),
    ("101", "办结", "逾期红", "2025-10-21"),  # 15 16 17 20 21
}


def test_who_was_late_was_told_on_the_right_nights(year: ActorSession) -> None:
    told, line = models.Reminder, models.Deadline
    query = (
        select(models.Proposal.number, line.milestone, told.step, told.created_on)
        .join(line, line.id == told.deadline_id)
        .join(models.Assignment, models.Assignment.id == line.assignment_id)
        .join(models.Proposal, models.Proposal.id == models.Assignment.proposal_id)
        .where(told.step.startswith("逾期"))
    )
    assert {(*row[:3], row[3].isoformat()) for row in year.execute(query)} == LATE


def test_a_promise_drives_its_item_until_it_is_kept(year: ActorSession) -> None:
    promises = counted(year, models.Commitment.state)
    assert promises == {"已销号": 4, "推进中": 1, "不再推进": 1}
    extended = year.scalars(select(models.Deadline).where(models.Deadline.origin == "延期"))
    assert {(x.milestone, x.due_on, x.extended_from_on) for x in extended} == {
        ("答复", date(2024, 7, 31), date(2024, 7, 10)),  # 008, granted
        ("答复", date(2025, 11, 30), date(2025, 7, 14)),  # 003续, granted
        ("办结", date(2025, 12, 31), date(2025, 9, 30)),  # 003续, by the office
    }


def test_the_script_names_only_files_that_are_there() -> None:
    assert {row["number"] for row in read("year/items")} == set(year_items())
