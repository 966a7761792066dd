"""schema.sql keeps to its own rules: words for everything, a key for every table, an index for every foreign key."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from domain import models
from domain.schema import SCHEMA_FILE, SchemaError, Table, read_schema
from domain.words import Constraint, Ordered, links_above

SCHEMA = read_schema()
TABLES = list(SCHEMA.tables.values())
PREFIXES = {"unique": "uq", "check": "ck", "foreign key": "fk"}
SENTENCE = r"[\u4e00-\u9fff].*。$"
LONGEST_NAME = 30  # what the domestic databases that come after PostgreSQL still take

NO_BUSINESS_KEY = {
    "onsite_opinions": "two deputies may say the same on one day",
    "ledger_entries": "two calls may be made on one day",
    "review_steps": "a reply goes through the same step again after it was sent back",
    "supervision_notes": "a leader may write twice on one day",
    "score_entries": "a unit may lose points twice for one reason",
    "imports": "the same file may be imported again",
    "change_log": "an event",
    "logins": "an event",
    "export_log": "an event",
    "former_passwords": "an event",
}
SAID_TWICE = {
    ("onsite_opinions", "meeting_id", "proposal_id"): "an opinion may become an item of a later meeting",
    ("assignments", "unit_id", "signed_by_id"): "people change their unit, the task stays",
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
    assert re.fullmatch(r"一行是.+。", table.row_is), table.row_is
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


@each_table
def test_a_table_stands_in_a_group_of_the_menu_and_after_its_parents(table: Table) -> None:
    assert table.group in SCHEMA.groups
    order = list(SCHEMA.tables)
    for key in table.foreign_keys:
        assert order.index(key.target) <= order.index(table.name), key.name


@each_table
def test_every_column_has_a_label_of_its_own(table: Table) -> None:
    labels = Counter(column.label for column in table.columns.values())
    assert max(labels.values()) == 1, labels.most_common(1)
    for column in table.columns.values():
        assert re.search(r"[\u4e00-\u9fff]", column.label), column.name


def test_no_two_tables_have_the_same_label() -> None:
    assert len({table.label for table in TABLES}) == len(TABLES)


@each_table
def test_every_constraint_is_named_after_its_kind_and_table_and_ends_in_a_sentence(
    table: Table,
) -> None:
    for constraint in table.constraints:
        assert constraint.name.startswith(f"{PREFIXES[constraint.kind]}_{table.name}_")
        assert re.search(SENTENCE, constraint.sentence), constraint.name
    for index in table.indexes:
        assert index.name.startswith(f"{'uq' if index.is_unique else 'ix'}_{table.name}_")
        assert not index.is_unique or re.search(SENTENCE, index.sentence), index.name


@each_table
def test_names_are_short_enough_for_every_database(table: Table) -> None:
    names = [table.name, *table.columns, *(c.name for c in table.constraints)]
    names += [index.name for index in table.indexes]
    assert not [name for name in names if len(name) > LONGEST_NAME]


def test_constraint_and_index_names_are_unique_in_the_whole_file() -> None:
    names = Counter(c.name for table in TABLES for c in [*table.constraints, *table.indexes])
    assert max(names.values()) == 1, names.most_common(1)


@each_table
def test_constraints_stand_below_the_columns_never_within_them(table: Table) -> None:
    body = re.search(rf"CREATE TABLE {table.name} \((.*?)\n\);", SCHEMA.text, re.S)
    assert body
    lines = [line.split("--")[0].strip() for line in body.group(1).splitlines() if line.strip()]
    below = next((n for n, line in enumerate(lines) if line.startswith("CONSTRAINT")), len(lines))
    for line in lines[:below]:
        assert not re.search(r"\b(UNIQUE|REFERENCES|CHECK|CONSTRAINT)\b", line), line
    assert not any(line.split()[0] in table.columns for line in lines[below:])


@each_table
def test_every_foreign_key_is_indexed(table: Table) -> None:
    for key in table.foreign_keys:
        assert any(list(i)[: len(key.columns)] == list(key.columns) for i in indexes(table)), (
            key.name
        )


@each_table
def test_no_index_repeats_the_beginning_of_another(table: Table) -> None:
    plain = [i.columns for i in table.indexes if not i.is_unique and not i.condition]
    for columns in plain:
        longer = [i for i in indexes(table) if i != columns and i[: len(columns)] == columns]
        assert not longer, f"{columns} is the beginning of {longer}"


def indexes(table: Table) -> Iterator[tuple[str, ...]]:
    """The columns of every index of the whole table, unique constraints included."""
    yield from (c.columns for c in table.constraints if c.kind == "unique")
    yield from (i.columns for i in table.indexes if not i.condition)


@each_table
def test_every_table_has_a_business_key_or_a_reason_to_have_none(table: Table) -> None:
    is_keyed = bool(table.business_key) or any(index.is_unique for index in table.indexes)
    assert is_keyed != (table.name in NO_BUSINESS_KEY)


@each_table
def test_a_foreign_key_column_is_named_after_its_parent_and_says_what_a_deletion_does(
    table: Table,
) -> None:
    for key in table.foreign_keys:
        assert key.key_column.endswith("_id")
        assert key.on_delete in ("RESTRICT", "CASCADE", "SET NULL"), key.name
        if key.on_delete == "SET NULL":
            assert not table.columns[key.key_column].is_required


@each_table
def test_every_choice_fits_into_its_column_and_so_does_the_default(table: Table) -> None:
    for column in table.columns.values():
        for choice in column.choices:
            assert column.length is None or len(choice) <= column.length, choice
        if column.choices and column.default is not None:
            assert column.default in column.choices


@each_table
def test_dates_end_in_on_and_instants_in_at(table: Table) -> None:
    for column in table.columns.values():
        if column.kind == "date":
            assert column.name.endswith("_on") or column.name == "day", column.name
        if column.kind == "instant":
            assert column.name.endswith(("_at", "_until")), column.name


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


@each_table
def test_a_copied_key_refers_to_a_unique_pair_of_the_parent(table: Table) -> None:
    for key in table.foreign_keys:
        parent = SCHEMA.tables[key.target]
        keys = [("id",), *(c.columns for c in parent.constraints if c.kind == "unique")]
        assert key.target_columns in keys, key.name


@each_table
def test_the_list_fits_the_table_and_shows_no_secret(table: Table) -> None:
    assert 1 <= len(table.listed) <= 9
    for name in table.listed:
        assert not table.columns[name].is_hidden


@each_table
def test_an_order_begins_with_a_column_that_heads_an_index(table: Table) -> None:
    """Else the first page of a long list would be sorted out of all its rows."""
    rules = [c.columns for c in table.constraints if c.kind == "unique"]
    heads = {columns[0] for columns in (*rules, *(index.columns for index in table.indexes))}
    for step in table.order[:1]:
        assert step.column in heads | {"id"} and not table.columns[step.column].choices


def test_a_hidden_column_is_never_searched() -> None:
    both = [c.name for t in TABLES for c in t.columns.values() if c.is_hidden and c.is_searched]
    assert not both


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


def test_the_file_of_the_program_is_the_default() -> None:
    assert read_schema().text == SCHEMA_FILE.read_text("utf-8")
