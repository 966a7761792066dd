"""What a row says in words, on the screen as in an export: stored JSON as lines, without what is not the reader's."""

from collections.abc import Mapping
from typing import Any

from domain import models, scopes
from domain.actors import Actor
from domain.schema import Column

NOT_YOURS = "（不在您的范围内）"
"""Stands for a reference to a row that the reader may not see."""


def say_data(value: Any) -> str:
    """Stored JSON as lines of 「名：值」; a pair of old and new as an arrow."""
    if isinstance(value, dict):
        return "\n".join(f"{name}：{say_data(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        if len(value) == 2 and not any(isinstance(inner, dict | list) for inner in value):
            return " → ".join(say_data(inner) for inner in value if inner not in (None, ""))
        return "；".join(say_data(inner) for inner in value)
    if value is None or value == "":
        return "（空）"
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def labelled(value: Any, words: Mapping[str, Column] | None) -> Any:
    """With ``words``, the keys of ``value`` are columns and get their labels; others are left out."""
    if words is None or not isinstance(value, dict):
        return value
    return {words[name].label: inner for name, inner in value.items() if name in words}


def readable_columns(actor: Actor, table: str) -> Mapping[str, Column]:
    """The columns of ``table`` that ``actor`` may meet."""
    hidden = scopes.hidden_columns(actor, table)
    columns = models.schema.tables[table].columns
    return {name: column for name, column in columns.items() if name not in hidden}


def told_columns(actor: Actor, row: Any) -> Mapping[str, Column] | None:
    """Of a row that tells of another table (``table_name``): the columns that ``actor`` may meet there."""
    told = getattr(row, "table_name", None)
    return readable_columns(actor, told) if told and told in models.schema.tables else None
