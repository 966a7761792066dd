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
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from domain.storing.contention import gave_in
from domain.storing.database import renew_statistics
from domain.time.clock import Clock
from jobs.running.settings import Settings
from jobs.runs.context import JobContext, JobRefused, Kind
from jobs.runs.runs import Claim, LostClaim, claim, fail, refuse, renew

MOST_TRIES = 3
"""How often work is begun that has to give in to others who write the same rows."""

BUSY = "别人一直在改同样的内容，这次没有写入。请过一会儿重新开始。"
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
    if taken is not None:
        _execute(place, taken)
        renew_statistics(place.engine)


def _execute(place: Workplace, taken: Claim) -> None:
    context = JobContext(place.engine, place.settings, place.clock, taken)
    try:
        with _kept_alive(context):
            _do_patiently(place, context)
    except LostClaim:
        _log.warning("run %s was declared dead or taken over; its work is undone", taken.run_id)
    except JobRefused as refusal:
        refuse(place.engine, taken, place.clock(), str(refusal))
    except BaseException as fault:  # a panic of a reader written in Rust is no Exception
        fail(place.engine, taken, place.clock(), _explain(fault, taken))
        if not isinstance(fault, Exception):
            raise


def _explain(fault: BaseException, claim: Claim) -> str:
    """The sentence beside the failed run; what nobody foresaw is logged under a number."""
    if isinstance(fault, DBAPIError) and gave_in(fault):
        _log.warning(
            "run %s (%s) gave in %d times: %s", claim.run_id, claim.kind, MOST_TRIES, fault
        )
        return BUSY
    number = secrets.token_hex(3).upper()
    _log.error("run %s (%s) failed, fault %s", claim.run_id, claim.kind, number, exc_info=fault)
    return f"后台任务出错（故障编号 {number}），请把编号告诉系统管理员。"


def _do_patiently(place: Workplace, context: JobContext) -> None:
    """Do it; where a transaction of it had to give in to another one, nothing of that is kept: begin again."""
    for tried in range(1, MOST_TRIES + 1):
        try:
            _do(place, context)
            return
        except DBAPIError as error:
            if tried == MOST_TRIES or not gave_in(error):
                raise
            _log.info("run %s gave in to another writer: %s", context.claim.run_id, error.orig)
        context.is_finished = False


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
