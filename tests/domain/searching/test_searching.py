"""The search index: it finds what reading every row finds, whoever wrote the row and however, and shows nobody more."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from admin.tables.desk import Desk
from admin.tables.finding.searching import search
from domain import models
from domain.access import scopes
from domain.actors import AGENCY, LIAISON, OFFICE, Actor
from domain.schema import search_index
from domain.schema.file import SCHEMA_FILE, Schema, SchemaError, read_schema
from domain.schema.search_index import INDEX, NOTES, make_missing
from domain.schema.searched import check_places, document, is_indexed, part_name
from domain.searching import finding
from domain.searching.folding import fold
from domain.searching.grams import cut, grams_of
from domain.storing.bulk import delete_rows, insert_rows, read_rows, update_rows
from domain.storing.database import make_engine
from domain.storing.session import actor_session, system_session
from domain.upgrading.drift import compare
from domain.upgrading.upgrade import build, upgrade
from domain.upgrading.upgrade_plan import describe
from jobs.running.backup import back_up
from jobs.running.restore import restore
from jobs.running.settings import Settings
from tests.domain.upgrading.test_upgrade import an_old_database
from tests.ground.district import MORNING, Panel

TITLES = [
    "关于推进社区养老服务的建议",
    "关于养老院消防的建议",
    "关于老旧小区加装电梯的建议",
    "关于敬老",
    "WiFi全覆盖与5G基站",
    "wifi与5g",
    "100%合格率_“双随机、一公开”",
    "C++、C#与.NET（试点）",
    "a/b\\c'd\"e",
    "关于 空格 和　全角空格 的建议",
    "𠮷野家与😀表情",
    "老",
]
WORDS = [
    *("养老", "老", "服务", "养老服务", "老旧小区加装", "敬老", "院消", "鲸鱼", "鲸", "老养"),
    *("WIFI", "wifi", "5g", "G", "100%", "%", "_", "、", "C++", "c#", ".net", "（试", "'d", '"', "\\c"),
    *("建议003号", "议003", "003", "3", "号", "𠮷", "😀表", "第二代表团", "团", "建议"),
]  # fmt: skip
OFFICIAL = Actor("测试", OFFICE)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Twelve items, as a program writes them."""
    with engine.begin() as connection:
        meetings, items = models.table_of("meetings"), models.table_of("proposals")
        connection.execute(insert(meetings), [a_meeting()])
        rows = [item(n, title) for n, title in enumerate(TITLES, 1)]
        connection.execute(insert(items), [without_id(row) for row in rows])
    fold(engine, models.schema.tables)
    return engine


def a_meeting() -> dict[str, Any]:
    named = {"id": 1, "name": "会", "body": "人大", "level": "区县级"}
    return named | {"term": 1, "session": 1, "year": 2024}


def item(n: int, title: str) -> dict[str, Any]:
    return {
        "id": n,
        "meeting_id": 1,
        "kind": "建议",
        "number": f"{n:03}",
        "title": title,
        "delegation": "第二代表团" if n % 2 else "",
    }


def without_id(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}


def found(
    engine: Engine, *words: str, actor: Actor = OFFICIAL, table: str = "proposals"
) -> set[int]:
    """The ids that a search gives."""
    with actor_session(engine, actor, lambda: MORNING) as session:
        desk = Desk(models.schema.tables[table], actor, session)
        return set(session.scalars(select(desk.model.id).where(search(desk, words))))


def read(engine: Engine, *words: str) -> set[int]:
    """The ids of the items that hold all words, by reading them here."""
    with engine.connect() as connection:
        rows = connection.execute(select(models.table_of("proposals"))).mappings().all()
    return {
        row["id"]
        for row in rows
        if all(
            any(
                word.lower() in said.lower()
                for said in (f"{row['kind']}{row['number']}号 {row['title']}", row["delegation"])
            )
            for word in words
        )
    }


def agrees(engine: Engine) -> bool:
    """Whether the index finds what reading finds, word by word; that it is asked at all is seen to."""
    with system_session(engine, "测试", lambda: MORNING) as session:
        connection = session.unchecked_connection()
        assert finding.candidates(connection, models.Proposal, ["养老"]) is not None
    return all(found(engine, word) == read(engine, word) for word in WORDS)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_found_wherever_it_stands(filled: Engine, word: str) -> None:
    assert found(filled, word) == read(filled, word)


