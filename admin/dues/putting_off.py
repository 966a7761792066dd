"""What a deadline's own page tells besides: the requests to put it off, with what became of each."""

from __future__ import annotations

from typing import Any

from flask import Flask

from admin.frame import edge
from admin.tables.additions import additions
from admin.tables.desk import Desk
from admin.tables.drawing import DrawnTable, draw_rows
from admin.tables.screens import Section, Whole

_COLUMNS = ("asked_on", "wanted_on", "reason", "decision", "granted_on", "decision_note")


def init_putting_off(app: Flask) -> None:
    """Have the pages of deadlines tell of their requests."""
    additions(app).wholes["deadlines"] = draw_deadline


def draw_deadline(desk: Desk, row: Any) -> Whole:
    """The requests about this date, the last first, for whoever may read them."""
    sheet = _requests(desk, row)
    return Whole(Section("dues/putting_off.html", sheet)) if sheet and sheet.rows else Whole()


def _requests(desk: Desk, row: Any) -> DrawnTable | None:
    child = desk.beside("extension_requests")
    if not child.may("read"):
        return None
    request: Any = child.model
    shown = [child.readable[name] for name in _COLUMNS if name in child.readable]
    query = child.query_for(shown).where(
        request.assignment_id == row.assignment_id, request.milestone == row.milestone
    )
    rows = list(child.session.scalars(query.order_by(request.id.desc())))
    return draw_rows(child, shown, rows, edge.today())
