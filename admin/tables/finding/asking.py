"""What the address of a list asks for: columns, filters, search, order, place, page size. Read and checked here.

Also what an export asks, and a job that exports in the background: it needs no request.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, false, true
from werkzeug.datastructures import MultiDict

from admin.tables.desk import Desk
from admin.tables.finding.fields import asked_about, fields_of
from admin.tables.finding.filter_values import BadFilter, parse_value
from admin.tables.finding.filters import (
    SLICED,
    Condition,
    Field,
    Misread,
    read_conditions,
    read_search,
)
from admin.tables.finding.named import ARGUMENT as HOLDS
from admin.tables.finding.named import NamedFilter, read_named
from admin.tables.finding.ordering import Place, read_cursor
from admin.tables.finding.pickers import pick
from admin.tables.finding.searching import is_offered, offered, search
from admin.tables.finding.slices import read_slices
from admin.tables.finding.waiting import ARGUMENT as WAITS
from admin.tables.finding.waiting import Waiting, read_waiting
from domain import models
from domain.ordering import Order
from domain.schema.columns import SideColumn
from domain.schema.file import Column
from domain.statistics.measures import ROWS, Measure
from domain.statistics.register import MEASURES

SIZES = (50, 20, 100, 200)
COUNTED = "counted"
"""In the address of a list: the rows that a measure counts each once, as the items of tasks."""


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list, read and checked."""

    columns: tuple[Column, ...]
    chosen: str
    conditions: tuple[Condition, ...]
    search: str
    words: tuple[str, ...]
    sorted_by: Column | None
    descending: bool
    order: Order
    place: Place
    size: int
    today: date
    """From which the days since something are counted."""
    fields: Mapping[str, Field]
    """What the list can be asked about, by the name in the address."""
    misread: tuple[Misread, ...] = ()
    """Filters that mean nothing, where the reader is shown them: until they are mended, no row is found."""
    waiting: Waiting | None = None
    """Only the rows that wait for the person to do an act."""
    named: tuple[NamedFilter, ...] = ()
    """What is asked that no column holds."""

    @property
    def filters(self) -> tuple[Condition | Misread, ...]:
        """All filters that the address names, those that mean nothing last."""
        return (*self.conditions, *self.misread)

    def narrow(
        self, query: Select[models.Row], desk: Desk, *, is_led: bool = False
    ) -> Select[models.Row]:
        """The query with the filters and the search, unordered and unpaged: what an export also wants.

        ``is_led``: an index leads to few rows, so that what is asked of a linked one is looked up for each.
        """
        for condition in self.conditions:
            query = query.where(self._clause(condition, desk, is_led=is_led))
        if self.words:
            query = query.where(search(desk, self.words))
        for one in self.named:
            query = query.where(one.clause)
        if self.waiting:
            query = self.waiting.narrow(query, desk)
        return query.where(false()) if self.misread else query

    def _clause(self, condition: Condition, desk: Desk, *, is_led: bool) -> ColumnElement[bool]:
        if isinstance(condition.field.column, SideColumn):
            return condition.beside(desk.session, self.today)
        return condition.clause(desk.model, _near(condition, desk), is_led=is_led)


def read_asked(
    desk: Desk, args: MultiDict[str, str], today: date, *, shows_misread: bool = False
) -> Asked:
    """Read an address. Raises BadFilter or BadCursor with a sentence where it makes no sense.

    Only who `shows_misread` filters beside what was typed is given them; everybody else gets BadFilter for one.
    """
    search = args.get("q", "").strip()
    fields = fields_of(desk)
    conditions = _read_filters(desk, args, fields)
    misread = tuple(one for one in conditions if isinstance(one, Misread))
    if misread and not shows_misread:
        raise BadFilter(misread[0].sentence)
    sorted_by, descending = _read_sort(desk, args.get("sort", ""))
    order = desk.order(sorted_by, descending=descending)
    return Asked(
        columns=_read_columns(desk, args.get("columns", "")),
        chosen=args.get("columns", ""),
        conditions=tuple(one for one in conditions if isinstance(one, Condition)),
        search=search,
        words=read_search(search),
        sorted_by=sorted_by,
        descending=descending,
        order=order,
        place=_read_place(args, [desk.words.columns[attribute.key] for attribute in order.columns]),
        size=_read_size(args.get("size", "")),
        today=today,
        fields=fields,
        misread=misread,
        waiting=read_waiting(desk, args.get(WAITS, "")),
        named=tuple(_read_named(desk, args, today)),
    )


