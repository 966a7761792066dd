"""The proof of low code: a table and a column are added to schema.sql, and nothing else is touched."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from domain.schema.file import SCHEMA_FILE
from tests.ground.serving.databases import Databases
from tests.ground.waiting import PATIENCE_S

NEW_TABLE = """
-- == 办理 ==

-- 现场回访：一行是对一项任务的一次现场回访。
-- 旁列：visited_unit 回访单位 = assignment.unit_id：被回访的单位
-- 旁列：item_leads 同件主办 = assignment.proposal.assignments.unit_id [role=主办]
-- 列表：assignment_id visited_on outcome visited_unit
CREATE TABLE site_visits (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  assignment_id INTEGER NOT NULL,                  -- 承办任务：
  visited_on DATE NOT NULL,                        -- 回访日期：[已发生]
  outcome VARCHAR(10) NOT NULL,                    -- 回访结果：
  findings TEXT NOT NULL DEFAULT '',               -- 看到的情况：[搜索] 写清地点
  CONSTRAINT uq_site_visits_day UNIQUE (assignment_id, visited_on),  -- 这一天已登记过回访。
  CONSTRAINT ck_site_visits_outcome CHECK (outcome IN ('已回访', '未见到人')),  -- 回访结果不在可选范围内。
  CONSTRAINT fk_site_visits_assignment FOREIGN KEY (assignment_id)
    REFERENCES assignments (id) ON DELETE CASCADE  -- 所选承办任务不存在。
);

-- 回访发现：一行是一次回访看到的一处。
-- 从属：site_visit_id
CREATE TABLE visit_findings (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  site_visit_id INTEGER NOT NULL,                  -- 现场回访：
  position INTEGER NOT NULL DEFAULT 1,             -- 顺序：
  place VARCHAR(100) NOT NULL,                     -- 地点：
  is_mended BOOLEAN NOT NULL DEFAULT FALSE,        -- 已修好：
  CONSTRAINT uq_visit_findings_position UNIQUE (site_visit_id, position),  -- 这个顺序号已有一处。
  CONSTRAINT fk_visit_findings_visit FOREIGN KEY (site_visit_id)
    REFERENCES site_visits (id) ON DELETE CASCADE  -- 所选回访不存在。
);

