"""The wish to stop, brought by a signal and waited for by a loop.

Not threading.Event: a handler runs in the middle of the thread that waits, and setting an Event there can wait
for a lock that this very thread holds. SimpleQueue.put may be called anywhere.
"""

import signal
from contextlib import suppress
from queue import Empty, SimpleQueue


class Stop:
    """Set once, by anybody, also by a signal's handler; waited for by one thread."""

    def __init__(self) -> None:
        self._wishes: SimpleQueue[None] = SimpleQueue()
        self._is_set = False

    def set(self) -> None:
        """Wish it; returns at once."""
        self._is_set = True
        self._wishes.put(None)

    def is_set(self) -> bool:
        """Whether it has been wished."""
        return self._is_set

    def wait(self, seconds: float) -> bool:
        """Wait for the wish, at most so long; whether it has been wished."""
        if not self._is_set:
            with suppress(Empty):
                self._wishes.get(timeout=seconds)
        return self._is_set

    def at(self, *signals: signal.Signals) -> None:
        """Wish it when one of these arrives, except those that whoever started us had us ignore."""
        for each in signals:
            if signal.getsignal(each) is not signal.SIG_IGN:  # nohup and a shell's & mean it
                signal.signal(each, lambda _number, _frame: self.set())
