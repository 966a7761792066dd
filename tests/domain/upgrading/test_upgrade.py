"""A filled database follows schema.sql: from several older versions to today's, on both databases, losing nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, inspect, select

from app import create_app
from domain.schema.file import SCHEMA_FILE, Schema, read_schema
from domain.schema.search_index import reflected
from domain.storing.database import make_engine
from domain.upgrading.drift import SchemaChange, compare
from domain.upgrading.upgrade import CannotUpgrade, build, upgrade
from domain.upgrading.upgrade_plan import describe
from jobs.running.settings import Settings
from tests.ground.rows import fill

TODAY = read_schema()
Rows = dict[str, list[dict[str, Any]]]


def replaced(old: str, new: str) -> Callable[[str], str]:
    """A change of the file's text that must hit."""

    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return change


def without_line(part: str) -> Callable[[str], str]:
    """The file without the one line of a column, constraint or index that holds ``part``."""

    def change(text: str) -> str:
        lines = text.splitlines()
        assert sum(part in line for line in lines) == 1, part
        return "\n".join(line for line in lines if part not in line) + "\n"

    return change


def without_table(name: str) -> Callable[[str], str]:
    """The file without a table and its indexes."""

    def change(text: str) -> str:
        start = text.index(f"CREATE TABLE {name} (")
        start = text.rindex("\n\n", 0, start)
        end = text.index(");\n", start) + 3
        lines = (text[:start] + "\n" + text[end:]).splitlines()
        return "\n".join(line for line in lines if f" ON {name} (" not in line)

    return change


