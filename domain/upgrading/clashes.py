"""Rows that are the same where a new rule wants each to be another: the rule's sentence, and a few of the rows.

Asked before anything is changed. Rows that break another kind of rule are found by the change itself.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, text

from domain.schema.file import Schema
from domain.schema.words import Constraint, Index, Table
from domain.upgrading.drift import SchemaChange

_SHOWN = 3


def find_clashes(
    connection: Connection, changes: Sequence[SchemaChange], schema: Schema
) -> Iterator[str]:
    """Yield a sentence for each new UNIQUE rule that rows break, as far as its columns are there already."""
    added = {(c.table, c.name) for c in changes if (c.what, c.action) == ("column", "create")}
    for change in changes:
        if change.what != "rule" or change.action == "drop":
            continue
        table = schema.tables[change.table]
        rule = next((rule for rule in _unique_rules(table) if rule.name == change.name), None)
        if rule and not any((table.name, column) in added for column in rule.columns):
            yield from _clash(connection, table, rule)


def _unique_rules(table: Table) -> Iterator[Constraint | Index]:
    yield from (rule for rule in table.constraints if rule.kind == "unique")
    yield from (index for index in table.indexes if index.is_unique)


def _clash(connection: Connection, table: Table, rule: Constraint | Index) -> Iterator[str]:
    columns = ", ".join(rule.columns)
    filled = " AND ".join(f"{name} IS NOT NULL" for name in rule.columns)
    if isinstance(rule, Index) and rule.condition:
        filled += f" AND ({rule.condition})"
    asked = (
        f"SELECT {columns}, count(*), min(id), max(id) FROM {table.name} WHERE {filled}"
        f" GROUP BY {columns} HAVING count(*) > 1 ORDER BY min(id)"
    )
    if found := connection.execute(text(asked.replace(":", r"\:"))).all():
        rows = "；".join(_told(table, rule, tuple(row)) for row in found[:_SHOWN])
        more = f"；这样的共有 {len(found)} 组" if len(found) > _SHOWN else ""
        yield (
            f"“{table.label}”里已有的记录不符合新的约束 {rule.name}：{rule.sentence}"
            f"{rows}{more}。请先改好这些记录，再升级。"
        )


def _told(table: Table, rule: Constraint | Index, row: tuple[object, ...]) -> str:
    *values, count, first, last = row
    said = "，".join(
        f"{table.columns[name].label}“{str(value)[:30]}”"
        for name, value in zip(rule.columns, values, strict=True)
    )
    return f"{said}有 {count} 行（如编号 {first} 和 {last}）"
