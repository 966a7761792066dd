"""Steps of a review as acts write them (审核环节): who did what with a reply, when, and what he said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import func, select

from domain import models
from domain.lifecycle.acts.act import Doing
from domain.schema.states import StepResult


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


def undo_last_steps(doing: Doing, results: Sequence[str]) -> None:
    """Take back the last step with one of these results of each reply: it stays, and another one says so."""
    step, ids = models.ReviewStep, [reply.id for reply in doing.rows]
    last = select(func.max(step.id)).where(step.result.in_(results)).group_by(step.reply_id)
    keys = [id for (id,) in doing.among(last, step.reply_id, ids)]
    for (taken,) in list(doing.among(select(step), step.id, keys)):
        doing.session.add(
            models.ReviewStep(
                reply_id=taken.reply_id,
                step=taken.step,
                result=StepResult.UNDONE,
                countersign_unit_id=taken.countersign_unit_id,
                user_id=doing.person,
                acted_at=doing.now,
            )
        )
