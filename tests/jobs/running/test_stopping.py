"""The wish to stop."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from jobs.running.stopping import Stop
from tests.ground.waiting import PATIENCE_S


@pytest.fixture
def handlers() -> Iterator[None]:
    """Puts the handlers of the tests' process back."""
    before = signal.getsignal(signal.SIGUSR1)
    yield
    signal.signal(signal.SIGUSR1, before)


def test_a_loop_that_waits_goes_on_until_somebody_wishes_it_to_stop() -> None:
    stop = Stop()
    assert not stop.wait(0) and not stop.is_set()
    stop.set()
    assert stop.wait(0) and stop.wait(60) and stop.is_set()


def test_a_signal_brings_the_wish(handlers: None) -> None:
    stop = Stop()
    stop.at(signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGUSR1)
    assert stop.wait(60)


def test_a_signal_that_we_were_started_to_ignore_stays_ignored(handlers: None) -> None:
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    stop = Stop()
    stop.at(signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGUSR1)
    assert not stop.wait(0)


def test_a_rain_of_signals_never_blocks_the_loop_they_interrupt() -> None:
    """With a lock in the handler this hangs within a second."""
    looping = (
        "import os, signal, threading\n"
        "from jobs.running.stopping import Stop\n"
        "stop = Stop()\n"
        "stop.at(signal.SIGUSR1)\n"
        "rain = lambda: [os.kill(os.getpid(), signal.SIGUSR1) for _ in range(20_000)]\n"
        "threading.Thread(target=rain, daemon=True).start()\n"
        "for _ in range(50_000):\n"
        "    stop.wait(0)\n"
    )
    assert (
        subprocess.run([sys.executable, "-c", looping], timeout=PATIENCE_S, check=False).returncode
        == 0
    )
