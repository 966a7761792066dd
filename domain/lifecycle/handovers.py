"""The day from which an item and its tasks count as handed over: their own, else the item's, else the meeting's.

Stored (`counts_from_on`), so that lists show, filter and sort by it; followed up whenever one of the three changes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from domain import models
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


def _settle(session: ActorSession, table: Any, above: Any, of: ColumnElement[bool]) -> None:
    counts = func.coalesce(table.c.handed_over_on, above.scalar_subquery())
    stale = table.c.counts_from_on.is_distinct_from(counts)
    connection = session.unchecked_connection()
    connection.execute(update(table).where(of, stale).values(counts_from_on=counts))
