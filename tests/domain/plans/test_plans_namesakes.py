"""What stands beside a name goes to the roll with a new deputy and is told of any other; namesakes are told."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.plans.recognising.rows import BESIDE, NAMESAKE
from domain.plans.recognising.signatures import signatures_of
from domain.storing.session import ActorSession, system_session
from tests.domain.plans.test_plans_facts import HEADER, item, one
from tests.domain.plans.test_plans_import import changed, run
from tests.ground.plans import read_file
from tests.ground.serving.contents import SEEDED, Contents


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Engine, now: datetime) -> Iterator[ActorSession]:
    with system_session(engine, "导入分工方案", lambda: now) as session:
        yield session


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("覃大河(1)、覃大河(2)", ["1", "2"]),
        ("覃大河（甲）", ["甲"]),
        ("覃大河（大）、覃大河（小）", ["大", "小"]),
        ("韦小满（男）、韦小满（女）", ["女"]),
        ("覃大河（鱼峰团）、覃大河（城中团）", ["城中团"]),
    ],
)
def test_a_mark_that_tells_namesakes_apart_is_seen(text: str, marks: list[str]) -> None:
    assert [mark for _, mark in signatures_of(text).namesakes] == marks


@pytest.mark.parametrize(
    "text", ["韦小满（女）", "覃大河（鱼峰团）", "韦小满、韦小满（女）", "韦小满等12名"]
)
def test_what_only_says_something_of_one_person_makes_no_namesake(text: str) -> None:
    assert not signatures_of(text).namesakes


def test_namesakes_are_told_at_their_cell_and_how_to_tell_them_apart(tmp_path: Path) -> None:
    row = one(tmp_path, joint="覃大河(1)、覃大河(2)")
    assert row.joint == ("覃大河",)
    assert [(doubt.kind, doubt.cell, doubt.value) for doubt in row.doubts] == [
        (NAMESAKE, "E2", "覃大河（1）"),
        (NAMESAKE, "E2", "覃大河（2）"),
    ]
    assert "在备注里写清区别" in row.doubts[0].message


def test_namesakes_of_a_csv_are_told_too(tmp_path: Path) -> None:
    with (tmp_path / "x.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, item("005", lead="覃大河（1）")])
    [doubt] = read_file(tmp_path / "x.csv").rows[0].doubts
    assert (doubt.kind, doubt.column) == (NAMESAKE, "lead")


def deputy(session: ActorSession, name: str) -> Any:
    return session.scalars(select(models.Deputy).filter_by(name=name)).one()


@pytest.mark.parametrize(
    ("text", "phone", "post"),
    [
        ("梁小雨13977200001", "13977200001", ""),
        ("梁小雨（区二中教师，0772-3150000）", "0772-3150000", "区二中教师"),
        ("区工商联副主席梁小雨", "", "区工商联副主席"),
    ],
)
def test_a_new_deputy_gets_the_phone_and_the_post_that_stand_at_his_name(
    session: ActorSession, text: str, phone: str, post: str
) -> None:
    [step] = run(session, changed(领衔代表=text))
    assert (deputy(session, "梁小雨").phone, deputy(session, "梁小雨").post) == (phone, post)
    assert BESIDE not in {one.kind for one in step.warnings}


def test_who_is_on_the_roll_keeps_what_it_says_and_the_rest_is_told(session: ActorSession) -> None:
    run(session, changed(领衔代表="梁小雨（区二中教师）"))
    [step] = run(session, changed("002", 领衔代表="梁小雨（区一中校长，13977200001）"))
    assert (deputy(session, "梁小雨").phone, deputy(session, "梁小雨").post) == ("", "区二中教师")
    [warning] = [one for one in step.warnings if one.kind == BESIDE]
    assert "13977200001、区一中校长" in warning.message


def test_what_is_neither_phone_nor_post_is_told_of_a_new_deputy_too(session: ActorSession) -> None:
    [step] = run(session, changed(联名代表="梁小雨（女，13977200001）"))
    assert deputy(session, "梁小雨").phone == "13977200001"
    assert [one.value for one in step.warnings if one.kind == BESIDE] == ["女"]
