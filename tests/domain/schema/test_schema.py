"""schema.sql keeps to its own rules: words for everything, a key for every table, an index for every foreign key."""

import re
from itertools import permutations
from pathlib import Path

import pytest

from domain import models
from domain.schema.advice import advice
from domain.schema.file import SCHEMA_FILE, SchemaError, Table, read_schema
from domain.schema.words import Constraint, Ordered, links_above

SCHEMA = read_schema()
TABLES = list(SCHEMA.tables.values())

NO_BUSINESS_KEY = {
    "messages": "the same may happen twice on one day, and is told twice",
    "onsite_opinions": "two deputies may say the same on one day",
    "ledger_entries": "two calls may be made on one day",
    "review_steps": "a reply goes through the same step again after it was sent back",
    "supervision_notes": "a leader may write twice on one day",
    "urgings": "a unit may be urged twice on one day",
    "imports": "the same file may be imported again",
    "change_log": "an event",
    "logins": "an event",
    "export_log": "an event",
    "former_passwords": "an event",
}
SAID_TWICE = {
    ("messages", "user_id", "mailing_id"): "a message is somebody's before a mail takes it along",
    ("onsite_opinions", "content_category_id", "proposal_id"): "the item that it became may be classed otherwise",
    ("onsite_opinions", "meeting_id", "proposal_id"): "an opinion may become an item of a later meeting",
    ("assignments", "unit_id", "signed_by_id"): "people change their unit, the task stays",
    ("score_entries", "unit_id", "objected_by_id"): "people change their unit, the points stay",
    ("score_entries", "unit_id", "ruled_by_id"): "likewise",
    ("return_requests", "unit_id", "asked_by_id"): "people change their unit, the request stays",
    ("return_requests", "unit_id", "decided_by_id"): "likewise",
    ("replies", "unit_id", "issued_by_id"): "people change their unit, the reply stays",
    ("replies", "unit_id", "revisited_by_id"): "likewise",
    ("assignments", "unit_id", "assigned_by_id"): "whoever hands over is of the office, not of the unit",
    ("assignments", "unit_id", "ended_by_id"): "whoever reassigns is of the office, not of the unit",
    ("change_log", "job_run_id", "import_id"): "an import is written by one run and undone by another",
    ("deadline_rules", "rule_set_id", "meeting_id"): "a set may hold rules for a meeting that uses another set",
}  # fmt: skip
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)


def notes_above(table: str) -> list[str]:
    """The comment lines right above CREATE TABLE."""
    lines = SCHEMA.text.splitlines()
    end = lines.index(f"CREATE TABLE {table} (")
    start = next(n for n in range(end - 1, -1, -1) if not lines[n].startswith("--"))
    return lines[start + 1 : end]


@each_table
def test_a_table_says_what_one_row_is_and_how_it_is_called(table: Table) -> None:
    notes = notes_above(table.name)
    assert notes[0].startswith(f"-- {table.label}：")
    assert [note for note in notes if note.startswith("-- 名称：")], "no line 名称"
    assert [note for note in notes if note.startswith("-- 列表：")], "no line 列表"


@each_table
def test_the_name_of_a_row_is_made_of_fields_it_has(table: Table) -> None:
    cls = models.by_table[table.name]
    for field in models.name_fields(table):
        assert hasattr(cls, field), field
        assert not getattr(table.columns.get(field), "is_hidden", False), field


def test_the_file_follows_all_advice_on_how_to_write_it() -> None:
    assert list(advice(SCHEMA)) == []


ADVISED = {
    "  -- 已有这种颜色。": ("  -- taken", 11, "那句话“taken”会给人看，宜用中文，以句号结尾"),
    "一行是一种颜色。": ("颜色", 5, "宜写成 -- 表名：一行是什么。"),
    "-- 分量：": ("-- weight：", 8, "标签“weight”宜用中文"),
    "[搜索] 通用叫法": ("[搜索] [隐藏]", 7, "标了 [隐藏]，[搜索] 不起作用"),
    "ck_colours_name": ("colours_named", 10, "colours_named 宜以 ck_colours_ 开头"),
    "uq_colours_name": (f"uq_colours_{'x' * 30}", 11, "宜在 30 个字符以内"),
    "weight NUMERIC(4, 1) NOT NULL DEFAULT 0.5,": ("mixed DATE,", 8, "mixed 的名称宜以 _on 结尾"),
    "weight NUMERIC(4, 1) NOT NULL DEFAULT 0.5,  ": (
        "seen_on TIMESTAMP,  ",
        8,
        "seen_on 的名称宜以 _at",
    ),
    "-- 名称：{name}": ("-- 次序：weight", 5, "第一个字段 weight 宜有索引"),
}


