"""The number that the next row gets: what a new form offers in a column that schema.sql marks [案号]."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from admin.tables.desk import Desk
from domain.schema.file import Column
from domain.texts.next_number import following


def next_number(desk: Desk, column: Column, known: Mapping[str, Any]) -> str:
    """The number after the highest of the rows that this person sees beside it; '' while it is not known which.

    Beside it are the rows that agree in the other columns of the table's first UNIQUE: for an item those of its
    meeting and kind.
    """
    others = [name for name in desk.words.business_key if name != column.name]
    if column.name not in desk.words.business_key or not all(known.get(name) for name in others):
        return ""
    same = (desk.attribute(name) == _value(desk, name, known[name]) for name in others)
    query = select(desk.attribute(column.name)).where(*same).order_by(desk.model.id)
    return following(list(desk.session.scalars(query)))


def _value(desk: Desk, name: str, value: Any) -> Any:
    return int(value) if desk.words.columns[name].references else value
