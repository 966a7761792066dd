"""Who must get a reply, who has got it and who has rated it: as SQL, and as lists to choose from (S0 §六).

领衔 and every 联名 who wants one; and the 领衔 of each item that was merged into the reply's own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, or_, select

from domain import models
from domain.access.rule import Columns
from domain.lifecycle.acts.act import Asking, When
from domain.schema.states import ReplyKind, ReplyState, SponsorRole
from domain.storing.session import ActorSession

Condition = ColumnElement[bool]
Choices = dict[int, dict[int, str]]
_Of = Callable[[Columns, ColumnElement[Any]], Condition]
"""What holds of a reply and a deputy."""
_AT_ONCE = 500


def answers_deputies(asking: Asking, row: Columns) -> Condition:
    """The reply is for deputies, and none of a later round is issued."""
    return is_in_force(row)


def is_in_force(row: Columns) -> Condition:
    """The reply is for deputies, not for the main unit or the upper level, and none of a later round is issued."""
    later = models.alias_of("replies", "later_issued")
    return and_(
        row.kind != ReplyKind.OPINION,
        ~exists().where(
            later.c.assignment_id == row.assignment_id,
            later.c.kind == row.kind,
            later.c.round > row.round,
            later.c.state == ReplyState.ISSUED,
        ),
    )


def somebody_is_unserved(asking: Asking, row: Columns) -> Condition:
    """Somebody who must get the reply has not got it."""
    return _somebody(row, lambda reply, deputy: ~_has("deliveries", reply, deputy))


def somebody_is_unrated(asking: Asking, row: Columns) -> Condition:
    """Somebody who must get the reply, or has got it, has not rated it."""
    has_not = _somebody(row, lambda reply, deputy: ~_has("feedbacks", reply, deputy))
    return or_(has_not, _is_served_without_rating(row))


def a_form_is_out(asking: Asking, row: Columns) -> Condition:
    """The reply was sent to somebody with the form for feedback, and he has not answered."""
    return _is_served_without_rating(row, with_form=True)


def waits_for_own_rating(asking: Asking, row: Columns) -> Condition:
    """The acting deputy must get the reply, or has got it, and has not rated it."""
    own = asking.actor.deputy_id
    if own is None:
        return false()
    is_his = _somebody(row, lambda _, deputy: deputy == own)
    return and_(or_(is_his, _has("deliveries", row, own)), ~_has("feedbacks", row, own))


def has_no_rating(asking: Asking, row: Columns) -> Condition:
    """Of a delivery: whoever got it has not rated the reply."""
    rated = models.alias_of("feedbacks", "rated_delivery")
    return ~exists().where(rated.c.reply_id == row.reply_id, rated.c.deputy_id == row.deputy_id)


def of_reply(condition: When) -> When:
    """The condition holds of the reply on which the row hangs."""

    def holds(asking: Asking, row: Columns) -> Condition:
        reply = models.alias_of("replies", "reply_of_row")
        return exists().where(reply.c.id == row.reply_id, condition(asking, reply.c))

    return holds


def unserved(session: ActorSession, rows: Sequence[Any]) -> Mapping[int, Mapping[int, str]]:
    """By reply those who must get it and have not, by id with name and part."""
    return _choices(session, rows, "deliveries")


def unrated(session: ActorSession, rows: Sequence[Any]) -> Mapping[int, Mapping[int, str]]:
    """By reply those who must get it, or have got it, and have not rated it, by id with name and part."""
    return _choices(session, rows, "feedbacks", with_served=True)


def _somebody(row: Columns, of: _Of) -> Condition:
    """Something holds of one of those who must get the reply."""
    signs = models.alias_of("sponsors", "recipient")
    merged = models.alias_of("proposals", "merged_item")
    leads = models.alias_of("sponsors", "merged_lead")
    return or_(
        exists().where(
            signs.c.proposal_id == row.proposal_id, _wants(signs.c), of(row, signs.c.deputy_id)
        ),
        exists().where(
            merged.c.merged_into_id == row.proposal_id,
            merged.c.withdrawn_on.is_(None),
            leads.c.proposal_id == merged.c.id,
            leads.c.role == SponsorRole.LEADS,
            of(row, leads.c.deputy_id),
        ),
    )


def _wants(signs: Any) -> Condition:
    return and_(signs.role.in_((SponsorRole.LEADS, SponsorRole.SIGNS)), signs.wants_reply)


def _has(table: str, reply: Columns, deputy_id: Any) -> Condition:
    """The deputy has a row of ``table`` on the reply, which may be that of a question further out."""
    row = models.alias_of(table, f"own_{table}")
    has = exists().where(row.c.reply_id == reply.id, row.c.deputy_id == deputy_id)
    return has.correlate_except(row)


def _is_served_without_rating(row: Columns, *, with_form: bool = False) -> Condition:
    sent = models.alias_of("deliveries", "unanswered")
    wanted = [sent.c.reply_id == row.id, ~_has("feedbacks", row, sent.c.deputy_id)]
    return exists().where(*wanted, *([sent.c.has_form] if with_form else []))


def _choices(
    session: ActorSession, rows: Sequence[Any], lacks: str, *, with_served: bool = False
) -> Choices:
    """By reply those who have no row of the table ``lacks`` on it: signers in their order, then those of merged items,
    then whoever else got it."""
    found: Choices = {row.id: {} for row in rows}
    ids = list(found)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        for reply_id, deputy_id, said in _candidates(session, some, lacks, with_served):
            found[reply_id].setdefault(deputy_id, said)
    return found


def _candidates(
    session: ActorSession, ids: Collection[int], lacks: str, with_served: bool
) -> Iterator[tuple[int, int, str]]:
    """(reply, deputy, name and part) of whoever comes in question."""
    reply, signs, item, deputy, sent = (
        models.table_of(n) for n in ("replies", "sponsors", "proposals", "deputies", "deliveries")
    )
    open_to = and_(reply.c.id.in_(ids), ~_has(lacks, reply.c, deputy.c.id))
    own = (
        select(reply.c.id, deputy.c.id, deputy.c.name, signs.c.role)
        .join(signs, signs.c.proposal_id == reply.c.proposal_id)
        .join(deputy, deputy.c.id == signs.c.deputy_id)
        .where(open_to, _wants(signs.c))
        .order_by(case((signs.c.role == SponsorRole.LEADS, 0), else_=1), signs.c.position)
        .order_by(signs.c.id)
    )
    merged = (
        select(reply.c.id, deputy.c.id, deputy.c.name, item.c.number)
        .join(item, item.c.merged_into_id == reply.c.proposal_id)
        .join(signs, signs.c.proposal_id == item.c.id)
        .join(deputy, deputy.c.id == signs.c.deputy_id)
        .where(open_to, signs.c.role == SponsorRole.LEADS, item.c.withdrawn_on.is_(None))
        .order_by(item.c.number)
    )
    ask = session.unchecked_connection().execute
    for key, deputy_id, name, role in ask(own):
        yield key, deputy_id, f"{name}（{role}）"
    for key, deputy_id, name, number in ask(merged):
        yield key, deputy_id, f"{name}（被并案的{number}号领衔）"
    if with_served:
        served = (
            select(reply.c.id, deputy.c.id, deputy.c.name)
            .join(sent, sent.c.reply_id == reply.c.id)
            .join(deputy, deputy.c.id == sent.c.deputy_id)
            .where(open_to)
            .order_by(sent.c.id)
        )
        for key, deputy_id, name in ask(served):
            yield key, deputy_id, name
