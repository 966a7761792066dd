"""From a row to its entries in the change log, and from an entry back to its row. The log is a list as any other."""

from typing import Any

from flask import Flask, url_for

from admin.frame.links import Link
from admin.tables.additions import additions
from admin.tables.desk import Desk
from admin.tables.drawing import row_url
from domain import models

LOG = "change_log"


def init_histories(app: Flask) -> None:
    """Put both ways beside the name of a row."""
    additions(app).row_links += [_history_link, _back_link]


def _history_link(desk: Desk, row: models.Row) -> Link | None:
    """To what the log tells of the row, where the person reads any of it."""
    log = desk.beside(LOG)
    if not log.may("read"):
        return None
    entry = models.ChangeLog
    of_row = entry.table_name == desk.words.name, entry.row_id == row.id
    told = log.query().with_only_columns(entry.id).where(*of_row).limit(1)
    if desk.session.scalar(told) is None:
        return None
    place: dict[str, Any] = {
        "table_name": desk.words.name,
        "row_id.from": row.id,
        "row_id.to": row.id,
    }
    return Link(log.words.label, url_for(f"{LOG}.index_view", **place))


def _back_link(desk: Desk, row: models.Row) -> Link | None:
    """From an entry to the row that it tells of, where that is still there for the person."""
    if not isinstance(row, models.ChangeLog) or row.table_name not in models.schema.tables:
        return None
    target = desk.beside(row.table_name)
    there = target.query().with_only_columns(target.model.id)
    if not target.may("read") or not desk.session.scalar(
        there.where(target.model.id == row.row_id)
    ):
        return None
    return Link(f"打开这条{target.words.label}", row_url(row.table_name, row.row_id))
