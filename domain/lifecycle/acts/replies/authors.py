"""逐级审签: whoever drafted a reply or sent it for review does not pass it himself (S1: 拟稿、复核、审核、审签).

A route may allow it (own_drafts). The office is not asked: it enters what units have signed on paper.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from domain import models
from domain.access.rule import Columns
from domain.actors import LEADER, LIAISON
from domain.lifecycle.acts.act import Asking, Need
from domain.lifecycle.acts.conditions import route_asks
from domain.schema.states import StepResult

UNITS = (LIAISON, LEADER)
"""The roles whose people write and sign in a unit."""


def _is_by_another(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Somebody else than the acting person wrote and sent the reply, or its route does not mind."""
    return or_(route_asks(row, "own_drafts"), ~is_author(asking, row))


def is_author(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The acting person, of a unit, has sent the reply the last time, or stands in it as 拟稿人."""
    if asking.actor.role not in UNITS:
        return false()
    sent, again = (models.alias_of("review_steps", name) for name in ("sent_by", "sent_again"))
    is_later = and_(again.c.reply_id == row.id, again.c.id > sent.c.id)
    has_sent = exists().where(
        sent.c.reply_id == row.id,
        sent.c.result == StepResult.SENT,
        sent.c.user_id == asking.actor.user_id,
        ~exists().where(is_later, again.c.result == StepResult.SENT),
    )
    person = models.alias_of("users", "drafting_person")
    name = select(person.c.full_name).where(person.c.id == asking.actor.user_id)
    return or_(has_sent, func.trim(row.drafter) == name.scalar_subquery())


SIGNED_BY_ANOTHER = Need(
    _is_by_another,
    "这份稿子是您拟的或送审的，逐级审签要由别人审：请本单位别的用户通过，或者由审的人在纸上签了“代录签批”；"
    "单位只有一个人办的，请交办督查在审签流程里把“可自拟自审”改为是。",
)
