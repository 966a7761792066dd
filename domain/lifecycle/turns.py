"""Whose turn it is at an item: for each task and reply at work, who is to do what next, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from domain import models
from domain.access import scopes
from domain.actors import DEPUTY, LEADER, LIAISON, OFFICE
from domain.lifecycle.acts.conditions import unsigned_partners
from domain.lifecycle.acts.recipients import unrated, unserved
from domain.lifecycle.review import Route, Routes, read_routes
from domain.lifecycle.under import is_under
from domain.schema.states import (
    ENDED,
    ItemState,
    ReplyKind,
    ReplyState,
    Revisit,
    TaskRole,
    TaskState,
)
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
_DONE = (ItemState.CLOSED, ItemState.WRITTEN_OFF)


@dataclass(frozen=True)
class Turn:
    """Who is to do what: a role, of a unit where it is a unit's."""

    who: str
    what: str


def turns(session: ActorSession, item: Any) -> list[Turn]:
    """Whose turn it is, as far as the reader sees the tasks; none once another item has taken it in, and of one that is
    done at what is answered all the same: a year later, or anew because its letter has changed."""
    if item.state == ItemState.WITHDRAWN or item.merged_into_id is not None:
        return []
    every = _replies(session, item)
    routes = read_routes(session) if every else Routes({}, {})
    if item.state in _DONE:
        owed = (r for r in every if _is_owed_after_all(r, every))
        return list(_of_replies(session, routes, item, owed))
    task: Any = models.Assignment
    query = select(task).where(task.proposal_id == item.id, task.state.not_in(ENDED))
    query = query.options(joinedload(task.unit))
    tasks = session.scalars(
        query.order_by(task.role != TaskRole.LEAD, task.role == TaskRole.PARTNER, task.id)
    ).all()
    replies = {row.assignment_id: row for row in every if row.kind != ReplyKind.AGAIN}
    again = (row for row in every if row.kind == ReplyKind.AGAIN)
    found = [*_of_tasks(session, routes, item, tasks, replies)]
    found += _own_signatures(session, tasks, replies)
    if scopes.sees_all(session.actor, "assignments") and not any(
        t.role != TaskRole.PARTNER for t in tasks
    ):
        found.insert(0, Turn(OFFICE, "交办主办单位"))
    return [*found, *_of_replies(session, routes, item, again)]


def turn_of_reply(session: ActorSession, reply: Any) -> Turn | None:
    """Whose turn it is at one reply, whichever round it is of; None once everybody has got and rated it."""
    item, task = reply.proposal, reply.assignment
    if item is None:  # of an item merged into it: its deputy reads the answer alone
        return None
    if reply.state == ReplyState.ISSUED:
        if item.state in _DONE or _is_followed(session, reply):
            return None
        if task is not None and task.state == TaskState.WORKING and reply.kind == ReplyKind.ANSWER:
            return _anew(task.unit.name)
        return next(_after_issue(session, [reply]), None)
    route = _route(read_routes(session), item, reply)
    return _at(session, reply, route, task.unit.name if task is not None else "")


def _of_tasks(
    session: ActorSession, routes: Routes, item: Any, tasks: Any, replies: Mapping[int, Any]
) -> Iterator[Turn]:
    issued = [replies[t.id] for t in tasks if t.state == TaskState.ANSWERED and t.id in replies]
    yield from _after_issue(session, issued)
    for task in tasks:
        reply, unit = replies.get(task.id), task.unit.name
        is_anew = reply is not None and reply.state == ReplyState.ISSUED
        if is_anew and task.state == TaskState.WORKING:
            yield _anew(unit)
        elif task.state in (TaskState.WORKING, TaskState.REVIEWED) and reply is not None:
            yield _at(session, reply, _route(routes, item, reply), unit)
        elif task.state in _OF_TASK:
            yield _turn(*_OF_TASK[task.state], unit)


def _after_issue(session: ActorSession, replies: Sequence[Any]) -> Iterator[Turn]:
    """Of issued answers: the unit until everybody has got it, then those who have not rated it."""
    last = [reply for reply in replies if reply.kind != ReplyKind.OPINION]
    if not last:
        return
    to_serve, to_rate = unserved(session, last), unrated(session, last)
    for reply in last:
        if to_serve[reply.id]:
            yield _turn(LIAISON, "寄送答复", reply.assignment.unit.name)
        elif to_rate[reply.id]:
            yield Turn(DEPUTY, "反馈")


def _is_followed(session: ActorSession, reply: Any) -> bool:
    """Whether a later round of the same answer is begun."""
    other = models.Reply
    query = select(other.id).where(
        other.assignment_id == reply.assignment_id,
        other.kind == reply.kind,
        other.round > reply.round,
    )
    return session.scalar(query.limit(1)) is not None


def _own_signatures(
    session: ActorSession, tasks: Any, replies: Mapping[int, Any]
) -> Iterator[Turn]:
    """The signatures that are owed to a reply of which the reader, of a partner, does not see the task."""
    seen = {task.id for task in tasks}
    for task_id, reply in replies.items():
        if task_id not in seen and reply.state == ReplyState.COUNTERSIGNED:
            yield _at(session, reply, Route(), "")


def _at(session: ActorSession, reply: Any, route: Route, unit: str) -> Turn:
    if reply.state == ReplyState.COUNTERSIGNED:
        return Turn("、".join(unsigned_partners(session, reply).values()), "会签")
    signs = (route.signer_of(reply.state), reply.state)
    role, what = _OF_REPLY.get(reply.state, signs)
    return _turn(role, what, unit)


def _turn(role: str, what: str, unit: str) -> Turn:
    return Turn(f"{unit} {role}".strip() if role in _UNITS else role, what)


def _anew(unit: str) -> Turn:
    return _turn(LIAISON, "重新办理、拟稿", unit)


def _route(routes: Routes, item: Any, reply: Any) -> Route:
    is_key = item.key_kind is not None
    return routes.of(item.meeting.review_route_id, reply.kind, is_key=is_key)


def _replies(session: ActorSession, item: Any) -> Sequence[Any]:
    """The item's replies, the last round last."""
    reply: Any = models.Reply
    query = select(reply).where(is_under("replies", item.id)).order_by(reply.round, reply.id)
    return session.scalars(query.options(joinedload(reply.assignment))).all()


def _of_replies(
    session: ActorSession, routes: Routes, item: Any, replies: Iterable[Any]
) -> Iterator[Turn]:
    for reply in replies:
        if reply.state != ReplyState.ISSUED and reply.assignment is not None:
            unit = reply.assignment.unit.name
            yield _at(session, reply, _route(routes, item, reply), unit)


def _is_owed_after_all(reply: Any, every: Sequence[Any]) -> bool:
    """Whether the unit answers with it although the item is done, as conditions.reply_is_at_work has it."""
    before = (reply.assignment_id, reply.kind, reply.round - 1, Revisit.CHANGED)
    return reply.kind == ReplyKind.AGAIN or any(
        (r.assignment_id, r.kind, r.round, r.revisit_result) == before for r in every
    )
