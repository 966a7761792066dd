"""What is unwise in schema.sql though the panel works with it: a missing index, a rule without a sentence.

db-check and db-upgrade say it; nothing is refused for it. What is refused are faults.py's.
"""

import re
from collections.abc import Iterator

from domain.schema.file import Schema
from domain.schema.words import Constraint, Index, Table

_PREFIXES = {"unique": "uq", "check": "ck", "foreign key": "fk"}
_SENTENCE = re.compile(r"[\u4e00-\u9fff].*。$")
_LONGEST = 30  # what the domestic databases that come after PostgreSQL still take
_MOST_LISTED = 9

Advice = tuple[str, str]
"""The column, constraint or index of the table, "" for the table itself, and the sentence."""


def advice(schema: Schema) -> Iterator[str]:
    """Yield a sentence with its line for everything that should be written better."""
    for table in schema.tables.values():
        found = [*_words(table), *_names(table), *_indexes(table), *_deletions(table)]
        for item, said in found:
            yield f"schema.sql 第{schema.lines[table.name, item]}行：{said}"


def _words(table: Table) -> Iterator[Advice]:
    if not re.fullmatch(r"一行是.+。", table.row_is):
        yield "", f"表 {table.name} 的上一行宜写成 -- 表名：一行是什么。"
    for name, column in table.columns.items():
        if not re.search(r"[\u4e00-\u9fff]", column.label):
            yield name, f"字段 {name} 的标签“{column.label}”宜用中文。"
        if column.is_hidden and column.is_searched:
            yield name, f"字段 {name} 标了 [隐藏]，[搜索] 不起作用。"
    for name, sentence in table.sentences.items():
        if not _SENTENCE.search(sentence):
            yield name, f"{name} 的那句话“{sentence}”会给人看，宜用中文，以句号结尾。"
    if len(table.listed) > _MOST_LISTED or any(
        c.is_hidden for n, c in table.columns.items() if n in table.listed
    ):
        yield "", f"表 {table.name} 的 列表 宜在 {_MOST_LISTED} 个字段以内，不含 [隐藏] 的。"


def _names(table: Table) -> Iterator[Advice]:
    rules: list[Constraint | Index] = [*table.constraints, *table.indexes]
    for rule in rules:
        start = f"{_prefix(rule)}_{table.name}_"
        if not rule.name.startswith(start):
            yield rule.name, f"名称 {rule.name} 宜以 {start} 开头。"
    for name in (*table.columns, *(rule.name for rule in rules)):
        if len(name) > _LONGEST:
            yield name, f"名称 {name} 宜在 {_LONGEST} 个字符以内。"
    for name, column in table.columns.items():
        if column.kind == "date" and not (name.endswith("_on") or name == "day"):
            yield name, f"日期字段 {name} 的名称宜以 _on 结尾。"
        if column.kind == "instant" and not name.endswith(("_at", "_until")):
            yield name, f"时间字段 {name} 的名称宜以 _at 结尾。"


def _prefix(rule: Constraint | Index) -> str:
    if isinstance(rule, Index):
        return "uq" if rule.is_unique else "ix"
    return _PREFIXES[rule.kind]


def _indexes(table: Table) -> Iterator[Advice]:
    whole = [c.columns for c in table.constraints if c.kind == "unique"]
    whole += [index.columns for index in table.indexes if not index.condition]
    filled = [i.columns for i in table.indexes if i.condition == f"{i.columns[0]} IS NOT NULL"]
    for key in table.foreign_keys:
        if not any(c[: len(key.columns)] == key.columns for c in (*whole, *filled)):
            stem = key.key_column.removesuffix("_id")
            made = f"ix_{table.name}_{stem} ON {table.name} ({', '.join(key.columns)})"
            yield key.name, f"外键 {key.name} 没有索引，删除和查找会慢；宜加 CREATE INDEX {made};"
    for index in table.indexes:
        size = len(index.columns)
        longer = [c for c in whole if c != index.columns and c[:size] == index.columns]
        if longer and not index.is_unique and not index.condition:
            yield index.name, f"索引 {index.name} 是另一个索引的开头，可以去掉。"
    heads = {"id", *(c[0] for c in whole), *(index.columns[0] for index in table.indexes)}
    for step in table.order[:1]:
        if step.column not in heads or table.columns[step.column].choices:
            yield "", f"表 {table.name} 的 次序 的第一个字段 {step.column} 宜有索引，且不是选择项。"


def _deletions(table: Table) -> Iterator[Advice]:
    for key in table.foreign_keys:
        if not key.on_delete:
            yield key.name, f"外键 {key.name} 宜写明 ON DELETE RESTRICT、CASCADE 或 SET NULL。"
