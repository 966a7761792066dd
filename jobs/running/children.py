"""One program that runs beside others: started, watched, started again when it dies, stopped.

Knows nothing of what the programs do; which there are says serve.py.
"""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jobs.running.processes import dying_with_parent

LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0
"""A program that ran for so long was healthy: its next death counts as the first."""

MOST_DEATHS = 5
LONGEST_LOG = 10 * 1024 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Program:
    """What to run. `name` is shown to people; `patience_s` is how long it may take to stop."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str]
    keep_fds: tuple[int, ...] = ()
    patience_s: float = 10.0


class KeepsDying(RuntimeError):
    """A program died MOST_DEATHS times in a row soon after its start; the text says where to look."""


class Child:
    """A running Program, in a session of its own, so that Ctrl-C reaches only whoever started it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._deaths = 0
        self._start()

    def is_running(self) -> bool:
        """Whether the process is alive now."""
        return self._process.poll() is None

    def look_after(self) -> None:
        """Start the program again if it has died, after a pause that doubles with every death.

        Raises KeepsDying when that does not help.
        """
        if self.is_running():
            return
        if self._died_at is None:
            self._note_death()
        elif time.monotonic() >= self._died_at + min(2.0**self._deaths / 2, LONGEST_PAUSE_S):
            self._start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM; returns at once."""
        if self.is_running():
            self._process.terminate()

    def wait_until_stopped(self) -> None:
        """Wait for the end; after `patience_s` kill the program and what it has started."""
        try:
            self._process.wait(self.program.patience_s)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _start(self) -> None:
        program = self.program
        _shorten(program.log)
        with program.log.open("ab") as log:
            self._process = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(program.environment),
                pass_fds=program.keep_fds,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGTERM),
            )
        self._started_at = time.monotonic()
        self._died_at: float | None = None

    def _note_death(self) -> None:
        self._died_at = time.monotonic()
        steady = self._died_at - self._started_at > STEADY_AFTER_S
        self._deaths = 1 if steady else self._deaths + 1
        _log.warning(
            "%s意外退出（状态 %s），重新启动。", self.program.name, self._process.returncode
        )
        if self._deaths >= MOST_DEATHS:
            raise KeepsDying(f"{self.program.name}反复退出，无法运行。原因见 {self.program.log}。")


def _shorten(log: Path) -> None:
    """Put a log that has grown long aside, as NAME.1, over the one put aside before."""
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(log.with_name(f"{log.name}.1"))
