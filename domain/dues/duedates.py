"""The due dates as stored: compared with what rules and facts say now, shown, and brought up to date.

Not here: how a due date is found (domain/dues/deadlines.py), who is reminded (nightly.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, select, update
from sqlalchemy.orm import Session

from domain import models
from domain.dues.deadlines import REDO, Due
from domain.dues.rulebook import Situation, is_owed_still, load_rulebook, situations
from domain.saving.typed_dates import COMPUTED
from domain.schema.states import DueOrigin
from domain.storing.inserting import insert_many

_AT_ONCE = 500


class DateChange(NamedTuple):
    """One deadline as stored and as it should be. No old date: it is new; no new date: it goes.

    `kept_as`: the rules say otherwise, but a person set it; nothing is written. The origin says how: 手工 or 延期.
    """

    assignment_id: int
    milestone: str
    old_on: date | None
    new: Due | None
    deadline_id: int | None = None
    kept_as: str | None = None

    @property
    def new_on(self) -> date | None:
        """The date it gets; None when the task does not owe the milestone any more."""
        return self.new.on if self.new else None


def planned_changes(session: Session, of: ColumnElement[bool]) -> list[DateChange]:
    """What bring_up_to_date would do to the tasks for which `of` holds: the list to show before.

    `of` speaks of models.Assignment and models.Proposal. Completed deadlines, those set by hand and
    extended ones stay as they are, but for items of years gone by (历史件), of which nothing is owed.
    A deadline whose date stays and whose reason changes is listed.
    """
    return [change for change in compared(session, of) if not change.kept_as]


def compared(session: Session, of: ColumnElement[bool]) -> list[DateChange]:
    """As planned_changes, and the open deadlines that stay against the rules, because a person set them."""
    stored = _stored(session, of)
    found = cache(load_rulebook(session).dues)
    return [
        change
        for assignment_id, situation in situations(session, of)
        for change in _compare(
            (assignment_id, situation), found(situation), stored.get(assignment_id, {})
        )
    ]


def bring_up_to_date(session: Session, of: ColumnElement[bool]) -> list[DateChange]:
    """Make, move and remove the deadlines of these tasks in a few statements; returns what changed.

    Called after an import, and when an item or what hangs on it is saved; after a change of rule, meeting or rest
    day only by 重算时限, on purpose. Calling it twice changes nothing the second time.
    """
    changes = planned_changes(session, of)
    apply_changes(session, changes)
    return changes


def apply_changes(session: Session, changes: Sequence[DateChange]) -> None:
    """Write the changes in a session of the program; does not commit.

    A deadline that moves loses its reminders: they spoke of the old date, and each step of the new
    one is to be told again.
    """
    session.flush()
    lines, connection = models.by_table["deadlines"].__table__, session.connection()
    moved = [_moved(change) for change in changes if change.old_on and change.new]
    _delete(connection, models.by_table["reminders"].__table__.c.deadline_id, moved)
    _delete(connection, lines.c.id, [{"_id": c.deadline_id} for c in changes if not c.new])
    if moved:
        connection.execute(update(lines).where(lines.c.id == bindparam("_id")), moved)
    new = [change for change in changes if change.old_on is None]
    units = _units(connection, sorted({change.assignment_id for change in new}))
    rows = ((*_row(change), units[change.assignment_id]) for change in new)
    insert_many(connection, lines, (*_COLUMNS, "unit_id"), rows)
    session.expire_all()


def _units(connection: Connection, task_ids: Sequence[int]) -> dict[int, int]:
    """The unit of each of these tasks: a question for every 500."""
    task, found = models.table_of("assignments").c, dict[int, int]()
    for start in range(0, len(task_ids), _AT_ONCE):
        some = task.id.in_(task_ids[start : start + _AT_ONCE])
        found |= {
            row.id: row.unit_id
            for row in connection.execute(select(task.id, task.unit_id).where(some))
        }
    return found


def _stored(session: Session, of: ColumnElement[bool]) -> dict[int, dict[str, Row[Any]]]:
    """The deadlines that these tasks have, by task and milestone."""
    line, task, item = models.Deadline, models.Assignment, models.Proposal
    rows = session.execute(
        select(line.assignment_id, line.milestone, line.id, line.due_on, line.done_on)
        .add_columns(line.origin, line.rule_id, line.basis_text)
        .join(task, task.id == line.assignment_id)
        .join(item, item.id == task.proposal_id)
        .where(of)
    )
    found: dict[int, dict[str, Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.assignment_id, {})[row.milestone] = row
    return found


def _compare(
    task: tuple[int, Situation], wanted: Sequence[Due], stored: Mapping[str, Row[Any]]
) -> Iterator[DateChange]:
    assignment_id, situation = task
    for due in wanted:
        row = stored.get(due.milestone)
        if row is None:
            yield DateChange(assignment_id, due.milestone, None, due)
        elif not _is_done(row, situation) and row.origin in COMPUTED:
            if _differs(row, due):
                yield DateChange(assignment_id, due.milestone, row.due_on, due, row.id)
        elif row.done_on is None and row.due_on != due.on:
            yield DateChange(assignment_id, due.milestone, row.due_on, due, row.id, row.origin)
    kept = {due.milestone for due in wanted}
    for milestone, row in stored.items():
        goes = not is_owed_still(milestone, situation)  # what a person set binds nobody any more
        if milestone not in kept and row.done_on is None and (goes or row.origin in COMPUTED):
            yield DateChange(assignment_id, milestone, row.due_on, None, row.id)


def _is_done(row: Row[Any], situation: Situation) -> bool:
    """Whether it is completed and stays so; a new 不满意 opens a completed 重新办理 again."""
    again = row.milestone == REDO and row.done_on and situation.rated_on
    return row.done_on is not None and not (again and situation.rated_on > row.done_on)


def _differs(row: Row[Any], due: Due) -> bool:
    stored = (row.due_on, row.rule_id, row.basis_text, row.done_on)
    return stored != (due.on, due.rule_id, due.explanation, None)


_COLUMNS = ("assignment_id", "milestone", "due_on", "rule_id", "origin", "basis_text")


def _row(change: DateChange) -> tuple[Any, ...]:
    """The values of _COLUMNS."""
    due = change.new
    assert due is not None
    origin = DueOrigin.BY_RULE if due.rule_id else DueOrigin.BY_PLAN
    return change.assignment_id, change.milestone, due.on, due.rule_id, origin, due.explanation


def _moved(change: DateChange) -> dict[str, Any]:
    return {
        **dict(zip(_COLUMNS, _row(change), strict=True)),
        "_id": change.deadline_id,
        "done_on": None,
    }


def _delete(connection: Connection, column: ColumnElement[Any], rows: Sequence[Any]) -> None:
    if rows:
        statement = delete(column.table).where(column == bindparam("_id"))
        connection.execute(statement, [{"_id": row["_id"]} for row in rows])