SHORT_NAME = "  short_name VARCHAR(60) NOT NULL DEFAULT '',"
ISSUE_NO = "  issue_no INTEGER NOT NULL, "
ADDED = [
    without_line("-- 发文代字："),
    without_line("-- 跟踪人："),
    without_table("bulletins"),
    without_table("former_passwords"),
    without_line("CREATE INDEX ix_proposals_supervisor "),
    replaced("CREATE UNIQUE INDEX uq_sponsors_one_lead ON", "CREATE INDEX ix_sponsors_lead ON"),
]
CARRIED = [
    replaced("UNIQUE (id, proposal_id, role, unit_id),", "UNIQUE (id, proposal_id, unit_id),"),
    without_line("-- 承办方式：[自动] 随承办任务"),
    without_line("CONSTRAINT ck_replies_partner "),
    without_line("CONSTRAINT ck_replies_opinion "),
    replaced(
        "KEY (assignment_id, proposal_id, role, unit_id)",
        "KEY (assignment_id, proposal_id, unit_id)",
    ),
    replaced(
        "assignments (id, proposal_id, role, unit_id)", "assignments (id, proposal_id, unit_id)"
    ),
    replaced(
        "replies (assignment_id, proposal_id, role, unit_id)",
        "replies (assignment_id, proposal_id, unit_id)",
    ),
]
"""Before a reply carried its task's role along."""
RULES = [
    replaced("'政府部门', '党委部门', ", "'政府部门', '党委', '党委部门', "),
    replaced("CHECK (round >= 1)", "CHECK (round >= 0)"),
    without_line("CONSTRAINT ck_units_name "),
    replaced("role IN ('主办', '分办', '协办')", "role IN ('主办', '协办', '分办')"),
    replaced("ON assignments (state, proposal_id)", "ON assignments (state, id)"),
    without_line("CONSTRAINT uq_feedbacks_deputy "),
    replaced("ON DELETE RESTRICT,  -- 本件已有答复，", "ON DELETE CASCADE,  -- 本件已有答复，"),
    replaced(
        "ON DELETE RESTRICT,  -- 这份答复有审核环节，",
        "ON DELETE CASCADE,  -- 这份答复有审核环节，",
    ),
    replaced(
        "ON DELETE RESTRICT,  -- 这项任务有退办申请，",
        "ON DELETE CASCADE,  -- 这项任务有退办申请，",
    ),
]
COLUMNS = [
    replaced(
        "title VARCHAR(300) NOT NULL,                     -- 标题：[搜索] 案由",
        "title VARCHAR(200) NOT NULL,                     -- 标题：[搜索] 案由",
    ),
    replaced(
        "  overview TEXT NOT NULL DEFAULT '', ", "  overview VARCHAR(90) NOT NULL DEFAULT '', "
    ),
    replaced(SHORT_NAME, "  short_name VARCHAR(60),"),
    replaced("  opened_on DATE, ", "  opened_on DATE NOT NULL, "),
    replaced("NOT NULL DEFAULT '扣分'", "NOT NULL DEFAULT '加分'"),
    replaced(
        "points NUMERIC(6, 2) NOT NULL,                   -- 分值：每次",
        "points INTEGER NOT NULL,                   -- 分值：每次",
    ),
    replaced(
        "points NUMERIC(6, 2) NOT NULL,                   -- 分值：[承接]",
        "points INTEGER NOT NULL,                   -- 分值：[承接]",
    ),
]
WORDS = [
    replaced("'改密', '初始密码', '重置密码', '超时'", "'改密', '超时'"),
    replaced("'命令', '附件', '导入'", "'命令', '附件'"),
    replaced("username event actor_name address", "username event address"),
    without_line("-- 经办用户："),
    without_line("-- 经办人：[搜索] 由别人办的"),
    without_line("CREATE INDEX ix_logins_actor "),
    replaced(
        "ON DELETE RESTRICT,  -- 这位用户有登录记录", "ON DELETE RESTRICT  -- 这位用户有登录记录"
    ),
    without_line("CONSTRAINT fk_logins_actor "),
]
"""Before the records of log-ins and exports told a reset password and the files of imports apart."""
OLDER: dict[str, list[Callable[[str], str]]] = {
    "columns, tables and indexes were added": ADDED,
    "rules were added and changed": RULES,
    "types, defaults and duties changed": COLUMNS,
    "a column is copied from the parent": CARRIED,
    "records got new words and columns": WORDS,
    "all of that": ADDED + CARRIED + RULES + COLUMNS,
}  # fmt: skip
WITH_LOSS: dict[str, list[Callable[[str], str]]] = {
    "a column was removed": [
        replaced(
            ISSUE_NO, "  old_code VARCHAR(20) NOT NULL DEFAULT '旧',  -- 旧编码：\n" + ISSUE_NO
        )
    ],
    "a table was removed": [
        lambda text: (
            text + "\n-- 旧表：一行是一条旧记录。\nCREATE TABLE old_notes (\n"
            "  id INTEGER PRIMARY KEY,  -- 编号：[自动]\n  unit_id INTEGER,  -- 单位：\n  body TEXT,  -- 内容：\n"
            "  CONSTRAINT fk_old_notes_unit FOREIGN KEY (unit_id) REFERENCES units (id)  -- 单位不存在。\n);\n"
        )
    ],
    "a text was narrowed": [replaced("place VARCHAR(100)", "place VARCHAR(400)")],
}


@pytest.fixture
def live(bare_database_url: str) -> Iterator[Engine]:
    engine = make_engine(bare_database_url)
    yield engine
    engine.dispose()


def version(changes: list[Callable[[str], str]], folder: Path) -> Schema:
    """The schema as it was before ``changes`` were made."""
    text = TODAY.text
    for change in changes:
        text = change(text)
    file = folder / "older.sql"
    file.write_text(text, encoding="utf-8")
    return read_schema(file)


def an_old_database(engine: Engine, schema: Schema) -> Rows:
    """Three rows in every table of an older version; give them as they are read back."""
    build(engine, schema)
    with engine.begin() as connection:
        metadata = reflected(connection)
        for n in (1, 2, 3):
            fill(connection, metadata, schema, n)
    return read(engine)


def read(engine: Engine) -> Rows:
    with engine.connect() as connection:
        metadata = reflected(connection)
        return {
            name: [dict(row) for row in connection.execute(select(table).order_by("id")).mappings()]
            for name, table in metadata.tables.items()
        }


def drift(engine: Engine, schema: Schema = TODAY) -> tuple[SchemaChange, ...]:
    with engine.connect() as connection:
        return compare(connection, schema)


