"""Which round a reply is of: the one after the last that was issued, so that nobody types it and none is left out.

An answer is given anew where a deputy is not satisfied with it; a unit opens no other round by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, select

from domain import models
from domain.actors import OFFICE
from domain.schema.states import Rating, ReplyKind, ReplyState
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import RowWrite, Save, WriteRule

_AT_ONCE = 500


class NotToBeRedone(Implausible):
    """A unit answers once more what nobody is dissatisfied with."""


@dataclass(frozen=True)
class _Issued:
    """The last issued reply of a task and kind."""

    round: int
    is_disliked: bool


class CountsRounds(WriteRule):
    """Numbers the replies that people draft; raises NotToBeRedone for an answer of a unit that is not due."""

    def concerns(self, table: str) -> bool:
        return table == "replies"

    def is_asked(self, save: Save) -> bool:
        return save.is_typed

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        drafts = [row.new for row in rows if row.new and not row.old]
        issued = _last_issued(save.connection, {row.get("assignment_id") for row in drafts})
        for row in drafts:
            kind = row.get("kind") or ReplyKind.ANSWER
            last = issued.get((row.get("assignment_id"), kind))
            if last is None:
                continue
            is_units = save.session.actor.role != OFFICE
            if is_units and kind == ReplyKind.ANSWER and not last.is_disliked:
                column = models.schema.tables[table].columns["assignment_id"]
                why = f"第{last.round}轮已经答复，没有不满意的反馈，不用再拟；要改的，请与交办督查联系。"
                raise NotToBeRedone(table, column, why)
            row["round"] = max(row.get("round") or 1, last.round + 1)


def _last_issued(
    connection: Connection, tasks: set[int | None]
) -> Mapping[tuple[int | None, str], _Issued]:
    """By task and kind the last issued reply: a question for every 500 tasks."""
    reply, rating = models.table_of("replies").c, models.table_of("feedbacks").c
    disliked = exists().where(
        rating.reply_id == reply.id, rating.result_rating == Rating.NOT_SATISFIED
    )
    keys = sorted(key for key in tasks if key is not None)
    found: dict[tuple[int | None, str], Any] = {}
    for start in range(0, len(keys), _AT_ONCE):
        some = reply.assignment_id.in_(keys[start : start + _AT_ONCE])
        query = select(reply.assignment_id, reply.kind, reply.round, disliked.label("disliked"))
        query = query.where(some, reply.state == ReplyState.ISSUED).order_by(reply.round)
        for row in connection.execute(query):
            found[row.assignment_id, row.kind] = _Issued(row.round, bool(row.disliked))
    return found
