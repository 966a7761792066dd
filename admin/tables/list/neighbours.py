"""From one row of a list to the next: which rows stand before and after it in the list that it was opened from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from admin.frame import edge
from admin.tables.desk import Desk
from admin.tables.drawing import DrawnTable, RowView
from admin.tables.finding import paging
from admin.tables.finding.addresses import LIST, Address, read_question
from admin.tables.finding.asking import Asked
from admin.tables.finding.filter_values import BadFilter
from admin.tables.finding.ordering import BadCursor, Place
from domain import models


@dataclass(frozen=True)
class Neighbours:
    """The list that a row was opened from, and the rows beside it there."""

    list_url: str
    previous_url: str | None
    next_url: str | None


def opened_from(sheet: DrawnTable, address: Address) -> DrawnTable:
    """The rows of a list, whose pages know the list's question."""
    asked = address.question

    def lead(row: RowView) -> RowView:
        url = f"{row.url}&{urlencode({LIST: asked})}"
        cells = tuple(replace(c, href=url) if c.href == row.url else c for c in row.cells)
        return replace(row, url=url, cells=cells)

    return replace(sheet, rows=tuple(map(lead, sheet.rows)))


def find_neighbours(desk: Desk, row: models.Row, text: str | None) -> Neighbours | None:
    """The rows beside this one, by the question that its address names; None where it names none or nonsense."""
    if text is None:
        return None
    try:
        asked = read_question(desk, text, edge.today())
    except (BadFilter, BadCursor):
        return None
    cursor = asked.order.cursor(row)
    before = _first(desk, asked, Place(before=cursor))
    after = _first(desk, asked, Place(after=cursor))
    return Neighbours(
        Address(desk.words.name, asked).with_(), _url(desk, before, text), _url(desk, after, text)
    )


def _first(desk: Desk, asked: Asked, place: Place) -> models.Row | None:
    query = asked.narrow(desk.query(), desk)
    rows = paging.fetch(desk.session, query, asked.order, place, 1).rows
    return rows[0] if rows else None


def _url(desk: Desk, row: models.Row | None, text: str) -> str | None:
    asked: dict[str, Any] = {LIST: text}
    return url_for(f"{desk.words.name}.details_view", id=row.id, **asked) if row else None
