"""From a row to its entries in the change log, and from an entry back to its row. The log is a list as any other."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for

from admin.frame.links import Link
from admin.tables.additions import additions
from admin.tables.desk import Desk
from admin.tables.drawing import row_url
from admin.tables.finding.addresses import Address
from admin.tables.finding.named import ARGUMENT as HOLDS
from admin.tables.screens import Section, Whole
from domain import models
from domain.exports.data_words import ToldChange, tell
from domain.storing.changes import CREATED, DELETED

LOG, CHANGES, BY_PEOPLE = "change_log", "changes", "by_people"


def init_histories(app: Flask) -> None:
    """Put both ways beside the name of a row."""
    additions(app).row_links += [_history_link, _back_link]
    additions(app).list_links.append(_other_view)
    additions(app).wholes[LOG] = draw_entry


@dataclass(frozen=True)
class EntryLine:
    """One column of an entry: what it was, and what it became; None where there is nothing to tell of that."""

    label: str
    old: str | None
    new: str | None


def _other_view(desk: Desk, address: Address) -> Link | None:
    """From what people have changed to everything, and back."""
    if desk.words.name != LOG:
        return None
    if (HOLDS, BY_PEOPLE) in address.pairs():
        return Link("看全部改动", address.less(HOLDS, (BY_PEOPLE,)), "columns")
    narrowed: dict[str, Any] = {HOLDS: BY_PEOPLE}
    return Link("只看人工改动", url_for(f"{LOG}.index_view", **narrowed), "filter")


def draw_entry(desk: Desk, row: Any) -> Whole:
    """What was changed, column by column and in full."""
    column = desk.words.columns[CHANGES]
    telling = tell(desk.session, [row], [column])
    lines = [_line(row.action, one) for one in telling.lines(row, column)]
    is_told = row.table_name in models.schema.tables and lines
    whole = Whole(Section("tables/changes.html", lines), told_columns=frozenset({CHANGES}))
    return whole if is_told else Whole()


def _line(action: str, told: ToldChange) -> EntryLine:
    old, new = told.pair
    return EntryLine(
        told.label, None if action == CREATED else old, None if action == DELETED else new
    )


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
    """From an entry, or a message, to the row that it tells of, where that is still there for the person."""
    table, key = str(getattr(row, "table_name", "")), getattr(row, "row_id", None)
    if key is None or table not in models.schema.tables:
        return None
    target = desk.beside(table)
    there = target.query().with_only_columns(target.model.id)
    if not target.may("read") or not desk.session.scalar(there.where(target.model.id == key)):
        return None
    return Link(f"打开这条{target.words.label}", row_url(table, key))
