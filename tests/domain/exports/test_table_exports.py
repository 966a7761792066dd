"""Lists and reports taken out by name: each person gets the rows and columns that are his, and no others."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, event, select

from domain import models
from domain.access import scopes
from domain.actors import Actor
from domain.exports.looks import HEADER_ROW
from domain.exports.reports import ExportRefused, named_sheet
from domain.exports.tables import row_values, rows_query, walk
from domain.exports.workbook import write_file
from domain.side_columns.offered import shown_columns
from domain.storing.database import make_engine, read_only
from domain.storing.session import ActorSession, actor_session, system_session
from jobs.commands.import_table import import_table_command
from tests.ground.district import MORNING, PEOPLE, build_district
from tests.ground.exporting import run_export
from tests.ground.kept_apps import KeptApps
from tests.ground.serving.databases import Databases

CONGRESS = "鱼峰区第一届人大第五次会议"


@pytest.fixture
def district_url(databases: Databases) -> Iterator[str]:
    with databases.copy_of("district", build_district) as url:
        yield url


@pytest.fixture
def district(district_url: str) -> Iterator[Engine]:
    engine = make_engine(district_url)
    yield engine
    engine.dispose()


def as_(engine: Engine, name: str) -> ActorSession:
    """The named person's reading session."""
    with system_session(engine, "测试", lambda: MORNING) as session:
        user = session.scalars(select(models.User).filter_by(username=name)).one()
        actor = Actor.of(user)
    return actor_session(read_only(engine), actor, lambda: MORNING)


def writing(engine: Engine) -> ActorSession:
    return system_session(engine, "测试", lambda: MORNING)


