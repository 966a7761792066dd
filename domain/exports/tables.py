"""Rows of any mapped table as a `Sheet`: headers are the labels, references the natural names of what they point to.

Which rows and columns is decided by the caller; the session it is given holds the scope.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, load_only
from sqlalchemy.orm.interfaces import LoaderOption

from domain import models, scopes
from domain.exports.workbook import Sheet, SheetColumn
from domain.schema import Column, Table
from domain.session import ActorSession

NOT_YOURS = "（不在您的范围内）"
"""Stands for a reference to a row that the reader may not see, on the screen as in an export."""

AT_A_TIME = 1000
_WIDTHS = {
    "key": 8, "link": 26, "choice": 11, "long text": 50, "whole number": 9, "number": 10,
    "date": 12, "instant": 17, "yes/no": 8, "data": 50,
}  # fmt: skip
_SHORT_TEXT = 30


def default_columns(session: ActorSession, words: Table) -> tuple[Column, ...]:
    """The columns that the table's list shows to the session's actor."""
    hidden = scopes.hidden_columns(session.actor, words.name)
    return tuple(words.columns[name] for name in words.listed if name not in hidden)


def rows_query(words: Table, columns: Sequence[Column]) -> Select[Any]:
    """All rows with what writing ``columns`` takes: their values, and the names behind references in the same query."""
    model: Any = models.by_table[words.name]
    links = [_linked(model, column) for column in columns if column.references]
    return select(model).options(load_only(*(getattr(model, c.name) for c in columns)), *links)


def _linked(model: Any, column: Column) -> LoaderOption:
    attribute = getattr(model, column.name.removesuffix("_id"))
    return joinedload(attribute).options(*models.name_options(attribute.property.mapper.class_))


def walk(session: ActorSession, query: Select[Any]) -> Iterator[Any]:
    """The rows of ``query``, some at a time, so that any number of them takes the same memory."""
    yield from session.scalars(query.execution_options(yield_per=AT_A_TIME))


def table_sheet(
    session: ActorSession, words: Table, columns: Sequence[Column], rows: Iterable[Any]
) -> Sheet:
    """``rows`` of the table as a sheet; ``notes`` says who made it and when, callers may put more before that."""
    return Sheet(
        name=words.label,
        title=words.label,
        notes=made_by(session),
        columns=tuple(sheet_column(column) for column in columns),
        rows=row_values(rows, columns),
        made_at=session.now(),
        author=session.actor.name,
    )


def made_by(session: ActorSession) -> str:
    """「导出人：张三　导出时间：2024-04-10 09:00」."""
    return f"导出人：{session.actor.name}　导出时间：{session.now():%Y-%m-%d %H:%M}"


def sheet_column(column: Column) -> SheetColumn:
    """How a column of the table stands in the sheet."""
    if column.kind != "text":
        return SheetColumn(column.label, column.kind, _WIDTHS[column.kind])
    length = column.length or 0
    if length <= _SHORT_TEXT:
        return SheetColumn(column.label, "code", 12)
    return SheetColumn(column.label, "text", min(10 + length // 5, 46))


def row_values(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[list[Any]]:
    """For each row the values of ``columns``, as the sheet shows them."""
    takers = [_taker(column) for column in columns]
    for row in rows:
        yield [take(row) for take in takers]


def _taker(column: Column) -> Callable[[Any], Any]:
    name = column.name
    if column.references:
        return _name_taker(name, name.removesuffix("_id"))
    if column.kind == "data":
        return lambda row: say_data(getattr(row, name)) if getattr(row, name) is not None else None
    return lambda row: getattr(row, name)


def _name_taker(key: str, related: str) -> Callable[[Any], Any]:
    def take(row: Any) -> str | None:
        if getattr(row, key) is None:
            return None
        target = getattr(row, related)
        return NOT_YOURS if target is None else str(target)

    return take


def say_data(value: Any) -> str:
    """Stored JSON as lines of 「名：值」; a pair of old and new as an arrow."""
    if isinstance(value, dict):
        return "\n".join(f"{name}：{say_data(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        if len(value) == 2 and not any(isinstance(inner, dict | list) for inner in value):
            return f"{say_data(value[0])} → {say_data(value[1])}"
        return "；".join(say_data(inner) for inner in value)
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
