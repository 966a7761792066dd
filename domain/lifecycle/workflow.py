"""The lifecycle's states as a function of what has been recorded: signatures, returns, replies, ratings, dates.

Nobody sets a state by hand; a save brings those of the items concerned up to date. Here: states and the set-based
upkeep of the stored ones. Not here: who may record what (domain/access/rules.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import models
from domain.lifecycle.names import item_name, task_name
from domain.lifecycle.replies import settle_replies
from domain.schema.states import (
    DRAFTS,
    ENDED,
    Decision,
    Ending,
    ItemState,
    Rating,
    ReplyKind,
    ReplyState,
    RequestKind,
    TaskRole,
    TaskState,
)
from domain.storing import bulk
from domain.storing.session import ActorSession

_PORTION = 500


@dataclass(frozen=True)
class AnswerRecord:
    """One reply or 协办意见 of a task: its kind, round, state, date, and the worst rating it got."""

    kind: str
    round: int
    state: str
    issued_on: date | None
    rating: str | None = None


@dataclass(frozen=True)
class TaskRecord:
    """What has been recorded for one assignment. ``requests`` are the decisions on its return requests."""

    role: str
    signed_on: date | None = None
    requests: tuple[str, ...] = ()
    answers: tuple[AnswerRecord, ...] = ()
    area_role: str = TaskRole.LEAD
    ended_how: str | None = None
    is_history: bool = False
    is_over: bool = False
    """Whether the item is done with: then nothing is handled anew."""

    @property
    def last(self) -> AnswerRecord | None:
        """The answer of the latest round that is owed: 答复, or 协办意见 where the unit or the area assists."""
        assists = TaskRole.PARTNER in (self.role, self.area_role)
        owed = ReplyKind.OPINION if assists else ReplyKind.ANSWER
        return max((a for a in self.answers if a.kind == owed), key=lambda a: a.round, default=None)

    @property
    def is_redone(self) -> bool:
        """Whether a deputy is not satisfied with the last answer that was issued: until there is another one."""
        issued = (
            a for a in self.answers if (a.kind, a.state) == (ReplyKind.ANSWER, ReplyState.ISSUED)
        )
        last = max(issued, key=lambda a: a.round, default=None)
        return not self.is_over and last is not None and last.rating == Rating.NOT_SATISFIED

    @property
    def finished_on(self) -> date | None:
        """The day of the last answer, once it is issued, unless it is to be given anew."""
        is_issued = self.last and self.last.state == ReplyState.ISSUED
        return self.last.issued_on if self.last and is_issued and not self.is_redone else None


@dataclass(frozen=True)
class ItemRecord:
    """What has been recorded for one proposal, with its tasks."""

    withdrawn_on: date | None = None
    closed_on: date | None = None
    written_off_on: date | None = None
    tasks: tuple[TaskRecord, ...] = field(default=())
    is_history: bool = False
    main_state: str | None = None
    """The state of the item that this one is merged into; it is handled with that."""


def task_state(task: TaskRecord) -> str:
    """The state of an assignment (任务状态)."""
    if task.ended_how in (Ending.REASSIGNED, Ending.TAKEN_BACK):
        return TaskState.TAKEN_BACK
    if Decision.PENDING in task.requests:
        return TaskState.RETURNING
    if Decision.GRANTED in task.requests:
        return TaskState.RETURNED
    if task.finished_on:
        return TaskState.FINISHED if task.role == TaskRole.PARTNER else TaskState.ANSWERED
    if task.last and task.last.state not in (*DRAFTS, ReplyState.ISSUED):
        return TaskState.REVIEWED
    if task.is_history:
        return TaskState.FINISHED
    return TaskState.WORKING if task.signed_on or task.last else TaskState.UNSIGNED


def item_state(item: ItemRecord) -> str:
    """The state of a proposal (办理状态)."""
    for on, state in (
        (item.withdrawn_on, ItemState.WITHDRAWN),
        (item.written_off_on, ItemState.WRITTEN_OFF),
        (item.closed_on, ItemState.CLOSED),
    ):
        if on:
            return state
    if item.is_history:
        return ItemState.CLOSED
    if item.main_state:
        return item.main_state
    tasks = [t for t in item.tasks if task_state(t) not in ENDED]
    if any(t.is_redone for t in tasks if t.role != TaskRole.PARTNER):
        return ItemState.REDONE
    states = {task_state(t) for t in tasks if t.role != TaskRole.PARTNER}
    if states == {TaskState.ANSWERED}:
        return _rated(t for t in tasks if t.role != TaskRole.PARTNER)
    if TaskState.REVIEWED in states or TaskState.ANSWERED in states:
        return ItemState.REVIEWED
    if not tasks:
        return ItemState.REGISTERED
    idle = (TaskState.UNSIGNED, TaskState.RETURNING)
    begun = any(task_state(t) not in idle for t in tasks)
    return ItemState.HANDLING if begun else ItemState.HANDED_OVER


def _rated(tasks: Iterable[TaskRecord]) -> str:
    ratings = {t.last.rating for t in tasks if t.last}
    return ItemState.RATED if ratings - {None} else ItemState.ANSWERED


def settle(session: ActorSession, proposal_ids: Sequence[int]) -> int:
    """Bring the stored states and finishing dates of these proposals up to date; returns how many rows changed.

    A handful of queries per 500 proposals; changes are logged. The items are held until the transaction ends: of two
    who save rows below one, the second sees what the first has recorded. The session must be the program's own.
    """
    session.flush()
    changed, ids = 0, _with_merged(session, proposal_ids)
    for start in range(0, len(ids), _PORTION):
        changed += _settle(session, ids[start : start + _PORTION])
    return changed


def _with_merged(session: ActorSession, proposal_ids: Sequence[int]) -> list[int]:
    """These items, and after them what is merged into them, directly or by way of another."""
    item, found, last = models.Proposal, dict.fromkeys(proposal_ids), list(proposal_ids)
    while last:
        portions = (last[start : start + _PORTION] for start in range(0, len(last), _PORTION))
        merged = (
            id
            for some in portions
            for id in session.scalars(select(item.id).where(item.merged_into_id.in_(some)))
        )
        last = [id for id in merged if id not in found]
        found |= dict.fromkeys(last)
    return list(found)


def _settle(session: ActorSession, ids: Sequence[int]) -> int:
    session.flush()
    items = bulk.read_rows(session, models.Proposal, ids, lock=True, stays=True)
    rows = _rows(
        session,
        select(models.Assignment.id).where(models.Assignment.proposal_id.in_(ids)),
        models.Assignment,
    )
    units = _unit_names(session, rows)
    names = {
        id: task_name(units[row["unit_id"]], row, item_name(items[row["proposal_id"]]))
        for id, row in rows.items()
    }
    replies = settle_replies(session, items, names)
    tasks = _tasks(session, rows, items)
    by_item: dict[int, list[TaskRecord]] = defaultdict(list)
    for row in rows.values():
        by_item[row["proposal_id"]].append(tasks[row["id"]])
    task_changes = list(bulk.differing((row, _task_facts(tasks[id])) for id, row in rows.items()))
    states = _item_states(session, items, by_item)
    item_changes = list(bulk.differing((row, {"state": states[id]}) for id, row in items.items()))
    bulk.update_rows(session, models.Assignment, task_changes, lambda row: names[row["id"]])
    bulk.update_rows(session, models.Proposal, item_changes, item_name)
    return replies + len(task_changes) + len(item_changes)


def _rows(session: ActorSession, ids: Any, cls: Any) -> dict[int, dict[str, Any]]:
    return bulk.read_rows(session, cls, list(session.scalars(ids)))


def _unit_names(session: Session, rows: Mapping[int, Mapping[str, Any]]) -> dict[int, str]:
    ids = {row["unit_id"] for row in rows.values()}
    unit = models.Unit
    named = session.execute(select(unit.id, unit.name).where(unit.id.in_(ids)))
    return {row.id: row.name for row in named}


def _task_facts(task: TaskRecord) -> dict[str, Any]:
    return {"state": task_state(task), "finished_on": task.finished_on}


def _item_states(
    session: ActorSession,
    items: Mapping[int, Mapping[str, Any]],
    tasks: Mapping[int, Sequence[TaskRecord]],
) -> dict[int, str]:
    """By item its state; main items are settled before those that are merged into them."""
    into = {id: row["merged_into_id"] for id, row in items.items() if row["merged_into_id"]}
    main, elsewhere = models.Proposal, set(into.values()) - set(items)
    known = session.execute(select(main.id, main.state).where(main.id.in_(elsewhere)))
    states: dict[int, str] = {row.id: row.state for row in known}
    waiting = list(items)
    while waiting:
        ready = [id for id in waiting if into.get(id) not in items or into[id] in states]
        for id in ready or waiting:  # a circle has no beginning
            states[id] = item_state(
                _item(items[id], tasks.get(id, ()), states.get(into.get(id, 0)))
            )
        waiting = [id for id in waiting if id not in states]
    return {id: states[id] for id in items}


def _item(
    row: Mapping[str, Any], tasks: Sequence[TaskRecord], main_state: str | None
) -> ItemRecord:
    recorded = row["withdrawn_on"], row["closed_on"], row["written_off_on"]
    return ItemRecord(*recorded, tuple(tasks), row["is_history"], main_state)


def _tasks(
    session: Session,
    rows: Mapping[int, Mapping[str, Any]],
    items: Mapping[int, Mapping[str, Any]],
) -> dict[int, TaskRecord]:
    ids = list(rows)
    requests, answers = defaultdict(list), defaultdict(list)
    request, reply = models.ReturnRequest, models.Reply
    for task_id, decision in session.execute(
        select(request.assignment_id, request.decision).where(
            request.assignment_id.in_(ids), request.kind != RequestKind.MORE_UNITS
        )
    ):
        requests[task_id].append(decision)
    ratings = _worst_ratings(session, ids)
    for row in session.execute(
        select(
            reply.id, reply.assignment_id, reply.kind, reply.round, reply.state, reply.issued_on
        ).where(reply.assignment_id.in_(ids))
    ):
        answers[row.assignment_id].append(
            AnswerRecord(row.kind, row.round, row.state, row.issued_on, ratings.get(row.id))
        )
    return {
        id: TaskRecord(
            row["role"],
            row["signed_on"],
            tuple(requests[id]),
            tuple(answers[id]),
            items[row["proposal_id"]]["area_role"],
            row["ended_how"],
            items[row["proposal_id"]]["is_history"],
            _is_over(items[row["proposal_id"]]),
        )
        for id, row in rows.items()
    }


def _is_over(item: Mapping[str, Any]) -> bool:
    ends = ("withdrawn_on", "closed_on", "merged_into_id")
    return bool(item["is_history"]) or any(item[name] is not None for name in ends)


def _worst_ratings(session: Session, ids: Sequence[int]) -> dict[int, str]:
    feedback, reply = models.Feedback, models.Reply
    order = (Rating.SATISFIED, Rating.SILENT, Rating.FAIRLY, Rating.NOT_SATISFIED)
    worst: dict[int, str] = {}
    rows = session.execute(
        select(feedback.reply_id, feedback.result_rating)
        .join(reply, reply.id == feedback.reply_id)
        .where(reply.assignment_id.in_(ids))
    )
    for reply_id, rating in rows:
        worst[reply_id] = max(worst.get(reply_id, rating), rating, key=order.index)
    return worst
