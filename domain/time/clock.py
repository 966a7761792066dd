"""The one place that reads the clock. Only the edge (commands, request hook, job runner) calls it."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
Clock = Callable[[], datetime]


def shanghai_now() -> datetime:
    """Return the wall-clock time in Asia/Shanghai, naive, to the second, as the database stores it."""
    return datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0)