@pytest.mark.parametrize("old", ADVISED)
def test_what_is_unwise_is_said_with_its_line(tmp_path: Path, old: str) -> None:
    new, line, said = ADVISED[old]
    file = tmp_path / "schema.sql"
    file.write_text(GOOD, "utf-8")
    assert list(advice(read_schema(file))) == []
    file.write_text(GOOD.replace(old, new, 1), "utf-8")
    (found, *_) = advice(read_schema(file))
    assert found.startswith(f"schema.sql 第{line}行：") and said in found


def test_a_foreign_key_without_an_index_is_told_the_index_to_add(tmp_path: Path) -> None:
    file = tmp_path / "schema.sql"
    index = "CREATE INDEX ix_shades_colour ON shades (colour_id);"
    again = "CREATE INDEX ix_shades_all ON shades (colour_id, name);"
    mixed = "CREATE INDEX ix_shades_mixed_with ON shades (mixed_with_id);"
    shades = SHADES.replace("(id)", "(id) ON DELETE CASCADE")
    file.write_text(f"{GOOD}{shades}{mixed}\n", "utf-8")
    assert [said for said in advice(read_schema(file)) if index in said]
    file.write_text(f"{GOOD}{shades}{mixed}\n{index}\n", "utf-8")
    assert list(advice(read_schema(file))) == []
    file.write_text(f"{GOOD}{shades}{mixed}\n{index}\n{again}\n", "utf-8")
    (said,) = advice(read_schema(file))
    assert "索引 ix_shades_colour 是另一个索引的开头" in said


@each_table
def test_every_table_has_a_business_key_or_a_reason_to_have_none(table: Table) -> None:
    is_keyed = bool(table.business_key) or any(index.is_unique for index in table.indexes)
    assert is_keyed != (table.name in NO_BUSINESS_KEY)


@each_table
def test_no_fact_of_a_parent_is_repeated_unless_a_key_holds_the_copy(table: Table) -> None:
    """Third normal form: a parent's parent may stand here again only where it cannot disagree."""
    for first, second in permutations(table.foreign_keys, 2):
        copied, through = first.key_column, second.key_column
        if copied not in SCHEMA.tables[second.target].columns or second.target == table.name:
            continue
        if table.name == "attachments":  # hangs on exactly one record: the other keys are empty
            continue
        held = copied in second.columns
        assert held != ((table.name, copied, through) in SAID_TWICE), (copied, through)


def test_the_file_is_plain_enough_to_be_read_line_by_line() -> None:
    code = [line.split("--")[0] for line in SCHEMA.text.splitlines()]
    literals = re.findall(r"'[^']*'", "\n".join(code))
    assert not [text for text in literals if ";" in text]
    assert "\t" not in SCHEMA.text
    assert len(re.findall(r"^CREATE TABLE", SCHEMA.text, re.M)) == len(TABLES)


GOOD = """-- == 基础数据 ==

-- 颜色：一行是一种颜色。
-- 名称：{name}
CREATE TABLE colours (
  id INTEGER PRIMARY KEY,      -- 编号：[自动]
  name VARCHAR(10) NOT NULL,   -- 名称：[搜索] 通用叫法
  weight NUMERIC(4, 1) NOT NULL DEFAULT 0.5,  -- 分量：
  CONSTRAINT ck_colours_name CHECK (
    name <> ''),               -- 名称不能为空。
  CONSTRAINT uq_colours_name UNIQUE (name)  -- 已有这种颜色。
);
"""


def read(text: str, folder: Path) -> Table:
    file = folder / "schema.sql"
    file.write_text(text, encoding="utf-8")
    return read_schema(file).tables["colours"]


