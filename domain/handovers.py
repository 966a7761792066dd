"""The day from which an item and its tasks count as handed over: their own, else the item's, else the meeting's.

Stored (`counts_from_on`), so that lists show, filter and sort by it; followed up whenever one of the three changes.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from domain import models
from domain.storing.happened import TooEarly

if TYPE_CHECKING:
    from domain.storing.session import ActorSession


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


def refuse_signatures_before_handover(
    connection: Connection, table: str, ids: Collection[int]
) -> None:
    """Raise TooEarly where one of these rows, if they are tasks, was signed before the day it counts from."""
    if table != "assignments" or not ids:
        return
    task, item = models.table_of("assignments"), models.table_of("proposals")
    meeting = models.table_of("meetings")
    counts = func.coalesce(task.c.handed_over_on, item.c.handed_over_on, meeting.c.handed_over_on)
    found = connection.execute(
        select(task.c.signed_on, counts.label("counts_from_on"))
        .join(item, item.c.id == task.c.proposal_id)
        .join(meeting, meeting.c.id == item.c.meeting_id)
        .where(task.c.id.in_(ids), task.c.signed_on < counts)
    ).first()
    if found:
        column = models.schema.tables[table].columns["signed_on"]
        raise TooEarly(table, column, found.signed_on, f"不能早于交办日期 {found.counts_from_on}")


def _settle(session: ActorSession, table: Any, above: Any, of: ColumnElement[bool]) -> None:
    counts = func.coalesce(table.c.handed_over_on, above.scalar_subquery())
    stale = table.c.counts_from_on.is_distinct_from(counts)
    connection = session.unchecked_connection()
    connection.execute(update(table).where(of, stale).values(counts_from_on=counts))
