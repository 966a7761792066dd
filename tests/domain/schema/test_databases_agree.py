"""SQLite and PostgreSQL build the same tables from schema.sql: columns, types, keys, rules, indexes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Inspector, inspect

from domain.schema.file import read_schema
from domain.schema.search_index import is_part
from domain.storing.database import make_engine
from tests.ground.serving.contents import create_tables
from tests.ground.serving.databases import PostgreSQLDatabases, SQLiteDatabases

SCHEMA = read_schema()


@pytest.fixture(scope="module")
def both(
    sqlite_databases: SQLiteDatabases, postgresql_databases: PostgreSQLDatabases
) -> Iterator[tuple[Inspector, Inspector]]:
    """What SQLite and PostgreSQL say of the tables they built."""
    with (
        sqlite_databases.copy_of("schema", create_tables) as first,
        postgresql_databases.copy_of("schema", create_tables) as second,
    ):
        engines = make_engine(first), make_engine(second)
        yield inspect(engines[0]), inspect(engines[1])
        for engine in engines:
            engine.dispose()


@pytest.mark.parametrize("table", SCHEMA.tables)
def test_both_databases_build_the_same_table(both: tuple[Inspector, Inspector], table: str) -> None:
    sqlite, postgresql = (described(inspector, table) for inspector in both)
    assert sqlite == postgresql
    assert set(sqlite["columns"]) == set(SCHEMA.tables[table].columns)


def test_both_databases_have_the_tables_of_the_file(both: tuple[Inspector, Inspector]) -> None:
    for inspector in both:
        assert {n for n in inspector.get_table_names() if not is_part(n)} == set(SCHEMA.tables)


@pytest.mark.parametrize("table", SCHEMA.tables)
def test_postgresql_keeps_the_words_as_comments(
    both: tuple[Inspector, Inspector], table: str
) -> None:
    words, postgresql = SCHEMA.tables[table], both[1]
    assert postgresql.get_table_comment(table) == {"text": f"{words.label}：{words.row_is}"}
    comments = {c["name"]: c["comment"] for c in postgresql.get_columns(table)}
    assert comments == {c.name: f"{c.label}：{c.help}" for c in words.columns.values()}


def described(inspector: Inspector, table: str) -> dict[str, Any]:
    """A table in words that are the same on both databases."""
    return {
        "columns": {
            c["name"]: (_type(c["type"]), c["nullable"] and c["name"] != "id", _default(c))
            for c in inspector.get_columns(table)
        },
        "key": inspector.get_pk_constraint(table)["constrained_columns"],
        "foreign keys": {
            k["name"]: (
                k["constrained_columns"],
                k["referred_table"],
                k["referred_columns"],
                k["options"],
            )
            for k in inspector.get_foreign_keys(table)
        },
        "unique": {u["name"]: u["column_names"] for u in inspector.get_unique_constraints(table)},
        "checks": {c["name"] for c in inspector.get_check_constraints(table)},
        "indexes": {
            i["name"]: (i["column_names"], bool(i["unique"]), _condition(i))
            for i in inspector.get_indexes(table)
            if "duplicates_constraint" not in i and not is_part(i["name"])
        },
    }


def _type(kind: Any) -> str:
    return re.sub(r"DATETIME|TIMESTAMP.*", "TIMESTAMP", str(kind))


def _default(column: Any) -> str:
    """The default without the casts that PostgreSQL writes; the identity is nobody's business."""
    text = "" if column["name"] == "id" else str(column["default"] or "")
    return re.sub(r"::[a-z ]+(\(\d+\))?", "", text).strip("()").lower()


def _condition(index: Any) -> bool:
    return any(key.endswith("_where") for key in index.get("dialect_options", {}))
