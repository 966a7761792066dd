"""What follows by itself when a person saves a row: states and deadlines of the tasks concerned.

Runs in the same transaction, as the program and in the person's name, so that nothing is shown half done. A change
of rule or rest day concerns hundreds of tasks: it is shown first and applied on purpose (duedates.planned_changes).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from domain import handovers, models, workflow
from domain.dues import donedates, duedates
from domain.storing import session as session_module
from domain.storing.session import ActorSession, Saved, program_within

_CONCERNS = frozenset(
    {"proposals", "assignments", "return_requests", "handling_plans", "replies", "feedbacks"}
)
MOVED = "moved_deadlines"
"""Where a person's session (its info) tells how many deadlines got another date with what he saved."""


def react(session: ActorSession, saved: Iterable[Saved]) -> None:
    """Settle states and deadlines of the items that the ``saved`` rows belong or belonged to.

    A meeting's items get its day of handing over; their deadlines move only when somebody recomputes them.
    """
    rows = list(saved)
    concerned = [(table, values) for table, values in rows if table in _CONCERNS]
    meetings = [values["id"] for table, values in rows if table == "meetings"]
    if not concerned and not meetings:
        return
    with program_within(session) as inner:
        if meetings:
            handovers.bring_up_to_date(inner, models.Proposal.meeting_id.in_(meetings))
        ids = {_proposal_id(inner, table, values) for table, values in concerned}
        moved = follow_up(inner, sorted(filter(None, ids)))
    session.info[MOVED] = session.info.get(MOVED, 0) + moved
    session.expire_all()


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


def _proposal_id(session: ActorSession, table: str, values: Mapping[str, Any]) -> int | None:
    """The proposal that a row belongs to."""
    if table == "proposals":
        return int(values["id"])
    if "proposal_id" in values:
        return int(values["proposal_id"])
    parent = models.Reply if "reply_id" in values else models.Assignment
    column = "reply_id" if "reply_id" in values else "assignment_id"
    return session.scalar(select(parent.proposal_id).where(parent.id == values[column]))


def install() -> None:
    """Have every person's session react. Called once by the edge."""
    session_module.REACTIONS[:] = [react]
