"""What was sent on is not edited past those who work with it: it is returned, corrected with a reason, or reassigned.

A reply that was sent for review keeps what its unit said, one that was reviewed its place, a plan that was filed what
stands in it, a task on which somebody has worked its unit, item and role, a task that has ended everything. Acts are
the way.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from domain import models
from domain.access.rule import Columns
from domain.access.scopes import rule_of
from domain.actors import LIAISON
from domain.saving.hanging import hung_on
from domain.schema.states import DRAFTS, ENDED, ReplyState
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import KeptColumns, RowWrite, Save, Values, WriteRule

_PLACE = frozenset({"assignment_id", "kind", "round"})
"""What says which answer a reply is."""
_MOVED: Mapping[str, str] = {
    "unit_id": "不能直接换单位：请用“改派”，原来的记录都会保留。",
    "proposal_id": "不能改到别的件：请用“撤办”，再到那一件上“交办”或“增办”，原来的记录都会保留。",
    "role": "不能直接改承办方式：请用“撤办”，再按新的方式“交办”或“增办”，原来的记录都会保留。",
}
"""What a task keeps once somebody has worked on it, and what to do instead."""
_FILED: Mapping[str, tuple[str, ...]] = {
    "handling_plans": ("unfile_plan", "return_plan"),
    "unit_reports": ("unfile_report", "return_report"),
}
"""The papers that a unit files with the office, with the acts by which they come back to it."""
_WORKED_ON = "已经签收或有了办理记录"
_AT_ONCE = 500


class AlreadySent(Implausible):
    """A form or a file changes what others have got to work with."""


class _OfForms(WriteRule):
    """Asked of forms and files; an act says itself what it changes."""

    def is_asked(self, save: Save) -> bool:
        is_act = save.session.is_deriving and bool(save.session.provenance().act)
        return save.is_peoples and not is_act


class SentRepliesStay(_OfForms):
    """Raises AlreadySent where a reply beyond its draft says something else, or a reviewed one is another answer."""

    def concerns(self, table: str) -> bool:
        return table == "replies"

    def kept(self, connection: Connection, table: str, row: Values) -> Iterator[KeptColumns]:
        if row["state"] not in DRAFTS:
            ways = ("send_back", "correct", "unsend", "unissue")
            yield KeptColumns(_said_by_unit(), "已经送审，内容不能直接修改", ways)
        elif _those(connection, table, [row["id"]], _is_reviewed):
            yield KeptColumns(_PLACE, "已经走过审核，不能改作别的答复")

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        stored = [row for row in rows if row.old and row.new]
        for row in stored:
            if row.old["state"] not in DRAFTS:
                _refuse(table, row, _said_by_unit(), _why_sent(row.old["state"]))
        moved = [row.old["id"] for row in stored if not _PLACE.isdisjoint(row.changed)]
        reviewed = _those(save.connection, table, moved, _is_reviewed)
        for row in stored:
            if row.old["id"] in reviewed:
                why = "已经走过审核，不能改作别的答复：请另拟一份，这一份连同审核环节保留。"
                _refuse(table, row, _PLACE, why)


class FiledPapersStay(_OfForms):
    """Raises AlreadySent where a paper that was filed says something else."""

    def concerns(self, table: str) -> bool:
        return table in _FILED

    def kept(self, connection: Connection, table: str, row: Values) -> Iterator[KeptColumns]:
        if row["submitted_on"] is not None:
            yield KeptColumns(_written_in(table), "已经报送，内容不能直接修改", _FILED[table])

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        for row in rows:
            if row.old and row.new and row.old["submitted_on"] is not None:
                why = "已经报送，不能直接修改：请先“撤回报送”，受理了的请交办督查“退回”。"
                _refuse(table, row, _written_in(table), why)


class WorkedOnTasksStay(_OfForms):
    """Raises AlreadySent where a task gets another unit, item or role after somebody has worked on it."""

    def concerns(self, table: str) -> bool:
        return table == "assignments"

    def kept(self, connection: Connection, table: str, row: Values) -> Iterator[KeptColumns]:
        if _those(connection, table, [row["id"]], _is_worked_on):
            why = f"{_WORKED_ON}，不能直接换单位、改到别的件或改承办方式"
            yield KeptColumns(frozenset(_MOVED), why, ("reassign", "take_back"))

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        stored = [row for row in rows if row.old and row.new]
        moved = [row.old["id"] for row in stored if not _MOVED.keys().isdisjoint(row.changed)]
        worked_on = _those(save.connection, table, moved, _is_worked_on)
        for row in stored:
            if row.old["id"] in worked_on:
                for name, way in _MOVED.items():
                    _refuse(table, row, {name}, f"{_WORKED_ON}，{way}")


class EndedTasksStay(_OfForms):
    """Raises AlreadySent where anything of a task changes that an act has ended; a file may mend what files brought."""

    def concerns(self, table: str) -> bool:
        return table == "assignments"

    def kept(self, connection: Connection, table: str, row: Values) -> Iterator[KeptColumns]:
        if row["state"] in ENDED:
            columns = frozenset(models.schema.tables[table].columns)
            yield KeptColumns(columns, "这项任务已经结束，留作记录")

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        columns = frozenset(models.schema.tables[table].columns)
        for row in rows:
            is_ended = bool(row.old and row.new) and row.old["state"] in ENDED
            if is_ended and (save.is_typed or row.old["ended_by_id"] is not None):
                why = "这项任务已经结束，留作记录，不能修改：再交给单位办的，请在那一件上“交办”或“增办”。"
                _refuse(table, row, columns, why)


def _said_by_unit() -> frozenset[str]:
    """What its unit says of a reply: the columns that are the unit's to fill in."""
    return rule_of("replies").writable[LIAISON]


def _written_in(table: str) -> frozenset[str]:
    """What people write into a paper, rather than acts or the program."""
    columns = models.schema.tables[table].columns.values()
    return frozenset(c.name for c in columns if not (c.is_by_act or c.is_automatic))


def _why_sent(state: str) -> str:
    if state != ReplyState.ISSUED:
        return "已经送审，不能直接修改：请退回，或用“更正”并写明原因。"
    return "已经正式答复，不能直接修改：请先“撤回答复”再退回，或用“更正”并写明原因。"


def _refuse(table: str, row: RowWrite, kept: Container[str], why: str) -> None:
    """Raise AlreadySent, under its label, for the first of the ``kept`` columns that the row gets otherwise."""
    name = next((name for name in row.changed if name in kept), None)
    if name:
        raise AlreadySent(table, models.schema.tables[table].columns[name], why)


def _those(
    connection: Connection,
    table: str,
    ids: Sequence[int],
    which: Callable[[Columns], ColumnElement[bool]],
) -> set[int]:
    """The ids of those of these rows of which ``which`` holds: a question for every 500."""
    rows, found = models.table_of(table).c, set[int]()
    for start in range(0, len(ids), _AT_ONCE):
        some = rows.id.in_(ids[start : start + _AT_ONCE])
        found.update(connection.scalars(select(rows.id).where(some, which(rows))))
    return found


def _is_reviewed(reply: Columns) -> ColumnElement[bool]:
    step = models.table_of("review_steps").c
    return exists().where(step.reply_id == reply.id)


def _is_worked_on(task: Columns) -> ColumnElement[bool]:
    hanging = (models.table_of(name).c[column] for name, column in hung_on("assignments"))
    return or_(task.signed_on.is_not(None), *(exists().where(link == task.id) for link in hanging))
