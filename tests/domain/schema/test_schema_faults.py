"""schema.sql is refused where it can be read but must not stand so: with the line, and a sentence with the way out."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from admin.tables.finding.filters import RESERVED
from domain import models
from domain.schema.faults import FIELDS, PAGES, QUESTIONS, ROW
from domain.schema.file import SCHEMA_FILE, SchemaError, read_schema
from domain.schema.words import class_name
from tests.ground.district import Panel

ABOVE = "\n-- == 办理 ==\n-- 试行：一行是一次试行。\n-- 名称：{name}\n"
COLUMNS = "  id INTEGER PRIMARY KEY,  -- 编号：[自动]\n  name VARCHAR(20) NOT NULL,  -- 名称：\n"
CHECK = "  CONSTRAINT ck_trials_name CHECK (name <> '')  -- 名称不能为空。\n);\n"
TRIALS = f"{ABOVE}CREATE TABLE trials (\n{COLUMNS}{CHECK}"


def key(column: str, target: str, name: str = "") -> str:
    """The constraint line of a foreign key of the trials."""
    rule = f"CONSTRAINT fk_trials_{name or column} FOREIGN KEY ({column}) REFERENCES {target} (id) ON DELETE CASCADE"
    return f"  {rule},  -- 没有这条记录。\n"


def refused(folder: Path, text: str) -> list[str]:
    """What is said of the whole schema.sql with ``text`` at its end, line by line."""
    file = folder / "schema.sql"
    file.write_text(SCHEMA_FILE.read_text("utf-8") + text, "utf-8")
    with pytest.raises(SchemaError) as fault:
        read_schema(file)
    return str(fault.value).splitlines()


def trials(column: str = "", rule: str = "") -> str:
    return TRIALS.replace(COLUMNS, COLUMNS + column).replace(CHECK, rule + CHECK)


LAST = len(SCHEMA_FILE.read_text("utf-8").splitlines())
TABLE, COLUMN = LAST + 5, LAST + 8  # the lines of CREATE TABLE and of a column behind the name


def test_a_table_of_ones_own_is_read(tmp_path: Path) -> None:
    file = tmp_path / "schema.sql"
    file.write_text(SCHEMA_FILE.read_text("utf-8") + TRIALS, "utf-8")
    read = read_schema(file)
    assert read.tables["trials"].label == "试行"
    assert read.lines["trials", ""] == TABLE


@pytest.mark.parametrize(
    ("column", "rule", "line", "said"),
    [
        ("  unit INTEGER,  -- 单位：\n", key("unit", "units"), COLUMN + 1,
         "外键字段 unit 要以 _id 结尾，请改成 unit_id。"),
        ("  name_id INTEGER,  -- 提名人：\n", key("name_id", "users"), COLUMN,
         "字段 name_id 引用的记录叫 name，但这张表里已有 name，请换一个字段名，如 name_of_id。"),
        ("  words TEXT,  -- 字句：\n", "", COLUMN, "字段名 words 程序自己要用，请换一个名称。"),
        ("  metadata TEXT,  -- 元数据：\n", "", COLUMN, "字段名 metadata 程序自己要用，请换一个名称。"),
        ("  words_id INTEGER,  -- 字句：\n", key("words_id", "units"), COLUMN,
         "字段 words_id 引用的记录叫 words，但这张表里已有 words，请换一个字段名，如 words_of_id。"),
    ],
)  # fmt: skip
def test_no_column_takes_a_name_that_its_row_has_already(
    tmp_path: Path, column: str, rule: str, line: int, said: str
) -> None:
    assert refused(tmp_path, trials(column, rule)) == [f"schema.sql 第{line}行：{said}"]


def test_the_names_kept_for_rows_are_those_that_a_row_has() -> None:
    assert {name for name in dir(models.Row) if not name.startswith("_")} <= ROW


def test_no_table_is_called_like_a_column_of_what_it_hangs_on(tmp_path: Path) -> None:
    text = trials("  unit_id INTEGER,  -- 单位：\n", key("unit_id", "units")).replace(
        "trials", "kind"
    )
    assert refused(tmp_path, text) == [
        f"schema.sql 第{TABLE}行：表 kind 挂在 units 上，那张表已有叫 kind 的字段或引用，请换一个表名。"
    ]


@pytest.mark.parametrize(("note", "said"), [
    ("主办单位", "旁列写成 -- 旁列：名称 标签 = 路径 [条件] 取法：说明，"
     "如 lead_units 主办单位 = assignments.unit_id [role=主办] 全部。"),
    ("x 甲 = unit.name 随便", "旁列 x 的取法没有“随便”，有 全部、首个、末个、最早、最晚、已过。"),
    ("X 甲 = unit.name", "旁列的名称 X 只能用小写英文字母、数字和下划线，以字母开头。"),
    ("sort 甲 = unit.name", "旁列的名称 sort 程序自己要用，请换一个名称。"),
    ("units 甲 = unit.name", "旁列的名称 units 程序自己要用，请换一个名称。"),
    ("name 甲 = unit.name", "旁列 name 和这张表的一个字段或另一个旁列同名，请换一个名称。"),
    ("x 名称 = unit.name", "旁列 x 和 name 都叫“名称”，请换一个标签。"),
    ("x 甲 = name", "旁列 x 的路径 name 就是这张表的字段，不必写成旁列。"),
    ("x 甲 = office.name", "旁列 x 的路径里，从 trials 走不到 office：没有这样的引用，也没有挂在它上面的这样一张表。"),
    ("x 甲 = unit.meetings.name",
     "旁列 x 的路径里，从 units 走不到 meetings：没有这样的引用，也没有挂在它上面的这样一张表。"),
    ("x 甲 = unit.title", "旁列 x：title 不是表 units 的一个给人看的字段。"),
    ("x 甲 = unit.users.password_hash", "旁列 x：password_hash 不是表 users 的一个给人看的字段。"),
    ("x 甲 = unit.name [kind]", "旁列 x 的条件 [kind] 写成 [字段=词 词]、[字段<>词] 或 [字段=空]。"),
    ("x 甲 = unit.name [kind=学校]",
     "旁列 x 的条件：kind 没有“学校”，有 政府部门、党委部门、市直派驻、街道乡镇、群团组织、企业、其他。"),
    ("x 甲 = unit.name [short_name=学校]", "旁列 x 的条件：short_name 没有“学校”，只能问是否为空：[short_name=空]。"),
    ("x 甲 = unit.name [users.role=学校]", "旁列 x 的条件里，路径上没有 users，或不止一个。"),
    ("x 甲 = unit.name 最早", "旁列 x 的 最早 只用于日期，name 不是。"),
    ("x 甲 = unit.name 末个 name", "旁列 x 没有几行可排，请去掉 name。"),
    ("x 甲 = unit.assignments.state 末个 signed_on",
     "旁列 x：首个、末个 所按的 signed_on 要是表 assignments 的一个 NOT NULL 的字段。"),
])  # fmt: skip
def test_a_side_column_that_cannot_be_followed_is_refused_at_its_line(
    tmp_path: Path, note: str, said: str
) -> None:
    column = "  unit_id INTEGER,  -- 单位：\n"
    text = trials(column, key("unit_id", "units")).replace(
        "-- 名称：{name}\n", f"-- 名称：{{name}}\n-- 旁列：{note}\n"
    )
    assert refused(tmp_path, text) == [f"schema.sql 第{TABLE}行：{said}"]


def test_a_list_may_name_a_side_column_and_nothing_else_that_is_not_its_own(tmp_path: Path) -> None:
    column = "  unit_id INTEGER,  -- 单位：\n"
    noted = trials(column, key("unit_id", "units")).replace(
        "-- 名称：{name}\n",
        "-- 名称：{name}\n-- 列表：name unit_kind\n-- 旁列：unit_kind 单位性质 = unit.kind\n",
    )
    file = tmp_path / "schema.sql"
    file.write_text(SCHEMA_FILE.read_text("utf-8") + noted, "utf-8")
    read = read_schema(file)
    side = read.tables["trials"].sides["unit_kind"]
    assert read.tables["trials"].listed == ("name", "unit_kind")
    assert side.choices == read.tables["units"].columns["kind"].choices
    assert read.lines["trials", "unit_kind"] == TABLE + 1
    assert refused(tmp_path, noted.replace("旁列：unit_kind", "旁列：kind_of_unit")) == [
        f"schema.sql 第{TABLE + 2}行：列表 里的 unit_kind 不是这张表的字段。"
    ]


COMMAND = """
import sys
from pathlib import Path
from flask.cli import FlaskGroup
from app import create_app
file = Path(sys.argv.pop(1))
FlaskGroup(create_app=lambda: create_app(schema_file=file))()
"""


def run(file: Path, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the program on a schema.sql of its own and a database in ``folder``."""
    environment = {"DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/x.db"}
    program = [sys.executable, "-c", COMMAND, str(file), command]
    return subprocess.run(
        program, env={**os.environ, **environment},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip


def test_the_commands_advise_and_go_on(tmp_path: Path) -> None:
    file = tmp_path / "schema.sql"
    column = "  proposal_id INTEGER NOT NULL,  -- 建议提案：\n"
    text = SCHEMA_FILE.read_text("utf-8") + trials(column, key("proposal_id", "proposals"))
    file.write_text(text, "utf-8")
    assert run(file, "db-init", tmp_path).returncode == 0
    advised = "宜加 CREATE INDEX ix_trials_proposal ON trials (proposal_id);"
    for command in ("db-check", "db-upgrade"):
        done = run(file, command, tmp_path)
        assert done.returncode == 0 and advised in done.stderr
        assert done.stderr.startswith(
            f"建议：schema.sql 第{COLUMN + 1}行：外键 fk_trials_proposal_id"
        )


def test_a_table_that_is_nobodys_is_refused_with_its_line_and_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "schema.sql"
    file.write_text(SCHEMA_FILE.read_text("utf-8") + TRIALS, "utf-8")
    done = run(file, "db-upgrade", tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: schema.sql 第{TABLE}行：表 trials 没有说它的记录归谁看：请给它一个必填的外键，"
        "指向不是人人都能看到全部记录的表，或在 domain/access/rules.py 里给它写一条规则。\n"
    )


@pytest.mark.parametrize("command", ["db-check", "db-upgrade"])
def test_the_commands_say_every_line_that_is_wrong_and_touch_nothing(
    tmp_path: Path, command: str
) -> None:
    column = "  leader_id INTEGER,  -- 领办领导：\n  words TEXT,  -- 字句：\n"
    rule = "  CONSTRAINT fk_proposals_leader FOREIGN KEY (leader_id) REFERENCES users (id),  -- 没有这位用户。\n"
    before = "  CONSTRAINT uq_proposals_number "
    text = SCHEMA_FILE.read_text("utf-8")
    file = tmp_path / "schema.sql"
    file.write_text(text.replace(before, column + rule + before, 1), "utf-8")
    line = text[: text.index(before)].count("\n") + 1
    done = run(file, command, tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"Error: schema.sql 第{line}行：字段 leader_id 引用的记录叫 leader，但这张表里已有 leader，"
        "请换一个字段名，如 leader_of_id。",
        f"schema.sql 第{line + 1}行：字段名 words 程序自己要用，请换一个名称。",
    ]
    assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize("name", ["reports", "importing", "due_month", "late"])
def test_no_table_takes_the_name_of_a_page(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, TRIALS.replace("trials", name)) == [
        f"schema.sql 第{TABLE}行：表名 {name} 是程序一个页面的名称，请换一个表名。"
    ]


@pytest.mark.parametrize(
    "name", ["sort", "q", "size", "after", "before", "columns", "seen", "then"]
)
def test_no_column_takes_the_name_of_what_an_address_or_a_form_says_besides(
    tmp_path: Path, name: str
) -> None:
    assert refused(tmp_path, trials(f"  {name} INTEGER,  -- 次第：\n")) == [
        f"schema.sql 第{COLUMN}行：字段名 {name} 程序自己要用，请换一个名称。"
    ]


def test_the_names_kept_for_pages_are_those_of_the_pages(panel: Panel) -> None:
    addresses = {rule.rule.split("/")[1] for rule in panel.app.url_map.iter_rules()}
    names = {name.replace("-", "_") for name in {*panel.app.blueprints, *addresses} if name}
    assert names - set(models.by_table) == PAGES


def test_the_names_kept_for_questions_and_forms_are_those_asked_and_sent(panel: Panel) -> None:
    page = panel.as_("office").get("/proposals/new/")
    sent = set(re.findall(r' name="(\w+)"', page.split("<main")[1]))
    assert sent - set(models.schema.tables["proposals"].columns) <= FIELDS | QUESTIONS
    assert RESERVED == QUESTIONS


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("  place VARCHAR(9) UNIQUE,  -- 地点：\n", "字段 place 的“UNIQUE”读不懂"),
        ("  unit_id INTEGER REFERENCES units (id),  -- 单位：\n", "UNIQUE、CHECK、REFERENCES 写在字段下面"),
        ("  place VARCHAR(9) CHECK (place <> ''),  -- 地点：\n", "字段 place 的“CHECK"),
        ("  place VARCHAR(9) not null,  -- 地点：\n", "字段 place 的“not null”读不懂"),
        ("  place VARCHAR(9) DEFAULT '--',  -- 地点：\n", "引号里不能有 -- 和 ;"),
        ("  place VARCHAR(9) DEFAULT ';',  -- 地点：\n", "引号里不能有 -- 和 ;"),
        ("  held_on DATE DEFAULT CURRENT_DATE,  -- 日期：\n", "字段 held_on 的“DEFAULT CURRENT_DATE”读不懂"),
        ("  amount INTEGER DEFAULT (1 + 1),  -- 数：\n", "DEFAULT 值（'文字'、数字、TRUE、FALSE）"),
        ("  amount INTEGER DEFAULT '1',  -- 数：\n", "字段 amount 的 DEFAULT '1' 不合它的类型 INTEGER"),
        ("  is_done BOOLEAN DEFAULT 0,  -- 完成：\n", "字段 is_done 的 DEFAULT 0 不合它的类型 BOOLEAN"),
        ("  place varchar(9),  -- 地点：\n", "不是字段的写法：名称 类型，类型有 BOOLEAN、"),
        ("  place VARCHAR(9),  -- 地点：[搜寻]\n", "字段 place 的 [搜寻] 不是已知的标记，可以用的有 [自动]、[隐藏]、"),
        ("  place VARCHAR(9),  -- 地点\n", "字段 place 没有标签，请在行末写 -- 标签：说明"),
        ("  place VARCHAR(9),  -- 地点：[原名 name]\n", "字段 place 的原名 name 还是这张表的字段"),
        ("  place VARCHAR(9),  -- 地点：[起初 甲 若 name]\n", "词要是它的可选词，字段要是这张表的"),
        ("  Place VARCHAR(9),  -- 地点：\n", "名称 Place 只能用小写英文字母"),
        ("  user INTEGER,  -- 用户：\n", "user 是数据库的保留字"),
        ("  label VARCHAR(9),  -- 名称：\n", "字段 label 和 name 都叫“名称”"),
        ("  name VARCHAR(9),  -- 又名：\n", "数据库读不懂（duplicate column name: name）"),
        ("  UNIQUE (name),  -- 已有。\n", "约束要有名称：CONSTRAINT uq_表名_字段 UNIQUE (字段)"),
        ("  CONSTRAINT uq_trials_name UNIQUE (nam),  -- 已有。\n", "数据库读不懂"),
        ("  CONSTRAINT uq_units_name UNIQUE (name),  -- 已有。\n", "uq_units_name 在表 units 里已经用过"),
        ("  unit_id INTEGER,  -- 单位：\n" + key("unit_id", "unit"), "引用的表 unit 不存在，或写在后面"),
        ("  unit_id INTEGER NOT NULL,  -- 单位：\n" + key("unit_id", "units").replace("CASCADE", "SET NULL"),
         "unit_id 是 NOT NULL，不能 ON DELETE SET NULL"),
        ("  unit_id INTEGER,  -- 单位：\n" + key("unit_id", "units").replace("CASCADE", "NOTHING"),
         "外键 fk_trials_unit_id 写成"),
        ("  grade VARCHAR(1),  -- 等级：\n  CONSTRAINT ck_trials_grade CHECK (grade IN ('好', '较好')),  -- 不对。\n",
         "字段 grade 只有 1 个字，放不下“较好”"),
        ("  grade VARCHAR(9) DEFAULT '差',  -- 等级：\n"
         "  CONSTRAINT ck_trials_grade CHECK (grade IN ('好')),  -- 不对。\n",
         "字段 grade 的默认值“差”不在可选的词里"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_rightly_is_refused(tmp_path: Path, column: str, said: str) -> None:
    answer = refused(tmp_path, trials(column))
    line = re.match(r"schema\.sql 第(\d+)行：", answer[0])
    assert line and TABLE <= int(line.group(1)) <= COLUMN + 2 and said in answer[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("-- 名称：{name}", "-- 名称：{nam}", "名称 里的 nam 不是这张表的字段"),
        ("-- 名称：{name}", "-- 名称：{name", "大括号 { } 要成对"),
        ("-- 名称：{name}", "-- 列表：nam", "列表 里的 nam 不是这张表的字段"),
        ("-- 名称：{name}", "-- 次序：nam", "次序 里的 nam 不是这张表的字段"),
        ("-- 名称：{name}", "-- 从属：name", "从属 里的 name 不是这张表的外键字段"),
        ("-- 名称：{name}", "-- 同表：name", "同表 里的 name 不是这张表的外键字段"),
        ("-- 名称：{name}", "-- 先填：nam", "先填 里的 nam 不是这张表的字段"),
        ("-- 名称：{name}", "-- 入口：办公室", "入口 里没有“办公室”这种角色，有 系统管理员、"),
        ("-- 名称：{name}", "-- 称呼：{name}", "上面的这一行不认识，可以写的有 名称、简称、列表"),
        ("-- 试行：一行是一次试行。\n-- 名称：{name}\n", "", "上一行要写 -- 表名：一行是什么。"),
        ("-- 试行：", "-- 承办单位：", "都叫“承办单位”"),
        ("trials", "unit", "表名 unit 和 units 只差单复数"),
        ("  id INTEGER PRIMARY KEY,  -- 编号：[自动]\n", "", "要有一行 id INTEGER PRIMARY KEY"),
        ("CREATE TABLE trials", "CREATE TABLE units", "表 units 前面已经有了"),
    ],
)  # fmt: skip
def test_what_stands_above_a_table_is_held_against_it(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert said in refused(tmp_path, TRIALS.replace(old, new))[0]


def test_rows_belong_to_their_parent_or_begin_in_its_form(tmp_path: Path) -> None:
    notes = "-- 名称：{name}\n-- 从属：unit_id\n-- 同表：unit_id"
    text = trials("  unit_id INTEGER,  -- 单位：\n", key("unit_id", "units"))
    found = refused(tmp_path, text.replace("-- 名称：{name}", notes))
    assert found == [
        f"schema.sql 第{TABLE + 2}行：表 trials 写了 从属，就不要再写 同表：从属的记录本来就在上级的表单里。"
    ]


def test_two_words_for_one_class_are_told_apart_or_refused(tmp_path: Path) -> None:
    assert [class_name(name) for name in ("addresses", "unit_statuses", "tax_boxes", "progress")] == [
        "Address", "UnitStatus", "TaxBox", "Progress"
    ]  # fmt: skip
    said = refused(
        tmp_path, TRIALS.replace("trials", "address") + TRIALS.replace("trials", "addresses")
    )
    assert any("表名 addresses 和 address 只差单复数" in line for line in said)


@pytest.mark.parametrize("said", ["IN ('好','坏')", "in ('好', '坏')", "In( '好' ,'坏' )"])
def test_the_words_of_a_check_are_choices_however_it_is_spaced(tmp_path: Path, said: str) -> None:
    file = tmp_path / "schema.sql"
    column = "  grade VARCHAR(9) NOT NULL,  -- 等级：\n"
    rule = f"  CONSTRAINT ck_trials_grade CHECK (grade {said}),  -- 等级不对。\n"
    file.write_text(SCHEMA_FILE.read_text("utf-8") + trials(column, rule), "utf-8")
    table = read_schema(file).tables["trials"]
    assert table.columns["grade"].choices == ("好", "坏")
    assert table.constraints[0].columns == ("grade",)
