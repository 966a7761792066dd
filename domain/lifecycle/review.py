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
from domain.schema.states import ENDED, ReplyKind, ReplyState, StepResult, TaskRole
from domain.storing.session import ActorSession

EVERY, KEY_ITEMS, OTHER_ITEMS = "全部", "重点件", "非重点件"
_TOGETHER = ReplyState.COUNTERSIGNED
_Taken = tuple[str, int | None]
"""A step that was passed, and for which partner."""


@dataclass(frozen=True)
class TakenStep:
    """A step that was taken and what came of it; ``unit_id``: for which partner (协办会签); ``on``: the day."""

    step: str
    result: str
    unit_id: int | None = None
    on: date | None = None


_ON_ITS_WAY = (StepResult.SENT, StepResult.SENT_BACK)
"""What says that a reply has been sent for review."""


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
    """What has been recorded of one reply's review: its days, and its steps as they were taken.

    ``partners``: the units at work on the item beside the one that answers, who sign its reply where the route says so.
    """

    submitted_on: date | None = None
    approved_on: date | None = None
    issued_on: date | None = None
    steps: tuple[TakenStep, ...] = ()
    partners: tuple[int, ...] = ()


def reply_state(record: ReviewRecord, route: Route) -> str:
    """Where the reply stands (审核状态): a step that it waits at, or 拟稿, 退回, 通过, 已答复."""
    if record.issued_on:
        return ReplyState.ISSUED
    if record.approved_on:
        return ReplyState.APPROVED
    steps = _standing(record.steps)
    if not record.submitted_on and not any(step.result in _ON_ITS_WAY for step in steps):
        return ReplyState.DRAFT
    if steps and steps[-1].result == StepResult.SENT_BACK:
        return ReplyState.SENT_BACK
    passed = _passed(steps, route)
    left = (step for step in route.steps if _is_left(step, passed, record.partners))
    return next(left, ReplyState.APPROVED)


def approved_on(record: ReviewRecord) -> date | None:
    """The day of the step with which the review ended; of a review without steps the day of the sending."""
    steps = _standing(record.steps)
    return steps[-1].on if steps else record.submitted_on


def _standing(steps: Sequence[TakenStep]) -> list[TakenStep]:
    """The steps that count: without corrections, and without what was taken back."""
    standing: list[TakenStep] = []
    for step in steps:
        if step.result == StepResult.UNDONE:
            del standing[-1:]
        elif step.result != StepResult.CORRECTED:
            standing.append(step)
    return standing


def _is_left(step: str, passed: set[_Taken], partners: Sequence[int]) -> bool:
    """Whether a step is still to be taken: 协办会签 by every partner, and by nobody where there is none."""
    if step == _TOGETHER:
        return any((step, unit) not in passed for unit in partners)
    return (step, None) not in passed


def _passed(steps: Sequence[TakenStep], route: Route) -> set[_Taken]:
    """The steps that need not be taken again: those since the last sending; where a route resumes, those before it
    too, but for the one at which the reply was sent back; all of them after a step that the route has not."""
    passed: set[_Taken] = set()
    for step in steps:
        if step.result == StepResult.PASSED:
            passed.add((step.step, step.unit_id))
        elif step.result == StepResult.SENT and not route.resumes:
            passed.clear()
        elif step.result == StepResult.SENT_BACK and step.step not in route.steps:
            passed = set()
        elif step.result == StepResult.SENT_BACK:
            passed -= {taken for taken in passed if taken[0] == step.step}
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


def steps_of(session: ActorSession, reply_ids: Iterable[int]) -> dict[int, tuple[TakenStep, ...]]:
    """The steps that these replies have taken, as they were entered: a signature on paper may be older than the
    sending that it answers."""
    step, taken = models.ReviewStep, defaultdict[int, list[TakenStep]](list)
    query = select(step.reply_id, step.step, step.result, step.countersign_unit_id, step.acted_at)
    query = query.where(step.reply_id.in_(reply_ids)).order_by(step.id)
    for reply_id, name, result, unit_id, at in session.execute(query):
        taken[reply_id].append(TakenStep(name, result, unit_id, at.date()))
    return {reply_id: tuple(steps) for reply_id, steps in taken.items()}


def partners_of(session: ActorSession, item_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """By item the units at work on it as its partners."""
    task, found = models.Assignment, defaultdict[int, list[int]](list)
    query = select(task.proposal_id, task.unit_id).where(
        task.proposal_id.in_(item_ids),
        task.role == TaskRole.PARTNER,
        task.state.not_in(ENDED),
        task.ended_how.is_(None),  # the state follows later in the same save
    )
    for item_id, unit_id in session.execute(query.order_by(task.id)):
        found[item_id].append(unit_id)
    return {item_id: tuple(units) for item_id, units in found.items()}


def is_signed_together(kind: str, role: str) -> bool:
    """Whether partners sign such a reply at all: the one that the main unit gives for them all."""
    return kind != ReplyKind.OPINION and role == TaskRole.LEAD