@pytest.mark.parametrize("changes", OLDER.values(), ids=OLDER)
def test_an_older_database_becomes_todays_and_keeps_every_row(
    live: Engine, tmp_path: Path, changes: list[Callable[[str], str]]
) -> None:
    before = an_old_database(live, version(changes, tmp_path))
    empty = set(TODAY.tables) - set(before)
    if COLUMNS[0] in changes:  # the short name was optional then
        with live.begin() as connection:
            connection.exec_driver_sql("UPDATE units SET short_name = NULL WHERE id = 2")
        before = read(live)
    assert upgrade(live, TODAY)
    assert not drift(live)
    after = read(live)
    kept(before, after)
    assert all(after[table] == [] for table in empty)
    roles = {row["id"]: row["role"] for row in after["assignments"]}
    assert [row["role"] for row in after["replies"]] == [
        roles[row["assignment_id"]] for row in after["replies"]
    ]


def kept(before: Rows, after: Rows) -> None:
    """Every row is there with every value; what was empty and may not be has its default."""
    for table, rows in before.items():
        assert len(after[table]) == len(rows) == 3
        for old, new in zip(rows, after[table], strict=True):
            default = {c.name: c.default for c in TODAY.tables[table].columns.values()}
            expected = {
                k: default[k] if v is None and new[k] is not None else v for k, v in old.items()
            }
            assert {k: new[k] for k in old} == expected


@pytest.mark.parametrize("changes", WITH_LOSS.values(), ids=WITH_LOSS)
def test_nothing_is_thrown_away_unless_it_is_asked_for(
    live: Engine, tmp_path: Path, changes: list[Callable[[str], str]]
) -> None:
    before = an_old_database(live, version(changes, tmp_path))
    lengthen(live, "ledger_entries", "place", 300)
    before, drifted = read(live), drift(live)
    with pytest.raises(CannotUpgrade, match="--drop"):
        upgrade(live, TODAY)
    assert (read(live), drift(live)) == (before, drifted)
    upgrade(live, TODAY, drop=True)
    assert not drift(live)
    assert {n: len(rows) for n, rows in read(live).items()} == dict.fromkeys(TODAY.tables, 3)


def lengthen(engine: Engine, table: str, column: str, length: int) -> None:
    """Fill a text to more than today's length, where the older version has room."""
    with engine.begin() as connection:
        kind = {c["name"]: c["type"] for c in inspect(connection).get_columns(table)}[column]
        if getattr(kind, "length", 0) >= length:
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = '{'长' * length}'")


def test_a_renamed_column_keeps_its_content_where_it_names_its_old_name(
    live: Engine, tmp_path: Path
) -> None:
    column = SHORT_NAME + "      -- 单位简称：[搜索]"
    wider = "  brief VARCHAR(80) NOT NULL DEFAULT '',  -- 单位简称：[原名 short_name] [搜索]"
    newer = version(
        [
            replaced(column, wider),
            replaced("-- 列表：name short_name kind", "-- 列表：name brief kind"),
        ],
        tmp_path,
    )
    before = an_old_database(live, TODAY)
    plan = [describe(change, newer) for change in drift(live, newer)]
    assert plan[0] == "“承办单位”（units）字段 short_name 改名为“单位简称”（brief），内容保留。"
    assert drift(live, newer) == drift(live, newer)
    upgrade(live, newer)
    assert not drift(live, newer)
    after = read(live)
    assert [row.pop("brief") for row in after["units"]] == [
        row.pop("short_name") for row in before["units"]
    ]
    assert after == before


def test_a_new_column_begins_with_what_another_one_tells(live: Engine, tmp_path: Path) -> None:
    """The bulletins that were issued are so from the beginning, and a rule that says it finds them in order."""
    issued = "  issued_on DATE,                                  -- 印发日期"
    column = "  standing VARCHAR(4) NOT NULL DEFAULT '未印',  -- 状况：[起初 已印 若 issued_on]\n"
    rule = "  CONSTRAINT ck_bulletins_{} CHECK ({}),  -- 状况不对。\n"
    rules = rule.format("standing", "standing IN ('未印', '已印')")
    rules += rule.format("issued", "(standing = '已印') = (issued_on IS NOT NULL)")
    key = "  CONSTRAINT uq_bulletins_issue"
    newer = version([replaced(issued, column + issued), replaced(key, rules + key)], tmp_path)
    an_old_database(live, TODAY)
    with live.begin() as connection:
        connection.exec_driver_sql("UPDATE bulletins SET issued_on = NULL WHERE id = 2")
    upgrade(live, newer)
    assert not drift(live, newer)
    assert [row["standing"] for row in read(live)["bulletins"]] == ["已印", "未印", "已印"]


