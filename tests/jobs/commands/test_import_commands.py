"""The commands import-plan and import-table: their JSON, their exit status, and what they leave in the database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from sqlalchemy import Engine, event, func, select

from domain import models
from domain.access.importable import find_table, may_import
from domain.actors import OFFICE, Actor
from domain.imports.undo import undo_import
from domain.lifecycle.belonging import items_of
from domain.rules_of_saving import RULES
from domain.sheets.grid import Grid
from domain.storing.database import read_only
from domain.storing.session import ActorSession, system_session
from domain.storing.write_rules import RowWrite, Save, WriteRule, held_to
from domain.tables import links
from domain.tables.importing import import_table, open_table
from domain.time.clock import shanghai_now
from jobs.commands.direct_imports import finish
from jobs.commands.import_plan import import_plan_command
from jobs.commands.import_table import import_table_command
from tests.ground.plans import SAMPLES, workbook
from tests.ground.serving.contents import SEEDED, Contents

CONGRESS = "柳州市第十五届人大第五次会议"
PLAN, DIRTY = SAMPLES / "01-suggestions.xlsx", SAMPLES / "09-dirty.xlsx"


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Engine) -> Iterator[ActorSession]:
    with system_session(engine, "测试", shanghai_now) as session:
        yield session


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))


def plan(file: Path, *options: str, meeting: str = CONGRESS) -> Result:
    return CliRunner().invoke(import_plan_command, [str(file), "--meeting", meeting, *options])


def table(name: str, file: Path, *options: str) -> Result:
    return CliRunner().invoke(import_table_command, [name, str(file), *options])


def count(session: ActorSession, cls: Any) -> int:
    session.rollback()
    found = session.scalar(select(func.count()).select_from(cls)) or 0
    session.rollback()
    return found


def test_a_column_that_is_left_unread_is_told_before_anything_is_written(
    session: ActorSession, tmp_path: Path
) -> None:
    header, row = ["编号", "标题", "主办单位", "还有谁"], ["关于某事的建议", "区教育局", "区财政局"]
    file = workbook(tmp_path / "plan.xlsx", [header, ["001", *row], ["002", *row]])
    told = "注意：“还有谁”这一列没有读取，里面像是单位（如“区财政局”）"
    result = plan(file, "--dry-run")
    assert result.stderr.startswith(told)
    assert result.exit_code == 0
    assert plan(file, "--dry-run", "--json").stderr == result.stderr


@pytest.mark.parametrize(
    ("labels", "right"),
    [
        (["编号", "标题"], ["002", "关于别的事的建议"]),
        (["序号", "标题", "单位"], ["002", "关于别的事的建议", "区财政局"]),
        (["案由", "承办"], ["关于别的事的建议", "区财政局"]),
    ],
)
def test_items_that_were_not_read_are_told_and_keep_the_rest_from_being_written(
    session: ActorSession, tmp_path: Path, labels: list[str], right: list[str]
) -> None:
    header, left = ["编号", "标题", "主办单位", ""], ["001", "关于某事的建议", "区教育局", ""]
    file = workbook(tmp_path / "plan.xlsx", [[*header, *labels], [*left, *right]])
    result = plan(file)
    assert "E列起" in result.stderr and "没有读取" in result.stderr
    assert "“关于别的事的建议”" in result.stderr
    assert (result.exit_code, count(session, models.Proposal)) == (1, 0)
    assert plan(file, "--only-valid").exit_code == 1
    assert count(session, models.Proposal) == 1


class _Notes(WriteRule):
    """Notes of every save whether it is a rehearsal."""

    def __init__(self) -> None:
        self.rehearsed: list[bool] = []

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        self.rehearsed.append(save.session.provenance().is_rehearsal)


@pytest.mark.parametrize("is_dry", [True, False])
def test_a_dry_run_is_a_rehearsal_as_every_preview(
    session: ActorSession, tmp_path: Path, is_dry: bool
) -> None:
    """So nothing is logged, and nobody's rows are locked before they are written."""
    units = workbook(tmp_path / "units.xlsx", [["单位全称"], ["区气象局"]])
    options = ["--dry-run"] if is_dry else []
    for run in (
        lambda: plan(PLAN, *options),
        lambda: plan(PLAN, "--skip-changed-titles", *options),
        lambda: table("承办单位", units, *options),
    ):
        notes = _Notes()
        with held_to((*RULES, notes)):
            result = run()
        assert result.exit_code == 0, result.output
        assert set(notes.rehearsed) <= {is_dry}
    assert bool(count(session, models.Import)) is not is_dry


