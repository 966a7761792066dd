"""从原文提取诉求: what an item asks for, one by one, so that its reply answers each (S0: 逐条答复).

Only proposed: the rows stand in the item's form, where a person edits, adds and removes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from domain import models
from domain.access.rule import Columns, everything
from domain.actors import OFFICE
from domain.lifecycle.acts.act import Act, Asking, Doing, Need
from domain.lifecycle.acts.conditions import every, is_open
from domain.schema.states import ReplyKind
from domain.storing.session import ActorSession
from domain.texts.demands import demands_in


def _extract(doing: Doing) -> None:
    for item in doing.rows:
        for position, content in enumerate(demands_in(item.body), start=1):
            row = models.Request(proposal_id=item.id, position=position, content=content)
            doing.session.add(row)


def _has_none(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The item has no demands yet."""
    request = models.alias_of("requests", "known_request")
    return ~exists().where(request.c.proposal_id == row.id)


def _has_text(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return func.trim(row.body) != ""


def _unfit_text(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> dict[int, str]:
    """Items whose text numbers nothing."""
    why = "原文里没有认出分条的诉求，请在件的表单里逐条填写。"
    return {row.id: why for row in rows if not demands_in(row.body)}


def _all_answered(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The reply says of every demand how it is answered, or this is an opinion."""
    request = models.alias_of("requests", "open_request")
    return or_(row.kind == ReplyKind.OPINION, ~exists().where(_is_unanswered(request.c, row)))


def _is_unanswered(request: Any, reply: Any) -> ColumnElement[bool]:
    answer = models.alias_of("request_answers", "given_answer")
    given = exists().where(answer.c.reply_id == reply.id, answer.c.request_id == request.id)
    return and_(request.proposal_id == reply.proposal_id, ~given)


def _open_positions(session: ActorSession, row: Any) -> str:
    """Which demands the reply says nothing of, by their numbers."""
    request = models.table_of("requests")
    query = select(request.c.position).where(_is_unanswered(request.c, row))
    found = session.unchecked_connection().scalars(query.order_by(request.c.position))
    return "、".join(str(position) for position in found)


EACH_ANSWERED = Need(
    _all_answered,
    "第 {positions} 条诉求还没有说怎样答复：请在答复的表单“逐条答复”里填写，没有答复的写明原因。",
    names={"positions": _open_positions},
)
EXTRACT = Act(
    name="extract_requests",
    label="从原文提取诉求",
    table="proposals",
    who={OFFICE: everything},
    starts=(),
    when=every(is_open, _has_none),
    otherwise="已经有诉求，或者本件已并案、办结、撤回",
    needs=(Need(_has_text, "还没有原文：请先在件的表单里填“原文”。"),),
    unfit=_unfit_text,
    write=_extract,
    says="已从原文提取诉求，请在件的表单里核对",
    help="认原文里“一、（一）1.”等分条的段落；认出来的在件的表单里改。",
)
ACTS = (EXTRACT,)
