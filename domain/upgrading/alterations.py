"""The statements that change PostgreSQL's tables: rules out, tables and columns changed, rules in, comments anew."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain.schema.file import Schema
from domain.schema.sql_text import (
    at_first_sql,
    carried_sql,
    column_sql,
    constraint_sql,
    index_sql,
    literal,
)
from domain.schema.words import Column, Constraint, Index, Table
from domain.upgrading.drift import SchemaChange

_LAST = {"foreign key": 2, "index": 1}  # a foreign key needs the unique key that it refers to


def alter_statements(changes: Sequence[SchemaChange], schema: Schema) -> Iterator[str]:
    """Yield what makes ``changes``, in an order in which nothing is missing that another needs."""
    rules = [change for change in changes if change.what == "rule"]
    yield from _drop_rules([change for change in rules if change.action != "create"])
    for change in changes:
        if (change.what, change.action) == ("table", "drop"):
            yield f'DROP TABLE "{change.table}" CASCADE'
    new = {c.table for c in changes if (c.what, c.action) == ("table", "create")}
    yield from _create_tables(schema, new)
    for change in changes:
        if change.what == "column":
            yield from _change_column(change, schema)
    yield from _create_rules([change for change in rules if change.action != "drop"], schema)
    yield from schema.comments()


def _drop_rules(changes: Sequence[SchemaChange]) -> Iterator[str]:
    """Foreign keys first: they hold the unique keys that they refer to."""
    for change in sorted(changes, key=lambda c: not str(c.was).startswith("FOREIGN KEY")):
        if "INDEX" in str(change.was):
            yield f'DROP INDEX "{change.name}"'
        else:
            yield f'ALTER TABLE "{change.table}" DROP CONSTRAINT "{change.name}"'


def _create_tables(schema: Schema, new: set[str]) -> Iterator[str]:
    for statement in schema.table_statements("postgresql"):
        found = re.match(r"CREATE TABLE (\w+)|CREATE (?:UNIQUE )?INDEX \w+ ON (\w+)", statement)
        if found and (found.group(1) or found.group(2)) in new:
            yield statement


def _change_column(change: SchemaChange, schema: Schema) -> Iterator[str]:
    alter = f'ALTER TABLE "{change.table}"'
    if change.action == "drop":
        yield f'{alter} DROP COLUMN "{change.name}"'
        return
    column = schema.tables[change.table].columns[change.name]
    if change.action == "create":
        yield from _add_column(column, schema.tables[change.table])
        return
    alter += f" ALTER COLUMN {column.name}"
    if change.was.type != change.becomes.type:
        cut = f"substr({column.name}::text, 1, {column.length})"
        value = cut if column.length else f"{column.name}::{column.sql_type}"
        yield f"{alter} DROP DEFAULT"
        yield f"{alter} TYPE {column.sql_type} USING {value}"
    default = column.default
    yield f"{alter} DROP DEFAULT" if default is None else f"{alter} SET DEFAULT {literal(default)}"
    if column.is_required and default is not None:
        yield (
            f'UPDATE "{change.table}" SET {column.name} = {literal(default)} WHERE {column.name} IS NULL'
        )
    yield f"{alter} {'SET' if column.is_required else 'DROP'} NOT NULL"


def _add_column(column: Column, table: Table) -> Iterator[str]:
    """A new column; one that a composite key copies is filled from the parent before it is required."""
    alter = f'ALTER TABLE "{table.name}"'
    if not column.is_carried:
        yield f"{alter} ADD COLUMN {column_sql(column)}"
        if column.at_first:
            yield f'UPDATE "{table.name}" SET {column.name} = {at_first_sql(column)}'
        return
    yield f"{alter} ADD COLUMN {column_sql(replace(column, is_required=False))}"
    yield f'UPDATE "{table.name}" SET {column.name} = {carried_sql(column, table)}'
    if column.is_required:
        yield f"{alter} ALTER COLUMN {column.name} SET NOT NULL"


def _create_rules(changes: Sequence[SchemaChange], schema: Schema) -> Iterator[str]:
    found = [_rule(change, schema) for change in changes]
    for table, rule in sorted(found, key=lambda pair: _LAST.get(_kind(pair[1]), 0)):
        if isinstance(rule, Index):
            yield index_sql(rule, table)
        else:
            yield f"ALTER TABLE {table} ADD {constraint_sql(rule)}"


def _kind(rule: Constraint | Index) -> str:
    return "index" if isinstance(rule, Index) else rule.kind


def _rule(change: SchemaChange, schema: Schema) -> tuple[str, Constraint | Index]:
    table = schema.tables[change.table]
    rules: list[Constraint | Index] = [*table.constraints, *table.indexes]
    return change.table, next(rule for rule in rules if rule.name == change.name)
