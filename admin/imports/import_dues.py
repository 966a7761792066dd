"""The due dates that an import would make, for the preview: how many items are overdue at once. Asks, never writes."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy import ColumnElement, and_, func, select

from admin.tables.desk import desk_at
from domain import models
from domain.dues.rulebook import load_judge
from domain.storing.session import ActorSession

SOON = 3
"""Within so many working days an item is due soon."""


@dataclass(frozen=True)
class DuesPart:
    """How many of the rows to be written would be overdue at once, and how many due soon; when the items were handed
    over, and where that is changed ('' where the person may not)."""

    late: int
    soon: int
    soon_until: date
    handed_over_on: date | None
    meeting_url: str


def draw_dues(session: ActorSession, row: "models.Import", today: date) -> DuesPart:
    """The due dates of a plan as it was looked at last, counted from today."""
    until = load_judge(session).calendar.add_working_days(today, SOON)
    model = models.ImportRow
    count = select(func.count()).select_from(model).where(model.import_id == row.id)
    late, soon = (
        session.scalar(count.where(of)) or 0 for of in (is_late(today), is_soon(today, until))
    )
    meeting = row.meeting
    assert meeting is not None  # every plan has one
    may = desk_at("meetings").may("update")
    url = url_for("meetings.edit_view", id=meeting.id) if may else ""
    return DuesPart(late, soon, until, meeting.handed_over_on, url)


def is_late(today: date) -> ColumnElement[bool]:
    """Whether a row to be written makes an item that is overdue at once."""
    model = models.ImportRow
    return and_(model.outcome.in_(("新增", "更新")), model.first_due_on < today)


def is_soon(today: date, until: date) -> ColumnElement[bool]:
    """Whether a row to be written makes an item that is due soon."""
    model = models.ImportRow
    return and_(model.outcome.in_(("新增", "更新")), model.first_due_on.between(today, until))
