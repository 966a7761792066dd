"""What follows by itself when people save rows: states and deadlines of the items concerned.

Runs in the same transaction, as the program and in the person's name, so that nothing is shown half done. A change
of rule or rest day concerns hundreds of tasks: it is shown first and applied on purpose (duedates.planned_changes).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from domain import models
from domain.dues import donedates, duedates, extensions
from domain.lifecycle import awaiting, handovers, workflow
from domain.lifecycle.beginnings import fresh_items
from domain.lifecycle.belonging import items_of
from domain.lifecycle.replies import items_rerouted
from domain.storing.acting import ActingSession
from domain.storing.session import ActorSession, program_within
from domain.storing.write_rules import ByTable, RowWrite, Save, WriteRule

_CONCERNS = frozenset(
    {
        "meetings",
        "proposals",
        "assignments",
        "return_requests",
        "handling_plans",
        "replies",
        "review_steps",
        "review_routes",
        "review_route_steps",
        "feedbacks",
        "deadlines",
    }
)
_MOVES_ITEMS = frozenset(
    {
        "meeting_id",
        "kind",
        "area_role",
        "key_kind",
        "due_on",
        "is_history",
        "merged_into_id",
        "handed_over_on",
        "withdrawn_on",
        "closed_on",
        "written_off_on",
    }
)
"""The columns of an item from which states, the steps of a review and due dates follow."""
MOVED = "moved_deadlines"
"""Where a session (its info) tells how many deadlines got another date with what was saved in it."""
_PORTION = 500


class Reacts(WriteRule):
    """Settles what follows from rows that people saved.

    An item that a file changes otherwise keeps its due dates, whatever the rules say by now; a deadline that is typed
    into a form keeps what was typed.
    """

    def concerns(self, table: str) -> bool:
        return table in _CONCERNS

    def follow(self, save: Save, written: ByTable) -> None:
        concerned = {
            table: [row for row in rows if save.is_typed or _is_moved(table, row)]
            for table, rows in written.items()
            if not (save.is_typed and table == "deadlines")
        }
        with program_within(save.session) as inner:
            moved = _settle(inner, concerned)
        save.session.info[MOVED] = save.session.info.get(MOVED, 0) + moved
        save.session.expire_all()


def follow_up(session: ActingSession, proposal_ids: Sequence[int]) -> int:
    """Bring states and deadlines of these items up to date; returns how many deadlines have got another date."""
    session.flush()
    with program_within(session) as inner:
        starts = range(0, len(proposal_ids), _PORTION)
        moved = sum(_follow_up(inner, proposal_ids[at : at + _PORTION]) for at in starts)
    session.expire_all()
    return moved


def _settle(session: ActorSession, written: ByTable) -> int:
    """Settle states and deadlines of the items that the written rows belong or belonged to.

    A meeting's items get its day of handing over; their deadlines move only when somebody recomputes them. Returns how
    many deadlines have another date than before.
    """
    meetings = [row.new["id"] for row in written.get("meetings", ()) if row.new]
    if meetings:
        handovers.bring_up_to_date(session, models.Proposal.meeting_id.in_(meetings))
    fresh = fresh_items(session, written)
    for of in _together(fresh):
        duedates.bring_up_to_date(session, of)
    known = {table: list(_values(rows)) for table, rows in written.items()}
    found = (items_of(session, table, rows) for table, rows in known.items())
    items = sorted(items_rerouted(session, written).union(*found) - fresh)
    starts = range(0, len(items), _PORTION)
    return sum(_follow_up(session, items[start : start + _PORTION]) for start in starts)


def _is_moved(table: str, row: RowWrite) -> bool:
    """Whether anything follows from the row of a file."""
    is_changed = table == "proposals" and bool(row.old and row.new)
    return not is_changed or not _MOVES_ITEMS.isdisjoint(row.changed)


def _values(rows: Collection[Any]) -> Iterator[Mapping[str, Any]]:
    """The rows as they were, and as they are."""
    return (values for row in rows for values in (row.old, row.new) if values)


def _together(ids: Collection[int]) -> Iterator[ColumnElement[bool]]:
    """The items of these ids in as few questions as may be: what came in one file has ids without a gap."""
    item, every = models.Proposal, sorted(ids)
    if every and every[-1] - every[0] == len(every) - 1:
        yield item.id.between(every[0], every[-1])
        return
    for start in range(0, len(every), _PORTION):
        yield item.id.in_(every[start : start + _PORTION])


def _follow_up(session: ActorSession, proposal_ids: Sequence[int]) -> int:
    """The same as follow_up, in a session of the program that derives."""
    tasks = select(models.Assignment.id).where(models.Assignment.proposal_id.in_(proposal_ids))
    handovers.bring_up_to_date(session, models.Proposal.id.in_(proposal_ids))
    workflow.settle(session, proposal_ids)
    awaiting.bring_up_to_date(session, models.Proposal.id.in_(proposal_ids))
    lines = models.Deadline.assignment_id.in_(tasks)
    donedates.reconsider(session, lines)  # what is open again gets the date of today's rules
    changes = duedates.bring_up_to_date(session, models.Assignment.proposal_id.in_(proposal_ids))
    donedates.reconsider(session, lines)
    extensions.lapse(session, proposal_ids)
    session.flush()
    return sum(
        change.old_on is not None and change.new_on not in (None, change.old_on)
        for change in changes
    )
