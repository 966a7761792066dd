"""Refuses days and times of things done that are still to come: the columns that schema.sql marks [已发生].

Asked of everything that a person saves or an import writes; what the program derives it derives from those.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from domain import models
from domain.schema.words import Column
from domain.storing.implausible import Implausible


class NotYetHappened(Implausible):
    """A row says that something was done on a day on which it cannot have been: one still to come."""

    def __init__(
        self, table: str, column: Column, value: Any, but: str = "还没有到，请填写已经发生的日期"
    ) -> None:
        said = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value.isoformat()
        super().__init__(table, column, f"{said} {but}。")


class TooEarly(NotYetHappened):
    """The same for a day before the one from which it could have been done."""


def refuse_future(table: str, rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Raise NotYetHappened for the first of ``rows`` that is ahead of ``now``. A row: columns and their new values."""
    marked = [c for c in models.schema.tables[table].columns.values() if c.has_happened]
    if not marked:
        return
    today = now.date()
    for row in rows:
        for column in marked:
            value = row.get(column.name)
            if value is not None and value > (now if column.kind == "instant" else today):
                raise NotYetHappened(table, column, value)
