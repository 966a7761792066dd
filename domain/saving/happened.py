"""Refuses days and times of things done that are still to come: the columns that schema.sql marks [已发生].

Asked of everything that a person saves or an import writes; what the program derives it derives from those.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain import models
from domain.schema.words import Column
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import RowWrite, Save, WriteRule


class NotYetHappened(Implausible):
    """A row says that something was done on a day on which it cannot have been: one still to come."""

    def __init__(
        self, table: str, column: Column, value: Any, but: str = "还没有到，请填写已经发生的日期"
    ) -> None:
        said = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value.isoformat()
        super().__init__(table, column, f"{said} {but}。")


class TooEarly(NotYetHappened):
    """The same for a day before the one from which it could have been done."""


class HasHappened(WriteRule):
    """Raises NotYetHappened for the first row with a day that is ahead of now."""

    def concerns(self, table: str) -> bool:
        return bool(_marked(table))

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        now = save.session.now()
        for column in _marked(table):
            latest = now if column.kind == "instant" else now.date()
            for row in rows:
                value = row.new.get(column.name)
                if value is not None and value > latest and value != row.old.get(column.name):
                    raise NotYetHappened(table, column, value)


def _marked(table: str) -> list[Column]:
    return [c for c in models.schema.tables[table].columns.values() if c.has_happened]
