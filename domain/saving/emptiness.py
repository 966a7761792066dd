"""Refuses to send on a reply that says nothing: no text, no document number, no file. A CHECK does not see the files.

Asked of what a person saves or imports; what is there already stays as it is.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Exists, exists, func, or_

from domain import models
from domain.schema.states import ReplyState
from domain.storing.implausible import Implausible

Row = Mapping[str, Any]
_SAYS = ("state", "body", "document_no")


@dataclass(frozen=True)
class _Concern:
    """A table whose rows send a reply on or take from it: which reply that is, from the row as it was and as it is."""

    reply: Callable[[Row, Row], int | None]
    column: str
    why: str


def _said_otherwise(old: Row, new: Row) -> int | None:
    is_other = bool(new) and any(new[name] != old.get(name) for name in _SAYS)
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


def refuse_empty_replies(
    connection: Connection, table: str, changes: Iterable[tuple[Row, Row]]
) -> None:
    """Raise StillEmpty where rows of ``table``, as (old, new), leave a reply beyond its draft without content.

    Beyond its draft is what has another state, and what a step of the review was recorded for.
    """
    concern = _CONCERNS.get(table)
    if concern is None:
        return
    ids = {concern.reply(old, new) for old, new in changes} - {None}
    if ids and connection.scalar(_any_empty(ids).select()):
        raise StillEmpty(table, models.schema.tables[table].columns[concern.column], concern.why)


def _any_empty(ids: Iterable[int | None]) -> Exists:
    reply, step = models.table_of("replies").c, models.table_of("review_steps").c
    file = models.table_of("attachments").c
    return exists().where(
        reply.id.in_(ids),
        func.trim(reply.body) == "",
        func.trim(reply.document_no) == "",
        or_(reply.state != ReplyState.DRAFT, exists().where(step.reply_id == reply.id)),
        ~exists().where(file.reply_id == reply.id),
    )
