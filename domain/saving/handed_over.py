"""Refuses days before the one from which a row counts as handed over, and to hand it over after what was done since.

Not how that day is settled (domain/lifecycle/handovers.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select

from domain import models
from domain.saving.happened import NotYetHappened, TooEarly
from domain.storing.held import name_of
from domain.storing.write_rules import RowWrite, Save, WriteRule

_NOT_BEFORE: Mapping[str, tuple[str, ...]] = {
    "proposals": ("due_on", "closed_on"),
    "assignments": ("signed_on",),
    "replies": ("issued_on",),
}
"""Days that cannot lie before the handing over. Withdrawn is also what was never handed over."""
_ABOVE = {"replies": "assignment_id", "assignments": "proposal_id", "proposals": "meeting_id"}
"""By which reference a row without a day of its own has it from the row above."""
_WAY = (*_ABOVE, "meetings")
_DAY = "handed_over_on"
_AT_ONCE = 500


class TooLate(NotYetHappened):
    """The handing over would come after something that was done with what was handed over."""


class NotBeforeHandover(WriteRule):
    """Raises TooEarly where rows got a day before the one from which they count, TooLate where that one moved past it.

    The CHECKs of schema.sql see a row's own day of handing over, not that of the task, item or meeting above it.
    """

    def concerns(self, table: str) -> bool:
        return table in _WAY

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        for name in _NOT_BEFORE.get(table, ()):
            ids = [r.new["id"] for r in rows if r.new.get(name) not in (None, r.old.get(name))]
            for found in _too_early(save, table, name, table, ids):
                column = models.schema.tables[table].columns[name]
                raise TooEarly(table, column, found.day, f"不能早于交办日期 {found.counts}")
        moved = [row.new["id"] for row in rows if row.old and row.new and _is_moved(table, row)]
        for below in _WAY[: _WAY.index(table) + 1]:
            for name in _NOT_BEFORE.get(below, ()):
                for found in _too_early(save, below, name, table, moved):
                    raise _too_late(save, table, below, name, found)


def _is_moved(table: str, row: RowWrite) -> bool:
    """Whether the row may count from a later day than before: it has another day, or hangs on another row."""
    if row.new.get(_ABOVE.get(table, "")) != row.old.get(_ABOVE.get(table, "")):
        return True
    old, new = row.old.get(_DAY), row.new.get(_DAY)
    return old != new and not (old and new and new < old)


def _too_late(save: Save, table: str, below: str, name: str, found: Any) -> TooLate:
    """What is told of the row of ``table`` that moved: past which day of which row."""
    words = models.schema.tables
    column = words[table].columns.get(_DAY) or words[table].columns[_ABOVE[table]]
    label, day = words[below].columns[name].label, found.day
    called = name_of(save.session, below, found.id)
    said = f"晚于“{called}”的{label} {day}，请填不晚于它的日期；{label}写错的，请先更正"
    counts: date = found.counts
    return TooLate(table, column, counts, said)


def _too_early(save: Save, table: str, name: str, at: str, ids: Sequence[int]) -> Iterator[Any]:
    """Rows of ``table`` whose day ``name`` lies before the one they count from: those that are, or hang on, these rows
    of ``at``. One of every 500, with its id, that day, and the one it counts from."""
    rows = {step: models.table_of(step) for step in _WAY[_WAY.index(table) :]}
    day, counts = rows[table].c[name], _counts_from(rows)
    query: Select[Any] = select(rows[table].c.id, day.label("day"), counts.label("counts"))
    query = query.select_from(_joined(rows)).where(day < counts).limit(1)
    for start in range(0, len(ids), _AT_ONCE):
        some = rows[at].c.id.in_(ids[start : start + _AT_ONCE])
        yield from save.connection.execute(query.where(some))


def _counts_from(rows: Mapping[str, FromClause]) -> ColumnElement[Any]:
    """The nearest day of handing over, as the rows are now: what is stored of it follows later in the same save."""
    days = [step.c[_DAY] for step in rows.values() if _DAY in step.c]
    return func.coalesce(*days) if len(days) > 1 else days[0]


def _joined(rows: Mapping[str, FromClause]) -> FromClause:
    """The rows with those above them."""
    first, *others = rows.items()
    (below, joined) = first
    for above, step in others:
        joined = joined.join(step, rows[below].c[_ABOVE[below]] == step.c.id)
        below = above
    return joined
