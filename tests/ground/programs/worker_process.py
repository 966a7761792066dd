"""A real worker with kinds of work made for the tests: `python -m tests.ground.programs.worker_process`."""

import itertools
import os
import time
from pathlib import Path

from sqlalchemy import text

from jobs.queue import kinds
from jobs.queue.worker import work
from jobs.running.settings import Settings
from jobs.runs.context import JobContext, JobRefused, Kind
from tests.ground.waiting import wait_until


def add_unit(context: JobContext) -> None:
    """Write a unit and end the run in one transaction."""
    with context.session() as session:
        session.connection().execute(
            text("INSERT INTO units (name) VALUES (:name)"), {"name": context.arguments["name"]}
        )
        context.finish(session, {"added": 1})
        session.commit()


def add_unit_slowly(context: JobContext) -> None:
    """Write a unit, tell where the process is and, the first time, wait for the file `go_on` before the commit."""
    with context.session() as session:
        session.connection().execute(text("INSERT INTO units (name) VALUES ('区教育局')"))
        Path(context.arguments["pid_file"]).write_text(str(os.getpid()))
        if context.claim.attempt == 1:
            wait_until(Path(context.arguments["go_on"]).exists, "nobody lets this run go on")
        context.finish(session)
        session.commit()


def count(context: JobContext) -> None:
    """Report progress until the run is lost."""
    for done in itertools.cycle(range(600)):
        context.progress(done, 600)
        time.sleep(0.02)  # whoever asks for the run has to come to a turn as well


def divide_by_zero(_context: JobContext) -> float:
    return 1 / 0


def refuse(_context: JobContext) -> None:
    raise JobRefused("文件“分工方案.xlsx”已加密，请另存为不加密的文件后再导入。")


def die(_context: JobContext) -> None:
    os.abort()


for run in (add_unit, add_unit_slowly, count, divide_by_zero, refuse, die):
    kinds.KINDS[run.__name__] = Kind(run.__name__, run)

if __name__ == "__main__":
    work(Settings.from_environment())
