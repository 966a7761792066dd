"""In what a live database differs from schema.sql.

Nothing is compared across dialects: the file is built beside (in memory on SQLite, in temporary tables on
PostgreSQL), and what the database says of the one is compared with what it says of the other.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Inspector, create_engine, inspect, text
from sqlalchemy.engine.reflection import ObjectScope

from domain.schema.file import Schema
from domain.schema.search_index import is_part, live_parts, wanted_parts, whole_name
from domain.schema.sql_text import run
from domain.storing.database import sqlite_driver


@dataclass(frozen=True)
class ColumnState:
    """A column as the database has it; ``default`` is SQL, empty for none."""

    type: str
    is_required: bool
    default: str


@dataclass(frozen=True)
class TableState:
    """A table as the database has it: columns, and constraints and indexes by name with their definition."""

    columns: Mapping[str, ColumnState]
    rules: Mapping[str, str]
    comments: Mapping[str, str]


@dataclass(frozen=True)
class SchemaChange:
    """One difference. ``action`` is create, drop or alter; ``what`` is table, column, rule, comments or search.

    A column may also be renamed; ``was`` is then its former name.
    """

    action: str
    what: str
    table: str
    name: str = ""
    was: Any = None
    becomes: Any = None


def compare(connection: Connection, schema: Schema) -> tuple[SchemaChange, ...]:
    """What has to change in the database until it is as ``schema`` says; () when it already is."""
    called = tuple(_renames(connection, schema))
    with renamed(connection, called):
        return (*called, *_compare(connection, schema))


@contextmanager
def renamed(connection: Connection, changes: Sequence[SchemaChange]) -> Iterator[None]:
    """The database with the new names of the columns that ``changes`` rename; at the end they are taken back."""
    statements = list(rename_statements(changes))
    if not statements:
        yield
        return
    with connection.begin_nested() as beside:
        for statement in statements:
            run(connection, statement)
        yield
        beside.rollback()


def rename_statements(changes: Sequence[SchemaChange]) -> Iterator[str]:
    """Yield what gives columns their new names; both databases carry it into their rules and indexes."""
    for change in changes:
        if change.action == "rename":
            yield f'ALTER TABLE "{change.table}" RENAME COLUMN "{change.was}" TO "{change.name}"'


def _renames(connection: Connection, schema: Schema) -> Iterator[SchemaChange]:
    marked = [(t, c) for t in schema.tables.values() for c in t.columns.values() if c.was_called]
    there = set(table_names(connection)) if marked else set()
    for table, column in marked:
        if table.name in there:
            found = {c["name"] for c in inspect(connection).get_columns(table.name)}
            if column.was_called in found and column.name not in found:
                yield SchemaChange("rename", "column", table.name, column.name, column.was_called)


def _compare(connection: Connection, schema: Schema) -> tuple[SchemaChange, ...]:
    live = _states(inspect(connection), None, table_names(connection))
    wanted = _wanted(connection, schema)
    return (*_table_changes(live, wanted), *_search_changes(connection, schema))


def table_names(connection: Connection) -> list[str]:
    """The tables with rows of people and program: without those of the search index."""
    return [name for name in inspect(connection).get_table_names() if not is_part(name)]


def _wanted(connection: Connection, schema: Schema) -> dict[str, TableState]:
    if connection.dialect.name == "sqlite":
        engine = create_engine("sqlite://", module=sqlite_driver())
        with engine.connect() as memory:
            _build(memory, schema)
            states = _states(inspect(memory), None, list(schema.tables))
        engine.dispose()
        return states
    beside = connection.begin_nested()
    connection.execute(text("SET LOCAL search_path TO pg_temp"))
    _build(connection, schema)
    name = "SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()"
    states = _states(inspect(connection), connection.scalar(text(name)), list(schema.tables))
    beside.rollback()
    return states


def _build(connection: Connection, schema: Schema) -> None:
    for statement in schema.table_statements(connection.dialect.name):
        run(connection, statement)


def _states(inspector: Inspector, where: str | None, tables: list[str]) -> dict[str, TableState]:
    """The tables as they are in the schema ``where``; asked for all at once, which costs a query per question."""
    ask: Any = {"schema": where, "filter_names": tables, "scope": ObjectScope.ANY}
    columns = inspector.get_multi_columns(**ask)
    rules = _rules(inspector, ask)
    comments: dict[Any, Any] = {}
    if inspector.dialect.supports_comments:
        comments.update(inspector.get_multi_table_comment(**ask))
    return {
        name: TableState(
            {c["name"]: _column(c) for c in found},
            rules.get(name, {}),
            {c["name"]: c.get("comment") or "" for c in found}
            | {"": (comments.get((schema, name)) or {}).get("text") or ""},
        )
        for (schema, name), found in columns.items()
    }


def _column(column: Any) -> ColumnState:
    is_key = column["name"] == "id"
    default = "" if is_key else str(column["default"] or "")
    return ColumnState(str(column["type"]), is_key or not column["nullable"], default)


def _rules(inspector: Inspector, ask: Any) -> dict[str, dict[str, str]]:
    """By table: its constraints and indexes by name, with their definition."""
    kinds: tuple[tuple[Any, Callable[[Any], str]], ...] = (
        (inspector.get_multi_unique_constraints, _unique),
        (inspector.get_multi_check_constraints, _check),
        (inspector.get_multi_foreign_keys, _foreign_key),
        (inspector.get_multi_indexes, _index),
    )
    rules: dict[str, dict[str, str]] = {}
    for get, define in kinds:
        for (_, table), found in get(**ask).items():
            named = {_named(rule): define(rule) for rule in found if not _is_made(rule)}
            rules.setdefault(table, {}).update(named)
    return rules


def _is_made(index: Any) -> bool:
    """An index that the file does not name: PostgreSQL's for a UNIQUE constraint, or a part of the search index."""
    return "duplicates_constraint" in index or is_part(_named(index))


