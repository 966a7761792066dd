"""A real worker with kinds of work made for the tests: `python -m tests.ground.worker_process`."""

import os
import time
from pathlib import Path

from sqlalchemy import text

from jobs.queue import kinds
from jobs.queue.worker import work
from jobs.running.settings import Settings
from jobs.runs.context import JobContext, JobRefused, Kind


def add_unit(context: JobContext) -> None:
    """Write a unit and end the run in one transaction."""
    with context.session() as session:
        session.connection().execute(
            text("INSERT INTO units (name) VALUES (:name)"), {"name": context.arguments["name"]}
        )
        context.finish(session, {"added": 1})
        session.commit()


def add_unit_slowly(context: JobContext) -> None:
    """Write a unit, tell where the process is, and take `seconds` before the first commit."""
    with context.session() as session:
        session.connection().execute(text("INSERT INTO units (name) VALUES ('区教育局')"))
        Path(context.arguments["pid_file"]).write_text(str(os.getpid()))
        seconds = float(context.arguments.get("seconds", 60))
        time.sleep(seconds if context.claim.attempt == 1 else 0)
        context.finish(session)
        session.commit()


def count(context: JobContext) -> dict[str, int]:
    """Report progress until the run is lost."""
    for done in range(600):
        context.progress(done, 600)
        time.sleep(0.1)
    return {"counted": 600}


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
