"""The statements that change SQLite's tables: a changed one is built anew, filled from the old, and takes its name."""

import re
from collections.abc import Iterator, Mapping, Sequence

from domain.schema.file import Schema
from domain.schema.sql_text import at_first_sql, carried_sql, literal
from domain.schema.words import Column, Table
from domain.upgrading.drift import SchemaChange


def rebuild_statements(changes: Sequence[SchemaChange], schema: Schema) -> Iterator[str]:
    """Yield what makes ``changes``; foreign keys must be off, and checked afterwards."""
    built = _built(schema)
    for change in changes:
        if (change.what, change.action) == ("table", "drop"):
            yield f'DROP TABLE "{change.table}"'
    for table in schema.tables:
        mine = [change for change in changes if change.table == table]
        if any(change.what == "table" for change in mine):
            yield from built[table]
        elif any(change.what == "column" or not _is_index(change) for change in mine):
            yield from _rebuild(table, mine, built[table], schema)
        else:
            yield from _indexes(mine, built[table])


def _built(schema: Schema) -> Mapping[str, list[str]]:
    """By table: CREATE TABLE, then its indexes."""
    statements: dict[str, list[str]] = {table: [] for table in schema.tables}
    for statement in schema.table_statements("sqlite"):
        found = re.match(r"CREATE TABLE (\w+)|CREATE (?:UNIQUE )?INDEX \w+ ON (\w+)", statement)
        if found:
            statements[found.group(1) or found.group(2)].append(statement)
    return statements


def _is_index(change: SchemaChange) -> bool:
    return change.what == "rule" and "INDEX" in f"{change.was} {change.becomes}"


def _indexes(changes: Sequence[SchemaChange], built: Sequence[str]) -> Iterator[str]:
    for change in changes:
        if change.action != "create":
            yield f'DROP INDEX "{change.name}"'
        if change.action != "drop":
            yield next(s for s in built if re.search(rf"INDEX {change.name} ON", s))


def _rebuild(
    table: str, changes: Sequence[SchemaChange], built: Sequence[str], schema: Schema
) -> Iterator[str]:
    new = f"{table}_rebuilt"
    added = {c.name for c in changes if (c.what, c.action) == ("column", "create")}
    columns = schema.tables[table].columns
    copied = [n for n, c in columns.items() if n not in added or c.is_carried or c.at_first]
    altered = {c.name: c for c in changes if (c.what, c.action) == ("column", "alter")}
    values = [
        _begins(columns[name], schema.tables[table])
        if name in added
        else _value(name, altered.get(name), schema, table)
        for name in copied
    ]
    yield built[0].replace(f"CREATE TABLE {table} (", f"CREATE TABLE {new} (", 1)
    yield f"INSERT INTO {new} ({', '.join(copied)}) SELECT {', '.join(values)} FROM {table}"
    yield f"DROP TABLE {table}"
    yield f"ALTER TABLE {new} RENAME TO {table}"
    yield from built[1:]


def _begins(column: Column, table: Table) -> str:
    """What a new column begins with in a stored row."""
    return at_first_sql(column) if column.at_first else carried_sql(column, table)


def _value(name: str, change: SchemaChange | None, schema: Schema, table: str) -> str:
    """What is copied of a column: a default where it was empty and may not be, no more than fits."""
    column, value = schema.tables[table].columns[name], name
    if change and column.is_required and column.default is not None:
        value = f"COALESCE({value}, {literal(column.default)})"
    return f"substr({value}, 1, {column.length})" if change and column.length else value