def test_a_new_table_is_read_with_its_words(tmp_path: Path) -> None:
    table = read(GOOD, tmp_path)
    assert (table.label, table.row_is, table.group) == ("颜色", "一行是一种颜色。", "基础数据")
    assert (table.columns["name"].label, table.columns["name"].help) == ("名称", "通用叫法")
    assert table.columns["name"].is_searched and table.columns["name"].is_required
    assert table.columns["weight"].default == 0.5
    assert table.constraints[0] == Constraint(
        "ck_colours_name", "check", ("name",), "名称不能为空。", "name <> ''"
    )
    assert table.business_key == ("name",)
    ordered = read(GOOD.replace("CREATE", "-- 次序：-name weight\nCREATE", 1), tmp_path)
    assert ordered.order == (Ordered("name", True), Ordered("weight", False))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("  -- 名称：[搜索] 通用叫法", "", 7),
        ("-- 名称：[搜索] 通用叫法", "-- 名称 通用叫法", 7),
        ("VARCHAR(10)", "CHARACTER(10)", 7),
        ("0.5,  -- 分量：", "0.5,  -- 分量：[案号]", 8),
        ("CONSTRAINT uq_colours_name UNIQUE", "UNIQUE", 11),
        ("  -- 已有这种颜色。", "", 12),
        ("CREATE TABLE", "CREATE VIEW", 5),
        ("CREATE TABLE", "-- 名子：{name}\nCREATE TABLE", 5),
        ("CREATE TABLE colours (\n", "-- 次序：shade\nCREATE TABLE colours (\n  shade INTEGER,  -- 深浅：\n", 6),
    ],
)  # fmt: skip
def test_whoever_breaks_the_rules_of_the_file_reads_the_line(
    tmp_path: Path, old: str, new: str, line: int
) -> None:
    with pytest.raises(SchemaError, match=rf"^schema\.sql 第{line}行："):
        read(GOOD.replace(old, new, 1), tmp_path)


SHADES = """
-- 深浅：一行是一种颜色的一个深浅。
-- 名称：{colour} {name}
CREATE TABLE shades (
  id INTEGER PRIMARY KEY,      -- 编号：[自动]
  colour_id INTEGER NOT NULL,  -- 颜色：
  mixed_with_id INTEGER,       -- 掺入：
  name VARCHAR(10) NOT NULL,   -- 名称：[承接]
  weight INTEGER,              -- 分量：
  degree INTEGER,              -- 程度：
  CONSTRAINT fk_shades_colour FOREIGN KEY (colour_id) REFERENCES colours (id),  -- 没有这种颜色。
  CONSTRAINT fk_shades_mixed_with FOREIGN KEY (mixed_with_id) REFERENCES colours (id)  -- 没有这种颜色。
);
"""


def test_what_begins_as_above_is_read_from_the_one_row_that_must_be_there(tmp_path: Path) -> None:
    file = tmp_path / "schema.sql"
    file.write_text(GOOD + SHADES, "utf-8")
    tables = read_schema(file).tables
    shades = tables["shades"]
    assert shades.columns["name"].starts_above and not shades.columns["degree"].starts_above
    assert [link.name for link in links_above(shades, shades.columns["name"], tables)] == [
        "colour_id"
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("-- 程度：", "-- 程度：[承接]", 22, "degree 标了 .承接.：要有一个外键.*这里没有"),
        ("weight INTEGER,              -- 分量：", "weight DATE,  -- 分量：[承接]", 21,
         "weight 标了 .承接.，但 colours 里的同名字段是另一类"),
        ("mixed_with_id INTEGER,", "mixed_with_id INTEGER NOT NULL,", 20, "这里colour_id、mixed_with_id"),
    ],
)  # fmt: skip
def test_a_column_begins_as_above_only_where_one_row_above_can_say_it(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    with pytest.raises(SchemaError, match=rf"^schema\.sql 第{line}行：.*{said}"):
        read(GOOD + SHADES.replace(old, new, 1), tmp_path)


@pytest.mark.parametrize(
    "said",
    ["[只选 degree=浅]", "[只选 name=浅]", "[只选 none=浅]"],
    ids=("own", "no choice", "none"),
)
def test_what_a_form_may_offer_is_named_by_a_word_of_the_table_referred_to(
    tmp_path: Path, said: str
) -> None:
    text = re.sub("(colour_id INTEGER.*-- [^：]*：)", rf"\1{said}", GOOD + SHADES)
    assert said in text
    with pytest.raises(SchemaError, match=r"标了 .只选 .*所指的表要有字段"):
        read(text, tmp_path)


def test_the_file_of_the_program_is_the_default() -> None:
    assert read_schema().text == SCHEMA_FILE.read_text("utf-8")
