"""Refuses days before the one from which a row counts as handed over.

Not how that day is settled (domain/lifecycle/handovers.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from domain import models
from domain.saving.happened import TooEarly
from domain.storing.write_rules import RowWrite, Save, WriteRule

_NOT_BEFORE: Mapping[str, tuple[str, ...]] = {
    "proposals": ("due_on", "closed_on"),
    "assignments": ("signed_on",),
    "replies": ("issued_on",),
}
"""Days that cannot lie before the handing over. Withdrawn is also what was never handed over."""
_COUNTS_AS: Mapping[str, tuple[str, str, str]] = {
    "proposals": ("meeting_id", "meetings", "handed_over_on"),
    "assignments": ("proposal_id", "proposals", "counts_from_on"),
    "replies": ("assignment_id", "assignments", "counts_from_on"),
}
"""Where a row without a day of its own has it from: by which reference, which table, which column."""
_AT_ONCE = 500


class NotBeforeHandover(WriteRule):
    """Raises TooEarly where rows got a day before the one from which they count.

    The CHECKs of schema.sql see a row's own day of handing over, not that of the item or meeting above it.
    """

    def concerns(self, table: str) -> bool:
        return table in _NOT_BEFORE

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        for name in _NOT_BEFORE[table]:
            ids = [r.new["id"] for r in rows if r.new.get(name) not in (None, r.old.get(name))]
            for start in range(0, len(ids), _AT_ONCE):
                early = _too_early(table, name, ids[start : start + _AT_ONCE])
                for day, counts in save.connection.execute(early):
                    column = models.schema.tables[table].columns[name]
                    raise TooEarly(table, column, day, f"不能早于交办日期 {counts}")


def _too_early(table: str, name: str, ids: list[int]) -> Select[Any]:
    """The first of these rows whose day lies too early: that day, and the one it counts from."""
    link, parent, day = _COUNTS_AS[table]
    rows, above = models.table_of(table), models.table_of(parent)
    counts: ColumnElement[Any] = above.c[day]
    if "handed_over_on" in rows.c:
        counts = func.coalesce(rows.c.handed_over_on, counts)
    query = select(rows.c[name], counts).join(above, above.c.id == rows.c[link])
    return query.where(rows.c.id.in_(ids), rows.c[name] < counts).limit(1)
