"""Days and instants as people type them, within the years that anything here is about.

Beyond those years there is no reckoning: a day after 9999-12-31 cannot be said.
"""

from datetime import date, datetime
from typing import TypeVar

YEARS = range(1900, 2200)
Day = TypeVar("Day", bound=date)


def read_day(text: str) -> date:
    """2026-02-28 as a date. Raises ValueError on any other text, and on a year that nobody means."""
    return _meant(date.fromisoformat(text))


def read_instant(text: str) -> datetime:
    """2026-02-28T09:30, or a day alone, as a wall-clock time. Raises ValueError likewise."""
    return _meant(datetime.fromisoformat(text).replace(tzinfo=None))


def _meant(found: Day) -> Day:
    if found.year not in YEARS:
        raise ValueError(f"{found.year} is not among the years of this program")
    return found
