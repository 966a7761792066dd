"""Rows of any mapped table as an `ExportSheet`: headers are the labels, references natural names.

Which rows and columns is decided by the caller; the session it is given holds the scope.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, load_only
from sqlalchemy.orm.interfaces import LoaderOption

from domain import models
from domain.access.importable import is_fillable, may_import
from domain.access.scopes import NOT_YOURS
from domain.exports.data_words import Telling, tell
from domain.exports.workbook import ExportSheet, SheetColumn
from domain.schema.columns import SideColumn
from domain.schema.file import Column, Table
from domain.side_columns.offered import beside, own_columns, shown_columns
from domain.side_columns.values import SideValues, read_sides
from domain.storing.session import ActorSession

AT_A_TIME = 1000
_WIDTHS = {
    "key": 8, "link": 26, "choice": 11, "long text": 50, "whole number": 9, "number": 10,
    "date": 12, "instant": 17, "yes/no": 8, "data": 50,
}  # fmt: skip
_SHORT_TEXT = 30


def default_columns(session: ActorSession, words: Table) -> tuple[Column, ...]:
    """The columns of an export for which nobody chose others: those that the table's list shows to the session's actor.

    For who may import the table there follow those by which an import knows its rows again.
    """
    shown = shown_columns(session.actor, words.name)
    comes_back = is_fillable(words) and may_import(session.actor, words.name)
    key = (words.business_key or ("id",)) if comes_back else ()
    return tuple(shown[name] for name in dict.fromkeys((*words.listed, *key)) if name in shown)


def rows_query(words: Table, columns: Sequence[Column]) -> Select[Any]:
    """All rows with what writing ``columns`` takes: their values, and the names behind references in the same query.

    What side columns hold is read with the rows, some at a time.
    """
    model, own = models.by_table[words.name], own_columns(columns)
    links = [_linked(model, column) for column in own if column.references]
    told = {"table_name"} & set(words.columns)  # what its stored JSON is about
    shown = {"id", *(column.name for column in own)} | told
    return select(model).options(load_only(*(getattr(model, name) for name in shown)), *links)


def _linked(model: Any, column: Column) -> LoaderOption:
    attribute = getattr(model, column.name.removesuffix("_id"))
    return joinedload(attribute).options(*models.name_options(attribute.property.mapper.class_))


def walk(session: ActorSession, query: Select[Any]) -> Iterator[Any]:
    """The rows of ``query``, some at a time, so that any number of them takes the same memory."""
    yield from session.scalars(query.execution_options(yield_per=AT_A_TIME))


def table_sheet(
    session: ActorSession, words: Table, columns: Sequence[Column], rows: Iterable[Any]
) -> ExportSheet:
    """``rows`` of the table as a sheet; ``notes`` says who made it and when, callers may put more before that."""
    return ExportSheet(
        name=words.label,
        title=words.label,
        notes=made_by(session),
        columns=tuple(sheet_column(column) for column in columns),
        rows=row_values(session, rows, columns),
        made_at=session.now(),
        author=session.actor.name,
    )


def made_by(session: ActorSession) -> str:
    """「导出人：张三　导出时间：2024-04-10 09:00」."""
    return f"导出人：{session.actor.name}　导出时间：{session.now():%Y-%m-%d %H:%M}"


def sheet_column(column: Column) -> SheetColumn:
    """How a column of the table stands in the sheet."""
    if isinstance(column, SideColumn) and column.is_joined:
        return SheetColumn(column.label, "text", _WIDTHS["link"])
    if column.kind != "text":
        return SheetColumn(column.label, column.kind, _WIDTHS[column.kind])
    length = column.length or 0
    if length <= _SHORT_TEXT:
        return SheetColumn(column.label, "code", 12)
    return SheetColumn(column.label, "text", min(10 + length // 5, 46))


def row_values(
    session: ActorSession, rows: Iterable[Any], columns: Sequence[Column]
) -> Iterator[list[Any]]:
    """For each row the values of ``columns``, as the sheet shows them to the session's actor; some at a time."""
    walking, today = iter(rows), session.now().date()
    while some := list(islice(walking, AT_A_TIME)):
        telling = tell(session, some, own_columns(columns))
        sides = read_sides(session, beside(columns), [row.id for row in some], today)
        takers = [_taker(column, telling, sides) for column in columns]
        for row in some:
            yield [take(row) for take in takers]


def _taker(column: Column, telling: Telling, sides: SideValues) -> Callable[[Any], Any]:
    name = column.name
    if isinstance(column, SideColumn):
        held = sides[name]
        return lambda row: held[row.id].value if row.id in held else None
    if column.references:
        return _name_taker(name, name.removesuffix("_id"))
    if column.kind == "data":
        return lambda row: telling.say(row, column)
    return lambda row: getattr(row, name)


def _name_taker(key: str, related: str) -> Callable[[Any], Any]:
    def take(row: Any) -> str | None:
        if getattr(row, key) is None:
            return None
        target = getattr(row, related)
        return NOT_YOURS if target is None else str(target)

    return take