def _unique(rule: Any) -> str:
    return f"UNIQUE ({', '.join(rule['column_names'])})"


def _check(rule: Any) -> str:
    return f"CHECK ({_plain(rule['sqltext'])})"


def _foreign_key(rule: Any) -> str:
    here, there = ", ".join(rule["constrained_columns"]), ", ".join(rule["referred_columns"])
    return f"FOREIGN KEY ({here}) {rule['referred_table']} ({there}) {rule['options']}"


def _index(index: Any) -> str:
    conditions = [v for k, v in index.get("dialect_options", {}).items() if k.endswith("_where")]
    kind = "UNIQUE INDEX" if index["unique"] else "INDEX"
    return f"{kind} ({', '.join(map(str, index['column_names']))}) {_plain(' '.join(map(str, conditions)))}"


def _named(rule: Any) -> str:
    return str(rule["name"] or "（没有名称）")


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()


def _table_changes(
    live: Mapping[str, TableState], wanted: Mapping[str, TableState]
) -> Iterator[SchemaChange]:
    for table in wanted:
        if table not in live:
            yield SchemaChange("create", "table", table)
        else:
            yield from _differences("column", table, live[table].columns, wanted[table].columns)
            yield from _differences("rule", table, live[table].rules, wanted[table].rules)
            if live[table].comments != wanted[table].comments:
                yield SchemaChange("alter", "comments", table)
    for table in live:
        if table not in wanted:
            yield SchemaChange("drop", "table", table)


def _search_changes(connection: Connection, schema: Schema) -> Iterator[SchemaChange]:
    """The tables whose part of the search index is missing, or is of other texts."""
    live, dialect = live_parts(connection), connection.dialect.name
    for table in schema.tables.values():
        if not live.keys() >= wanted_parts({table.name: table}, dialect).keys():
            yield SchemaChange("create", "search", table.name)
    wanted = wanted_parts(schema.tables, dialect)
    for name in dict.fromkeys(whole_name(part) for part in live if part not in wanted):
        yield SchemaChange("drop", "search", "", name)


def _differences(
    what: str, table: str, live: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Iterator[SchemaChange]:
    for name in [*wanted, *(name for name in live if name not in wanted)]:
        was, becomes = live.get(name), wanted.get(name)
        if was != becomes:
            action = "create" if was is None else "drop" if becomes is None else "alter"
            yield SchemaChange(action, what, table, name, was, becomes)