def test_who_renames_a_column_without_saying_so_is_told_how(live: Engine, tmp_path: Path) -> None:
    newer = version(
        [
            replaced(SHORT_NAME, SHORT_NAME.replace("short_name", "brief")),
            replaced("-- 列表：name short_name kind", "-- 列表：name brief kind"),
        ],
        tmp_path,
    )
    an_old_database(live, TODAY)
    with pytest.raises(
        CannotUpgrade, match=r"会丢失。如果只是改了名，请在新字段的说明里写 \[原名 short_name\]"
    ):
        upgrade(live, newer)


def test_a_required_value_that_nobody_can_make_up_stops_the_upgrade(
    live: Engine, tmp_path: Path
) -> None:
    older = version([without_line("-- 初步研究情况：")], tmp_path)
    before = an_old_database(live, older)
    for drop in (False, True):
        with pytest.raises(
            CannotUpgrade, match=r"3 行没有内容可填，请在 schema\.sql 里给它 DEFAULT"
        ):
            upgrade(live, TODAY, drop=drop)
    assert read(live) == before


def test_rows_that_break_a_new_rule_stop_the_upgrade_and_everything_stays(
    live: Engine, tmp_path: Path
) -> None:
    loose = replaced("CHECK (round >= 1)", "CHECK (round >= 0)")
    older = version([loose, without_table("bulletins")], tmp_path)
    before = an_old_database(live, older)
    with live.begin() as connection:
        connection.exec_driver_sql("UPDATE replies SET round = 0 WHERE id = 2")
    before, drifted = read(live), drift(live)
    with pytest.raises(CannotUpgrade, match=r"“答复”里已有的记录不符合.*轮次从1起。"):
        upgrade(live, TODAY)
    assert (read(live), drift(live)) == (before, drifted)
    assert foreign_keys_are_checked(live)


def test_rows_that_are_the_same_stop_a_new_unique_rule_and_are_named(
    live: Engine, tmp_path: Path
) -> None:
    older = version(
        [
            without_line("CONSTRAINT uq_units_name "),
            replaced("CREATE UNIQUE INDEX uq_sponsors_one_lead ON", "CREATE INDEX ix_x ON"),
        ],
        tmp_path,
    )
    an_old_database(live, older)
    with live.begin() as connection:
        connection.exec_driver_sql("UPDATE units SET name = '教育局' WHERE id IN (1, 3)")
    before, drifted = read(live), drift(live)
    with pytest.raises(CannotUpgrade) as refusal:
        upgrade(live, TODAY, drop=True)
    assert str(refusal.value) == (
        "“承办单位”里已有的记录不符合新的约束 uq_units_name：已有同名的承办单位。"
        "单位全称“教育局”有 2 行（如编号 1 和 3）。请先改好这些记录，再升级。"
    )
    assert (read(live), drift(live)) == (before, drifted)


def test_a_new_column_that_breaks_a_new_unique_rule_is_told_by_its_sentence(
    live: Engine, tmp_path: Path
) -> None:
    rule = "  CONSTRAINT uq_units_seal UNIQUE (seal),  -- 印章编号不能重复。\n"
    column = "  seal VARCHAR(9) NOT NULL DEFAULT '无',  -- 印章编号：\n"
    above, first = "  kind VARCHAR(20) NOT NULL DEFAULT '政府部门', ", "  CONSTRAINT uq_units_name "
    newer = version([replaced(above, column + above), replaced(first, rule + first)], tmp_path)
    an_old_database(live, TODAY)
    with pytest.raises(
        CannotUpgrade,
        match="“承办单位”里已有的记录不符合新的约束 uq_units_seal：印章编号不能重复。",
    ):
        upgrade(live, newer)


