"""Which items wait to be handed over (待交办): under way, with no unit at work that answers them, 主办 or 分办.

Stored (`awaits_unit`), true or empty, so that the few of them are found among all items that are under way.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, exists, null, select, true, update

from domain import models
from domain.dues.under_way import is_answering, is_under_way
from domain.storing.session import ActorSession


def bring_up_to_date(session: ActorSession, of: ColumnElement[bool]) -> None:
    """Settle it for the items for which ``of`` (speaking of models.Proposal) holds.

    One statement, however many there are; not logged, as it follows from what is. The session must be the program's.
    """
    session.flush()
    item, task = models.table_of("proposals"), models.table_of("assignments")
    is_answered = exists().where(task.c.proposal_id == item.c.id, is_answering(task.c))
    waits = case((and_(is_under_way(item.c), ~is_answered), true()), else_=null())
    stale = item.c.awaits_unit.is_distinct_from(waits)
    those = item.c.id.in_(select(models.Proposal.id).where(of).correlate(None))
    connection = session.unchecked_connection()
    connection.execute(update(item).where(those, stale).values(awaits_unit=waits))
