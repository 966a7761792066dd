"""Numbers: each is the count of the list behind it, for everybody and by everything, and what a count by hand gives."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from werkzeug.datastructures import MultiDict

from admin.figures.tabling import NOTHING, FigureAsking, FigureTable, by_size, make_table
from admin.frame.db import db
from admin.tables.desk import Desk
from admin.tables.finding.asking import read_asked
from domain import models
from domain.actors import AGENCY, DEPUTY, LIAISON, OFFICE, SUPERVISOR
from domain.statistics.conditions import CONDITIONS
from domain.statistics.dimensions import DIMENSIONS
from domain.statistics.register import MEASURES, PARTS, RATES
from domain.storing.database import read_only
from domain.storing.session import ActorSession, system_session
from tests.admin.figures.brute import Books
from tests.admin.on_demo import first_of, opened_demo
from tests.ground.district import Panel
from tests.ground.kept_apps import KeptApps
from tests.ground.serving.databases import Databases
from tests.seeds.test_seed_demo import A_DAY

TODAY = A_DAY.date()
PROVE = bool(os.environ.get("PROVE"))
ASKED_BY_ALL = ("", "unit", "meeting", "letter", "month")
EVERYTHING = tuple(MEASURES.values()), tuple(RATES.values())
WHO = (OFFICE, LIAISON, SUPERVISOR, AGENCY, DEPUTY)


@pytest.fixture(scope="module")
def demo_app(
    databases: Databases, kept_apps: KeptApps, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The panel on the demo as of A_DAY, for tests that only read."""
    with opened_demo(databases, kept_apps, tmp_path_factory.mktemp("figures")) as app:
        yield app


@contextmanager
def desk_of(app: Flask, role: str) -> Iterator[Desk]:
    """The first person of a role at the items, reading."""
    with first_of(app, role) as session:
        yield Desk(models.schema.tables["proposals"], session.actor, session)


def table_of(desk: Desk, by: str = "", **more: Any) -> FigureTable:
    return make_table(
        desk, FigureAsking(DIMENSIONS.get(by), *EVERYTHING, more.get("slices", ()), TODAY)
    )


def listed(desk: Desk, url: str) -> int:
    """How many rows the list of an address has for this person."""
    parts = urlsplit(url)
    there = desk.beside(parts.path.strip("/"))
    asked = read_asked(there, MultiDict(parse_qsl(parts.query)), TODAY)
    ids = asked.narrow(there.query(), there).with_only_columns(there.model.id).subquery()
    return there.session.scalar(select(func.count()).select_from(ids)) or 0


@pytest.mark.parametrize(
    ("role", "by"),
    [
        (role, by)
        for role in WHO
        for by in ("", *DIMENSIONS)
        if PROVE or role == OFFICE or by in ASKED_BY_ALL
    ],
)
def test_every_number_is_the_count_of_the_list_that_it_opens(
    demo_app: Flask, role: str, by: str
) -> None:
    with desk_of(demo_app, role) as desk:
        table = table_of(desk, by)
        assert table.headings and (table.lines or not by)
        lines = table.lines if PROVE else (*table.lines[:1], *table.lines[-1:])
        for line in (*lines, table.total):
            for heading, figure in zip(table.headings, line.figures, strict=True):
                if figure.pair and figure.url and not heading.is_rate:
                    assert listed(desk, figure.url) == figure.pair[0], (line.label, heading.label)


def test_a_rate_opens_the_list_of_what_it_divides(demo_app: Flask) -> None:
    with desk_of(demo_app, OFFICE) as desk:
        table = table_of(desk)
    urls = {h.name: f.url for h, f in zip(table.headings, table.total.figures, strict=True)}
    assert all(urls[rate.name] == urls[rate.of.name] for rate in RATES.values())


def test_every_measure_is_what_a_count_by_hand_gives(demo_app: Flask) -> None:
    with (
        demo_app.app_context(),
        system_session(read_only(db.engine), "测试", lambda: A_DAY) as truth,
    ):
        by_hand = Books(truth, TODAY).numbers()
    with desk_of(demo_app, OFFICE) as desk:
        table = table_of(desk)
    found = {
        h.name: f.pair[0]
        for h, f in zip(table.headings, table.total.figures, strict=True)
        if not h.is_rate and f.pair
    }
    assert found == by_hand
    assert found.keys() == MEASURES.keys()
    assert sum(1 for number in found.values() if number) > 30