def test_a_dry_run_prints_every_row_and_writes_nothing(session: ActorSession) -> None:
    result = plan(PLAN, "--dry-run", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert set(answer) >= {"file", "sheets", "rows", "totals"}
    assert answer["sheets"][0]["header_rows"] == [3]
    assert answer["sheets"][0]["columns"] == {
        "number": "建议编号",
        "title": "建议标题",
        "lead": "领衔代表",
        "joint": "联名代表",
        "lead_unit": "主办单位",
        "co_unit": "协办单位",
        "due_on": "办理时限",
        "note": "备注",
    }
    assert answer["totals"] == {"new": 20, "updated": 0, "unchanged": 0, "invalid": 0, "failed": 0}
    assert answer["rows"][0]["assignments"][0] == {
        "unit": "柳州市自然资源和规划局鱼峰分局",
        "role": "主办",
    }
    assert count(session, models.Proposal) == count(session, models.Import) == 0


def test_a_plan_is_written_listed_and_can_be_undone(session: ActorSession) -> None:
    assert plan(PLAN).exit_code == 0
    record = session.scalars(select(models.Import)).one()
    import_id = record.id
    assert (record.state, record.total_rows, record.new_rows) == ("已写入", 20, 20)
    assert count(session, models.ImportRow) == count(session, models.Proposal) == 20
    again = json.loads(plan(PLAN, "--json").stdout)
    assert again["totals"]["unchanged"] == 20
    undo_import(session, import_id)
    session.commit()
    assert count(session, models.Proposal) == count(session, models.Assignment) == 0


def test_invalid_rows_stop_the_whole_plan_unless_only_the_valid_are_wanted(
    session: ActorSession,
) -> None:
    refused = plan(DIRTY)
    assert refused.exit_code == 1
    assert "第8行“主办单位”：“区教肓局”不在单位名册中，是不是“区教育局”？" in refused.stdout
    assert count(session, models.Proposal) == 0
    assert plan(DIRTY, "--only-valid").exit_code == 1
    assert count(session, models.Proposal) == 4


@pytest.fixture
def retitled(session: ActorSession, tmp_path: Path) -> Path:
    """A plan whose first row has another title than the stored item of its number, and whose last one is new."""
    header = ["编号", "标题", "主办单位", "备注"]
    old = [["001", "关于课后服务的建议", "区教育局", ""], ["002", "关于公园的建议", "区住建局", ""]]
    assert plan(workbook(tmp_path / "原.xlsx", [header, *old])).exit_code == 0
    other = ["001", "关于夜间经济的建议", "区教育局", ""]
    noted, new = [*old[1][:3], "请抓紧"], ["003", "关于公交的建议", "区财政局", ""]
    return workbook(tmp_path / "改.xlsx", [header, other, noted, new])


def stored(session: ActorSession) -> dict[str, tuple[str, str]]:
    """Title and note of every item, by number."""
    item = models.Proposal
    asked = select(item.number, item.title, item.note).order_by(item.number)
    rows = session.execute(asked).all()
    session.rollback()
    return {number: (title, note) for number, title, note in rows}


def test_other_titles_under_known_numbers_are_counted_before_anything_is_written(
    session: ActorSession, retitled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        "jobs.commands.import_plan.finish", lambda *given: (told.append("written"), finish(*given))
    )
    monkeypatch.setattr("jobs.commands.import_plan.click.echo", lambda line, **_: told.append(line))
    assert plan(retitled).exit_code == 0
    assert told[0] == (
        "注意：有 1 行编号相同而标题不同，写入会换掉系统里的标题；不是同一件的，请用 --skip-changed-titles 跳过。"
    )
    assert told[1:3] == ["written", "新增 1　更新 2　未变 0　无效 0　失败 0"]
    assert stored(session)["001"] == ("关于夜间经济的建议", "")


def test_rows_with_other_titles_are_skipped_on_request_and_the_rest_is_written(
    session: ActorSession, retitled: Path
) -> None:
    rehearsed = json.loads(plan(retitled, "--skip-changed-titles", "--dry-run", "--json").stdout)
    assert stored(session).keys() == {"001", "002"}
    result = plan(retitled, "--skip-changed-titles")
    assert result.exit_code == 1  # a row of the file was not taken
    assert result.stdout.startswith("已跳过 1 行：编号相同而标题不同。\n新增 1　更新 1　")
    assert "第2行“标题”：编号相同而标题不同，已按您的选择跳过。" in result.stdout
    assert result.stdout.endswith("已写入。\n")
    assert stored(session) == {
        "001": ("关于课后服务的建议", ""),
        "002": ("关于公园的建议", "请抓紧"),
        "003": ("关于公交的建议", ""),
    }
    assert [row["outcome"] for row in rehearsed["rows"]] == ["invalid", "updated", "new"]
    assert count(session, models.ChangeLog) == len(logged_once(session))


def logged_once(session: ActorSession) -> set[tuple[str, int, str]]:
    """What the change log tells of, each row and action once: a first look leaves nothing there."""
    log = models.ChangeLog
    return {tuple(row) for row in session.execute(select(log.table_name, log.row_id, log.action))}


def test_other_faults_still_stop_a_plan_whose_other_titles_are_skipped(
    session: ActorSession, retitled: Path
) -> None:
    book = load_workbook(retitled)
    book.active.append(["004", "关于某处的建议", "区某局", ""])
    book.save(retitled)
    assert plan(retitled, "--skip-changed-titles").exit_code == 1
    assert stored(session).keys() == {"001", "002"}
    assert plan(retitled, "--skip-changed-titles", "--only-valid").exit_code == 1
    assert stored(session).keys() == {"001", "002", "003"}


def test_json_tells_other_titles_as_warnings_of_their_rows_and_says_nothing_else(
    session: ActorSession, retitled: Path
) -> None:
    result = plan(retitled, "--json")
    first, *others = json.loads(result.output)["rows"]
    (warning,) = first["warnings"]
    assert (warning["column"], warning["value"]) == ("title", "关于夜间经济的建议")
    assert "系统里这个编号是“关于课后服务的建议”" in warning["message"]
    assert [row["warnings"] for row in others] == [[], []]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "文件是空的"), (b"%PDF-1.7", "这是 PDF 文件"), ("甲,乙\n1,2".encode(), "没有找到表头")],
)
def test_a_file_that_cannot_be_read_ends_with_two_and_one_sentence(
    session: ActorSession, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "方案.xlsx"
    path.write_bytes(content)
    result = plan(path, "--dry-run", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_to_look_at_twice_is_told_beside_the_outcome(session: ActorSession) -> None:
    file = SAMPLES / "10-two-sheets.xlsx"
    told = plan(file, "--dry-run")
    assert told.exit_code == 0
    assert told.stdout.count("提醒：") == 5
    rows = json.loads(plan(file, "--dry-run", "--json").stdout)["rows"]
    warned = {row["kind"]: row["warnings"] for row in rows}
    assert warned["建议"] == []
    assert (warned["提案"][0]["column"], warned["提案"][0]["value"]) == ("kind", "提案")


def test_an_unknown_meeting_or_a_missing_file_ends_with_two(
    session: ActorSession, tmp_path: Path
) -> None:
    assert plan(PLAN, meeting="没有的会议").exit_code == 2
    assert plan(tmp_path / "nothing.xlsx").exit_code == 2
    assert plan(PLAN, "--dry-run", meeting="柳州市十五届人大五次会议").exit_code == 0


UNITS = ["单位全称", "单位简称", "单位性质", "在用", "排序"]


def test_units_come_in_with_the_labels_as_headers(session: ActorSession, tmp_path: Path) -> None:
    rows = [
        ["承办单位"], ["导出人：雷立新"], UNITS,
        ["鱼峰区教育局", "区教育局", "政府部门", "是", 2], ["鱼峰区数据局", "区数据局", "政府部门", "是", 90],
        ["鱼峰区财政局", "区财政局", "政府部门", "否", 6],
    ]  # fmt: skip
    path = workbook(tmp_path / "units.xlsx", rows)
    answer = json.loads(table("承办单位", path, "--json").stdout)
    assert [row["outcome"] for row in answer["rows"]] == ["unchanged", "new", "updated"]
    assert answer["rows"][2]["changes"] == {"is_active": [True, False]}
    new = session.scalars(select(models.Unit).filter_by(name="鱼峰区数据局")).one()
    assert new.sort_order == 90
    session.rollback()
    assert json.loads(table("units", path, "--json").stdout)["totals"]["unchanged"] == 3


def test_columns_of_a_file_that_are_not_imported_are_named_with_the_reason(
    session: ActorSession, tmp_path: Path
) -> None:
    header = ["单位全称", "单位简秤", "排序", "排序", "电话"]
    path = workbook(tmp_path / "units.xlsx", [header, ["鱼峰区教育局", "教体局", 2, 3, "28"]])
    result = table("units", path)
    assert result.stdout.splitlines() == [
        "新增 0　更新 0　未变 1　无效 0　失败 0",
        "注意：“单位简秤”“电话”不是“承办单位”的列，不导入；要导入的，请把列名改成与列表一致。",
        "注意：“排序”有两列，只导入了前一列。",
    ]
    assert json.loads(table("units", path, "--json").stdout)["ignored"] == [
        "单位简秤",
        "排序",
        "电话",
    ]


def test_what_is_wrong_in_a_table_is_said_with_row_label_and_way_out(
    session: ActorSession, tmp_path: Path
) -> None:
    rows = [
        UNITS,
        ["鱼峰区甲局", "", "政府部们", "也许", "x"],
        ["", "", "企业", "是", 1],
        ["鱼峰区乙局", "", "企业", "是", 1],
        ["鱼峰区乙局", "", "企业", "是", 2],
    ]
    result = table("units", workbook(tmp_path / "units.xlsx", rows))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == [
        "第2行“单位性质”：“政府部们”不在可选范围内，是不是“政府部门”？",
        "第2行“在用”：“也许”请写“是”或“否”。",
        "第2行“排序”：“x”不是数字。",
        "第3行“单位全称”：没有填写，请填上。",
        "第5行“单位全称”：与第4行是同一条“承办单位”，请删去一行。",
    ]
    assert count(session, models.Unit) == 44


def test_references_are_found_by_natural_name_and_rules_are_told_in_their_own_words(
    session: ActorSession, tmp_path: Path
) -> None:
    header = ["承办单位", "别名"]
    rows = [header, ["鱼峰区教育局", "教体局"], ["区财政局", "财政"], ["区教肓局", "教育"]]
    result = table("单位别名", workbook(tmp_path / "aliases.xlsx", rows))
    assert result.exit_code == 1
    assert "第4行“承办单位”：“区教肓局”在“承办单位”里没有，是不是“鱼峰区教育局”？" in result.stdout
    meeting = [
        ["会议名称", "会议机构", "层级", "届", "次", "年度"],
        ["某会", "人大", "市级", 15, 5, 2024],
        ["别会", "人大", "市级", 0, 1, 2024],
    ]
    told = table("meetings", workbook(tmp_path / "meetings.xlsx", meeting)).stdout
    assert "这一届次的会议已经登记。" in told
    assert "届和次都要大于0。" in told


def test_a_table_is_compared_with_the_rows_that_the_file_may_mean_alone(
    session: ActorSession, tmp_path: Path
) -> None:
    header = ["承办单位", "年度", "报送日期"]
    unit = session.scalars(select(models.Unit).filter_by(name="鱼峰区教育局")).one()
    session.add_all(
        models.UnitReport(unit_id=unit.id, year=year, submitted_on=date(year, 12, 1))
        for year in range(2000, 2020)
    )
    session.commit()
    rows = [header, ["鱼峰区教育局", 2003, "2003-12-01"], ["鱼峰区教育局", 2005, "2005-12-02"]]
    read: list[int] = []

    def count_rows(conn: Any, cursor: Any, statement: str, *more: Any) -> None:
        if "FROM unit_reports" in statement and statement.startswith("SELECT"):
            read.append(statement.count("?") + statement.count("%("))

    words = models.schema.tables["unit_reports"]
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", count_rows)
    done = import_table(session, open_table(session, words, [Grid(None, rows)]))
    event.remove(engine, "before_cursor_execute", count_rows)
    assert [step.outcome for step in done.steps] == ["unchanged", "updated"]
    assert read and read[0] == 2


def test_rows_that_leave_a_column_of_their_key_blank_are_known_again(
    session: ActorSession, tmp_path: Path
) -> None:
    header = ["届次会议", "收集日期", "意见内容", "拟办单位"]
    rows = [header, *([CONGRESS, "2024-03-01", f"意见{n}", ""] for n in range(3))]
    path = workbook(tmp_path / "opinions.xlsx", rows)
    assert json.loads(table("onsite_opinions", path, "--json").stdout)["totals"]["new"] == 3
    rows[1][3] = "鱼峰区教育局"
    path = workbook(tmp_path / "opinions.xlsx", rows)
    totals = json.loads(table("onsite_opinions", path, "--json").stdout)["totals"]
    assert (totals["unchanged"], totals["new"]) == (2, 1)


def test_a_task_that_comes_in_gets_its_state_and_deadlines(
    session: ActorSession, tmp_path: Path
) -> None:
    plan(PLAN)
    item = session.scalars(select(models.Proposal).filter_by(number="026")).one()
    item_id, name = item.id, str(item)
    session.rollback()
    rows = [["建议提案", "承办单位", "承办方式"], [name, "区教育局", "协办"]]
    assert table("assignments", workbook(tmp_path / "tasks.xlsx", rows)).exit_code == 0
    session.rollback()
    task = session.scalars(
        select(models.Assignment)
        .join(models.Assignment.unit)
        .where(models.Unit.short_name == "区教育局", models.Assignment.proposal_id == item_id)
    ).one()
    assert task.state == "待签收"
    assert (
        session.scalars(select(models.Deadline).filter_by(assignment_id=task.id)).one().milestone
        == "协办意见"
    )


def test_a_task_that_a_file_gives_to_another_item_leaves_the_one_it_came_from(
    session: ActorSession, tmp_path: Path
) -> None:
    plan(PLAN)
    tasks = session.scalars(select(models.Assignment).order_by(models.Assignment.id)).all()
    per_item = Counter(task.proposal_id for task in tasks)
    moved = next(task for task in tasks if per_item[task.proposal_id] == 1)
    other = next(
        task.proposal
        for task in tasks
        if all(one.unit_id != moved.unit_id for one in task.proposal.assignments)
    )
    left, header = moved.proposal_id, ["编号", "建议提案", "承办单位", "承办方式"]
    rows = [header, [moved.id, str(other), str(moved.unit), "协办"]]
    session.rollback()
    assert table("assignments", workbook(tmp_path / "tasks.xlsx", rows)).exit_code == 0
    session.rollback()
    assert session.get(models.Proposal, left).state == "登记"


def test_the_items_of_a_meeting_whose_day_comes_in_by_a_file_count_from_it(
    session: ActorSession, tmp_path: Path
) -> None:
    plan(PLAN)
    rows = [["会议名称", "会议机构", "层级", "届", "次", "年度", "交办日期"]]
    rows.append([CONGRESS, "人大", "市级", 15, 5, 2024, "2024-04-12"])
    assert table("meetings", workbook(tmp_path / "meetings.xlsx", rows)).exit_code == 0
    session.rollback()
    for counted in (models.Proposal.counts_from_on, models.Assignment.counts_from_on):
        assert set(session.scalars(select(counted))) == {date(2024, 4, 12)}


def test_rows_belong_to_items_by_whatever_tables_lie_between(session: ActorSession) -> None:
    plan(PLAN)
    task = session.scalars(select(models.Assignment)).first()
    entry = models.LedgerEntry(
        assignment=task,
        happened_on=date(2024, 4, 12),
        stage="办前",
        activity="其他",
        summary="看过",
    )
    session.add(entry)
    session.flush()
    below, item = [{"id": 1, "ledger_entry_id": entry.id}], task.proposal_id
    assert items_of(session, "ledger_invitees", below) == {item}
    assert items_of(session, "assignments", [{"id": task.id, "proposal_id": item}]) == {item}
    assert items_of(session, "units", [{"id": task.unit_id}]) == set()
    session.rollback()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("change_log", "“变更记录”不能从文件导入，只能在系统里登记和修改。"),
        ("导入", "“导入”不能从文件导入，只能在系统里登记和修改。"),
        ("users", "“用户”不能从文件导入，只能在系统里登记和修改。"),
        ("设置", "“设置”不能从文件导入，只能在系统里登记和修改。"),
        ("nothing", "没有名为“nothing”的表，请写列表的名称，如“承办单位”。"),
    ],
)
def test_tables_that_are_not_the_importers_to_keep_are_not_imported(
    session: ActorSession, tmp_path: Path, name: str, sentence: str
) -> None:
    result = table(name, workbook(tmp_path / "x.xlsx", [["x"]]))
    assert (result.exit_code, result.stderr) == (2, sentence + "\n")


