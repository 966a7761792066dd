"""The plan of an upgrade in words, and what stands in its way: whatever would lose data, or cannot be filled.

How it is carried out says upgrade.py, where the differences come from drift.py.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from domain.schema.file import Schema
from domain.schema.words import Column
from domain.upgrading.clashes import find_clashes
from domain.upgrading.drift import SchemaChange

_VERBS = {"create": "增加", "drop": "删除", "alter": "修改"}
_SAFE = {("INTEGER", "NUMERIC"), ("DATE", "TIMESTAMP"), ("VARCHAR", "TEXT"), ("INTEGER", "TEXT")}


@dataclass(frozen=True)
class Obstacle:
    """Why a change is not simply made. ``is_loss``: it can be made all the same, with the loss it names."""

    sentence: str
    is_loss: bool


def describe(change: SchemaChange, schema: Schema) -> str:
    """One line of the plan, in the words of schema.sql."""
    table, verb = _table(change.table, schema), _VERBS.get(change.action, "")
    match change.what:
        case "table":
            return f"{'新建' if change.action == 'create' else verb}表{table}。"
        case "comments":
            return f"更新{table}在数据库里的说明文字。"
        case "search":
            made = f"建立{table}的查找索引。"
            return made if change.action == "create" else f"删除查找索引 {change.name}。"
        case "column" if change.action == "rename":
            return f"{table}字段 {change.was} 改名为{_field(change, schema)}，内容保留。"
        case "column":
            return f"{table}{verb}字段{_field(change, schema)}{_from_to(change)}。"
    sentence = schema.tables[change.table].sentences.get(change.name, "")
    kind = "索引" if change.name.startswith("ix_") else "约束"
    return f"{table}{verb}{kind} {change.name}{f'：{sentence}' if sentence else '。'}"


def obstacles(
    connection: Connection, changes: Sequence[SchemaChange], schema: Schema
) -> list[Obstacle]:
    """What keeps ``changes`` from being made to the rows that are there."""
    found = [o for change in changes for o in _obstacles(connection, change, schema)]
    return [*found, *(Obstacle(said, False) for said in find_clashes(connection, changes, schema))]


def _obstacles(connection: Connection, change: SchemaChange, schema: Schema) -> Iterator[Obstacle]:
    match (change.what, change.action):
        case ("table", "drop"):
            if rows := _count(connection, f'SELECT count(*) FROM "{change.table}"'):
                yield Obstacle(f"表 {change.table} 里有 {rows} 行，会被删除。", True)
        case ("column", "drop"):
            filled = f'SELECT count(*) FROM "{change.table}" WHERE "{change.name}" IS NOT NULL'
            if rows := _count(connection, filled):
                name = _field(change, schema)
                yield Obstacle(
                    f"表 {change.table} 的字段{name}有 {rows} 行填了内容，会丢失。"
                    f"如果只是改了名，请在新字段的说明里写 [原名 {change.name}]，内容就会带过去。",
                    True,
                )
        case ("column", "create"):
            column = schema.tables[change.table].columns[change.name]
            if column.is_required and column.default is None and not column.is_carried:
                yield from _unfilled(connection, change, f'SELECT count(*) FROM "{change.table}"')
        case ("column", "alter"):
            yield from _alterations(connection, change, schema)


def _alterations(
    connection: Connection, change: SchemaChange, schema: Schema
) -> Iterator[Obstacle]:
    column = schema.tables[change.table].columns[change.name]
    if change.becomes.is_required and not change.was.is_required and column.default is None:
        empty = f'SELECT count(*) FROM "{change.table}" WHERE "{change.name}" IS NULL'
        yield from _unfilled(connection, change, empty)
    if change.was.type != change.becomes.type:
        yield from _conversion(connection, change, column)


def _unfilled(connection: Connection, change: SchemaChange, count: str) -> Iterator[Obstacle]:
    if rows := _count(connection, count):
        yield Obstacle(
            f"表 {change.table} 的字段 {change.name} 必填，但有 {rows} 行没有内容可填，"
            "请在 schema.sql 里给它 DEFAULT，或先不要 NOT NULL。",
            False,
        )


def _conversion(connection: Connection, change: SchemaChange, column: Column) -> Iterator[Obstacle]:
    was, becomes = _kind(change.was.type), _kind(change.becomes.type)
    if was != becomes and (was, becomes) not in _SAFE and (was, becomes) != ("TEXT", "VARCHAR"):
        yield Obstacle(
            f"表 {change.table} 的字段 {change.name} 从 {change.was.type} 改成 {change.becomes.type}，"
            "不能自动转换，请另加一个字段。",
            False,
        )
    elif becomes == "VARCHAR" and column.length:
        too_long = (
            f'SELECT count(*) FROM "{change.table}" WHERE length("{change.name}") > {column.length}'
        )
        if rows := _count(connection, too_long):
            yield Obstacle(
                f"表 {change.table} 的字段 {change.name} 缩短到 {column.length} 个字，"
                f"有 {rows} 行更长，会被截断。",
                True,
            )
    elif becomes == "NUMERIC" and _digits(change.was.type) > _digits(change.becomes.type):
        yield Obstacle(
            f"表 {change.table} 的字段 {change.name} 的位数变少，不能自动转换，请另加一个字段。",
            False,
        )


def _kind(sql_type: str) -> str:
    return re.split(r"[( ]", sql_type.replace("DATETIME", "TIMESTAMP"))[0]


def _digits(sql_type: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", sql_type)]


def _count(connection: Connection, sql: str) -> int:
    return int(connection.scalar(text(sql)) or 0)


def _table(name: str, schema: Schema) -> str:
    words = schema.tables.get(name)
    return f"“{words.label}”（{name}）" if words else f" {name} "


def _field(change: SchemaChange, schema: Schema) -> str:
    words = schema.tables.get(change.table)
    column = words.columns.get(change.name) if words else None
    return f"“{column.label}”（{change.name}）" if column else f" {change.name} "


def _from_to(change: SchemaChange) -> str:
    if change.action != "alter":
        return ""
    was, becomes = (
        f"{s.type}{' 必填' if s.is_required else ''}{f' 默认 {s.default}' if s.default else ''}"
        for s in (change.was, change.becomes)
    )
    return f"：{was} → {becomes}"
