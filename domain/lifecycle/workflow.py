"""The lifecycle's states as a function of what has been recorded: signatures, returns, replies, ratings, dates.

Nobody sets a state by hand, so it cannot contradict the record. Here: states and the set-based upkeep of the
stored ones. Not here: who may record what (scopes.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import models
from domain.storing import bulk
from domain.storing.session import ActorSession

UNSIGNED, RETURNING, RETURNED = "待签收", "退办中", "已退办"
WORKING, REVIEWED, ANSWERED, FINISHED = "办理中", "审核中", "已答复", "已完成"
_DRAFTS = ("拟稿", "退回")
_ISSUED = "已答复"
_PORTION = 500


@dataclass(frozen=True)
class Answer:
    """One reply or 协办意见 of a task: its kind, round, state, date, and the worst rating it got."""

    kind: str
    round: int
    state: str
    issued_on: date | None
    rating: str | None = None


@dataclass(frozen=True)
class Task:
    """What has been recorded for one assignment. ``requests`` are the decisions on its return requests."""

    role: str
    signed_on: date | None = None
    requests: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    area_role: str = "主办"

    @property
    def last(self) -> Answer | None:
        """The answer of the latest round that is owed: 答复, or 协办意见 where the unit or the area assists."""
        owed = "协办意见" if "协办" in (self.role, self.area_role) else "答复"
        return max((a for a in self.answers if a.kind == owed), key=lambda a: a.round, default=None)

    @property
    def finished_on(self) -> date | None:
        """The day of the last answer, once it is issued."""
        return self.last.issued_on if self.last and self.last.state == _ISSUED else None


@dataclass(frozen=True)
class Item:
    """What has been recorded for one proposal, with its tasks."""

    withdrawn_on: date | None = None
    closed_on: date | None = None
    written_off_on: date | None = None
    tasks: tuple[Task, ...] = field(default=())


def task_state(task: Task) -> str:
    """The state of an assignment (任务状态)."""
    if "待定" in task.requests:
        return RETURNING
    if "同意" in task.requests:
        return RETURNED
    if task.finished_on:
        return FINISHED if task.role == "协办" else ANSWERED
    if task.last and task.last.state not in _DRAFTS:
        return REVIEWED
    return WORKING if task.signed_on or task.last else UNSIGNED


def item_state(item: Item) -> str:
    """The state of a proposal (办理状态)."""
    for on, state in (
        (item.withdrawn_on, "撤回"),
        (item.written_off_on, "销号"),
        (item.closed_on, "办结"),
    ):
        if on:
            return state
    tasks = [t for t in item.tasks if task_state(t) != RETURNED]
    states = {task_state(t) for t in tasks if t.role != "协办"}
    if states == {ANSWERED}:
        return _rated(t for t in tasks if t.role != "协办")
    if REVIEWED in states or ANSWERED in states:
        return "审核"
    if not tasks:
        return "登记"
    return "办理" if any(task_state(t) not in (UNSIGNED, RETURNING) for t in tasks) else "交办"


def _rated(tasks: Iterable[Task]) -> str:
    ratings = {t.last.rating for t in tasks if t.last}
    if "不满意" in ratings:
        return "重办"
    return "评价" if ratings - {None} else "答复"


def settle(session: ActorSession, proposal_ids: Sequence[int]) -> int:
    """Bring the stored states and finishing dates of these proposals up to date; returns how many rows changed.

    A handful of queries per 500 proposals; changes are logged. The session must be the program's own.
    """
    changed = 0
    for start in range(0, len(proposal_ids), _PORTION):
        changed += _settle(session, proposal_ids[start : start + _PORTION])
    return changed


def _settle(session: ActorSession, ids: Sequence[int]) -> int:
    session.flush()
    items = bulk.read_rows(session, models.Proposal, ids)
    rows = _rows(
        session,
        select(models.Assignment.id).where(models.Assignment.proposal_id.in_(ids)),
        models.Assignment,
    )
    tasks = _tasks(session, rows, {id: row["area_role"] for id, row in items.items()})
    by_item: dict[int, list[Task]] = defaultdict(list)
    for row in rows.values():
        by_item[row["proposal_id"]].append(tasks[row["id"]])
    task_changes = list(_changed((row, _task_facts(tasks[id])) for id, row in rows.items()))
    item_changes = list(
        _changed((row, {"state": item_state(_item(row, by_item[id]))}) for id, row in items.items())
    )
    units = _unit_names(session, rows)
    bulk.update_rows(
        session,
        models.Assignment,
        task_changes,
        lambda row: f"{units[row['unit_id']]}{row['role']} {_item_name(items[row['proposal_id']])}",
    )
    bulk.update_rows(session, models.Proposal, item_changes, _item_name)
    return len(task_changes) + len(item_changes)


def _rows(session: ActorSession, ids: Any, cls: Any) -> dict[int, dict[str, Any]]:
    return bulk.read_rows(session, cls, list(session.scalars(ids)))


def _unit_names(session: Session, rows: Mapping[int, Mapping[str, Any]]) -> dict[int, str]:
    ids = {row["unit_id"] for row in rows.values()}
    unit = models.Unit
    named = session.execute(select(unit.id, unit.name).where(unit.id.in_(ids)))
    return {row.id: row.name for row in named}


def _item_name(row: Mapping[str, Any]) -> str:
    return f"{row['kind']}{row['number']}号 {row['title']}"


def _task_facts(task: Task) -> dict[str, Any]:
    return {"state": task_state(task), "finished_on": task.finished_on}


def _item(row: Mapping[str, Any], tasks: Sequence[Task]) -> Item:
    return Item(row["withdrawn_on"], row["closed_on"], row["written_off_on"], tuple(tasks))


def _changed(
    pairs: Iterable[tuple[dict[str, Any], dict[str, Any]]],
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for row, wanted in pairs:
        new = {name: value for name, value in wanted.items() if row[name] != value}
        if new:
            yield row, new


def _tasks(
    session: Session, rows: Mapping[int, Mapping[str, Any]], area_roles: Mapping[int, str]
) -> dict[int, Task]:
    ids = list(rows)
    requests, answers = defaultdict(list), defaultdict(list)
    request, reply = models.ReturnRequest, models.Reply
    for task_id, decision in session.execute(
        select(request.assignment_id, request.decision).where(
            request.assignment_id.in_(ids), request.kind != "增办"
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
            Answer(row.kind, row.round, row.state, row.issued_on, ratings.get(row.id))
        )
    return {
        id: Task(
            row["role"],
            row["signed_on"],
            tuple(requests[id]),
            tuple(answers[id]),
            area_roles[row["proposal_id"]],
        )
        for id, row in rows.items()
    }


def _worst_ratings(session: Session, ids: Sequence[int]) -> dict[int, str]:
    feedback, reply = models.Feedback, models.Reply
    order = ("满意", "未表态", "基本满意", "不满意")
    worst: dict[int, str] = {}
    rows = session.execute(
        select(feedback.reply_id, feedback.result_rating)
        .join(reply, reply.id == feedback.reply_id)
        .where(reply.assignment_id.in_(ids))
    )
    for reply_id, rating in rows:
        worst[reply_id] = max(worst.get(reply_id, rating), rating, key=order.index)
    return worst
