"""The clock of the background: sees to it that every night's check runs once, and that nothing lies.

Not rq cron, which keeps its next time in memory, catches nothing up and has no lock: two of them ran
everything twice. Here the database decides, so any number of schedulers may run, or none for a week.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from domain import models
from domain.searching.folding import fold
from domain.time.clock import Clock
from jobs.queue.kinds import DELIVERY, KINDS, NIGHTLY_CHECK
from jobs.queue.waking import JobQueue
from jobs.running.settings import Settings
from jobs.running.stopping import Stop
from jobs.runs.runs import (
    RunRequest,
    add_run,
    interrupt_expired,
    newest_period,
    retry_failed,
    waiting_runs,
)
from jobs.work.deliveries import due_period, is_anything_set

SWEEP_EVERY_S = 15
FOLDED_AT_ONCE = 50_000
"""Rows that the search index takes in a round: some seconds."""
CATCH_UP_DAYS = 14
"""Missed nights further back are not made up for: the longest holiday with the machine off."""

_log = logging.getLogger(__name__)


def nights_due(newest: date | None, now: datetime, nightly_at: time) -> Iterator[date]:
    """The dates whose check should have started by `now`, after `newest`, the last one that has.

    An installation that never ran a check owes only the latest.
    """
    latest = now.date() if now.time() >= nightly_at else now.date() - timedelta(days=1)
    first = (
        max(newest + timedelta(days=1), latest - timedelta(days=CATCH_UP_DAYS - 1))
        if newest
        else latest
    )
    for days in range((latest - first).days + 1):
        yield first + timedelta(days=days)


def start_nightly_checks(engine: Engine, now: datetime, nightly_at: time) -> None:
    """Write the runs of the nights that are due and have none; what is there already stays as it is."""
    newest = newest_period(engine, NIGHTLY_CHECK)
    for on in nights_due(date.fromisoformat(newest) if newest else None, now, nightly_at):
        request = RunRequest(NIGHTLY_CHECK, {"on": on.isoformat()}, period_key=on.isoformat())
        try:
            with Session(engine) as session, session.begin():
                add_run(session, request, now)
        except IntegrityError:
            _log.info("the check of %s was started by another scheduler", on)


def start_delivery(engine: Engine, settings: Settings, clock: Clock) -> None:
    """Write the run of this period, where anything may be sent now and it has none."""
    period = due_period(engine, clock) if is_anything_set(settings) else None
    if period is None or period == newest_period(engine, DELIVERY):
        return
    try:
        with Session(engine) as session, session.begin():
            add_run(session, RunRequest(DELIVERY, period_key=period), clock())
    except IntegrityError:
        _log.info("the delivery of %s was started by another scheduler", period)


def sweep(engine: Engine, queue: JobQueue, now: datetime) -> None:
    """Declare dead what is, try again what may be, and wake the workers for all that waits."""
    interrupt_expired(engine, now)
    retry_failed(engine, {kind.name: kind.attempts for kind in KINDS.values()}, now)
    if waiting := waiting_runs(engine):
        queue.wake(*waiting)


def keep_schedule(
    engine: Engine, queue: JobQueue, clock: Clock, settings: Settings, stop: Stop
) -> None:
    """Sweep, start what is due and bring the search index up to date every SWEEP_EVERY_S until `stop` is set.

    Outlives lost servers.
    """
    while True:
        try:
            start_nightly_checks(engine, clock(), settings.nightly_at)
            start_delivery(engine, settings, clock)
            sweep(engine, queue, clock())
            fold(engine, models.schema.tables, FOLDED_AT_ONCE)
        except SQLAlchemyError:
            _log.exception("the database did not answer; trying again in %s s", SWEEP_EVERY_S)
        if stop.wait(SWEEP_EVERY_S):
            return
