"""A real worker that stands still while it writes an import: `python -m tests.ground.programs.halting_worker`.

HALT_BEFORE  the table whose rows would come next, or `the commit`; what came before is in the open transaction
HALT_FILE    there the process that stands still writes its number
"""

import os
import signal
from pathlib import Path
from typing import Any

from domain.storing import bulk
from jobs.queue.worker import work
from jobs.running.settings import Settings
from jobs.runs.context import JobContext
from jobs.work.imports import APPLY

BEFORE = os.environ["HALT_BEFORE"]
FILE = Path(os.environ["HALT_FILE"])
_insert_many, _finish, _session = bulk.insert_many, JobContext.finish, JobContext.session
_at_work_on: list[str] = []


def stand_still(at: str) -> None:
    """Where the test wants it, until somebody ends this process. The preview, which writes as well, goes on."""
    if at == BEFORE and _at_work_on == [APPLY]:
        written = FILE.with_suffix(".part")
        written.write_text(str(os.getpid()))
        written.rename(FILE)
        while True:
            signal.pause()


def session(context: JobContext, *given: Any) -> Any:
    _at_work_on[:] = [context.claim.kind]
    return _session(context, *given)


def insert_many(connection: Any, table: Any, *given: Any, **more: Any) -> None:
    stand_still(table.name)
    _insert_many(connection, table, *given, **more)


def finish(context: JobContext, transaction: Any, result: Any = None) -> None:
    _finish(context, transaction, result)
    stand_still("the commit")


if __name__ == "__main__":
    bulk.insert_many = insert_many
    JobContext.session, JobContext.finish = session, finish  # type: ignore[method-assign]
    work(Settings.from_environment())
