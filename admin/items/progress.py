"""How far each unit has come with an item: a line for each task, a column for each step, with its day or due date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from admin.tables.cells import tone_of_due
from admin.tables.desk import Desk
from admin.tables.drawing import row_url
from domain import models
from domain.dues.deadlines import OPINION, PLAN, REDO, REPLY, SIGN
from domain.lifecycle.under import is_under
from domain.schema.states import ENDED, TaskRole
from domain.storing.session import ActorSession

STEPS = ("签收", "办理方案", "面商", "协办意见/答复", "寄送", "反馈")
Days = Mapping[int, date]


@dataclass(frozen=True)
class StepCell:
    """One step of a task: the day it was done, or is due; a tone where it is late or near."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class TaskLine:
    """One task: its unit, role and state, and its steps in the order of STEPS."""

    unit: str
    url: str
    role: str
    state: str
    is_over: bool
    steps: tuple[StepCell, ...]


def task_lines(desk: Desk, item: Any, today: date) -> tuple[TaskLine, ...]:
    """The tasks of an item that this person sees, the main unit first: five questions, however many there are."""
    task: Any = models.Assignment
    order = {TaskRole.LEAD: 0, TaskRole.EACH: 1, TaskRole.PARTNER: 2}
    query = select(task).where(task.proposal_id == item.id).options(joinedload(task.unit))
    rows = desk.session.scalars(query).all()
    facts = _facts(desk.session, item)
    return tuple(
        TaskLine(
            row.unit.name,
            row_url("assignments", row.id),
            row.role,
            row.state,
            row.state in ENDED,
            tuple(_steps(row, facts, today)),
        )
        for row in sorted(rows, key=lambda r: (r.state in ENDED, order[r.role], r.id))
    )


@dataclass(frozen=True)
class _Facts:
    """What is known of the tasks of one item, by task."""

    due: Mapping[tuple[int, str], Any]
    met: Days
    sent: Days
    rated: Mapping[int, str]


def _facts(session: ActorSession, item: Any) -> _Facts:
    line, entry, reply = models.Deadline, models.LedgerEntry, models.Reply
    sent, rated = models.Delivery, models.Feedback
    due = session.scalars(select(line).where(is_under("deadlines", item.id))).all()
    met = session.execute(
        select(entry.assignment_id, func.max(entry.happened_on))
        .where(is_under("ledger_entries", item.id), entry.is_face_to_face)
        .group_by(entry.assignment_id)
    )
    deliveries = session.execute(
        select(reply.assignment_id, func.max(sent.sent_on))
        .join(reply, reply.id == sent.reply_id)
        .where(reply.proposal_id == item.id)
        .group_by(reply.assignment_id)
    )
    ratings = session.execute(
        select(reply.assignment_id, rated.result_rating)
        .join(reply, reply.id == rated.reply_id)
        .where(reply.proposal_id == item.id)
        .order_by(reply.round, rated.id)
    )
    told = defaultdict[int, list[str]](list)
    for task_id, rating in ratings:
        told[task_id].append(rating)
    return _Facts(
        {(row.assignment_id, row.milestone): row for row in due},
        {row[0]: row[1] for row in met},
        {row[0]: row[1] for row in deliveries},
        {task_id: "、".join(dict.fromkeys(words)) for task_id, words in told.items()},
    )


def _steps(task: Any, facts: _Facts, today: date) -> Iterator[StepCell]:
    is_partner = task.role == TaskRole.PARTNER
    yield _done_or_due(task.signed_on, facts.due.get((task.id, SIGN)), today)
    plan = facts.due.get((task.id, PLAN))
    yield _done_or_due(plan.done_on if plan else None, plan, today)
    yield _done_or_due(facts.met.get(task.id), None, today)
    owed = facts.due.get((task.id, OPINION if is_partner else REPLY))
    if owed is None or owed.done_on is not None:  # what was answered may be owed anew
        owed = facts.due.get((task.id, REDO), owed)
    yield _done_or_due(task.finished_on, owed, today)
    yield _done_or_due(facts.sent.get(task.id), None, today)
    yield StepCell(facts.rated.get(task.id, ""))


def _done_or_due(done_on: date | None, line: Any, today: date) -> StepCell:
    if done_on is not None:
        return StepCell(f"{done_on:%m-%d} ✓", "done")
    if line is None or line.done_on is not None:
        return StepCell("")
    return StepCell(f"{line.due_on:%m-%d} 前", tone_of_due(line.due_on, today) or "")