def test_several_words_are_found_together(filled: Engine) -> None:
    for words in product(("养老", "老", "建议", "5g"), ("服务", "003", "第二代表团", "的")):
        assert found(filled, *words) == read(filled, *words)


def test_a_word_in_too_many_rows_is_found_by_reading_on(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FEW", 1)
    assert all(found(filled, word) == read(filled, word) for word in WORDS)


def by_the_unit_of_work(engine: Engine) -> None:
    with actor_session(engine, OFFICIAL, lambda: MORNING) as session:
        session.add(models.Proposal(**item(50, "关于养老的鲸鱼")))
        session.get(models.Proposal, 1).title = "改成了别的"
        session.delete(session.get(models.Proposal, 3))
        session.commit()


def in_bulk(engine: Engine) -> None:
    with system_session(engine, "测试", lambda: MORNING) as session:
        rows = [without_id(item(n, f"第{n}件鲸鱼")) for n in range(60, 90)]
        insert_rows(session, models.Proposal, rows, lambda row: row["title"])
        old = read_rows(session, models.Proposal, [2, 4])
        changes = [(old[2], {"title": "鲸"}), (old[4], {"delegation": "养老服务团"})]
        update_rows(session, models.Proposal, changes, lambda row: row["title"])
        delete_rows(session, models.Proposal, [read_rows(session, models.Proposal, [5])[5]], str)
        session.commit()


def by_hand(engine: Engine) -> None:
    items = models.table_of("proposals")
    with engine.begin() as connection:
        connection.execute(
            update(items)
            .where(items.c.id < 4)
            .values(title="鲸鱼与养老", number="9" + items.c.number)
        )
        connection.execute(update(items).where(items.c.id == 6).values(id=700))
        connection.execute(delete(items).where(items.c.id == 2))
        connection.execute(insert(items), [item(2, "号码又用了一次：老养"), item(99, "wifi")])


def and_taken_back(engine: Engine) -> None:
    items = models.table_of("proposals")
    with engine.connect() as connection:
        connection.execute(update(items).values(title="鲸鱼"))
        connection.rollback()


@pytest.mark.parametrize("write", [by_the_unit_of_work, in_bulk, by_hand, and_taken_back])
def test_the_index_follows_every_way_of_writing(
    filled: Engine, write: Callable[[Engine], None]
) -> None:
    write(filled)
    assert agrees(filled)
    fold(filled, models.schema.tables)
    assert agrees(filled)
    write_again = [name for name in ("养老", "鲸鱼") if found(filled, name) != read(filled, name)]
    assert not write_again


def test_a_row_of_another_program_is_found_at_once(filled: Engine) -> None:
    if filled.dialect.name != "sqlite":
        pytest.skip("any program writes PostgreSQL's index, it is the server's own")
    with sqlite3.connect(str(filled.url.database)) as other:
        other.execute(
            "INSERT INTO proposals (id, meeting_id, kind, number, title) VALUES (500, 1, '提案', '007', '鲸鱼')"
        )
    other.close()
    assert found(filled, "鲸鱼") == {500}
    assert fold(filled, models.schema.tables) == 1
    assert found(filled, "鲸鱼") == {500}


def test_folding_empties_the_notes_and_does_so_once(filled: Engine) -> None:
    if filled.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's index follows by itself")
    by_hand(filled)
    assert fold(filled, models.schema.tables) == 6
    assert fold(filled, models.schema.tables) == 0
    with filled.connect() as connection:
        assert connection.exec_driver_sql(f"SELECT count(*) FROM {NOTES}").scalar() == 0


def test_a_lost_index_is_made_anew(filled: Engine) -> None:
    if filled.dialect.name != "sqlite":
        pytest.skip("a lost index of PostgreSQL is drift, see below")
    with filled.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {INDEX}")
    assert found(filled, "养老") == read(filled, "养老")
    fold(filled, models.schema.tables)
    assert agrees(filled)


def test_the_database_reads_the_offered_rows_alone(filled: Engine) -> None:
    with actor_session(filled, OFFICIAL, lambda: MORNING) as session:
        desk = Desk(models.schema.tables["proposals"], OFFICIAL, session)
        query = select(desk.model.id).where(search(desk, ["鲸鱼"])).order_by(desk.model.id.desc())
        connection = session.unchecked_connection()
        dialect: Any = sqlite.dialect() if filled.dialect.name == "sqlite" else postgresql.dialect()
        said = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        if filled.dialect.name == "sqlite":
            steps = [
                row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {escaped(said)}"))
            ]
            assert "SEARCH proposals USING INTEGER PRIMARY KEY (rowid=?)" in steps
            return
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL enable_indexscan = off")
        steps = connection.execute(text(f"EXPLAIN {escaped(said)}")).scalars().all()
        assert any(part_name(desk.words) in step for step in steps)


def escaped(statement: str) -> str:
    """So that text() takes no colon for a parameter."""
    return statement.replace(":", "\\:").replace("%%", "%")


def test_a_search_goes_no_further_than_the_scopes(standing_panel: Panel) -> None:
    with standing_panel.truth() as session:
        engine = session.get_bind()
    fold(engine, models.schema.tables)
    school = standing_panel.as_("school")
    assert "加装电梯" in standing_panel.as_("office").get("/proposals/?q=电梯")
    assert "没有符合条件" in school.get("/proposals/?q=电梯")
    assert "斑马线" in school.get("/proposals/?q=斑马")
    assert "没有符合条件" in school.get("/assignments/?q=电梯")
    assert "没有符合条件" in school.get("/proposals/?title=电梯")
    assert "斑马线" in school.get("/assignments/?proposal.title=斑马线")
    assert "没有符合条件" in school.get("/assignments/?proposal.title=电梯")
    assert "加装电梯" in standing_panel.as_("housing").get("/assignments/?proposal.title=电梯")


def test_a_column_that_a_person_may_not_see_is_not_found_through_the_index(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = Actor("人大", AGENCY, body="人大")
    assert found(filled, "第二代表团", actor=agency)
    hide(monkeypatch, "delegation")
    assert not found(filled, "第二代表团", actor=agency)
    assert found(filled, "养老", actor=agency)
    hide(monkeypatch, "number")
    assert not found(filled, "003", actor=agency)
    assert not found(filled, "议003号", actor=agency)
    assert found(filled, "第二代表团", actor=agency)


def hide(monkeypatch: pytest.MonkeyPatch, column: str) -> None:
    monkeypatch.setattr(scopes, "hidden_columns", lambda actor, table: frozenset({column}))


def test_a_person_without_any_row_finds_none(filled: Engine) -> None:
    stranger = Actor("没有单位", LIAISON)
    assert not found(filled, "养老", actor=stranger)


@pytest.fixture
def live(bare_database_url: str) -> Iterator[Engine]:
    engine = make_engine(bare_database_url)
    yield engine
    engine.dispose()


def version(folder: Path, *changes: tuple[str, str]) -> Schema:
    """The schema with other words."""
    said = SCHEMA_FILE.read_text("utf-8")
    for old, new in changes:
        assert old in said, old
        said = said.replace(old, new, 1)
    file = folder / "other.sql"
    file.write_text(said, "utf-8")
    return read_schema(file)


def plan(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [
            describe(c, models.schema)
            for c in compare(connection, models.schema)
            if c.what == "search"
        ]


OTHERS = {
    "fewer texts were marked": ("：[搜索]\n  abstract TEXT", "：\n  abstract TEXT"),
    "rows were called otherwise": ("{kind}{number}号 {title}", "{kind}第{number}件 {title}"),
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_a_filled_database_gets_the_index_that_the_file_asks_for(
    live: Engine, tmp_path: Path, change: tuple[str, str]
) -> None:
    an_old_database(live, version(tmp_path, change))
    fold(live, models.schema.tables)
    assert "建立“建议提案”（proposals）的查找索引。" in plan(live)
    upgrade(live, models.schema)
    assert plan(live) == []
    assert found(live, "第2条建议提案") == {2} == found(live, "2条")


def test_a_database_from_before_the_index_gets_it_with_all_its_rows(live: Engine) -> None:
    an_old_database(live, models.schema)
    with live.begin() as connection:
        search_index.drop_strays(connection, {})
        if live.dialect.name == "sqlite":
            connection.exec_driver_sql(
                f"DELETE FROM {INDEX}" if search_index.has_index(connection) else "SELECT 1"
            )
    assert len(plan(live)) == sum(map(is_indexed, models.schema.tables.values()))
    assert found(live, "第2条建议提案") == {2}
    upgrade(live, models.schema)
    assert plan(live) == []
    assert found(live, "第2条建议提案") == {2}


def test_a_table_that_staff_add_is_indexed_by_its_marks_alone(live: Engine, tmp_path: Path) -> None:
    build(live, models.schema)
    visits = (
        "-- 走访：一行是一次走访。\nCREATE TABLE visits (\n  id INTEGER PRIMARY KEY,  -- 编号：[自动]\n"
        "  place VARCHAR(60) NOT NULL,  -- 地点：[搜索]\n  note TEXT  -- 备注：\n);\n\n-- 通报："
    )
    wider = version(tmp_path, ("-- 通报：", visits))
    upgrade(live, wider)
    with live.begin() as connection:
        assert compare(connection, wider) == ()
        parts = search_index.live_parts(connection)
        assert any(part.startswith(part_name(wider.tables["visits"])) for part in parts)
        connection.exec_driver_sql("INSERT INTO visits (place) VALUES ('古亭大道')")
    assert fold(live, wider.tables) == (1 if live.dialect.name == "sqlite" else 0)
    upgrade(live, models.schema, drop=True)
    assert plan(live) == []


def test_a_percent_sign_in_the_file_is_a_percent_sign(live: Engine, tmp_path: Path) -> None:
    """To psycopg it is a placeholder."""
    rates = (
        "-- 完成率：一行是一项。\n-- 名称：{name}%\nCREATE TABLE rates (\n  id INTEGER PRIMARY KEY,  -- 编号：[自动]\n"
        "  name VARCHAR(60) NOT NULL DEFAULT '100%',  -- 名称：[搜索]\n"
        "  CONSTRAINT ck_rates_name CHECK (name NOT LIKE '%s%')  -- 名称里不能有 s。\n);\n\n-- 通报："
    )
    wider = version(tmp_path, ("-- 通报：", rates))
    build(live, models.schema)
    upgrade(live, wider)
    with live.begin() as connection:
        assert compare(connection, wider) == ()
        connection.exec_driver_sql("INSERT INTO rates (id) VALUES (1)")
        stored = connection.exec_driver_sql("SELECT name FROM rates").scalar_one()
        assert stored == "100%"
        if live.dialect.name == "postgresql":
            assert finding._guess(connection, wider.tables["rates"], "0%") >= 0


def test_a_text_that_is_no_longer_searched_leaves_the_index(live: Engine, tmp_path: Path) -> None:
    marked = version(tmp_path, ("-- 责任领导：", "-- 责任领导：[搜索]"))
    build(live, marked)
    assert any(line.startswith("删除") for line in plan(live))
    upgrade(live, models.schema)
    assert plan(live) == []


def test_a_restored_backup_is_searched_like_the_original(filled: Engine, tmp_path: Path) -> None:
    url = filled.url.render_as_string(hide_password=False)
    back_up(Settings(data_dir=tmp_path / "old", database_url=url), tmp_path / "all.zip", MORNING)
    copied = f"sqlite:///{tmp_path}/new/banli.db"
    restore(Settings(data_dir=tmp_path / "new", database_url=copied), tmp_path / "all.zip", MORNING)
    engine = make_engine(copied)
    assert plan(engine) == []
    assert found(engine, "养老") == read(filled, "养老")
    fold(engine, models.schema.tables)
    assert agrees(engine)
    engine.dispose()


def test_a_new_database_has_the_index_from_its_first_row(live: Engine) -> None:
    build(live, models.schema)
    with live.begin() as connection:
        make_missing(connection, models.schema.tables)  # nothing is missing
        connection.execute(insert(models.table_of("units")), [{"name": "鱼峰区教育局"}])
    assert plan(live) == []
    assert found(live, "教育", table="units") == {1}


def test_names_of_the_index_are_kept_for_it(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="表名 search_words 以 search_ 开头"):
        version(tmp_path, ("CREATE TABLE bulletins (", "CREATE TABLE search_words ("))
    twice = models.schema.tables["units"]
    with pytest.raises(ValueError, match="相撞"), pytest.MonkeyPatch.context() as patch:
        patch.setattr("domain.schema.searched._PLACES", 1)
        check_places({"units": twice, "meetings": models.schema.tables["meetings"]})


def test_what_is_hidden_is_never_indexed(tmp_path: Path) -> None:
    said = document(
        version(tmp_path, ("密码摘要：[隐藏]", "密码摘要：[隐藏] [搜索]")).tables["users"]
    )
    assert "password_hash" not in said
    assert "full_name" in said


def test_a_text_is_cut_into_its_characters_and_pairs() -> None:
    assert set(cut("养老Ab").split()) == {"养", "老", "a", "b", "养老", "老a", "ab"}
    assert grams_of("养") == ["养"]
    assert grams_of("养老院") == ["养老", "老院"]
