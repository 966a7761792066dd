"""The process in which one step runs: `python -m bench.child MODULE:FUNCTION JSON`; answers with one line of JSON.

A step is called with a Stopwatch and the arguments. What it does outside `with watch:` is preparation and is not
timed, though its memory counts.
"""

import gc
import importlib
import json
import resource
import sys
import time
from types import TracebackType
from typing import Self


class Stopwatch:
    """Seconds spent inside `with watch:`, one lap for every time; by the clock and of the processors."""

    def __init__(self) -> None:
        self.laps: list[float] = []
        self.cpu_laps: list[float] = []
        self._started = self._cpu_started = 0.0

    def __enter__(self) -> Self:
        gc.collect()
        self._cpu_started = cpu_seconds()
        self._started = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.laps.append(time.perf_counter() - self._started)
        self.cpu_laps.append(cpu_seconds() - self._cpu_started)


def cpu_seconds() -> float:
    """What this process, and those it started that have ended, took of the processors."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_bytes() -> int:
    """Resident memory at its peak, of this process or of the largest one it started, whichever is more."""
    unit = 1 if sys.platform == "darwin" else 1024
    own, started = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return unit * max(resource.getrusage(who).ru_maxrss for who in (own, started))


def run(step: str, arguments: str) -> str:
    """Run the step with these arguments (JSON); what was measured, as one line of JSON."""
    module, name = step.split(":")
    watch = Stopwatch()
    answer = getattr(importlib.import_module(module), name)(watch, **json.loads(arguments))
    return json.dumps(
        {
            "laps": watch.laps,
            "cpu_laps": watch.cpu_laps,
            "peak_bytes": peak_bytes(),
            "answer": answer,
        }
    )


if __name__ == "__main__":
    sys.stdout.write(f"\n{run(*sys.argv[1:])}\n")
