"""Carries one run from its claim to its end, whatever happens in between.

Knows neither Redis nor any kind of work: those are worker.py and kinds.py.
"""

import logging
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from domain.clock import Clock
from jobs.context import JobContext, JobRefused
from jobs.kinds import Kind
from jobs.runs import LostClaim, claim, fail, refuse, renew
from jobs.settings import Settings

REPORT_EVERY_S = 1.0
RENEW_EVERY_S = 10.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workplace:
    """Where runs are executed: the database, the settings, the clock, and whose lease it is."""

    engine: Engine
    settings: Settings
    clock: Clock
    owner: str
    kinds: Mapping[str, Kind]


def execute(place: Workplace, run_id: int) -> None:
    """Do the run if it waits; if it does not, somebody else has it, and nothing happens.

    Afterwards it is 完成, or 失败 with a sentence; a fault of ours bears a number that the log has too.
    """
    taken = claim(place.engine, run_id, place.owner, place.clock())
    if taken is None:
        return
    context = JobContext(place.engine, place.settings, place.clock, taken)
    try:
        with _kept_alive(context):
            _do(place, context)
    except LostClaim:
        _log.warning("run %s was declared dead or taken over; its work is undone", run_id)
    except JobRefused as refusal:
        refuse(place.engine, taken, place.clock(), str(refusal))
    except BaseException as fault:  # a panic of a reader written in Rust is no Exception
        number = secrets.token_hex(3).upper()
        _log.exception("run %s (%s) failed, fault %s", run_id, taken.kind, number)
        sentence = f"后台任务出错（故障编号 {number}），请把编号告诉系统管理员。"
        fail(place.engine, taken, place.clock(), sentence)
        if not isinstance(fault, Exception):
            raise


def _do(place: Workplace, context: JobContext) -> None:
    kind = place.kinds.get(context.claim.kind)
    if kind is None:
        raise JobRefused(f"没有“{context.claim.kind}”这种任务，请检查程序版本。")
    result = kind.run(context)
    if not context.is_finished:
        with context.session() as session:
            context.finish(session, result)
            session.commit()


@contextmanager
def _kept_alive(context: JobContext) -> Iterator[None]:
    """Prolong the lease and write the progress from a second thread while the body runs."""
    stop = threading.Event()
    thread = threading.Thread(target=_keep_alive, args=(context, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_alive(context: JobContext, stop: threading.Event) -> None:
    written, quiet_for = context.progress_now, 0.0
    while not stop.wait(REPORT_EVERY_S):
        quiet_for += REPORT_EVERY_S
        if context.progress_now == written and quiet_for < RENEW_EVERY_S:
            continue
        try:
            held = renew(context.engine, context.claim, context.now(), context.progress_now)
        except SQLAlchemyError as error:
            # On SQLite the job's own transaction holds the write lock; elsewhere a connection was lost. Try again.
            _log.info("run %s: no sign of life written (%s)", context.claim.run_id, error)
            continue
        context.is_lost = not held and not context.is_finished
        written, quiet_for = context.progress_now, 0.0
