"""A form for an item doubts what an import doubts: a kind that is not of the meeting's body."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask

from admin.tables.additions import FieldDoubt, additions
from admin.tables.desk import Desk
from domain import models
from domain.plans.second_look import kind_doubted


def init_kinds(app: Flask) -> None:
    """Have the forms of items ask once more."""
    additions(app).doubts["proposals"] = _doubts


def _doubts(desk: Desk, values: Mapping[str, Any], row: models.Row | None) -> Iterator[FieldDoubt]:
    """Of an item that is new, or gets another kind or meeting."""
    said = {name: values.get(name, getattr(row, name, None)) for name in ("kind", "meeting_id")}
    if row is not None and all(getattr(row, name) == value for name, value in said.items()):
        return
    meeting = desk.session.get(models.Meeting, said["meeting_id"])
    if meeting is not None and (sentence := kind_doubted(said["kind"], meeting.body)):
        yield FieldDoubt("kind", sentence)
