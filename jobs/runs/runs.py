"""The truth about background work: the rows of job_runs, and every step that one of them may take.

    等待 --claim--> 进行 --finish--> 完成        失败 --restart--> 等待
                         --fail, refuse, interrupt--> 失败

Not the queue: Redis only wakes workers (jobs/queue/waking.py). Each step is one UPDATE that names the state it
leaves; a claim raises the fence, and what was claimed under an older fence can no longer end the run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Engine,
    Table,
    and_,
    case,
    false,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, scoped_session

from domain import models
from domain.schema.states import RunState
from domain.storing.database import read_only

LEASE = timedelta(seconds=60)
"""A run whose worker has not been heard of for so long counts as interrupted."""

RETRY_AFTER = timedelta(minutes=5)
INTERRUPTED = "执行中断：后台进程中途停止了，可以重新开始。"
LONGEST_ERROR = 500


class LostClaim(RuntimeError):
    """The run was taken over or declared dead meanwhile: its work must not be kept."""


@dataclass(frozen=True)
class RunRequest:
    """What somebody wants done. `period_key` allows one run per kind and key, for instance a date; None any number."""

    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    requested_by_id: int | None = None
    period_key: str | None = None


@dataclass(frozen=True)
class Claim:
    """A run that is ours for as long as nobody raises the fence."""

    run_id: int
    fence: int
    kind: str
    attempt: int
    arguments: Mapping[str, Any]
    requested_by_id: int | None


def add_run(
    session: Session | scoped_session[Any], request: RunRequest, now: datetime
) -> "models.JobRun":
    """Write a waiting run into the caller's transaction and return its row, which has an id.

    Raises IntegrityError when this kind has a run for this period already.
    """
    run = models.JobRun(
        kind=request.kind,
        period_key=request.period_key,
        arguments=dict(request.arguments),
        requested_by_id=request.requested_by_id,
        queued_at=now,
    )
    session.add(run)
    session.flush()
    return run


def claim(engine: Engine, run_id: int, owner: str, now: datetime) -> Claim | None:
    """Take a waiting run for `owner`; None when it is not waiting, or not there."""
    runs = _runs()
    taken = {
        "state": RunState.RUNNING,
        "attempt": runs.c.attempt + 1,
        "fence": runs.c.fence + 1,
        "lease_owner": owner,
        "lease_until": now + LEASE,
        "started_at": _not_before_queued(now),
        "finished_at": None,
        "progress_done": 0,
        "progress_total": 0,
        "error": "",
        "is_refused": False,
    }
    with engine.begin() as connection:
        waiting = and_(runs.c.id == run_id, runs.c.state == RunState.WAITING)
        if not _change(connection, waiting, taken):
            return None
        row = connection.execute(select(runs).where(runs.c.id == run_id)).one()
    return Claim(row.id, row.fence, row.kind, row.attempt, row.arguments or {}, row.requested_by_id)


def renew(engine: Engine, claim: Claim, now: datetime, progress: tuple[int, int]) -> bool:
    """Prolong the lease and note (done, total); False when the claim is lost."""
    done, total = progress
    values = {"lease_until": now + LEASE, "progress_done": done, "progress_total": total}
    with engine.begin() as connection:
        return _change(connection, _held(claim), values)


def finish(transaction: Session | Connection, claim: Claim, now: datetime, result: Any) -> None:
    """Mark the run done inside the transaction that holds its effect, so that both stand or fall.

    Raises LostClaim when somebody else owns the run now; the transaction is to be rolled back.
    """
    all_done = {"progress_done": _runs().c.progress_total}  # the last step is not always reported
    values = {
        "state": RunState.DONE,
        "result": result,
        "finished_at": _not_before_queued(now),
        "lease_until": None,
        **all_done,
    }
    if not _change(transaction, _held(claim), values):
        raise LostClaim(f"run {claim.run_id} is no longer held under fence {claim.fence}")


def fail(engine: Engine, claim: Claim, now: datetime, error: str) -> bool:
    """Mark the run failed, with a sentence for people; False when the claim is lost."""
    with engine.begin() as connection:
        return _change(connection, _held(claim), _failed(now, error))


def refuse(engine: Engine, claim: Claim, now: datetime, error: str) -> bool:
    """As fail, for a job that found out itself why it cannot be done: it is not tried again by itself."""
    with engine.begin() as connection:
        return _change(connection, _held(claim), {**_failed(now, error), "is_refused": True})


def interrupt(engine: Engine, run_id: int, owner: str, now: datetime) -> bool:
    """Mark the run failed whose process was seen to die; False when `owner` does not hold it."""
    runs = _runs()
    held = and_(runs.c.id == run_id, runs.c.state == RunState.RUNNING, runs.c.lease_owner == owner)
    with engine.begin() as connection:
        return _change(connection, held, _failed(now, INTERRUPTED))


def interrupt_expired(engine: Engine, now: datetime) -> None:
    """Mark every run failed whose lease ran out: its worker died without a word."""
    runs = _runs()
    expired = and_(runs.c.state == RunState.RUNNING, runs.c.lease_until < now)
    with engine.begin() as connection:
        _change(connection, expired, _failed(now, INTERRUPTED))


def restart(engine: Engine, run_id: int, now: datetime) -> bool:
    """Let a failed run wait again; False when it is in another state."""
    runs = _runs()
    ended = and_(runs.c.id == run_id, runs.c.state == RunState.FAILED)
    with engine.begin() as connection:
        return _change(connection, ended, _waiting(now))


def retry_failed(engine: Engine, attempts: Mapping[str, int], now: datetime) -> None:
    """Let failed runs wait again, RETRY_AFTER their end, whose kind has attempts left; not those that refused."""
    runs = _runs()
    allowed = [and_(runs.c.kind == kind, runs.c.attempt < most) for kind, most in attempts.items()]
    due = and_(
        runs.c.state == RunState.FAILED,
        ~runs.c.is_refused,
        runs.c.finished_at < now - RETRY_AFTER,
        or_(false(), *allowed),
    )
    with engine.begin() as connection:
        _change(connection, due, _waiting(now))


def waiting_runs(engine: Engine) -> list[int]:
    """The ids of the runs that wait for a worker, oldest first."""
    runs = _runs()
    query = (
        select(runs.c.id)
        .where(runs.c.state == RunState.WAITING)
        .order_by(runs.c.queued_at, runs.c.id)
    )
    with read_only(engine).connect() as connection:
        return list(connection.execute(query).scalars())


def newest_period(engine: Engine, kind: str) -> str | None:
    """The greatest period key that a kind has a run for."""
    runs = _runs()
    keyed = and_(runs.c.kind == kind, runs.c.period_key.is_not(None))
    query = select(runs.c.period_key).where(keyed).order_by(runs.c.period_key.desc())
    with read_only(engine).connect() as connection:
        return connection.execute(query.limit(1)).scalar()


def _runs() -> Table:
    table: Table = models.JobRun.__table__
    return table


def _held(claim: Claim) -> ColumnElement[bool]:
    runs = _runs()
    return and_(
        runs.c.id == claim.run_id, runs.c.fence == claim.fence, runs.c.state == RunState.RUNNING
    )


def _not_before_queued(now: datetime) -> ColumnElement[datetime]:
    """The instant of a step. Who asked may have a clock ahead of ours; nothing ends before it was asked for."""
    queued_at = _runs().c.queued_at
    return case((queued_at > now, queued_at), else_=literal(now, queued_at.type))


def _failed(now: datetime, error: str) -> dict[str, Any]:
    return {
        "state": RunState.FAILED,
        "error": error[:LONGEST_ERROR],
        "finished_at": _not_before_queued(now),
        "lease_until": None,
    }


def _waiting(now: datetime) -> dict[str, Any]:
    return {"state": RunState.WAITING, "queued_at": now, "finished_at": None, "lease_owner": ""}


def _change(
    transaction: Session | Connection, which: ColumnElement[bool], values: Mapping[str, Any]
) -> bool:
    connection = transaction.connection() if isinstance(transaction, Session) else transaction
    changed: CursorResult[Any] = connection.execute(update(_runs()).where(which).values(values))
    return changed.rowcount > 0
