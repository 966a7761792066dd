"""Whose turn it is at an item: for each task and reply at work, who is to do what next, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from domain import models
from domain.access import scopes
from domain.actors import LEADER, LIAISON, OFFICE
from domain.lifecycle.review import read_routes
from domain.lifecycle.under import is_under
from domain.schema.states import ENDED, ItemState, ReplyState, TaskRole, TaskState
from domain.storing.session import ActorSession

_OF_TASK = {
    TaskState.UNSIGNED: (LIAISON, "签收"),
    TaskState.RETURNING: (OFFICE, "审核退办申请"),
    TaskState.WORKING: (LIAISON, "办理、拟稿"),
}
_OF_REPLY = {
    ReplyState.DRAFT: (LIAISON, "拟稿、送审"),
    ReplyState.SENT_BACK: (LIAISON, "修改后再送审"),
    ReplyState.APPROVED: (LIAISON, "正式答复"),
}
_UNITS = (LIAISON, LEADER)
_DONE = (ItemState.CLOSED, ItemState.WRITTEN_OFF, ItemState.WITHDRAWN)


@dataclass(frozen=True)
class Turn:
    """Who is to do what: a role, of a unit where it is a unit's."""

    who: str
    what: str


def turns(session: ActorSession, item: Any) -> list[Turn]:
    """Whose turn it is, as far as the reader sees the tasks; none once the item is done or another has taken it in."""
    if item.state in _DONE or item.merged_into_id is not None:
        return []
    task: Any = models.Assignment
    query = select(task).where(task.proposal_id == item.id, task.state.not_in(ENDED))
    query = query.options(joinedload(task.unit))
    tasks = session.scalars(
        query.order_by(task.role != TaskRole.LEAD, task.role == TaskRole.PARTNER, task.id)
    ).all()
    found = list(_of_tasks(session, item, tasks))
    if scopes.sees_all(session.actor, "assignments") and not any(
        t.role != TaskRole.PARTNER for t in tasks
    ):
        found.insert(0, Turn(OFFICE, "交办主办单位"))
    return found


def _of_tasks(session: ActorSession, item: Any, tasks: Any) -> Iterator[Turn]:
    replies, routes = _last_replies(session, item), read_routes(session)
    route_id, is_key = item.meeting.review_route_id, item.key_kind is not None
    for task in tasks:
        reply = replies.get(task.id)
        if task.state in (TaskState.WORKING, TaskState.REVIEWED) and reply is not None:
            route = routes.of(route_id, reply.kind, is_key=is_key)
            signs = (route.signer_of(reply.state), reply.state)
            role, what = _OF_REPLY.get(reply.state, signs)
        elif task.state in _OF_TASK:
            role, what = _OF_TASK[task.state]
        else:
            continue
        yield Turn(f"{task.unit.name} {role}" if role in _UNITS else role, what)


def _last_replies(session: ActorSession, item: Any) -> dict[int, Any]:
    """By task its reply of the last round."""
    reply: Any = models.Reply
    query = select(reply).where(is_under("replies", item.id)).order_by(reply.round, reply.id)
    return {row.assignment_id: row for row in session.scalars(query)}
