"""How urgent a due date is today: a pure function of (due date, done date, today, calendar).

Not here: where the due date comes from (domain/dues/deadlines.py), nor who is told (nightly.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.time.calendar import WorkCalendar

NOT_YET, NEAR, TODAY, LATE = "未到期", "临期", "到期", "逾期"
DONE, DONE_LATE = "已完成", "逾期完成"
STATES = (NOT_YET, NEAR, TODAY, LATE, DONE, DONE_LATE)

BLUE, YELLOW, RED = "蓝", "黄", "红"


# How many working days before the due date it is spoken of.
BEFORE = (7, 3, 1)
STEPS = (
    *(f"提前{days}日" for days in BEFORE),
    TODAY,
    *(LATE + level for level in (BLUE, YELLOW, RED)),
)
REDDEST = STEPS[-1]


@dataclass(frozen=True)
class Alerts:
    """How many working days late a deadline turns 黄 and 红; before that it is 蓝."""

    yellow: int = 5
    red: int = 10

    def __post_init__(self) -> None:
        if not 1 <= self.yellow < self.red:
            raise ValueError("逾期转黄的天数须不小于 1，且小于转红的天数。")


@dataclass(frozen=True)
class ReminderStep:
    """A step of a deadline and the first day on which it holds."""

    name: str
    on: date


@dataclass(frozen=True)
class DueState:
    """Where a deadline stands: its state, the level when late, and working days left or late."""

    state: str
    level: str = ""
    working_days: int = 0

    @property
    def sentence(self) -> str:
        """What the chip on the screen says."""
        if self.state == LATE:
            return f"逾期{self.working_days}个工作日" if self.working_days else "逾期"
        return f"还有{self.working_days}个工作日" if self.state in (NOT_YET, NEAR) else self.state


@dataclass(frozen=True)
class Window:
    """The due dates for which `step` is the last one reached; None is without end."""

    step: str
    first: date | None
    last: date

    def holds(self, due_on: date) -> bool:
        """Whether the due date lies in the range."""
        return due_on <= self.last and (self.first is None or self.first <= due_on)


def schedule(
    due_on: date, calendar: WorkCalendar, alerts: Alerts = Alerts()
) -> tuple[ReminderStep, ...]:
    """All steps of a deadline in order, each with its first day."""
    dates = [calendar.add_working_days(due_on, -count) for count in BEFORE]
    dates += [due_on, due_on + timedelta(days=1)]
    dates += [calendar.add_working_days(due_on, count) for count in (alerts.yellow, alerts.red)]
    return tuple(ReminderStep(name, on) for name, on in zip(STEPS, dates, strict=True))


def reminder_steps(
    due_on: date, today: date, calendar: WorkCalendar, alerts: Alerts = Alerts()
) -> tuple[ReminderStep, ...]:
    """The steps that an open deadline has reached by `today`, mildest first."""
    return tuple(step for step in schedule(due_on, calendar, alerts) if step.on <= today)


def due_state(
    due_on: date,
    done_on: date | None,
    today: date,
    calendar: WorkCalendar,
    alerts: Alerts = Alerts(),
) -> DueState:
    """The state of a deadline on `today`; a completed one is told by its completion alone."""
    if done_on is not None:
        return DueState(DONE_LATE if done_on > due_on else DONE)
    reached = reminder_steps(due_on, today, calendar, alerts)
    days = abs(calendar.working_days_between(today, due_on))
    if not reached:
        return DueState(NOT_YET, working_days=days)
    if due_on > today:
        return DueState(NEAR, working_days=days)
    return (
        DueState(TODAY)
        if due_on == today
        else DueState(LATE, reached[-1].name.removeprefix(LATE), days)
    )


def windows(today: date, calendar: WorkCalendar, alerts: Alerts = Alerts()) -> tuple[Window, ...]:
    """For every step that some due date has as its last one today, the range of those due dates.

    Mildest first. The ranges meet and do not overlap, so that a handful of them sort any number of
    deadlines; they are made from reminder_steps day by day and therefore agree with it.
    """
    found: dict[str, list[date]] = {}
    for due_on in _from_untold_to_red(today, calendar, alerts):
        step = reminder_steps(due_on, today, calendar, alerts)[-1].name
        found.setdefault(step, []).append(due_on)
    return tuple(
        Window(name, None if name == REDDEST else min(days), max(days))
        for name, days in found.items()
    )


def _from_untold_to_red(today: date, calendar: WorkCalendar, alerts: Alerts) -> Iterator[date]:
    """Due dates from the latest one that is spoken of today back to the first that is 逾期红."""
    due_on = today
    while reminder_steps(due_on + timedelta(days=1), today, calendar, alerts):
        due_on += timedelta(days=1)
    while True:
        yield due_on
        if reminder_steps(due_on, today, calendar, alerts)[-1].name == REDDEST:
            return
        due_on -= timedelta(days=1)