def opened(path: Path) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of an exported file."""
    page = openpyxl.load_workbook(path).active
    lines = [[cell.value for cell in row] for row in page.iter_rows(min_row=HEADER_ROW)]
    return lines[0], lines[1:]


def export(engine: Engine, person: str, name: str, path: Path, meeting: str = "") -> Any:
    with as_(engine, person) as session:
        write_file(path, named_sheet(session, name, meeting))
    return opened(path)


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_gets_exactly_the_rows_and_columns_that_he_sees(
    district: Engine, person: str
) -> None:
    for table, words in models.schema.tables.items():
        with as_(district, person) as session:
            if not scopes.may(session.actor, table, "read"):
                with pytest.raises(ExportRefused):
                    named_sheet(session, words.label)
                continue
            seen = session.scalars(select(models.by_table[table])).all()
            sheet = named_sheet(session, words.label)
            may_show = shown_columns(session.actor, table)
            assert len(list(sheet.rows)) == len(seen), table
            shown = [may_show[name].label for name in words.listed if name in may_show]
            more = [column.header for column in sheet.columns][len(shown) :]
            assert [column.header for column in sheet.columns] == shown + more
            key = [words.columns[name].label for name in words.business_key or ("id",)]
            assert not more or (person == "office" and set(more) <= set(key))


def test_a_liaison_gets_own_tasks_and_the_partners_of_what_the_unit_leads(
    district: Engine, tmp_path: Path
) -> None:
    _, rows = export(district, "housing", "assignments", tmp_path / "out.xlsx")
    assert sorted((row[0], row[1], row[2]) for row in rows) == [
        ("建议001号 关于增设校门口斑马线的建议", "鱼峰区住房和城乡建设局", "协办"),
        ("建议002号 关于老旧小区加装电梯的建议", "鱼峰区住房和城乡建设局", "主办"),
    ]


def test_a_reference_out_of_scope_is_not_named(district: Engine) -> None:
    with writing(district) as session:
        mine = session.scalars(select(models.Proposal).filter_by(number="001")).one()
        other = session.scalars(select(models.Proposal).filter_by(number="003")).one()
        mine.carried_from_id = other.id
        session.commit()
    with as_(district, "school") as session:
        words = models.schema.tables["proposals"]
        columns = [words.columns["number"], words.columns["carried_from_id"]]
        rows = list(row_values(session, walk(session, rows_query(words, columns)), columns))
    assert rows == [["001", "（不在您的范围内）"]]


def test_a_list_of_any_length_costs_one_query_and_one_for_each_side_column(
    district: Engine, tmp_path: Path
) -> None:
    statements: list[str] = []
    with as_(district, "office") as session:
        sheet = named_sheet(session, "承办任务")
        event.listen(district, "before_cursor_execute", lambda *a: statements.append(a[2]))
        write_file(tmp_path / "out.xlsx", sheet)
    assert len([s for s in statements if s.startswith("SELECT")]) == 1 + 2


def test_dates_are_dates_and_yes_or_no_is_said_in_chinese(district: Engine, tmp_path: Path) -> None:
    with writing(district) as session:
        lead = session.scalars(
            select(models.Assignment).filter_by(role="主办").order_by(models.Assignment.id)
        ).first()
        day = date(2024, 4, 12)
        session.add(models.Deadline(assignment_id=lead.id, milestone="答复", due_on=day))
        session.commit()
    header, rows = export(district, "office", "proposals", tmp_path / "out.xlsx")
    row = dict(zip(header, rows[-1], strict=True))
    assert row["最近到期"] == datetime(2024, 4, 12) and row["案号"] == "001"  # the newest first
    assert row["逾期天数"] == 3
    header, rows = export(district, "office", "units", tmp_path / "units.xlsx")
    assert {dict(zip(header, row, strict=True))["在用"] for row in rows} == {"是"}


def make_plan(engine: Engine) -> None:
    """003 gets two units that answer each, 002 a joint sponsor and a leader; 10 is a 议案 that a unit gave back."""
    with writing(engine) as session:
        units = session.scalars(select(models.Unit).order_by(models.Unit.id)).all()
        items = {p.number: p for p in session.scalars(select(models.Proposal))}
        joint = models.Deputy(name="黄荣", body="人大")
        session.add(joint)
        session.flush()
        items["002"].leader, items["002"].note = "李区长", "=重点"
        more = models.Proposal(
            meeting_id=items["001"].meeting_id, kind="议案", number="10", title="关于古树保护的议案"
        )
        gone = models.Proposal(
            meeting_id=items["001"].meeting_id,
            kind="建议",
            number="9",
            title="撤回的建议",
            state="撤回",
        )
        session.add_all([more, gone])
        session.flush()
        session.add(
            models.Sponsor(proposal_id=items["002"].id, deputy_id=joint.id, role="联名", position=1)
        )
        for unit in units:
            session.add(
                models.Assignment(proposal_id=items["003"].id, unit_id=unit.id, role="分办")
            )
        for item, unit, state in ((more, 0, "待签收"), (more, 1, "已退办"), (gone, 0, "待签收")):
            session.add(
                models.Assignment(
                    proposal_id=item.id, unit_id=units[unit].id, role="主办", state=state
                )
            )
        session.commit()


def test_the_plan_lists_every_item_with_people_and_units_in_the_order_of_numbers(
    district: Engine, tmp_path: Path
) -> None:
    make_plan(district)
    header, rows = export(district, "office", "分工方案", tmp_path / "plan.xlsx", CONGRESS)
    assert header == [
        "序号", "建议编号", "类型", "建议标题", "领衔代表", "联名代表", "主办单位", "分办单位", "协办单位",
        "责任领导", "办理时限", "备注",
    ]  # fmt: skip
    school, housing = "鱼峰区教育局", "鱼峰区住房和城乡建设局"
    due = datetime(2024, 4, 12), datetime(2024, 6, 5)
    empty = None, None
    assert rows == [
        [1, "001", "建议", "关于增设校门口斑马线的建议", "覃丽", None, school, None, housing, None, due[0], None],
        [2, "002", "建议", "关于老旧小区加装电梯的建议", "韦强", "黄荣", housing, *empty, "李区长", due[1], "=重点"],
        [3, "003", "建议", "关于延长图书馆开放时间的建议", *[None] * 3, f"{school}、{housing}", *[None] * 4],
        [4, "10", "议案", "关于古树保护的议案", None, None, school, *[None] * 5],
    ]  # fmt: skip


def test_a_plan_has_no_column_that_no_row_needs_and_no_item_without_a_unit(
    district: Engine, tmp_path: Path
) -> None:
    header, rows = export(district, "office", "分工方案", tmp_path / "plan.xlsx", CONGRESS)
    assert header == [
        "序号", "建议编号", "建议标题", "领衔代表", "联名代表", "主办单位", "协办单位", "办理时限", "备注",
    ]  # fmt: skip
    assert [row[1] for row in rows] == ["001", "002"]


def test_a_liaisons_plan_holds_the_items_of_the_unit_and_a_deputys_no_notes(
    district: Engine, tmp_path: Path
) -> None:
    make_plan(district)
    _, rows = export(district, "school", "分工方案", tmp_path / "a.xlsx", CONGRESS)
    assert [row[1] for row in rows] == ["001", "003", "10"]
    header, rows = export(district, "deputy", "分工方案", tmp_path / "b.xlsx", CONGRESS)
    assert [row[1] for row in rows] == ["001"] and "备注" not in header


@pytest.fixture
def office_app(
    district_url: str, kept_apps: KeptApps, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The program on the district."""
    with kept_apps.opened(district_url, tmp_path_factory.mktemp("office"), lambda: MORNING) as app:
        yield app


