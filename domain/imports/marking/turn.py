"""One marked copy at a time, whoever makes it: each takes up to a minute and much memory. Makes none itself."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY = "标注后的原表正在生成，请稍候再点。"


class MarkingBusy(Exception):
    """Another copy is being made; the text says so to the person who asked."""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Be the only one who makes a copy of a file in this folder. Raises MarkingBusy at once, and waits for nobody.

    The kernel lets go of the folder however the process ends.
    """
    place = os.open(folder, os.O_RDONLY)
    try:
        _take(place)
        yield
    finally:
        os.close(place)


def _take(place: int) -> None:
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise MarkingBusy(BUSY) from None