def asked_by(measure: Measure, slices: MultiDict[str, str]) -> MultiDict[str, str]:
    """What the list is asked whose rows a measure looks at, each of them within ``slices``."""
    asked = MultiDict(measure.pairs)
    asked.update(slices)
    return asked


def _read_named(desk: Desk, args: MultiDict[str, str], today: date) -> Iterator[NamedFilter]:
    yield from read_named(desk, args.getlist(HOLDS), today)
    name = args.get(COUNTED, "")
    if name:
        yield from _read_counted(desk, MEASURES.get(name), args, today)
    else:
        yield from read_slices(desk, args)


def _read_counted(
    desk: Desk, measure: Measure | None, args: MultiDict[str, str], today: date
) -> Iterator[NamedFilter]:
    """The rows of this list that the measure's rows name. By what they are told apart, the measure's rows are."""
    if measure is None or measure.counts == ROWS:
        raise BadFilter("这个列表没有这样数出来的记录。")
    there = desk.beside(measure.table)
    column = there.readable.get(measure.counts)
    if column is None or column.references != desk.words.name:
        raise BadFilter("这个列表没有这样数出来的记录。")
    slices = MultiDict((n, text) for n, text in args.items() if n.startswith(SLICED))
    asked = read_asked(there, asked_by(measure, slices), today)
    counted = asked.narrow(there.query(), there).with_only_columns(there.attribute(measure.counts))
    clause = desk.model.id.in_(counted)
    yield NamedFilter(COUNTED, (measure.name,), measure.label, measure.words, clause)
    for one in read_slices(there, slices):
        yield replace(one, clause=true())


def _near(condition: Condition, desk: Desk) -> ColumnElement[bool] | None:
    """What the search index offers for a condition on a text that it knows."""
    field, text = condition.field, condition.text
    owner = asked_about(desk, field)
    if text is None or field.below is not None or not is_offered(owner, field.column):
        return None
    return offered(owner, [text])


def _read_filters(
    desk: Desk, args: MultiDict[str, str], fields: Mapping[str, Field]
) -> list[Condition | Misread]:
    """The filters; a linked row may be there by its name alone, typed without scripts."""
    known, unmeant = MultiDict(args), []
    for field in fields.values():
        typed = args.get(argument := f"{field.name}.text", "").strip()
        if field.column.references and typed and not args.get(field.name):
            try:
                known[field.name] = str(pick(desk, field.column, "", typed)[0])
            except ValueError as error:
                unmeant.append(Misread(field, argument, (typed,), f"{field.label}：{error}"))
    return [*read_conditions(known, fields, desk.name_of), *unmeant]


def _read_columns(desk: Desk, text: str) -> tuple[Column, ...]:
    if not text:
        return desk.listed
    names = [name for name in text.split(",") if name]
    unknown = next((name for name in names if name not in desk.shown), None)
    if unknown is not None:
        raise BadFilter(f"这个列表没有“{unknown[:40]}”这一列。")
    return tuple(desk.shown[name] for name in dict.fromkeys(names)) or desk.listed


def _read_sort(desk: Desk, text: str) -> tuple[Column | None, bool]:
    if not text:
        return None, False
    name = text.removeprefix("-")
    column = desk.readable.get(name)
    if column is None or not desk.is_sortable(column):
        raise BadFilter(f"这个列表不能按“{name[:40]}”排序。")
    return column, text.startswith("-")


def _read_place(args: MultiDict[str, str], columns: Sequence[Column]) -> Place:
    """Where the page begins, in an order by these columns."""
    parsers = [partial(_parse_mark, column) for column in columns]
    if after := args.get("after"):
        return Place(after=read_cursor(after, *parsers))
    if (before := args.get("before")) == "end":
        return Place(from_end=True)
    return Place(before=read_cursor(before, *parsers)) if before else Place()


def _parse_mark(column: Column, text: str) -> Any:
    if column.choices and text not in column.choices:
        raise ValueError(text)
    return parse_value(column, text)


def _read_size(text: str) -> int:
    if not text:
        return SIZES[0]
    if not text.isdecimal() or int(text[:9]) not in SIZES:
        raise BadFilter(f"每页行数可以是 {'、'.join(map(str, sorted(SIZES)))}。")
    return int(text)
