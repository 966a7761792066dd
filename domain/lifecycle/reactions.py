"""What follows by itself when a person saves a row: states and deadlines of the tasks concerned.

Runs in the same transaction, as the program and in the person's name, so that nothing is shown half done. A change
of rule or rest day concerns hundreds of tasks: it is shown first and applied on purpose (duedates.planned_changes).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from domain import models
from domain.dues import donedates, duedates
from domain.lifecycle import handovers, workflow
from domain.lifecycle.belonging import items_of
from domain.storing import session as session_module
from domain.storing.session import ActorSession, Saved, program_within

_CONCERNS = frozenset(
    {
        "meetings",
        "proposals",
        "assignments",
        "return_requests",
        "handling_plans",
        "replies",
        "feedbacks",
    }
)
MOVED = "moved_deadlines"
"""Where a person's session (its info) tells how many deadlines got another date with what he saved."""
_PORTION = 500


def react(session: ActorSession, saved: Iterable[Saved]) -> None:
    """Settle what follows from rows that a person saved."""
    by_table: dict[str, list[Mapping[str, Any]]] = {}
    for table, values in saved:
        if table in _CONCERNS:
            by_table.setdefault(table, []).append(values)
    if by_table:
        with program_within(session) as inner:
            moved = settle(inner, by_table)
        session.info[MOVED] = session.info.get(MOVED, 0) + moved
        session.expire_all()


def settle(session: ActorSession, by_table: Mapping[str, Collection[Mapping[str, Any]]]) -> int:
    """Settle states and deadlines of the items that the written rows, by table, belong or belonged to.

    A meeting's items get its day of handing over; their deadlines move only when somebody recomputes them. The session
    must be the program's own. Returns how many deadlines have another date than before.
    """
    meetings = [row["id"] for row in by_table.get("meetings", ())]
    if meetings:
        handovers.bring_up_to_date(session, models.Proposal.meeting_id.in_(meetings))
    found = (items_of(session, table, rows) for table, rows in by_table.items())
    items = sorted(set[int]().union(*found))
    starts = range(0, len(items), _PORTION)
    return sum(follow_up(session, items[start : start + _PORTION]) for start in starts)


def follow_up(session: ActorSession, proposal_ids: list[int]) -> int:
    """Bring states and deadlines of these proposals up to date; the session must be the program's own.

    Returns how many deadlines have another date than before.
    """
    tasks = select(models.Assignment.id).where(models.Assignment.proposal_id.in_(proposal_ids))
    handovers.bring_up_to_date(session, models.Proposal.id.in_(proposal_ids))
    workflow.settle(session, proposal_ids)
    lines = models.Deadline.assignment_id.in_(tasks)
    donedates.reconsider(session, lines)  # what is open again gets the date of today's rules
    changes = duedates.bring_up_to_date(session, models.Assignment.proposal_id.in_(proposal_ids))
    donedates.reconsider(session, lines)
    session.flush()
    return sum(
        change.old_on is not None and change.new_on not in (None, change.old_on)
        for change in changes
    )


def install() -> None:
    """Have every person's session react. Called once by the edge."""
    session_module.REACTIONS[:] = [react]
