"""The day from which an item and its tasks count as handed over: their own, else the item's, else the meeting's.

Stored (`counts_from_on`), so that lists show, filter and sort by it; followed up whenever one of the three changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from domain import models
from domain.saving.happened import TooEarly

if TYPE_CHECKING:
    from domain.storing.session import ActorSession

Row = Mapping[str, Any]
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


def bring_up_to_date(session: ActorSession, of: ColumnElement[bool]) -> None:
    """Settle the day for the items for which ``of`` (speaking of models.Proposal) holds, and for their tasks.

    Two statements, however many there are; not logged, as it follows from what is. The session must be the program's.
    """
    session.flush()
    item, meeting = models.table_of("proposals"), models.table_of("meetings")
    whole = select(meeting.c.handed_over_on).where(meeting.c.id == item.c.meeting_id)
    items = select(models.Proposal.id).where(of).correlate(None)
    _settle(session, item, whole, item.c.id.in_(items))
    task = models.table_of("assignments")
    above = select(item.c.counts_from_on).where(item.c.id == task.c.proposal_id)
    _settle(session, task, above, task.c.proposal_id.in_(items))


def refuse_before_handover(
    connection: Connection, table: str, changes: Iterable[tuple[Row, Row]]
) -> None:
    """Raise TooEarly where rows of ``table``, as (old, new), got a day before the one from which they count.

    The CHECKs of schema.sql see a row's own day of handing over, not that of the item or meeting above it.
    """
    pairs = list(changes) if table in _NOT_BEFORE else []
    for name in _NOT_BEFORE.get(table, ()):
        ids = [new["id"] for old, new in pairs if new.get(name) not in (None, old.get(name))]
        for start in range(0, len(ids), _AT_ONCE):
            found = connection.execute(_too_early(table, name, ids[start : start + _AT_ONCE]))
            for day, counts in found:
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


def _settle(session: ActorSession, table: Any, above: Any, of: ColumnElement[bool]) -> None:
    counts = func.coalesce(table.c.handed_over_on, above.scalar_subquery())
    stale = table.c.counts_from_on.is_distinct_from(counts)
    connection = session.unchecked_connection()
    connection.execute(update(table).where(of, stale).values(counts_from_on=counts))