def test_the_command_writes_what_the_named_user_would_get(
    office_app: Flask, tmp_path: Path
) -> None:
    out = str(tmp_path / "out.xlsx")
    done = run_export(office_app, "建议提案", "--out", out, "--as", "school")
    assert done.exit_code == 0 and "1 行" in done.output
    assert [row[0] for row in opened(Path(out))[1]] == ["001"]
    done = run_export(office_app, "分工方案", "--out", out, "--meeting", CONGRESS)
    assert done.exit_code == 0 and len(opened(Path(out))[1]) == 2


def test_replies_that_were_exported_come_back_unchanged(
    district: Engine, district_url: str, office_app: Flask, tmp_path: Path, monkeypatch: Any
) -> None:
    """Two meetings have an A: each reply is answered with that of its own."""
    with writing(district) as session:
        other = session.scalars(select(models.Meeting).filter_by(body="政协")).one()
        letter = session.scalars(select(models.AnswerCategory).filter_by(letter="A")).one()
        session.add(models.AnswerCategory(meeting_id=other.id, letter="A", definition="已解决"))
        task = session.scalars(select(models.Assignment).filter_by(role="主办")).first()
        session.add(models.Reply(assignment=task, answer_category_id=letter.id))
        session.commit()
    out = str(tmp_path / "replies.xlsx")
    run_export(office_app, "答复", "--out", out)
    monkeypatch.setenv("DATABASE_URL", district_url)
    done = CliRunner().invoke(import_table_command, ["答复", out, "--dry-run", "--json"])
    assert done.exit_code == 0, done.output
    totals = json.loads(done.output)["totals"]
    assert {outcome: n for outcome, n in totals.items() if n} == {"unchanged": 1}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["没有的表", "--out", "x.xlsx"], "没有叫“没有的表”的报表或列表"),
        (["分工方案", "--out", "x.xlsx"], "请写明是哪次会议"),
        (["分工方案", "--out", "x.xlsx", "--meeting", "某会"], "没有名为“某会”的会议"),
        (["建议提案", "--out", "x.csv"], "请把文件名写成 x.xlsx"),
        (["建议提案", "--out", "x.xlsx", "--as", "nobody"], "没有登录名为“nobody”的在用用户"),
        (["承办单位", "--out", "x.xlsx", "--meeting", CONGRESS], "不按会议分"),
        (["用户会话", "--out", "x.xlsx", "--as", "school"], "没有叫“用户会话”"),
        (["变更记录", "--out", "x.xlsx", "--as", "school"], "没有叫“变更记录”"),
    ],
)
def test_the_command_says_in_chinese_what_is_wrong(
    office_app: Flask, tmp_path: Path, monkeypatch: Any, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_export(office_app, *arguments)
    assert done.exit_code == 1 and sentence in done.output and "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_hidden_column_is_in_no_export(district: Engine, tmp_path: Path) -> None:
    for person in ("office", "admin"):
        header, _ = export(district, person, "users", tmp_path / "out.xlsx")
        assert "密码摘要" not in header


def test_today_is_the_clocks(district: Engine) -> None:
    with as_(district, "office") as session:
        sheet = named_sheet(session, "分工方案", CONGRESS)
        assert sheet.made_at.date() == date(2024, 4, 15) and "2024年4月15日" in sheet.notes


def test_the_change_log_speaks_in_labels_and_never_of_columns_that_are_not_the_readers(
    district: Engine, tmp_path: Path
) -> None:
    with writing(district) as session:
        user = session.scalars(select(models.User).filter_by(username="school")).one()
        user.full_name, user.phone, user.password_hash = "新名字", "13812345678", "x"
        session.commit()
    header, rows = export(district, "auditor", "变更记录", tmp_path / "a.xlsx")
    told = next(row[header.index("内容")] for row in rows if "新名字" in str(row))
    assert "姓名：承办单位联络员·school → 新名字" in told
    assert "密码摘要" not in told and "full_name" not in told
    _, rows = export(district, "office", "变更记录", tmp_path / "b.xlsx")
    assert rows and "新名字" not in str(rows) and "13812345678" not in str(rows)
