"""The year lived day by day: every night the check, by day what the script says, each minute one thing.

Whoever plays has hands for it (Hands): inside this process for the demo (within.py), at the panel's door for the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol

from seeds.year.script import BEGINS, ENDS, YearStep

_NIGHT, _MORNING = time(0, 30), time(9)


@dataclass
class YearClock:
    """The time of the year that is lived."""

    now: datetime = field(default_factory=lambda: datetime.combine(BEGINS, _MORNING))

    def __call__(self) -> datetime:
        """The time now, as any clock tells it."""
        return self.now


class Hands(Protocol):
    """What it takes to live the year."""

    def do(self, step: YearStep) -> None:
        """Have a person do what the step says. Raises where the panel refuses it."""

    def night(self, on: date) -> None:
        """Have the program check the deadlines of that day."""


def live(
    steps: Sequence[YearStep],
    hands: Hands,
    clock: YearClock,
    after: Callable[[YearStep | None], None] = lambda step: None,
) -> None:
    """Live the whole year; ``after`` is told each step that was done, and None at the end of each day."""
    by_day: dict[date, list[YearStep]] = {}
    for step in steps:
        by_day.setdefault(step.on, []).append(step)
    for on in days():
        clock.now = datetime.combine(on, _NIGHT)
        hands.night(on)
        clock.now = datetime.combine(on, _MORNING)
        for step in by_day.get(on, ()):
            hands.do(step)
            after(step)
            clock.now += timedelta(minutes=1)
        if on in by_day:
            after(None)


def days() -> Iterator[date]:
    """Every day of the year, from the first to the last."""
    return (BEGINS + timedelta(days=n) for n in range((ENDS - BEGINS).days + 1))