def test_lines_add_up_to_the_whole_where_nothing_is_in_two(demo_app: Flask) -> None:
    with desk_of(demo_app, OFFICE) as desk:
        for by in ("meeting", "year", "level", "kind", "key_kind"):
            table = table_of(desk, by)
            assert not table.is_multiple
            for place, heading in enumerate(table.headings):
                if not heading.is_rate:
                    parts = [(line.figures[place].pair or (0, 0))[0] for line in table.lines]
                    assert sum(parts) == (table.total.figures[place].pair or (0, 0))[0]
        assert table_of(desk, "unit").is_multiple


def test_one_question_for_each_measure_however_many_units_there_are(demo_app: Flask) -> None:
    asked: list[str] = []
    with desk_of(demo_app, OFFICE) as desk:
        event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        measures = (MEASURES["to_answer"], MEASURES["led"], MEASURES["sent_back"])
        table = make_table(desk, FigureAsking(DIMENSIONS["unit"], measures, (), (), TODAY))
        assert len(table.lines) > 30
    grouped = [text for text in asked if "GROUP BY" in text]
    assert len(grouped) == len(measures)
    # One more for the whole of what counts an item once, and the names of the units in their order.
    assert len([text for text in asked if text.startswith("SELECT")]) <= len(measures) + 4, asked


def test_a_unit_counts_its_own_alone(demo_app: Flask) -> None:
    with desk_of(demo_app, LIAISON) as desk, desk_of(demo_app, OFFICE) as office:
        own = desk.actor.unit_id
        mine = table_of(desk, slices=(("by-unit", str(own)),))
        theirs = table_of(office, slices=(("by-unit", str(own)),))
        everybody = table_of(office)
    at = [h.name for h in mine.headings].index("to_answer")
    assert mine.total.figures[at].text == theirs.total.figures[at].text
    assert int(mine.total.figures[at].text) < int(everybody.total.figures[at].text)


def test_an_agency_counts_its_own_kind(demo_app: Flask) -> None:
    with desk_of(demo_app, AGENCY) as desk:
        assert {line.label for line in table_of(desk, "kind").lines} == {"建议"}


def test_what_a_role_does_not_read_it_does_not_count(demo_app: Flask) -> None:
    with desk_of(demo_app, DEPUTY) as desk:
        names = {heading.name for heading in table_of(desk).headings}
    assert "items" in names
    assert not names & {"met", "consulted", "sent_back", "kept", "on_time"}


@contextmanager
def s3_books(panel: Panel) -> Iterator[ActorSession]:
    """The units of S3's report with as many items and returned replies as it prints, in no order."""
    printed = {
        "市农业农村局": (16, 62), "宜昌公交集团有限公司": (4, 12), "市邮政局": (2, 5),
        "市水利和湖泊局": (7, 21), "市物流业发展中心": (5, 14), "市城管委": (10, 26), "市某局": (0, 9),
    }  # fmt: skip
    with panel.truth() as session:
        meeting = session.query(models.Meeting).filter_by(body="人大").one().id
        for unit, (returned, handled) in printed.items():
            _handle(session, meeting, models.Unit(name=unit), returned, handled)
        session.commit()
        yield session


def _handle(session: ActorSession, meeting: int, unit: Any, returned: int, handled: int) -> None:
    """As many items of the unit, whose first reply was sent back as often."""
    session.add(unit)
    session.flush()
    items = [
        models.Proposal(meeting_id=meeting, kind="建议", number=f"{unit.id}-{n}", title="建议")
        for n in range(handled)
    ]
    session.add_all(items)
    session.flush()
    tasks = [models.Assignment(proposal_id=i.id, unit_id=unit.id, role="主办") for i in items]
    session.add_all(tasks)
    session.flush()
    reply = models.Reply(assignment_id=tasks[0].id)
    session.add(reply)
    session.flush()
    session.add_all(
        models.ReviewStep(
            reply_id=reply.id, step="督查审核", result="退回", return_reason="行文不规范",
            acted_at=A_DAY.replace(year=2024, month=4, day=12),
        )
        for _ in range(returned)
    )  # fmt: skip


def test_units_stand_as_s3_prints_them(panel: Panel) -> None:
    with s3_books(panel) as session, panel.app.test_request_context():
        desk = Desk(models.schema.tables["proposals"], session.actor, session)
        rate = RATES["return_rate"]
        asking = FigureAsking(DIMENSIONS["unit"], (), (rate,), (), date(2024, 4, 15))
        table = by_size(make_table(desk, asking), "return_rate")
    found = [f"{line.label}({line.figures[0].text})" for line in table.lines[:6]]
    assert "、".join(found) == (
        "市邮政局(2/5)、市城管委(10/26)、市物流业发展中心(5/14)、市水利和湖泊局(7/21)、"
        "宜昌公交集团有限公司(4/12)、市农业农村局(16/62)"
    )