def test_rows_that_hang_on_nothing_stop_the_upgrade(live: Engine, tmp_path: Path) -> None:
    older = version([without_line("CONSTRAINT fk_proposals_content_category ")], tmp_path)
    an_old_database(live, older)
    with live.begin() as connection:
        connection.exec_driver_sql("UPDATE proposals SET content_category_id = 987654 WHERE id = 2")
    with pytest.raises(CannotUpgrade, match="建议提案"):
        upgrade(live, TODAY)
    assert drift(live)


def foreign_keys_are_checked(engine: Engine) -> bool:
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            return True
        return bool(connection.exec_driver_sql("PRAGMA foreign_keys").scalar())


def test_a_text_does_not_become_a_number_by_itself(live: Engine, tmp_path: Path) -> None:
    older = version(
        [
            replaced(
                "  sort_order INTEGER NOT NULL DEFAULT 0,",
                "  sort_order VARCHAR(9) NOT NULL DEFAULT '0',",
            )
        ],
        tmp_path,
    )
    build(live, older)
    with pytest.raises(CannotUpgrade, match="不能自动转换，请另加一个字段"):
        upgrade(live, TODAY, drop=True)


def test_a_changed_label_reaches_the_comments_of_postgresql(live: Engine, tmp_path: Path) -> None:
    older = version(
        [replaced("-- 单位全称：[搜索] 正式名称", "-- 名称：[搜索] 正式名称")], tmp_path
    )
    build(live, older)
    found = drift(live)
    assert [c.what for c in found] == (["comments"] if live.dialect.name == "postgresql" else [])
    upgrade(live, TODAY)
    assert not drift(live)


def test_the_plan_speaks_the_words_of_the_file(live: Engine, tmp_path: Path) -> None:
    older = version(OLDER["all of that"], tmp_path)
    build(live, older)
    plan = "\n".join(describe(change, TODAY) for change in drift(live))
    assert "“承办单位”（units）增加字段“发文代字”（letter_code）。" in plan
    assert "新建表“通报”（bulletins）。" in plan
    assert (
        "“建议提案”（proposals）修改字段“标题”（title）：VARCHAR(200) 必填 → VARCHAR(300) 必填。"
        in plan
    )


def test_a_database_with_tables_is_not_built_again(live: Engine) -> None:
    build(live, TODAY)
    with pytest.raises(CannotUpgrade, match="db-upgrade"):
        build(live, TODAY)


@pytest.fixture
def run(
    bare_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """Run a command of the program on an empty database; its exit status and what it printed."""
    monkeypatch.setenv("DATABASE_URL", bare_database_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    app = create_app(Settings.from_environment())

    def run(*command: str) -> tuple[int, str]:
        result = CliRunner().invoke(app.cli, [*command])
        return result.exit_code, result.output

    return run


def test_the_commands_build_check_back_up_and_upgrade(
    run: Callable[..., tuple[int, str]], live: Engine, tmp_path: Path
) -> None:
    code, said = run("db-init")
    assert (code, said) == (0, f"已按 schema.sql 建好 {len(TODAY.tables)} 张表。\n")
    assert run("db-check") == (0, "数据库与 schema.sql 一致。\n")
    assert run("db-init")[0] == 1
    with live.begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_proposals_supervisor")
    code, said = run("db-check")
    assert code == 1 and "ix_proposals_supervisor" in said
    code, said = run("db-upgrade", "--dry-run")
    assert code == 0 and "ix_proposals_supervisor" in said and run("db-check")[0] == 1
    code, said = run("db-upgrade")
    assert code == 0 and said.endswith("升级完成。\n")
    assert len(list((tmp_path / "backups").glob("升级前-*.zip"))) == 1
    assert run("db-check")[0] == 0
    assert run("db-upgrade") == (0, "数据库与 schema.sql 一致，不用升级。\n")


def test_the_file_of_today_is_the_programs(tmp_path: Path) -> None:
    assert version([], tmp_path).tables == read_schema(SCHEMA_FILE).tables