-- 催办记录：一行是就一个时限打过的一次招呼。
CREATE TABLE deadline_notes (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  deadline_id INTEGER NOT NULL,                    -- 办理时限：
  content VARCHAR(100) NOT NULL,                   -- 内容：
  CONSTRAINT fk_deadline_notes_deadline FOREIGN KEY (deadline_id)
    REFERENCES deadlines (id) ON DELETE CASCADE  -- 所选办理时限不存在。
);
"""
NEW_COLUMN = "  cost NUMERIC(10, 2),                             -- 预计投入：单位万元\n"
BEFORE = "  CONSTRAINT uq_proposals_number "


@pytest.fixture(scope="module")
def found(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the panel shows once the file has the new table and column."""
    folder = tmp_path_factory.mktemp("low-code")
    text = SCHEMA_FILE.read_text("utf-8")
    assert text.count(BEFORE) == 1
    changed = folder / "schema.sql"
    changed.write_text(text.replace(BEFORE, NEW_COLUMN + BEFORE) + NEW_TABLE, "utf-8")
    with databases.copy_of("bare", lambda url: None) as url:
        program = [
            sys.executable,
            "-m",
            "tests.ground.programs.low_code_process",
            str(changed),
            url,
            str(folder),
        ]
        done = subprocess.run(
            program, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_the_new_table_has_a_place_in_the_menu_and_below_its_task(found: Any) -> None:
    assert found["menu"]
    assert "现场回访" in found["details of the task"]


def test_its_form_asks_by_the_labels_with_pickers_choices_dates_and_helps(found: Any) -> None:
    form = found["form"]
    for words in (
        "回访日期",
        "看到的情况",
        "写清地点",
        "未见到人",
        'type="date"',
        "ajax/lookup/?name=assignment_id",
    ):
        assert words in form


def test_rows_that_belong_to_it_are_written_in_its_form(found: Any) -> None:
    assert 'data-block="visit_findings"' in found["form"]
    assert found["findings"] == [
        [[1, "东门", False], [2, "西门", True], [3, "南门", False]],
        [[1, "南门", False], [2, "东门", True]],
    ]
    assert found["findings in the log"] == ["修改", "修改", "删除", "新增", "新增", "新增"]


def test_it_has_its_place_in_the_timeline_of_the_item_and_beside_its_other_records(
    found: Any,
) -> None:
    page = found["item"]
    told = page[page.index('class="timeline"') :]
    assert "2024-04-13" in told and "回访" in told[told.index("2024-04-13") :]
    assert "现场回访" in page[: page.index('class="timeline"')]


def test_a_row_is_saved_filtered_and_found_and_its_rules_speak(found: Any) -> None:
    assert "已保存" in found["saved"]
    assert "这一天已登记过回访。" in found["refused"]
    assert "回访结果：已回访" in found["filtered"]
    assert "共 1 条" in found["filtered"]


def test_what_it_declares_of_other_tables_is_in_its_list_filter_details_and_export(
    found: Any,
) -> None:
    assert "回访单位" in found["filtered"] and "同件主办" in found["filtered"]
    assert "回访单位：鱼峰区教育局" in found["beside"] and "共 1 条" in found["beside"]
    assert "没有符合条件的现场回访" in found["beside another"]
    assert "同件主办" in found["details"]
    office, housing = found["exported"]
    assert office[2][:4] == ["承办任务", "回访日期", "回访结果", "回访单位"]
    assert office[3][3] == "鱼峰区教育局"
    assert housing[2][:4] == office[2][:4] and len(housing) == 3


def test_another_unit_neither_opens_nor_exports_it(found: Any) -> None:
    assert "没有这一页" in found["foreign"]
    office, housing = found["exported"]
    assert any("已回访" in row for row in office)
    assert not any("已回访" in row for row in housing)


def test_whoever_sees_the_task_reads_it_but_for_the_deputy_who_signed_the_item(found: Any) -> None:
    assert found["readers"] == ["office", "school", "school-leader", "supervisor", "congress"]


@pytest.mark.parametrize(
    "key",
    [
        "unit_id INTEGER NOT NULL REFERENCES units",
        "meeting_id INTEGER NOT NULL REFERENCES meetings",
        "assignment_id INTEGER REFERENCES assignments",
    ],
    ids=["a dictionary", "a meeting", "perhaps a task"],
)
def test_a_table_that_does_not_say_whose_it_is_stops_the_start(tmp_path: Path, key: str) -> None:
    column, _, target = key.partition(" REFERENCES ")
    (tmp_path / "schema.sql").write_text(
        f"""{SCHEMA_FILE.read_text("utf-8")}
-- 单位预算：一行是一笔预算。
CREATE TABLE unit_budgets (
  id INTEGER PRIMARY KEY,                          -- 编号：[自动]
  {column},                                        -- 所属：
  amount NUMERIC(10, 2),                           -- 金额：
  CONSTRAINT fk_unit_budgets_owner FOREIGN KEY ({column.split()[0]})
    REFERENCES {target} (id) ON DELETE RESTRICT  -- 还有预算，不能删除。
);
""",
        "utf-8",
    )
    start = "import sys, pathlib, app; app.create_app(schema_file=pathlib.Path(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", start, str(tmp_path / "schema.sql")],
        env={**os.environ, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode and "表 unit_budgets 没有说它的记录归谁看" in done.stderr


def test_the_new_column_is_in_the_form_the_list_the_filter_and_the_export(found: Any) -> None:
    assert "预计投入" in found["proposal form"]
    assert "单位万元" in found["proposal form"]
    assert "12.5" in found["dear"]
    assert "共 1 条" in found["dear"]
    assert ["003", "12.5"] in [row[:2] for row in found["exported cost"]]


def test_both_are_in_the_change_log(found: Any) -> None:
    by_table = {label: (actor, action, changes) for actor, action, label, changes in found["log"]}
    actor, action, changes = by_table["现场回访"]
    assert (actor, action) == ("承办单位联络员·school", "新增")
    assert changes["outcome"] == [None, "已回访"]
    actor, action, changes = by_table["建议提案"]
    assert (actor, action, changes["cost"]) == ("交办督查·office", "修改", [None, 12.5])


def test_the_exported_list_comes_back_by_import_with_a_row_more(found: Any) -> None:
    assert found["imported"] == ["unchanged", "new"]
    assert "共 1 条" in found["imported is listed"]


def test_what_people_write_into_new_tables_keeps_a_plan_from_dropping_the_task(found: Any) -> None:
    assert found["holds the task"] == ["现场回访", "then", "催办记录", "现场回访"]
