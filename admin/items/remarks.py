"""What was said of a reply at its review, the last first: by whom, at which step, and how often it was returned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from admin.tables.desk import Desk
from domain import models
from domain.lifecycle.under import is_under
from domain.people.roles import role_of
from domain.schema.states import StepResult


@dataclass(frozen=True)
class Remark:
    """The words of one step."""

    when: str
    who: str
    what: str
    words: str


@dataclass(frozen=True)
class Remarks:
    """The words of all steps that have any, and how many of them returned the reply."""

    said: tuple[Remark, ...]
    returns: int


def remarks_on_reply(desk: Desk, reply: Any) -> Remarks:
    """What this person may read of what was said of one reply."""
    return _remarks(desk, models.ReviewStep.reply_id == reply.id)


def remarks_on_item(desk: Desk, item: Any) -> Remarks:
    """The same of all replies to an item, each with its reply."""
    return _remarks(desk, is_under("review_steps", item.id), without=str(item))


def _remarks(desk: Desk, of: ColumnElement[bool], without: str | None = None) -> Remarks:
    step: Any = models.ReviewStep
    if not desk.beside("review_steps").may("read"):
        return Remarks((), 0)
    query = select(step).where(of).options(*models.name_options(step))
    taken = desk.session.scalars(query.order_by(step.id.desc())).all()
    said = (_remark(desk, s, without) for s in taken if s.note or s.return_reason)
    return Remarks(tuple(said), sum(s.result == StepResult.SENT_BACK for s in taken))


def _remark(desk: Desk, step: Any, without: str | None) -> Remark:
    unit = step.countersign_unit
    who = str(unit) if unit is not None else role_of(desk.session, step.user_id or 0)
    words = "：".join(part for part in (step.return_reason, step.note) if part)
    what = f"{step.step}{step.result}"
    if without is not None and step.reply is not None:
        what += f"“{str(step.reply).replace(without, '').strip()}”"
    return Remark(f"{step.acted_at:%Y-%m-%d}", who, what, words)
