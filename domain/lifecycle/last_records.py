"""The day of a task's last record, so that one on which nothing moves is found (久未动, S2: 永嘉's office urges those).

Kept beside the task (`last_record_on`), so that a list of a million tasks is filtered by it along an index. A record is
a signing, an entry of the ledger, a plan, a reply or a step of its review; its day is the day that it tells of.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, and_, func, literal, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from domain import models
from domain.saving.known_settings import read_number
from domain.schema.states import TaskState
from domain.storing.write_rules import ByTable, Save, WriteRule

_TASKS = "assignments"
_RECORDS = ("ledger_entries", "handling_plans", "replies", "review_steps")
_PORTION = 500
IDLE_DAYS = 30
"""After so many days without a record a task is one on which nothing moves, where the settings say nothing."""


def idle_days(connection: Connection) -> int:
    """The same as the office has set it."""
    setting, name = models.table_of("settings"), "TASK_IDLE_DAYS"
    stored = connection.scalar(select(setting.c.value).where(setting.c.name == name))
    return read_number(name, stored or "") or IDLE_DAYS


class _Latest(FunctionElement[Any]):
    """The latest of several days; each is told: one that is not known would make the others so on SQLite."""

    type = Date()
    inherit_cache = True


@compiles(_Latest)
def _as_greatest(element: Any, compiler: Any, **words: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **words)})"


@compiles(_Latest, "sqlite")
def _as_max(element: Any, compiler: Any, **words: Any) -> str:
    return f"max({compiler.process(element.clauses, **words)})"


def bring_up_to_date(connection: Connection, of: ColumnElement[bool]) -> None:
    """Settle the day for the tasks for which ``of`` (speaking of the table of tasks) holds: one statement, not logged,
    as it follows from what is."""
    task = models.table_of(_TASKS)
    never = literal(date.min, Date())
    last = func.nullif(_Latest(*(func.coalesce(day, never) for day in _days(task))), never)
    stale = task.c.last_record_on.is_distinct_from(last)
    connection.execute(update(task).where(of, stale).values(last_record_on=last))


def fill_in(connection: Connection) -> None:
    """Settle the day of the tasks at work that have none yet, as after the column was added."""
    task = models.table_of(_TASKS)
    at_work = task.c.state == TaskState.WORKING
    bring_up_to_date(connection, and_(at_work, task.c.last_record_on.is_(None)))


def _days(task: Any) -> Iterator[ColumnElement[Any]]:
    """The days of which the last one is the task's: of its signing, and of each kind of record."""
    entry, plan, reply, step = (models.table_of(name) for name in _RECORDS)
    yield task.c.signed_on
    yield _last(entry.c.happened_on, entry.c.assignment_id == task.c.id)
    yield _last(plan.c.submitted_on, plan.c.assignment_id == task.c.id)
    for day in (reply.c.drafted_on, reply.c.submitted_on, reply.c.issued_on):
        yield _last(day, reply.c.assignment_id == task.c.id)
    of_reply = and_(reply.c.id == step.c.reply_id, reply.c.assignment_id == task.c.id)
    yield _last(func.date(step.c.acted_at, type_=Date()), of_reply)


def _last(day: ColumnElement[Any], of_task: ColumnElement[bool]) -> ColumnElement[Any]:
    task = models.table_of(_TASKS)
    return select(func.max(day)).where(of_task).correlate(task).scalar_subquery()


class KeepsLastRecords(WriteRule):
    """Settles the day for the tasks whose records people have written, corrected or taken away."""

    def concerns(self, table: str) -> bool:
        return table == _TASKS or table in _RECORDS

    def follow(self, save: Save, written: ByTable) -> None:
        task = models.table_of(_TASKS)
        for ids in _portions(_tasks_of(save.connection, written)):
            bring_up_to_date(save.connection, task.c.id.in_(ids))
        save.session.expire_all()


def _tasks_of(connection: Connection, written: ByTable) -> set[int]:
    signed = {
        row.new["id"]
        for row in written.get(_TASKS, ())
        if row.new and "signed_on" in row.changed and (row.old or row.new["signed_on"])
    }
    replies = {said["reply_id"] for said in _said(written, "review_steps")}
    reply = models.table_of("replies")
    of_steps = set[int]()
    for some in _portions(replies):
        query = select(reply.c.assignment_id).where(reply.c.id.in_(some))
        of_steps |= set(connection.scalars(query))
    others = (name for name in _RECORDS if name != "review_steps")
    hung = {said["assignment_id"] for name in others for said in _said(written, name)}
    return signed | of_steps | hung


def _portions(ids: set[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    yield from (ordered[at : at + _PORTION] for at in range(0, len(ordered), _PORTION))


def _said(written: ByTable, table: str) -> Iterator[Any]:
    """The rows as they were, and as they are."""
    rows = written.get(table, ())
    return (said for row in rows for said in (row.old, row.new) if said)
