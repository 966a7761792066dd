"""The whole program as `make run` starts it, for tests: web server, worker and, if asked, the schedule."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from jobs.children import Child
from jobs.preparation import listening
from jobs.serve import programs, wait_for_page
from jobs.settings import Settings

SCHEDULE = "定时任务"


@contextmanager
def running_panel(settings: Settings, with_schedule: bool = False) -> Iterator[str]:
    """The address of the program at work on `settings`, whose Redis is running already."""
    with listening("127.0.0.1", 0) as socket:
        settings = replace(settings, host="127.0.0.1", port=socket.getsockname()[1], workers=1)
        (settings.data_dir / "logs").mkdir(parents=True, exist_ok=True)
        wanted = [
            program
            for program in programs(settings, socket.fileno())
            if with_schedule or program.name != SCHEDULE
        ]
        children = [Child(program) for program in wanted]
        try:
            wait_for_page(settings, children, threading.Event())
            yield f"http://127.0.0.1:{settings.port}"
        except BaseException:
            for log in sorted((settings.data_dir / "logs").iterdir()):
                sys.stderr.write(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}\n")
            raise
        finally:
            for child in reversed(children):
                child.ask_to_stop()
            for child in children:
                child.wait_until_stopped()
