"""Ties a child process to the life of its parent.

Not a supervisor (that is serve.py): one request, made in the child, that the kernel carries out.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1

# Loaded on import: between fork and exec a child must not load libraries.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, sent: signal.Signals = signal.SIGKILL) -> None:
    """Have Linux send this process `sent` when process `parent` dies; elsewhere nothing happens.

    Kills itself at once when the parent is already gone: the kernel tells of later deaths only.
    """
    if _libc is None:
        return
    if _libc.prctl(PR_SET_PDEATHSIG, int(sent), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        os.kill(os.getpid(), sent)


def dying_with_parent(sent: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """A `preexec_fn` for subprocess.Popen: the child gets `sent` when the caller's process dies."""
    parent = os.getpid()
    return lambda: die_with_parent(parent, sent)