def test_nothing_to_divide_by_is_a_dash_with_its_reason(standing_panel: Panel) -> None:
    page = standing_panel.as_("office").get("/figures/?part=评价")
    assert f'title="没有末次评价，算不出满意率">{NOTHING}<' in page


@pytest.mark.parametrize("part", PARTS)
def test_the_page_shows_every_part_and_its_numbers_open_their_lists(
    standing_panel: Panel, part: str
) -> None:
    office = standing_panel.as_("office")
    page = office.get(f"/figures/?part={part}")
    labels = [m.label for m in MEASURES.values() if m.part == part]
    assert labels and all(f">{label}" in page for label in labels)


def test_the_page_is_for_those_who_handle_items(standing_panel: Panel) -> None:
    for name in ("office", "school", "supervisor", "congress"):
        assert "统计表" in standing_panel.as_(name).get("/figures/")
    standing_panel.as_("admin").get("/figures/", status=404)
    office = standing_panel.as_("office")
    for address in ("?by=nothing", "?part=nothing", "?meeting=999"):
        office.get(f"/figures/{address}", status=404)


def test_the_page_is_sorted_by_a_column(standing_panel: Panel) -> None:
    page = standing_panel.as_("office").get("/figures/?by=unit&sort=led&meeting=all")
    assert 'aria-sort="descending"' in page


@pytest.mark.parametrize("name", sorted({condition.name for condition in CONDITIONS.values()}))
def test_a_named_condition_filters_a_list_and_says_what_it_means(
    standing_panel: Panel, name: str
) -> None:
    condition = next(c for c in CONDITIONS.values() if c.name == name)
    office = standing_panel.as_("office")
    page = office.get(f"/{condition.table}/?holds={name}")
    assert f'title="{condition.label}：{condition.about}">{condition.label}<' in page


def test_what_a_list_does_not_have_is_refused_in_words(standing_panel: Panel) -> None:
    office = standing_panel.as_("office")
    for table, asked in (
        ("assignments", "holds=nothing"), ("units", "by-unit=1"), ("assignments", "by-x=1"),
        ("assignments", "by-unit=x"), ("assignments", "by-unit=999"),
        ("proposals", "counted=items"), ("units", "counted=led"), ("proposals", "counted=x"),
        ("proposals", "by-month=counts_from_on:x"), ("proposals", "by-month=title:2024-01"),
    ):  # fmt: skip
        office.get(f"/{table}/?{asked}", status=400)
    standing_panel.as_("deputy").get("/assignments/?holds=on_time", status=400)


def test_two_conditions_are_taken_away_one_by_one(standing_panel: Panel) -> None:
    page = standing_panel.as_("office").get("/assignments/?holds=counts&holds=answered&role=主办")
    assert (
        'href="/assignments/?role=%E4%B8%BB%E5%8A%9E&holds=answered" aria-label="去掉：计入统计"'
        in page
    )


def test_the_command_tells_value_formula_source_and_list(panel: Panel) -> None:
    run = panel.app.test_cli_runner().invoke
    done = run(
        args=["figures", "--by", "unit", "--meeting", "鱼峰区第一届人大第五次会议", "--json"]
    )
    assert done.exit_code == 0, done.output
    told = {one["name"]: one for one in json.loads(done.output)["figures"]}
    assert told.keys() == MEASURES.keys() | RATES.keys()
    led = told["led"]
    assert (led["value"]["count"], led["value"]["text"]) == (2, "2")
    assert led["value"]["list"].startswith("/proposals/?counted=led&by-meeting=")
    assert [(line["of"], line["value"]["count"]) for line in led["lines"][:2]] == [
        ("鱼峰区教育局", 1), ("鱼峰区住房和城乡建设局", 1),
    ]  # fmt: skip
    assert told["return_rate"]["value"]["text"] == "0/2" and told["return_rate"]["source"] == "S3"
    assert told["satisfaction"]["value"]["text"] == NOTHING


def test_the_command_counts_as_a_user_and_refuses_in_words(panel: Panel) -> None:
    run = panel.app.test_cli_runner().invoke
    mine = json.loads(run(args=["figures", "--as", "housing", "--json"]).output)
    assert next(f for f in mine["figures"] if f["name"] == "led")["value"]["count"] == 1
    for arguments, said in (
        (["--by", "x"], "不能按“x”分"), (["--meeting", "x"], "没有名称为“x”的届次会议"),
        (["--as", "x"], "没有登录名为“x”的在用用户"), (["--as", "admin"], "看不到建议提案"),
    ):  # fmt: skip
        done = run(args=["figures", *arguments])
        assert done.exit_code == 1 and said in done.output
