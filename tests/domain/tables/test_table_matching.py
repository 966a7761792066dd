"""Rows of an imported table are known again by what the file has of its key; what it leaves open is not guessed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine

from domain import models
from domain.imports.outcomes import INVALID, NEW, UNCHANGED, UPDATED
from domain.schema.words import Table
from domain.sheets.grid import Grid
from domain.storing.session import ActorSession, system_session
from domain.tables.importing import TableImport, import_table, open_table
from tests.ground.district import MORNING


@contextmanager
def program(engine: Engine) -> Iterator[ActorSession]:
    with system_session(engine, "测试", lambda: MORNING) as session:
        yield session


def bring_back(engine: Engine, words: Table, grids: list[Grid]) -> TableImport:
    """What an import of it does; written, then taken back."""
    with program(engine) as session:
        return import_table(session, open_table(session, words, grids))


DEPUTIES = models.schema.tables["deputies"]


@pytest.fixture
def people(engine: Engine) -> Engine:
    """A deputy re-elected, two namesakes of one term, and one alone."""
    known = [("甲", 14, ""), ("甲", 15, ""), ("乙", 15, "一中"), ("乙", 15, "二中"), ("丙", 14, "")]
    with program(engine) as session:
        session.add_all(
            models.Deputy(name=name, body="人大", level="市级", term=term, note=note, post="教师")
            for name, term, note in known
        )
        session.commit()
    return engine


def outcomes(engine: Engine, *rows: list[Any]) -> list[str]:
    return [s.outcome for s in bring_back(engine, DEPUTIES, [Grid(None, list(rows))]).steps]


def test_a_deputy_is_known_by_the_columns_that_the_file_has(people: Engine) -> None:
    header = ["姓名", "所属机构", "单位及职务"]
    rows = ["丙", "人大", "校长"], ["丁", "人大", "教师"]
    assert outcomes(people, header, *rows) == [UPDATED, NEW]
    header = ["姓名", "所属机构", "届", "单位及职务"]
    rows = ["甲", "人大", 15, "校长"], ["甲", "人大", 14, "教师"], ["甲", "人大", 16, "教师"]
    assert outcomes(people, header, *rows) == [UPDATED, UNCHANGED, NEW]


def test_a_row_that_may_mean_several_deputies_is_refused_with_the_columns_that_tell_them_apart(
    people: Engine,
) -> None:
    rows = [
        ["姓名", "所属机构", "届", "单位及职务"],
        ["乙", "人大", 15, "校长"],
        ["丙", "人大", 14, "校长"],
    ]
    done = bring_back(people, DEPUTIES, [Grid(None, rows)])
    assert [step.outcome for step in done.steps] == [INVALID, UPDATED]
    assert [error.message for error in done.steps[0].errors] == [
        "第2行“姓名”：系统里有2条这样的“代表委员”，请在文件里加上“层级”“备注”列，写明是哪一条。"
    ]


def test_two_rows_that_the_files_columns_do_not_tell_apart_are_one_too_many(people: Engine) -> None:
    rows = [["姓名", "所属机构"], ["戊", "人大"], ["戊", "人大"]]
    done = bring_back(people, DEPUTIES, [Grid(None, rows)])
    assert [step.outcome for step in done.steps] == [NEW, INVALID]
    assert [error.message for error in done.steps[1].errors] == [
        "第3行“姓名”：与第2行是同一条“代表委员”，请删去一行；不是同一条的，请加上“层级”“届”“备注”列写明区别。"
    ]


def test_rows_known_by_their_number_are_corrected_once_and_those_without_one_are_new(
    engine: Engine,
) -> None:
    words = models.schema.tables["onsite_opinions"]
    with program(engine) as session:
        meeting = models.Meeting(
            name="某会", body="人大", level="市级", term=15, session=5, year=2024
        )
        day = MORNING.date()
        opinion = models.OnsiteOpinion(meeting=meeting, collected_on=day, summary="修路")
        session.add(opinion)
        session.commit()
        number = opinion.id
    header = ["编号", "届次会议", "收集日期", "意见内容"]
    rows = [
        ["", "某会", day, "修桥"],
        [number, "某会", day, "修好路"],
        [number, "某会", day, "修路"],
    ]
    done = bring_back(engine, words, [Grid(None, [header, *rows, rows[0]])])
    assert [step.outcome for step in done.steps] == [NEW, UPDATED, INVALID, NEW]
    assert done.steps[2].errors[0].message == "第4行“编号”：与第3行是同一条“现场意见”，请删去一行。"


def test_an_answer_category_written_briefly_is_that_of_the_items_own_meeting(
    engine: Engine,
) -> None:
    words, ids = models.schema.tables["replies"], {}
    with program(engine) as session:
        unit = models.Unit(name="鱼峰区教育局")
        for session_no in (4, 5):
            meeting = models.Meeting(
                name=f"第{session_no}次会议",
                body="人大",
                level="市级",
                term=15,
                session=session_no,
                year=2024,
            )
            category = models.AnswerCategory(meeting=meeting, letter="B", definition="列入计划")
            item = models.Proposal(
                meeting=meeting, kind="建议", number=f"{session_no}", title="修路"
            )
            task = models.Assignment(proposal=item, unit=unit, role="主办")
            session.add_all([category, task])
            session.flush()
            ids[str(task)] = category.id
        session.commit()
    header = ["承办任务", "答复种类", "轮次", "答复类别", "正文"]
    rows = [[task, "答复", 1, "B类", "已列入计划。"] for task in ids]
    unknown = ["没有的任务", "答复", 1, "B类", "已列入计划。"]
    done = bring_back(engine, words, [Grid(None, [header, *rows, unknown])])
    assert [step.outcome for step in done.steps] == [NEW, NEW, INVALID]
    assert [step.values["answer_category_id"] for step in done.steps[:2]] == list(ids.values())
    assert [error.message for error in done.steps[2].errors] == [
        "第4行“承办任务”：“没有的任务”在“承办任务”里没有，请先登记。",
        "第4行“答复类别”：“B类”可以指2条“答复类别”，请写得再具体些。",
    ]


def test_a_name_that_several_people_have_is_not_guessed(people: Engine) -> None:
    words = models.schema.tables["onsite_opinions"]
    with program(people) as session:
        session.add(
            models.Meeting(name="某会", body="人大", level="市级", term=15, session=5, year=2024)
        )
        session.commit()
    rows = [
        ["届次会议", "收集日期", "意见内容", "代表委员"],
        ["某会", MORNING.date(), "修路", "甲（人大）"],
    ]
    (step,) = bring_back(people, words, [Grid(None, rows)]).steps
    assert [error.message for error in step.errors] == [
        "第2行“代表委员”：“甲（人大）”可以指2条“代表委员”，请写得再具体些。"
    ]