def test_the_command_takes_just_the_tables_that_the_office_may_import_on_the_screen() -> None:
    office = Actor("王芳", OFFICE)
    tables = models.schema.tables.values()
    by_command = {words.name for words in tables if find_table(words.name)}
    on_screen = {t for t in by_command if may_import(office, t)}
    assert by_command == on_screen
    assert {"units", "proposals", "sponsors", "deliveries"} <= on_screen


def test_a_file_without_the_tables_header_is_refused(session: ActorSession, tmp_path: Path) -> None:
    result = table("units", workbook(tmp_path / "x.xlsx", [["姓名", "年龄"], ["雷立新", 3]]))
    assert result.exit_code == 2
    assert "没有找到“承办单位”的表头" in result.stderr
    keyless = table("units", workbook(tmp_path / "y.xlsx", [["单位简称", "排序"], ["区教育局", 3]]))
    assert "缺少“单位全称”列" in keyless.stderr


def test_the_exported_list_of_a_table_comes_back_unchanged(
    session: ActorSession, tmp_path: Path
) -> None:
    from domain.exports.tables import rows_query, table_sheet, walk
    from domain.exports.workbook import write_workbook

    plan(PLAN)
    session.rollback()
    for name in ("proposals", "assignments", "sponsors", "units", "deadline_rules", "meetings"):
        words = models.schema.tables[name]
        columns = [
            c
            for c in words.columns.values()
            if c.name != "id" and not c.is_hidden and c.kind != "data"
        ]
        sheet = table_sheet(session, words, columns, walk(session, rows_query(words, columns)))
        path = tmp_path / f"{name}.xlsx"
        with path.open("wb") as file:
            rows = write_workbook(file, sheet)
        session.rollback()
        result = table(name, path, "--json")
        answer = json.loads(result.stdout)
        assert answer["totals"]["unchanged"] == rows > 0, (name, answer["rows"][:3])
        assert load_workbook(path).active.max_row > rows


