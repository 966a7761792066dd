"""Refuses to send on a reply that says nothing: no text, no document number, no file. A CHECK does not see the files.

Asked of what a person saves or imports; what is there already stays as it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Exists, exists, func, or_

from domain import models
from domain.schema.states import ReplyState
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import RowWrite, Save, Values, WriteRule

_SENT = ("submitted_on", "approved_on", "issued_on")
"""The days by which a reply has left its draft; its state follows from them later in the same save."""
_SAYS = ("state", "body", "document_no", *_SENT)


@dataclass(frozen=True)
class _Concern:
    """A table whose rows send a reply on or take from it: which reply that is, from the row as it was and as it is."""

    reply: Callable[[Values, Values], int | None]
    column: str
    why: str


def _said_otherwise(old: Values, new: Values) -> int | None:
    is_other = bool(new) and any(new.get(name) != old.get(name) for name in _SAYS)
    return new["id"] if is_other else None


_CONCERNS: Mapping[str, _Concern] = {
    "replies": _Concern(
        _said_otherwise, "body", "离开拟稿的答复要有内容：请填正文或文号，或先上传附件。"
    ),
    "review_steps": _Concern(
        lambda old, new: new.get("reply_id"),
        "reply_id",
        "还没有内容：请先填正文或文号，或上传附件，再审核。",
    ),
    "attachments": _Concern(
        lambda old, new: None if new else old["reply_id"],
        "reply_id",
        "已经离开拟稿，除了这个附件没有别的内容，不能删除它。",
    ),
}


class StillEmpty(Implausible):
    """A reply is on its way, or would be, without saying anything."""


class RepliesSaySomething(WriteRule):
    """Raises StillEmpty where rows leave a reply beyond its draft without content.

    Beyond its draft is what has another state, or a day on which it was sent on, and what a step of the review was
    recorded for.
    """

    def concerns(self, table: str) -> bool:
        return table in _CONCERNS

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        concern = _CONCERNS[table]
        ids = {concern.reply(row.old, row.new) for row in rows} - {None}
        if ids and save.connection.scalar(_any_empty(ids).select()):
            column = models.schema.tables[table].columns[concern.column]
            raise StillEmpty(table, column, concern.why)


def _any_empty(ids: Iterable[int | None]) -> Exists:
    reply, step = models.table_of("replies").c, models.table_of("review_steps").c
    file = models.table_of("attachments").c
    return exists().where(
        reply.id.in_(ids),
        func.trim(reply.body) == "",
        func.trim(reply.document_no) == "",
        or_(
            reply.state != ReplyState.DRAFT,
            *(reply[name].is_not(None) for name in _SENT),
            exists().where(step.reply_id == reply.id),
        ),
        ~exists().where(file.reply_id == reply.id),
    )
