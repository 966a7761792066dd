"""The nightly check as background work and by hand: reminders and points in one transaction, then unused accounts and
e-mails.

Not here: what is told to whom (domain/dues/nightly.py), when it runs (jobs/queue/schedule.py), the mail (mail.py).
"""

import logging
from datetime import date, datetime

from sqlalchemy import Engine, select

from domain import models
from domain.dues.nightly import NightlyResult, check_deadlines
from domain.people.unused import deactivate_unused
from domain.schema.states import RunState
from domain.scoring.entries import score
from domain.storing.session import ActorSession, system_session
from domain.time.clock import Clock
from jobs.running.settings import Settings
from jobs.runs.context import JobContext
from jobs.work.deliveries import remind_unless_quiet
from jobs.work.kept_files import sweep_files
from jobs.work.mail import send_digests

NIGHTLY_CHECK = "每日检查"
_log = logging.getLogger(__name__)


def run_nightly_check(context: JobContext) -> None:
    """The job: check the deadlines of the date in `on`, finish, then send what is to be sent and sweep old files."""
    on = date.fromisoformat(context.arguments["on"])
    with context.session() as session:
        result = check_deadlines(session, on)
        score(session, on)
        context.finish(session, result.as_json())
        session.commit()
    _close_unused_accounts(context.engine, context.clock)
    remind_unless_quiet(context.engine, context.settings, context.clock, on)
    sweep_files(context)


def check_by_hand(engine: Engine, settings: Settings, clock: Clock, on: date) -> NightlyResult:
    """The same by command, from any scheduler; noted like a run of that night, unless it lies ahead."""
    with system_session(engine, NIGHTLY_CHECK, clock) as session:
        started_at = clock()
        result = check_deadlines(session, on)
        score(session, on)
        if on <= started_at.date():
            _note(session, on, result, (started_at, clock()))
        session.commit()
    _close_unused_accounts(engine, clock)
    send_digests(engine, settings, clock, on)
    return result


def _close_unused_accounts(engine: Engine, clock: Clock) -> None:
    with system_session(engine, NIGHTLY_CHECK, clock) as session:
        _log.info("deactivated, unused for long: %d", len(deactivate_unused(session)))
        session.commit()


def _note(
    session: ActorSession, on: date, result: NightlyResult, times: tuple[datetime, datetime]
) -> None:
    """Write the run that was not a worker's; one that a worker has in hand is left to it."""
    runs = models.JobRun
    row = session.scalars(
        select(runs).filter_by(kind=NIGHTLY_CHECK, period_key=on.isoformat())
    ).first()
    if row is None:
        arguments = {"on": on.isoformat()}
        row = runs(kind=NIGHTLY_CHECK, period_key=on.isoformat(), arguments=arguments)
        row.queued_at = times[0]
        session.add(row)
    elif row.state == RunState.RUNNING:
        return
    row.state, row.result, row.error = RunState.DONE, result.as_json(), ""
    row.started_at, row.finished_at, row.lease_until = *times, None
    session.flush()
