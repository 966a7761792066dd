"""Waiting for what a test needs to be so: it is looked at again and again, and a test that waits in vain fails."""

import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 240
"""How long what must come may take, on a slow machine that does other things: nobody waits so long for what comes."""


def wait_until(is_so: Callable[[], object], what: str = "it is not so") -> None:
    """Returns as soon as it is so."""
    give_up = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < give_up, f"waited in vain: {what}"
        time.sleep(0.02)


def number_in(file: Path) -> int:
    """The number of the process that has written it there."""
    wait_until(lambda: file.exists() and file.read_text(), f"nobody wrote {file.name}")
    return int(file.read_text())


def wait_until_ended(pid: int) -> None:
    """Until the process has let go of all that it held."""
    wait_until(lambda: not is_alive(pid), f"process {pid} goes on")


def is_alive(pid: int) -> bool:
    """Whether there is such a process, other than a dead one that nobody has asked about."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
