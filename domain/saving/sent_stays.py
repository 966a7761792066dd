"""What was sent on is not edited past those who work with it: it is returned, corrected with a reason, or reassigned.

A reply that was sent for review keeps its text, a task on which somebody has worked its unit. Acts do both.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, exists, or_, select

from domain import models
from domain.saving.hanging import hung_on
from domain.schema.states import ReplyState
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import KeptColumns, RowWrite, Save, Values, WriteRule

_DRAFTS = (ReplyState.DRAFT, ReplyState.SENT_BACK)
_SAID = frozenset(
    {
        "assignment_id",
        "kind",
        "round",
        "answer_category_id",
        "document_no",
        "title",
        "body",
        "adoption",
        "drafted_on",
        "drafter",
        "signer",
    }
)


class AlreadySent(Implausible):
    """A form or a file changes what others have got to work with."""


class _OfForms(WriteRule):
    """Asked of forms and files; an act says itself what it changes."""

    def is_asked(self, save: Save) -> bool:
        is_act = save.session.is_deriving and bool(save.session.provenance().act)
        return save.is_peoples and not is_act


class SentRepliesStay(_OfForms):
    """Raises AlreadySent where the text of a reply changes that is beyond its draft."""

    def concerns(self, table: str) -> bool:
        return table == "replies"

    def kept(self, connection: Connection, table: str, row: Values) -> Iterator[KeptColumns]:
        if row["state"] not in _DRAFTS:
            yield KeptColumns(
                _SAID, "已经送审，内容不能直接修改", ("send_back", "correct", "unsend")
            )

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        for row in rows:
            is_sent = bool(row.old and row.new) and row.old["state"] not in _DRAFTS
            name = next((n for n in row.changed if n in _SAID), None) if is_sent else None
            if name:
                column = models.schema.tables[table].columns[name]
                why = "已经送审，不能直接修改：请退回，或用“更正”并写明原因。"
                raise AlreadySent(table, column, why)


class WorkedOnTasksStay(_OfForms):
    """Raises AlreadySent where a task gets another unit after somebody has signed for it or worked on it."""

    def concerns(self, table: str) -> bool:
        return table == "assignments"

    def kept(self, connection: Connection, table: str, row: Values) -> Iterator[KeptColumns]:
        if _are_worked_on(connection, [row["id"]]):
            why = "已经签收或有了办理记录，不能直接换单位"
            yield KeptColumns(frozenset({"unit_id"}), why, ("reassign", "take_back"))

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        moved = [r.old["id"] for r in rows if r.old and r.new and "unit_id" in r.changed]
        if moved and _are_worked_on(save.connection, moved):
            column = models.schema.tables[table].columns["unit_id"]
            why = "已经签收或有了办理记录，不能直接换单位：请用“改派”，原来的记录都会保留。"
            raise AlreadySent(table, column, why)


def _are_worked_on(connection: Connection, task_ids: Sequence[int]) -> bool:
    """Whether anybody has signed for one of these tasks or worked on it."""
    task = models.table_of("assignments").c
    hanging = (models.table_of(name).c[column] for name, column in hung_on("assignments"))
    worked_on = or_(
        task.signed_on.is_not(None), *(exists().where(link == task.id) for link in hanging)
    )
    query = select(task.id).where(task.id.in_(task_ids), worked_on).limit(1)
    return connection.scalar(query) is not None
