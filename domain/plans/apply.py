"""A plan compared and written inside the caller's transaction: commit is for earnest, rollback is the preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from domain.imports.outcomes import NEW, UPDATED
from domain.plans.holding import hold
from domain.plans.lookups import PlanMeeting
from domain.plans.match import match
from domain.plans.recognising.outcomes import Plan
from domain.plans.steps import PlanStep
from domain.plans.stock import Stock, load_stock
from domain.plans.writing import PlanWriter
from domain.storing.pauses import collector_paused
from domain.storing.session import ActorSession

Progress = Callable[[int, int], None]


def import_plan(
    session: ActorSession,
    meeting: PlanMeeting,
    plan: Plan,
    today: date,
    progress: Progress | None = None,
) -> list[PlanStep]:
    """Compare and write all usable rows; a step per row. Commits nothing: the caller keeps it or rolls it back.

    The session is the program's own. `progress` is told (rows done, rows in all) now and then.
    """
    with collector_paused():
        stock, steps = _decide(session, meeting, plan, today)
        usable = [step for step in steps if step.outcome in (NEW, UPDATED)]
        tell = progress or (lambda done, total: None)
        tell(0, len(usable))
        PlanWriter(session, stock, today).write(usable)
        tell(len(usable), len(usable))
    return steps


def _decide(
    session: ActorSession, meeting: PlanMeeting, plan: Plan, today: date
) -> tuple[Stock, list[PlanStep]]:
    """What becomes of each row, by what nobody can change any more before it is written.

    A rehearsal is rolled back whatever others do meanwhile: it holds nothing before it has to.
    """
    while True:
        stock = load_stock(session, meeting)
        steps = match(plan.rows, stock, today)
        if session.provenance().is_rehearsal or hold(session, stock, steps):
            return stock, steps
