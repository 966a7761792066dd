"""Keeps the stored states of replies where their review has come to; what a state follows from, review.py says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import or_, select

from domain import models
from domain.lifecycle.names import reply_name
from domain.lifecycle.review import (
    ReviewRecord,
    approved_on,
    is_signed_together,
    partners_of,
    read_routes,
    reply_state,
    steps_of,
)
from domain.schema.states import DRAFTS, ReplyState
from domain.storing import bulk
from domain.storing.session import ActorSession
from domain.storing.write_rules import ByTable

Rows = Mapping[int, Mapping[str, Any]]
_SETTLED = (*DRAFTS, ReplyState.ISSUED)
"""Where no route matters: not sent yet, or done with."""


def settle_replies(session: ActorSession, items: Rows, names: Mapping[int, str]) -> int:
    """Bring the states of the replies to these tasks up to date; returns how many moved. A few short questions.

    ``items`` are the whole items of the tasks, ``names`` the tasks' natural names by their ids.
    """
    reply = models.Reply
    ids = session.scalars(select(reply.id).where(reply.assignment_id.in_(list(names)))).all()
    rows = bulk.read_rows(session, reply, ids)
    if not rows:
        return 0
    changes = list(bulk.differing(_wanted(session, items, rows)))
    bulk.update_rows(
        session, reply, changes, lambda row: reply_name(row, names[row["assignment_id"]])
    )
    return len(changes)


def _wanted(
    session: ActorSession, items: Rows, rows: Rows
) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    """Each reply with the state that it should have, and the day on which its review has ended."""
    meeting = models.Meeting
    used = {item["meeting_id"] for item in items.values()}
    chosen = select(meeting.id, meeting.review_route_id).where(meeting.id.in_(used))
    route_ids = {row.id: row.review_route_id for row in session.execute(chosen)}
    routes, taken = read_routes(session), steps_of(session, rows)
    partners = partners_of(session, items)
    for id, row in rows.items():
        is_key = items[row["proposal_id"]]["key_kind"] is not None
        route = routes.of(route_ids[row["meeting_id"]], row["kind"], is_key=is_key)
        days = (row["submitted_on"], row["approved_on"], row["issued_on"])
        is_together = is_signed_together(row["kind"], row["role"])
        beside = partners.get(row["proposal_id"], ()) if is_together else ()
        record = ReviewRecord(*days, taken.get(id, ()), beside)
        wanted: dict[str, Any] = {"state": reply_state(record, route)}
        if wanted["state"] == ReplyState.APPROVED and not record.approved_on:
            wanted["approved_on"] = approved_on(record)
        yield row, wanted


def items_rerouted(session: ActorSession, written: ByTable) -> set[int]:
    """The items of which a reply is under review by a route that was written, or in a meeting that got another one."""
    routes = {row.new["id"] for row in written.get("review_routes", ()) if row.new}
    lines = written.get("review_route_steps", ())
    routes |= {said["review_route_id"] for row in lines for said in (row.old, row.new) if said}
    moved = {
        row.new["id"]
        for row in written.get("meetings", ())
        if row.old and row.new and "review_route_id" in row.changed
    }
    if not routes and not moved:
        return set()
    reply, meeting = models.Reply, models.Meeting
    query = (
        select(reply.proposal_id)
        .join(meeting, meeting.id == reply.meeting_id)
        .where(
            or_(meeting.review_route_id.in_(routes), meeting.id.in_(moved)),
            reply.state.not_in(_SETTLED),
        )
    )
    return set(session.scalars(query.distinct()))
