"""Who has read a 批示 and when, on its own page: by the messages that told of it."""

from __future__ import annotations

from typing import Any

from admin.frame import edge
from admin.tables.desk import Desk
from admin.tables.drawing import draw_rows
from admin.tables.screens import Section, Whole

_COLUMNS = ("reader", "told_at", "read_at")


def draw_note(desk: Desk, row: Any) -> Whole:
    """Everybody who was told of the note, as far as the reader sees it; those who have not read it first."""
    child = desk.beside("messages")
    if not child.may("read"):
        return Whole()
    message: Any = child.model
    shown = [child.readable[name] for name in _COLUMNS if name in child.readable]
    of_row = message.table_name == desk.words.name, message.row_id == row.id
    query = child.query_for(shown).where(*of_row)
    told = list(child.session.scalars(query.order_by(message.read_at.is_not(None), message.id)))
    sheet = draw_rows(child, shown, told, edge.today())
    return Whole(Section("items/noted.html", sheet)) if told else Whole()
