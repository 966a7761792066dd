"""Wakes the workers through Redis (RQ), and never makes a person wait for it.

A wake-up that is lost costs seconds, not work: the truth is in job_runs (jobs/runs/runs.py), and the sweep
(schedule.py) wakes again what still waits.
"""

import logging
from datetime import datetime
from typing import Any

import redis
import rq
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq.serializers import JSONSerializer
from sqlalchemy import event
from sqlalchemy.orm import Session, scoped_session

from jobs.runs.runs import RunRequest, add_run

QUEUE = "banli"
PERFORM = "jobs.queue.worker.perform"
SOCKET_TIMEOUT_S = 0.2
"""A web request waits at most this long for Redis, once."""

KEEP_FAILURES_S = 24 * 3600
LONGEST_RUN_S = 3600
_WAITING_FOR_COMMIT = "runs to wake after the commit"
_log = logging.getLogger(__name__)


class JobQueue:
    """The way from the web to the workers. Cheap to make; connects on the first wake-up."""

    def __init__(self, redis_url: str) -> None:
        self._redis = redis.Redis.from_url(
            redis_url,
            socket_connect_timeout=SOCKET_TIMEOUT_S,
            socket_timeout=SOCKET_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._queue = rq.Queue(QUEUE, connection=self._redis, serializer=JSONSerializer)

    def request_run(
        self, session: Session | scoped_session[Any], request: RunRequest, now: datetime
    ) -> Any:
        """Write the run into the caller's transaction and wake a worker once that has committed.

        Returns the row of job_runs. Raises IntegrityError when the period has its run already.
        """
        run = add_run(session, request, now)
        session.info.setdefault(_WAITING_FOR_COMMIT, []).append((self, run.id))
        return run

    def wake(self, *run_ids: int) -> bool:
        """Ask a worker to take these runs; False, and nothing else, when Redis is away or full."""
        try:
            queued = set(self._queue.get_job_ids())
            for run_id in run_ids:
                if _job_id(run_id) not in queued:
                    self._enqueue(run_id)
        except redis.exceptions.RedisError as error:
            _log.warning("Redis is away, the sweep will wake runs %s: %s", run_ids, error)
            return False
        return True

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()

    def _enqueue(self, run_id: int) -> None:
        self._queue.enqueue_call(
            PERFORM,
            args=(run_id,),
            job_id=_job_id(run_id),
            timeout=LONGEST_RUN_S,
            result_ttl=0,
            failure_ttl=KEEP_FAILURES_S,
            description=f"run {run_id}",
        )


def _job_id(run_id: int) -> str:
    return f"run-{run_id}"


@event.listens_for(Session, "after_commit")
def _wake_all(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for queue, run_id in session.info.pop(_WAITING_FOR_COMMIT, []):
        queue.wake(run_id)


@event.listens_for(Session, "after_rollback")
def _forget_all(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info.pop(_WAITING_FOR_COMMIT, None)
