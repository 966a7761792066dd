"""The way of a reply through its review: which steps its meeting's 审签流程 has for it, and where it stands.

A reply's state is the step it waits at, or what came of them all. It follows from the steps that were taken and from
the days that were recorded; nobody sets it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from domain import models
from domain.actors import OFFICE
from domain.schema.states import ReplyState, StepResult
from domain.storing.session import ActorSession

EVERY, KEY_ITEMS, OTHER_ITEMS = "全部", "重点件", "非重点件"
Step = tuple[str, str]
"""A step and what came of it."""


@dataclass(frozen=True)
class Route:
    """The steps of one reply, in order, and the roles that sign them. ``resumes``: sent again, it goes on where it was
    sent back."""

    steps: tuple[str, ...] = (ReplyState.OFFICE_CHECKED,)
    resumes: bool = False
    signers: tuple[str, ...] = (OFFICE,)

    def signer_of(self, step: str) -> str:
        """Who signs a step; the office where the route has no such step any more."""
        return dict(zip(self.steps, self.signers, strict=True)).get(step, OFFICE)


@dataclass(frozen=True)
class ReviewRecord:
    """What has been recorded of one reply's review: its days, and its steps as they were taken."""

    submitted_on: date | None = None
    approved_on: date | None = None
    issued_on: date | None = None
    steps: tuple[Step, ...] = ()


def reply_state(record: ReviewRecord, route: Route) -> str:
    """Where the reply stands (审核状态): a step that it waits at, or 拟稿, 退回, 通过, 已答复."""
    if record.issued_on:
        return ReplyState.ISSUED
    if record.approved_on:
        return ReplyState.APPROVED
    steps = [step for step in record.steps if step[1] != StepResult.CORRECTED]
    if not steps or not _was_sent(steps):
        return route.steps[0] if record.submitted_on else ReplyState.DRAFT
    if steps[-1][1] == StepResult.SENT_BACK:
        return ReplyState.SENT_BACK
    passed = _passed(steps, route.resumes)
    return next((step for step in route.steps if step not in passed), ReplyState.APPROVED)


def _was_sent(steps: Sequence[Step]) -> bool:
    return any(result in (StepResult.SENT, StepResult.SENT_BACK) for _, result in steps)


def _passed(steps: Sequence[Step], resumes: bool) -> set[str]:
    """The steps that need not be taken again: those since the last sending; where a route resumes, those before it
    too."""
    passed: set[str] = set()
    for step, result in steps:
        if result == StepResult.PASSED:
            passed.add(step)
        elif result == StepResult.SENT and not resumes:
            passed.clear()
        elif result == StepResult.SENT_BACK:
            passed.discard(step)
    return passed


@dataclass(frozen=True)
class Routes:
    """All routes, by their ids: whether they resume, and their lines in order."""

    resumes: Mapping[int, bool]
    lines: Mapping[int, Sequence[Any]]

    def of(self, route_id: int | None, kind: str, *, is_key: bool) -> Route:
        """The way of one reply; the office's step alone where the meeting has no route, or none of it applies."""
        items = (EVERY, KEY_ITEMS if is_key else OTHER_ITEMS)
        every = self.lines.get(route_id or 0, ())
        lines = [line for line in every if line.kind in (EVERY, kind) and line.items in items]
        if not lines:
            return Route()
        steps, signers = zip(*((line.step, line.signer) for line in lines), strict=True)
        return Route(steps, self.resumes[route_id or 0], signers)


def read_routes(session: ActorSession) -> Routes:
    """The routes as they stand: two short questions."""
    route, line = models.ReviewRoute, models.ReviewRouteStep
    resumes = {row.id: row.resumes for row in session.execute(select(route.id, route.resumes))}
    lines: dict[int, list[Any]] = defaultdict(list)
    query = select(line.review_route_id, line.step, line.signer, line.kind, line.items)
    for row in session.execute(query.order_by(line.review_route_id, line.position)):
        lines[row.review_route_id].append(row)
    return Routes(resumes, lines)


def steps_of(session: ActorSession, reply_ids: Iterable[int]) -> dict[int, tuple[Step, ...]]:
    """The steps that these replies have taken, as they were entered: a signature on paper may be older than the
    sending that it answers."""
    step, taken = models.ReviewStep, defaultdict[int, list[Step]](list)
    query = select(step.reply_id, step.step, step.result).where(step.reply_id.in_(reply_ids))
    for reply_id, name, result in session.execute(query.order_by(step.id)):
        taken[reply_id].append((name, result))
    return {reply_id: tuple(steps) for reply_id, steps in taken.items()}
