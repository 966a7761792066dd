"""The engine: who waits for whom, and what a reader may not do. On both databases."""

import logging
import re
import sqlite3
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, MetaData, Table, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.storing.database import (
    has_wal_reset_bug,
    make_engine,
    read_only,
    renew_statistics,
    sqlite_driver,
)
from domain.storing.inserting import insert_many

NAME = "zhangsan"


@pytest.fixture
def notes(bare_database_url: str) -> Iterator[Engine]:
    """An engine on a database with one table and one row in it."""
    engine = make_engine(bare_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes (id integer PRIMARY KEY, word text)"))
        connection.execute(text("INSERT INTO notes VALUES (1, 'first')"))
    yield engine
    engine.dispose()


def add_rule(engine: Engine) -> None:
    """Every value of a further column is refused."""
    with engine.begin() as connection:
        rule = "ALTER TABLE notes ADD COLUMN kept text CONSTRAINT ck_k CHECK (kept = '')"
        connection.execute(text(rule))


def words(engine: Engine) -> list[str]:
    with read_only(engine).connect() as connection:
        return list(connection.execute(text("SELECT word FROM notes ORDER BY id")).scalars())


def test_a_reader_cannot_write(notes: Engine) -> None:
    with read_only(notes).connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("INSERT INTO notes VALUES (2, 'second')"))
    assert words(notes) == ["first"]


def test_the_connection_of_a_reader_can_write_again_afterwards(notes: Engine) -> None:
    words(notes)
    with notes.begin() as connection:
        connection.execute(text("INSERT INTO notes VALUES (2, 'second')"))
    assert words(notes) == ["first", "second"]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO notes (id, word) VALUES (:id, :word), (:id, :word)",
        "UPDATE notes SET kept = :word",
        "SELECT abs(CAST(:word AS integer)) FROM notes WHERE :id = 1",
    ],
    ids=["unique", "check", "a wrong type"],
)
def test_what_is_logged_of_a_refusal_has_no_value_in_it(
    notes: Engine, caplog: pytest.LogCaptureFixture, statement: str
) -> None:
    add_rule(notes)
    try:
        with notes.begin() as connection:
            connection.execute(text(statement), {"id": 1, "word": NAME})
    except DBAPIError:
        logging.getLogger(__name__).exception("fault")
        assert re.search("(?i)unique|ck_k|InvalidText", caplog.text)
    assert NAME not in caplog.text


def test_nor_has_that_of_many_rows_at_once(notes: Engine, caplog: pytest.LogCaptureFixture) -> None:
    add_rule(notes)
    table = Table("notes", MetaData(), autoload_with=notes)
    try:
        with notes.begin() as connection:
            insert_many(connection, table, ["id", "kept"], [(2, NAME)])
    except DBAPIError:
        logging.getLogger(__name__).exception("fault")
    assert "ck_k" in caplog.text
    assert NAME not in caplog.text


def test_a_reader_neither_waits_for_a_writer_nor_sees_his_half_done_work(notes: Engine) -> None:
    with notes.begin() as writer:
        writer.execute(text("UPDATE notes SET word = 'half done'"))
        assert words(notes) == ["first"]
    assert words(notes) == ["half done"]


def test_two_who_read_and_then_write_the_same_row_take_turns(notes: Engine) -> None:
    """Read, think, write: on stock settings SQLite refuses the second at once."""
    first_has_read, refused = threading.Event(), []

    def add(letter: str, wait_for: threading.Event | None) -> None:
        if wait_for:
            wait_for.wait(5)
        try:
            with notes.begin() as connection:
                lock = " FOR UPDATE" if notes.dialect.name == "postgresql" else ""
                word = connection.execute(text(f"SELECT word FROM notes WHERE id = 1{lock}"))
                before = word.scalar_one()
                first_has_read.set()
                threading.Event().wait(0.2)
                connection.execute(text("UPDATE notes SET word = :w"), {"w": before + letter})
        except DBAPIError as error:
            refused.append(error)

    people = [
        threading.Thread(target=add, args=("a", None)),
        threading.Thread(target=add, args=("b", first_has_read)),
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert refused == []
    assert words(notes) == ["firstab"]


def test_a_part_can_be_taken_back_without_the_whole(notes: Engine) -> None:
    with notes.begin() as connection:
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text("INSERT INTO notes VALUES (1, 'again')"))
        connection.execute(text("INSERT INTO notes VALUES (2, 'second')"))
    assert words(notes) == ["first", "second"]


def test_a_child_without_a_parent_is_refused(notes: Engine) -> None:
    with notes.begin() as connection:
        connection.execute(text("CREATE TABLE pages (note_id integer REFERENCES notes (id))"))
    with pytest.raises(IntegrityError), notes.begin() as connection:
        connection.execute(text("INSERT INTO pages VALUES (99)"))


def counted(engine: Engine) -> int:
    """How many rows SQLite's planner thinks that the notes have."""
    with read_only(engine).connect() as connection:
        told = connection.scalar(text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'notes'"))
    return int(str(told).split()[0])


def test_the_planner_learns_how_the_tables_have_grown(notes: Engine) -> None:
    if notes.dialect.name == "postgresql":
        renew_statistics(notes)  # nothing to do there, nor anything that fails
        return
    with notes.begin() as connection:
        connection.execute(text("CREATE INDEX ix_notes ON notes (word)"))
        for n in range(2, 500):
            connection.execute(text("INSERT INTO notes VALUES (:n, 'more')"), {"n": n})
    words(notes)  # leaves a connection behind that may only read
    renew_statistics(notes)
    assert counted(notes) == 499


def test_the_planner_lets_whoever_writes_go_on(notes: Engine) -> None:
    with notes.begin() as writer:
        writer.execute(text("INSERT INTO notes VALUES (2, 'second')"))
        renew_statistics(notes)
    assert words(notes) == ["first", "second"]


def test_an_error_does_not_carry_the_values_into_the_log(notes: Engine) -> None:
    with pytest.raises(IntegrityError) as refused, notes.begin() as connection:
        connection.execute(text("INSERT INTO notes VALUES (1, :w)"), {"w": "13800000000"})
    assert "13800000000" not in str(refused.value)


def test_the_embedded_database_survives_a_power_cut_and_has_no_known_defect(
    notes: Engine,
) -> None:
    with notes.connect() as connection:
        if notes.dialect.name == "postgresql":
            assert connection.exec_driver_sql("SHOW timezone").scalar() == "Asia/Shanghai"
            return
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    assert not has_wal_reset_bug(sqlite_driver().sqlite_version_info)


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 40, 1), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_the_versions_with_the_wal_defect_are_known(
    version: tuple[int, ...], affected: bool
) -> None:
    assert has_wal_reset_bug(version) is affected


def test_a_machine_without_the_packaged_sqlite_uses_the_interpreters(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pysqlite3", None)
    assert sqlite_driver.__wrapped__() is sqlite3
    warned = "3.51.3" in caplog.text
    assert warned is has_wal_reset_bug(sqlite3.sqlite_version_info)


@pytest.mark.parametrize("short", ["postgres://office@db/banli", "postgresql://office@db/banli"])
def test_a_postgresql_url_needs_no_driver_name(short: str) -> None:
    assert make_engine(short).url.drivername == "postgresql+psycopg"


def test_another_database_is_refused_with_the_way_out() -> None:
    with pytest.raises(ValueError, match="请写成 sqlite"):
        make_engine("mysql://office@db/banli")
