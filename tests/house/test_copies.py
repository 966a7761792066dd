"""A copy of a database is put back after each test: rows, numbers and tables are those of its template again."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, inspect, text

from domain.storing.database import make_engine
from tests.ground.serving.contents import SEEDED
from tests.ground.serving.databases import Databases

Rows = dict[str, list[tuple[object, ...]]]


def contents(connection: Connection) -> Rows:
    """All rows of all tables, sorted: one cloned anew may give them in another order than one put back."""
    tables = sorted(inspect(connection).get_table_names())
    return {
        table: sorted(map(tuple, connection.execute(text(f"SELECT * FROM {table}"))), key=repr)
        for table in tables
    }


def next_id(connection: Connection) -> int:
    return connection.execute(
        text("INSERT INTO units (name, short_name) VALUES ('新', '新') RETURNING id")
    ).scalar_one()


def add_rows(connection: Connection) -> None:
    next_id(connection)


def change_rows(connection: Connection) -> None:
    connection.execute(text("UPDATE meetings SET name = '改' || id"))


def delete_rows(connection: Connection) -> None:
    connection.execute(text("DELETE FROM calendar_days WHERE id < 9"))


def use_up_a_number(connection: Connection) -> None:
    next_id(connection)
    connection.rollback()


def write_very_many_rows(connection: Connection) -> None:
    for n in range(3_000):
        connection.execute(
            text("INSERT INTO units (name, short_name) VALUES (:name, :name)"), {"name": f"第{n}局"}
        )


def add_a_table(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE visits (id INTEGER)"))


def take_a_table_away(connection: Connection) -> None:
    connection.execute(text("DROP TABLE reminder_reads"))


def count_anew(connection: Connection) -> None:
    connection.execute(text("ANALYZE"))


@pytest.mark.parametrize(
    "do",
    [
        add_rows,
        change_rows,
        delete_rows,
        use_up_a_number,
        write_very_many_rows,
        add_a_table,
        take_a_table_away,
        count_anew,
    ],
)
def test_nothing_of_a_test_is_left(databases: Databases, do: Callable[[Connection], None]) -> None:
    with databases.copy_of(*SEEDED) as url:
        engine = make_engine(url)
        with engine.connect() as connection:
            before = contents(connection)
            do(connection)
            connection.commit()
        engine.dispose()
    with databases.copy_of(*SEEDED) as again:
        assert again == url
        engine = make_engine(again)
        with engine.connect() as connection:
            assert contents(connection) == before
            first = next_id(connection)
        engine.dispose()
    with databases.copy_of(*SEEDED) as again:
        engine = make_engine(again)
        with engine.connect() as connection:
            assert next_id(connection) == first == len(before["units"]) + 1
        engine.dispose()


def test_who_is_still_connected_is_taken_out(databases: Databases) -> None:
    with databases.copy_of(*SEEDED) as url:
        engine = make_engine(url)
        left = engine.connect()
        next_id(left)
    with databases.copy_of(*SEEDED) as again:
        assert again == url
        other = make_engine(again)
        with other.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM units WHERE name = '新'")) == 0
        other.dispose()
    left.invalidate()
    left.close()
    engine.dispose()


def test_two_at_the_same_time_are_two(databases: Databases) -> None:
    with databases.copy_of(*SEEDED) as one, databases.copy_of(*SEEDED) as other:
        assert one != other
