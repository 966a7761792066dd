"""The worker process: takes run ids from the queue and executes each in a child process of its own.

The job runner's edge: the settings and the clock come in here. What a run is, jobs/runs/runs.py says.
"""

import logging
import os
import socket
from typing import Any
from uuid import uuid4

import redis
import rq
from rq.serializers import JSONSerializer

from domain import models
from domain.rules_of_saving import RULES
from domain.storing.database import make_engine
from domain.storing.write_rules import hold_to
from domain.time.clock import shanghai_now
from jobs.queue.execution import Workplace, execute
from jobs.queue.kinds import KINDS
from jobs.queue.waking import QUEUE
from jobs.running.processes import die_with_parent
from jobs.running.settings import Settings
from jobs.runs.runs import interrupt

MONITOR_EVERY_S = 5
MAINTAIN_EVERY_S = 30


def perform(run_id: int) -> None:
    """Execute one run; the only function that is ever put on the queue."""
    job = rq.get_current_job()
    settings = Settings.from_environment()
    engine = make_engine(settings.database_url)
    owner = (job.worker_name if job else None) or f"{socket.gethostname()}-{os.getpid()}"
    try:
        execute(Workplace(engine, settings, shanghai_now, owner, KINDS), run_id)
    finally:
        engine.dispose()


class Worker(rq.Worker):
    """RQ's worker, whose child dies with it, and which tells the database when a child has died.

    Without the first, RQ runs a job twice at the same time after the parent was killed; without the
    second, the failure would show only when the lease has run out.
    """

    def main_work_horse(self, job: Any, queue: Any) -> None:
        assert self.pid is not None
        die_with_parent(self.pid)
        super().main_work_horse(job, queue)

    def handle_work_horse_killed(self, job: Any, retpid: int, ret_val: int, rusage: Any) -> None:
        super().handle_work_horse_killed(job, retpid, ret_val, rusage)  # type: ignore[no-untyped-call]
        engine = make_engine(Settings.from_environment().database_url)
        try:
            interrupt(engine, job.args[0], self.name, shanghai_now())
        finally:
            engine.dispose()


def work(settings: Settings, until_empty: bool = False) -> None:
    """Take runs from the queue until told to stop (SIGTERM: after the current run; twice: at once)."""
    models.load()  # once, here: every child inherits the mapped classes, and the rules of saving
    hold_to(RULES)
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    worker = Worker(
        [QUEUE],
        name=f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}",
        connection=redis.Redis.from_url(settings.redis_url),
        serializer=JSONSerializer,
        job_monitoring_interval=MONITOR_EVERY_S,
        maintenance_interval=MAINTAIN_EVERY_S,
    )
    worker.work(burst=until_empty, logging_level="WARNING")
