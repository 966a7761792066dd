"""What comes after a reply comes after it: nobody gets or rates a letter that has not been issued."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from domain import models
from domain.schema.states import ReplyState
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import RowWrite, Save, WriteRule

_COLUMN = "reply_id"
_TABLES: Mapping[str, str] = {
    "deliveries": "还没有正式答复，不能寄送：等审核通过、登记“正式答复”以后再寄。",
    "feedbacks": "还没有正式答复，代表委员还不能评价。",
}


class NotIssuedYet(Implausible):
    """A delivery or a rating of a reply that is still under way."""


class OnlyIssuedReplies(WriteRule):
    """Raises NotIssuedYet for rows that come to hang on a reply before it is issued."""

    def concerns(self, table: str) -> bool:
        return table in _TABLES

    def keeps_off(self, table: str, parent: Any) -> bool:
        is_reply = parent.words.name == "replies"
        return is_reply and bool(parent.state != ReplyState.ISSUED)

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        keys = {row.new.get(_COLUMN) for row in rows if _COLUMN in row.changed} - {None}
        reply = models.table_of("replies").c
        open_ones = select(reply.id).where(reply.id.in_(keys), reply.state != ReplyState.ISSUED)
        if keys and save.connection.scalar(open_ones.limit(1)):
            column = models.schema.tables[table].columns[_COLUMN]
            raise NotIssuedYet(table, column, _TABLES[table])
