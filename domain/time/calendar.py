"""Working days with 调休: a frozen calendar made from a table of special days.

Not here: where the days are stored (calendar tables of schema.sql), what is due (domain/dues/deadlines.py).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

WORKDAY = "上班"
REST_DAY = "放假"
_SATURDAY = 5


@dataclass(frozen=True)
class SpecialDay:
    """A day that differs from Monday-to-Friday; `kind` is 上班 or 放假."""

    on: date
    kind: str
    name: str = ""

    def __post_init__(self) -> None:
        if self.kind not in (WORKDAY, REST_DAY):
            raise ValueError(f"{self.on}的类别“{self.kind}”不对，只能是“{WORKDAY}”或“{REST_DAY}”。")


@dataclass(frozen=True)
class WorkCalendar:
    """Answers for every date whether it is worked, and counts in working days.

    `published` holds the years whose schedule is known; every other year counts Monday to Friday,
    corrected by the special days it already has, and `note` says so.
    """

    special: Mapping[date, SpecialDay] = field(default_factory=dict)
    published: frozenset[int] = frozenset()
    _worked: dict[int, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, days: Iterable[SpecialDay], published: Iterable[int]) -> WorkCalendar:
        """A calendar of these special days; a later entry for a date replaces an earlier one."""
        return cls(MappingProxyType({day.on: day for day in days}), frozenset(published))

    def is_published(self, year: int) -> bool:
        """Whether the year's schedule of rest days is known."""
        return year in self.published

    def note(self, year: int) -> str:
        """The sentence a screen shows beside dates of an unpublished year; empty otherwise."""
        return "" if self.is_published(year) else f"{year}年放假安排未公布，按周一至周五推算"

    def is_working(self, day: date) -> bool:
        """Whether the day is worked."""
        special = self.special.get(day)
        return special.kind == WORKDAY if special else day.weekday() < _SATURDAY

    def name(self, day: date) -> str:
        """The holiday's name when the day differs from Monday-to-Friday, else empty."""
        special = self.special.get(day)
        return special.name if special else ""

    def add_working_days(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`, or before it if negative; 0 is `start` itself.

        `start` is never counted, worked or not: 2024-04-10 + 10 is 2024-04-24.
        """
        if count == 0:
            return start
        return self._forward(start, count) if count > 0 else self._backward(start, -count)

    def roll_forward(self, day: date) -> date:
        """The day itself when worked, else the next working day."""
        return day if self.is_working(day) else self._forward(day, 1)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie in (start, end]; minus those of (end, start] if end is earlier.

        The inverse of add_working_days for a worked `end`.
        """
        if end < start:
            return -self.working_days_between(end, start)
        if start.year == end.year:
            worked = self._year(start.year)
            return bisect_right(worked, end.toordinal()) - bisect_right(worked, start.toordinal())
        first, last = self._year(start.year), self._year(end.year)
        between = sum(len(self._year(year)) for year in range(start.year + 1, end.year))
        return (
            (len(first) - bisect_right(first, start.toordinal()))
            + between
            + bisect_right(last, end.toordinal())
        )

    def _forward(self, start: date, count: int) -> date:
        year, worked = start.year, self._year(start.year)
        index = bisect_right(worked, start.toordinal()) + count - 1
        while index >= len(worked):
            index -= len(worked)
            year, worked = year + 1, self._year(year + 1)
        return date.fromordinal(worked[index])

    def _backward(self, start: date, count: int) -> date:
        year, worked = start.year, self._year(start.year)
        index = bisect_left(worked, start.toordinal()) - count
        while index < 0:
            year, worked = year - 1, self._year(year - 1)
            index += len(worked)
        return date.fromordinal(worked[index])

    def _year(self, year: int) -> tuple[int, ...]:
        """The ordinals of the year's working days, in order; worked out once a year."""
        if year not in self._worked:
            days = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
            self._worked[year] = tuple(
                day for day in days if self.is_working(date.fromordinal(day))
            )
        return self._worked[year]


def add_days(start: date, count: int) -> date:
    """`count` natural days after `start` (自然日; the day itself is not counted)."""
    return start + timedelta(days=count)
