"""Requests for a later day (延期申请) that nobody has decided lapse once there is nothing left to put off: the step is
done, or the task or the item has ended meanwhile.

Asked for and decided they are by acts (domain/lifecycle/acts/tasks/extending.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select

from domain import models
from domain.dues.under_way import is_under_way
from domain.schema.states import ENDED, ExtensionDecision
from domain.storing.session import ActorSession

_WHY = "审核以前，这一环节已经完成，或者任务、本件已经结束。"


def lapse(session: ActorSession, proposal_ids: Sequence[int]) -> int:
    """Let the pointless requests of these items lapse; returns how many. What is open again may be asked for anew."""
    request, task, item = models.ExtensionRequest, models.Assignment, models.Proposal
    line = models.Deadline
    binds = exists().where(
        line.assignment_id == request.assignment_id,
        line.milestone == request.milestone,
        line.done_on.is_(None),
    )
    query = (
        select(request)
        .join(task, task.id == request.assignment_id)
        .join(item, item.id == task.proposal_id)
        .where(
            request.decision == ExtensionDecision.PENDING,
            item.id.in_(proposal_ids),
            ~(binds & task.state.not_in(ENDED) & is_under_way(item)),
        )
        .options(*models.name_options(request))
    )
    pointless = session.scalars(query).all()
    for row in pointless:
        row.decision, row.decided_on = ExtensionDecision.LAPSED, session.now().date()
        row.decision_note = _WHY
    session.flush()
    return len(pointless)
