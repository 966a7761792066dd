"""Brings a live database to what schema.sql says, in one transaction, and builds an empty one.

SQLite changes a table by building it anew and copying its rows; PostgreSQL alters it. Either way the result is
compared with the file, and every table with the number of its rows before, or nothing is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from domain.schema.file import Schema
from domain.schema.search_index import drop_strays, make_missing
from domain.schema.sql_text import run
from domain.schema.words import Constraint, Index
from domain.searching.folding import fold
from domain.upgrading.alterations import alter_statements
from domain.upgrading.drift import SchemaChange, compare, rename_statements, renamed, table_names
from domain.upgrading.rebuilding import rebuild_statements
from domain.upgrading.upgrade_plan import obstacles


class CannotUpgrade(RuntimeError):
    """Why the database stays as it is, in sentences for the person at the terminal."""


def build(engine: Engine, schema: Schema) -> None:
    """Build the tables in an empty database. Raises CannotUpgrade where there are tables already."""
    with engine.begin() as connection:
        if there := inspect(connection).get_table_names():
            raise CannotUpgrade(
                f"数据库里已经有 {len(there)} 张表，没有改动。要按 schema.sql 更新它，请用 db-upgrade。"
            )
        for statement in schema.statements(connection.dialect.name):
            run(connection, statement)


def upgrade(engine: Engine, schema: Schema, drop: bool = False) -> tuple[SchemaChange, ...]:
    """Make every change, or none; give them. ``drop`` allows those that lose data.

    Raises CannotUpgrade for a loss that was not allowed, a value that nobody can make up, or rows that do not
    keep a new rule.
    """
    with _changing(engine) as connection:
        changes = compare(connection, schema)
        refuse_obstacles(connection, changes, schema, drop)
        before = _counts(connection)
        drop_strays(connection, schema.tables)
        try:
            for statement in _statements(connection, changes, schema):
                run(connection, statement)
        except IntegrityError as error:
            raise CannotUpgrade(_unkept(error, schema)) from error
        make_missing(connection, schema.tables)
        _prove(connection, schema, before)
    fold(engine, schema.tables)
    return changes


def refuse_obstacles(
    connection: Connection, changes: Sequence[SchemaChange], schema: Schema, drop: bool
) -> None:
    """Raise CannotUpgrade with a line for everything that stands in the way."""
    with renamed(connection, changes):
        found = obstacles(connection, changes, schema)
    standing = [o for o in found if not (o.is_loss and drop)]
    if standing:
        hint = "\n确实不要这些内容了，请加上 --drop。" if all(o.is_loss for o in standing) else ""
        raise CannotUpgrade("\n".join(o.sentence for o in standing) + hint)


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """A transaction in which tables can be built anew: on SQLite foreign keys are checked at its end."""
    with engine.connect() as connection:
        _check_keys_at_once(connection, False)
        try:
            with connection.begin():
                yield connection
        finally:
            _check_keys_at_once(connection, True)


def _check_keys_at_once(connection: Connection, at_once: bool) -> None:
    """SQLite changes this outside of transactions only."""
    if connection.dialect.name == "sqlite":
        dbapi_connection: Any = connection.connection.dbapi_connection
        dbapi_connection.execute(f"PRAGMA foreign_keys = {'ON' if at_once else 'OFF'}")


def _statements(
    connection: Connection, changes: Sequence[SchemaChange], schema: Schema
) -> Iterator[str]:
    yield from rename_statements(changes)
    others = [change for change in changes if change.action != "rename"]
    if connection.dialect.name == "sqlite":
        yield from rebuild_statements(others, schema)
    else:
        yield from alter_statements(others, schema)


def _counts(connection: Connection) -> dict[str, int]:
    names = table_names(connection)
    return {n: connection.scalar(text(f'SELECT count(*) FROM "{n}"')) or 0 for n in names}


def _prove(connection: Connection, schema: Schema, before: Mapping[str, int]) -> None:
    """Raise CannotUpgrade unless the tables are as the file says, and all rows are there and hang on each other."""
    after = _counts(connection)
    lost = [name for name in schema.tables if after.get(name, 0) != before.get(name, 0)]
    left = compare(connection, schema)
    hanging = (
        connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if connection.dialect.name == "sqlite"
        else []
    )
    if hanging:
        tables = "、".join(sorted({schema.tables[row[0]].label for row in hanging}))
        raise CannotUpgrade(
            f"“{tables}”里有 {len(hanging)} 行引用了不存在的记录，没有升级；数据库没有改动。"
        )
    if lost or left:
        raise CannotUpgrade(
            f"升级后核对不符（{'、'.join([*lost, *(f'{c.table}.{c.name}' for c in left)])}），"
            "已退回原样；请把这一句告诉开发人员。"
        )


def _unkept(error: IntegrityError, schema: Schema) -> str:
    """The new rule that the rows do not keep."""
    said = str(error.orig).replace("_rebuilt.", ".")
    for table in schema.tables.values():
        rules: list[Constraint | Index] = [*table.constraints, *table.indexes]
        spelled = {  # SQLite says the columns of a UNIQUE rule, not its name
            r.name: ", ".join(f"{table.name}.{column}" for column in r.columns) for r in rules
        }
        for name, sentence in table.sentences.items():
            if name in said or said.endswith(f"failed: {spelled[name]}"):
                return (
                    f"“{table.label}”里已有的记录不符合新的约束 {name}：{sentence}数据库没有改动。"
                )
    return f"已有的记录不符合新的约束（{said.splitlines()[0]}）。数据库没有改动。"
