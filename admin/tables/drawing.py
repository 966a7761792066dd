"""Rows drawn as a table: heads, cells, links. Used by lists, by the children on a details page, by the front page.

Which rows and columns is decided before (list/lists.py, details.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from admin.tables import cells
from admin.tables.cells import Cell
from admin.tables.desk import Desk
from domain import models
from domain.exports.data_words import Telling, tell
from domain.people.roles import role_of
from domain.schema.columns import PAST, SideColumn
from domain.schema.file import Column
from domain.side_columns.offered import beside, own_columns
from domain.side_columns.values import SideValue, SideValues, read_sides

_TOLD = 200
"""Characters of a long text in a cell of a list, which has room for less."""


@dataclass(frozen=True)
class Header:
    """The head of one column."""

    label: str
    help: str
    kind: str
    sort_url: str | None = None
    direction: str | None = None


@dataclass(frozen=True)
class RowView:
    """One row, drawn."""

    id: int
    name: str
    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class DrawnTable:
    """A table of rows, drawn."""

    caption: str
    headers: tuple[Header, ...]
    rows: tuple[RowView, ...]


def row_url(table: str, key: int) -> str:
    """The address of a row's own page."""
    return url_for(f"{table}.details_view", id=key)


def header(column: Column) -> Header:
    """The head of a column that cannot be sorted."""
    return Header(column.label, column.help, cells.css_class(column))


def draw_rows(
    desk: Desk,
    columns: Iterable[Column],
    rows: Iterable[models.Row],
    today: date,
    *,
    opens_itself: bool = True,
) -> DrawnTable:
    """The rows with their cells; the first column, and a title or name, lead to the row's own page.

    Unless it `opens_itself`, each link leads to the row that the cell names.
    """
    columns, rows = tuple(columns), list(rows)
    telling = tell(desk.session, rows, own_columns(columns))
    sides = read_sides(desk.session, beside(columns), [row.id for row in rows], today)
    mains = {c.name for c in columns[:1]} | {"title", "name"} if opens_itself else set[str]()
    return DrawnTable(
        caption=desk.words.label,
        headers=tuple(header(column) for column in columns),
        rows=tuple(_draw_row(desk, columns, row, (mains, today, telling, sides)) for row in rows),
    )


def names(desk: Desk, rows: Iterable[models.Row]) -> dict[int, str]:
    """The natural names of rows, by id.

    A name that lacks the row it hangs on, as that is not the reader's, goes on with what this row carries of it: a
    partner reads which item a reply is to, not whose task.
    """
    rows = list(rows)
    found = {row.id: str(row) for row in rows}
    for link in (c for c in desk.words.columns.values() if c.references and not c.is_carried):
        name = link.name.removesuffix("_id")
        if name not in models.name_fields(desk.words):
            continue
        lacking = [row for row in rows if getattr(row, link.name) and getattr(row, name) is None]
        for column in _carried_of(desk, link) if lacking else ():
            above = desk.linked_rows(column, {getattr(row, column.name) for row in lacking})
            for row in lacking:
                said = above.get(getattr(row, column.name), "")
                found[row.id] = f"{found[row.id]} {said}".strip()
    return found


def _carried_of(desk: Desk, link: Column) -> Iterator[Column]:
    """The references by which rows carry what the row of ``link`` is named by."""
    for field in models.name_fields(models.schema.tables[link.target]):
        column = desk.words.columns.get(f"{field}_id")
        if column is not None and column.is_carried:
            yield column


def without_name(name: str, sheet: DrawnTable) -> DrawnTable:
    """The rows without the natural name of the row that they hang on, which every one of them would repeat."""
    rows = (
        replace(row, cells=tuple(replace(c, text=_cut(c.text, name)) for c in row.cells))
        for row in sheet.rows
    )
    return replace(sheet, rows=tuple(rows))


def _cut(text: str, name: str) -> str:
    return text.replace(name, "").strip() or text


def draw_cell(desk: Desk, column: Column, row: models.Row, today: date, telling: Telling) -> Cell:
    """One value of a row; a reference leads to the row it points to, if this person may open it.

    `telling` says stored JSON.
    """
    value = getattr(row, column.name)
    if column.kind == "data":
        return Cell("data", telling.say(row, column) or "")
    if not column.references:
        return cells.draw(column, value, tone=cells.due_tone(row, column, today))
    target = getattr(row, column.name.removesuffix("_id"))
    may_open = target is not None and desk.beside(column.target).may("read")
    url = row_url(column.target, value) if may_open else None
    is_unseen_person = value and target is None and column.target == "users"
    unseen = role_of(desk.session, value) if is_unseen_person else ""
    return cells.draw_link(value, target, url, unseen)


def draw_side(desk: Desk, side: SideColumn, held: SideValue | None, today: date) -> Cell:
    """What a side column holds for a row; the name of one row alone leads there, if this person may open it."""
    kind = "words" if side.is_joined and not side.references else cells.css_class(side)
    if held is None:
        return Cell(kind, "")
    if side.is_joined and not side.references:
        return Cell(kind, held.value)
    if not side.references:
        said_as = side if side.taking == PAST else side.source  # whose name says what colours mean
        return cells.draw(said_as, held.value, tone=cells.side_tone(side, held.value, today))
    leads = len(held.keys) == 1 and desk.beside(side.target).may("read")
    return Cell(kind, held.value, href=row_url(side.target, held.keys[0]) if leads else None)


def _shorten(cell: Cell) -> Cell:
    """The beginning of a long text; the row's own page has the rest."""
    is_long = cell.kind in ("long", "data") and len(cell.text) > _TOLD
    return replace(cell, text=f"{cell.text[:_TOLD]}……") if is_long else cell


def _draw_row(
    desk: Desk,
    columns: tuple[Column, ...],
    row: models.Row,
    shown: tuple[set[str], date, Telling, SideValues],
) -> RowView:
    mains, today, telling, sides = shown
    url = row_url(desk.words.name, row.id)
    drawn: list[Cell] = []
    for column in columns:
        if isinstance(column, SideColumn):
            drawn.append(draw_side(desk, column, sides[column.name].get(row.id), today))
            continue
        cell = _shorten(draw_cell(desk, column, row, today, telling))
        target = getattr(row, column.name.removesuffix("_id")) if column.references else None
        if target is not None:
            cell = replace(cell, text=target.brief_name)
        if column.name in mains:
            cell = replace(cell, href=url, text=cell.text or "（未填）", is_main=True)
        elif not mains and not drawn:
            cell = replace(cell, is_main=True)
        drawn.append(cell)
    return RowView(row.id, str(row), url, tuple(drawn))
