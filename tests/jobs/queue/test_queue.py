"""Asking for background work: it is written with the business row, and Redis only wakes."""

import json
import socket
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import redis
import rq
from rq.serializers import JSONSerializer
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from jobs.queue.schedule import sweep
from jobs.queue.waking import QUEUE, SOCKET_TIMEOUT_S, JobQueue
from jobs.runs.runs import RunRequest, waiting_runs

EXPORT = RunRequest("导出")


@pytest.fixture
def queue(redis_url: str) -> Iterator[JobQueue]:
    queue = JobQueue(redis_url)
    yield queue
    queue.close()


@pytest.fixture
def no_queue(tmp_path: Path) -> Iterator[JobQueue]:
    """A queue whose Redis is not there."""
    queue = JobQueue(f"unix://{tmp_path}/nobody.sock")
    yield queue
    queue.close()


def queued(redis_url: str) -> list[str]:
    with redis.Redis.from_url(redis_url) as connection:
        return rq.Queue(QUEUE, connection=connection, serializer=JSONSerializer).get_job_ids()


def test_a_worker_is_woken_after_the_commit_and_not_before(
    engine: Engine, queue: JobQueue, redis_url: str, now: datetime
) -> None:
    with Session(engine) as session:
        run = queue.request_run(session, EXPORT, now)
        assert queued(redis_url) == []
        session.commit()
        assert queued(redis_url) == [f"run-{run.id}"]


def test_what_is_rolled_back_wakes_nobody(
    engine: Engine, queue: JobQueue, redis_url: str, now: datetime
) -> None:
    with Session(engine) as session:
        queue.request_run(session, EXPORT, now)
        session.rollback()
        session.execute(text("INSERT INTO units (name) VALUES ('区教育局')"))
        session.commit()
    assert queued(redis_url) == []
    assert waiting_runs(engine) == []


def test_a_part_taken_back_leaves_the_other_runs_alone(
    engine: Engine, queue: JobQueue, redis_url: str, now: datetime
) -> None:
    with Session(engine) as session:
        kept = queue.request_run(session, EXPORT, now).id
        part = session.begin_nested()
        queue.request_run(session, EXPORT, now)
        part.rollback()
        with session.begin_nested():
            also_kept = queue.request_run(session, EXPORT, now).id
        assert queued(redis_url) == []
        session.commit()
    assert waiting_runs(engine) == [kept, also_kept]
    assert {f"run-{kept}", f"run-{also_kept}"} <= set(queued(redis_url))


def test_one_session_may_ask_several_times(
    engine: Engine, queue: JobQueue, redis_url: str, now: datetime
) -> None:
    with Session(engine) as session:
        for _ in range(3):
            queue.request_run(session, EXPORT, now)
            session.commit()
    assert len(queued(redis_url)) == 3


def test_the_session_of_a_request_wakes_as_well(
    engine: Engine, queue: JobQueue, redis_url: str, now: datetime
) -> None:
    of_the_request = scoped_session(sessionmaker(engine))
    run_id = queue.request_run(of_the_request, EXPORT, now).id
    of_the_request.commit()
    of_the_request.remove()
    assert queued(redis_url) == [f"run-{run_id}"]


def test_without_redis_nobody_waits_and_nothing_is_lost(
    engine: Engine, no_queue: JobQueue, queue: JobQueue, redis_url: str, now: datetime
) -> None:
    with Session(engine) as session:
        run_id = no_queue.request_run(session, EXPORT, now).id
        session.commit()
    assert waiting_runs(engine) == [run_id]
    sweep(engine, queue, now)
    assert queued(redis_url) == [f"run-{run_id}"]


def test_a_redis_that_accepts_and_then_says_nothing_is_asked_once_and_not_waited_for(
    engine: Engine, now: datetime
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute, Session(engine) as session:
        queue = JobQueue(f"redis://127.0.0.1:{mute.getsockname()[1]}")
        run_id = queue.request_run(session, EXPORT, now).id
        session.commit()  # comes back, though no answer ever does
        queue.close()
        mute.setblocking(False)
        mute.accept()[0].close()
        with pytest.raises(BlockingIOError):
            mute.accept()
    assert SOCKET_TIMEOUT_S < 0.5
    assert waiting_runs(engine) == [run_id]


def test_waking_again_and_again_queues_once(queue: JobQueue, redis_url: str) -> None:
    for _ in range(5):
        assert queue.wake(7, 8)
    assert sorted(queued(redis_url)) == ["run-7", "run-8"]


def test_a_queue_that_lost_everything_is_filled_again(
    engine: Engine, queue: JobQueue, redis_url: str, now: datetime
) -> None:
    with Session(engine) as session:
        for _ in range(3):
            queue.request_run(session, EXPORT, now)
        session.commit()
    before = queued(redis_url)
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    sweep(engine, queue, now)
    assert queued(redis_url) == before


def test_nothing_executable_travels_through_the_queue(queue: JobQueue, redis_url: str) -> None:
    """Whoever can write to Redis must not thereby run code: JSON, never pickle."""
    queue.wake(7)
    with redis.Redis.from_url(redis_url) as client:
        data = client.hget("rq:job:run-7", "data")
    assert json.loads(zlib.decompress(data)) == ["jobs.queue.worker.perform", None, [7], {}]
