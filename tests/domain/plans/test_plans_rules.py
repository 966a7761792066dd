"""A plan against rules that only the database holds: the row is 无效 in the rule's own words, never 失败.

The office has added rules of its own to schema.sql; matching knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from domain import models
from domain.schema.file import SCHEMA_FILE, Schema, read_schema
from domain.sheets.grid import Grid
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, system_session
from domain.tables.importing import import_table, open_table
from seeds.reference import seed_reference
from tests.domain.plans.test_plans_import import changed, outcomes, run, sentences
from tests.ground.serving.databases import Databases

RULES = """  CONSTRAINT ck_proposals_autumn CHECK (due_on IS NULL OR due_on <= '2024-09-30'),  -- 九月底前要办完。
  CONSTRAINT ck_proposals_undecided CHECK (note <> '待定'),  -- 备注不能只写待定。
  CONSTRAINT uq_proposals_title UNIQUE (title),  -- 已有同名的件。
"""
MORE = {
    "CREATE TABLE proposals (": ("  CONSTRAINT uq_proposals_number", RULES),
    "CREATE TABLE content_categories (": (
        "  CONSTRAINT uq_content_categories_name",
        "  CONSTRAINT ck_content_categories_known CHECK (name <> '杂项'),  -- 分类要写具体。\n",
    ),
    "CREATE TABLE assignments (": (
        "  CONSTRAINT uq_assignments_unit",
        "  CONSTRAINT ck_assignments_small CHECK (unit_id > 2 OR role <> '协办'),  -- 两办不做协办单位。\n",
    ),
}


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    """schema.sql with the office's rules."""
    text = SCHEMA_FILE.read_text("utf-8")
    for table, (before, lines) in MORE.items():
        head, body = text.split(table)
        text = head + table + body.replace(before, lines + before, 1)
    path: Path = tmp_path_factory.mktemp("schema") / "schema.sql"
    path.write_text(text, "utf-8")
    return read_schema(path)


@pytest.fixture
def strict_engine(
    databases: Databases, schema: Schema, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """A database that holds the rules, in a program that knows their words."""

    def build(url: str) -> None:
        engine = make_engine(url)
        with engine.begin() as connection:
            for statement in schema.statements(engine.dialect.name):
                connection.exec_driver_sql(statement)
        with system_session(engine, "导入分工方案", lambda: now) as session:
            seed_reference(session)
            session.commit()
        engine.dispose()

    monkeypatch.setattr(models, "schema", schema)
    with databases.copy_of("strict", build) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def session(strict_engine: Engine, now: datetime) -> Iterator[ActorSession]:
    with system_session(strict_engine, "导入分工方案", lambda: now) as session:
        yield session


def items(session: ActorSession) -> list[str]:
    return list(session.scalars(select(models.Proposal.number).order_by(models.Proposal.number)))


def test_each_row_that_breaks_a_rule_is_told_the_rule_under_its_cell(session: ActorSession) -> None:
    titles = iter(f"关于第{n}个小区改造的建议" for n in range(1, 9))
    rows = [
        changed("001", 标题=next(titles)),
        changed("002", 标题=next(titles), 办理时限="2024-12-31"),
        changed("003", 标题=next(titles), 备注="待定"),
        changed("004", 标题="关于第1个小区改造的建议"),
        changed("005", 标题=next(titles), 领衔代表="蓝秀英"),
    ]
    steps = run(session, *rows)
    assert outcomes(steps) == ["new", "invalid", "invalid", "invalid", "new"]
    assert sentences(steps) == [
        "第3行“办理时限”：“2024-12-31”不能写入：九月底前要办完。",
        "第4行“备注”：“待定”不能写入：备注不能只写待定。",
        "第5行“标题”：“关于第1个小区改造的建议”不能写入：已有同名的件。",
    ]
    assert [step.errors[0].cell for step in steps[1:4]] == ["G3", "H4", "B5"]
    assert [step.errors[0].value for step in steps[1:3]] == ["2024-12-31", "待定"]
    assert [step.record_id for step in steps[1:4]] == [None] * 3
    assert items(session) == ["001", "005"]
    assert session.scalar(select(func.count()).select_from(models.Sponsor)) == 4


def test_an_update_that_breaks_a_rule_leaves_the_item_as_it_was(session: ActorSession) -> None:
    run(session, changed("001"))
    steps = run(session, changed("001", 办理时限="2024-12-31", 备注="改过"))
    assert outcomes(steps) == ["invalid"]
    assert steps[0].record_id == session.scalars(select(models.Proposal.id)).one()
    assert session.scalars(select(models.Proposal.note)).one() == ""


def test_rules_of_what_hangs_on_an_item_are_told_under_the_cell_that_fills_it(
    session: ActorSession,
) -> None:
    offices = list(session.scalars(select(models.Unit.name).where(models.Unit.id <= 2)))
    header = ["编号", "标题", "主办单位", "协办单位", "内容类别"]
    steps = run(
        session,
        ["001", "关于夜市的建议", "区住建局", offices[0], "城建城管"],
        ["002", "关于早市的建议", "区住建局", "", "杂项"],
        ["003", "关于公园的建议", "区住建局", "区财政局", "城建城管"],
        header=header,
    )
    assert outcomes(steps) == ["invalid", "invalid", "new"]
    assert sentences(steps) == [
        f"第2行“主办单位”：“鱼峰区住房和城乡建设局、{offices[0]}”不能写入：两办不做协办单位。",
        "第3行“内容类别”：“杂项”不能写入：分类要写具体。",
    ]
    assert items(session) == ["003"]


def test_a_table_tells_its_rules_the_same_way(session: ActorSession) -> None:
    rows = [["分类名称"], ["夜间经济"], ["杂项"]]
    words = models.schema.tables["content_categories"]
    done = import_table(session, open_table(session, words, [Grid(None, rows)]))
    assert [step.outcome for step in done.steps] == ["new", "invalid"]
    assert done.steps[1].errors[0].message == "第3行“分类名称”：分类要写具体。"