def a_ledger(session: ActorSession, *tasks: str) -> Any:
    """A file of ledger entries for tasks that are written so, opened."""
    rows = [["承办任务", "日期", "阶段", "活动", "情况"]]
    rows += [[task, "2024-04-12", "办前", "调查研究", f"第{n}次"] for n, task in enumerate(tasks)]
    words = models.schema.tables["ledger_entries"]
    return open_table(session, words, [Grid(None, rows)])


def test_rows_of_another_table_are_found_by_the_names_that_the_screen_shows(
    session: ActorSession,
) -> None:
    """Names may be made of other rows' names: a task's of its unit's and its item's."""
    plan(PLAN)
    tasks = session.scalars(select(models.Assignment).limit(20)).all()
    written = {task.id: str(task) for task in tasks}
    session.rollback()
    found = a_ledger(session, *written.values()).links
    session.rollback()
    assert sorted(ids for (one,) in found.ids.values() for ids in [one]) == sorted(written)


def test_the_names_of_a_long_table_are_walked_through_once_and_suggest_nothing(
    session: ActorSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(PLAN)
    task = session.scalars(select(models.Assignment).limit(1)).one()
    strange, right = [f"不认识的任务{n}" for n in range(300)], str(task)
    session.rollback()
    looked: list[str] = []

    def count_looks(wanted: str, known: Any, limit: int = 3) -> list[str]:
        looked.append(wanted)
        return [next(iter(known))] if known else []

    monkeypatch.setattr(links, "similar", count_looks)
    found = a_ledger(session, *strange, *strange, right)
    assert len(looked) == len(set(looked)) == links.MOST_LOOKS
    assert list(found.links.ids.values()) == [[task.id]]
    monkeypatch.setattr(links, "MOST_NAMES", 3)
    assert a_ledger(session, *strange).links.likely == {}
    session.rollback()


def test_a_table_is_opened_while_somebody_else_writes(
    session: ActorSession, engine: Engine, tmp_path: Path
) -> None:
    """On SQLite the write lock is one for all: names are looked up without it."""
    plan(PLAN)
    task = str(session.scalars(select(models.Assignment).limit(1)).one())
    session.add(models.UnitAlias(unit_id=1, alias="正在写"))
    session.flush()
    with system_session(read_only(engine), "测试", shanghai_now) as reader:
        assert a_ledger(reader, task).links.ids
    session.rollback()
