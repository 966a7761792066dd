"""Steps of a review as acts write them (审核环节): who did what with a reply, when, and what he said."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from domain import models
from domain.lifecycle.acts.act import Doing
from domain.schema.states import ReplyState


def record_step(doing: Doing, reply: Any, step: str, result: str, **more: Any) -> None:
    """Write one step of a reply, on the given ``day`` or now; of ``more`` what is filled."""
    day = more.pop("day", doing.asking.today)
    at = doing.now if day == doing.asking.today else datetime.combine(day, time())
    known = {name: value for name, value in more.items() if value}
    doing.session.add(
        models.ReviewStep(
            reply_id=reply.id,
            step=step,
            result=result,
            user_id=doing.person,
            acted_at=at,
            **known,
        )
    )


def date_approvals(doing: Doing) -> None:
    """Date the approval of the replies whose route is at its end; their states have followed from the steps."""
    ids = [reply.id for reply in doing.rows]
    doing.session.flush()
    reply = models.Reply
    passed = select(reply).where(reply.id.in_(ids), reply.state == ReplyState.APPROVED)
    for row in doing.session.scalars(passed):
        row.approved_on = doing.asking.today
