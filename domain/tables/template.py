"""The template of a table's import: its columns in the words of schema.sql, with what may be picked. Writes no file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from domain import models
from domain.exports.blanks import BlankColumn
from domain.exports.tables import sheet_column
from domain.schema.words import Column, Table
from domain.storing.session import ActorSession
from domain.tables.links import names_of
from domain.tables.reading import is_filled_by_people

MOST_CHOICES = 500
"""A longer list helps nobody to pick."""
_EXAMPLES = {
    "date": "2026-06-05",
    "instant": "2026-06-05 09:00",
    "yes/no": "是",
    "whole number": "1",
    "number": "1",
}
YES_NO = ("是", "否")


def blank_columns(session: ActorSession, words: Table) -> list[BlankColumn]:
    """The columns that a new row may fill, as they stand in the schema; what must be filled first in its note."""
    return [_blank(session, column) for column in filled_columns(words)]


def filled_columns(words: Table) -> Iterator[Column]:
    """Those that people fill in; a new row has no id yet."""
    return (c for c in words.columns.values() if is_filled_by_people(c) and not c.is_key)


def _blank(session: ActorSession, column: Column) -> BlankColumn:
    choices = choices_of(session, column)
    required = column.is_required and column.default is None
    note = note_of(column, is_required=required, is_list=bool(choices))
    example = choices[0] if choices else _EXAMPLES.get(column.kind, "")
    if not example and required:
        example = f"填{column.label}"
    return BlankColumn(sheet_column(column), note, choices, example, required)


def note_of(column: Column, *, is_required: bool, is_list: bool) -> str:
    """What the note at a header says."""
    parts = ["必填。" if is_required else "可以不填。"]
    if column.is_by_act:
        parts.append("平时由办理操作填写，补录以前办过的才填。")
    if column.help:
        parts.append(column.help.rstrip("。") + "。")
    if column.references:
        label = models.schema.tables[column.references].label
        parts.append(f"写“{label}”里已有的名称。")
    if column.kind in ("date", "instant"):
        parts.append(f"写成 {_EXAMPLES[column.kind]}。")
    if column.length:
        parts.append(f"最多{column.length}个字。")
    if is_list:
        parts.append("可以从下拉列表里选。")
    return "".join(parts)


def choices_of(session: ActorSession, column: Column) -> Sequence[str]:
    """What may stand in the column, where it is a manageable list; only what the session's actor may see."""
    if column.kind == "yes/no":
        return YES_NO
    if not column.references:
        return column.choices
    model = models.by_table[column.references]
    if (session.scalar(select(func.count()).select_from(model)) or 0) > MOST_CHOICES:
        return ()
    names = [str(name) for _, name, *_ in names_of(session, column.references)]
    return [name for name in dict.fromkeys(names) if names.count(name) == 1]
