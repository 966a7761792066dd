"""When people may be written to: from the settings of the office, its quiet hours and its rest days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import models
from domain.dues.rulebook import load_calendar
from domain.saving.known_settings import read_number
from domain.time.calendar import WorkCalendar

_NAMES = {
    "SEND_FROM_HOUR": "first",
    "SEND_TO_HOUR": "last",
    "SEND_EVERY_HOURS": "every",
    "SEND_ON_REST_DAYS": "on_rest_days",
}


@dataclass(frozen=True)
class SendingHours:
    """From ``first`` to before ``last`` o'clock, once in ``every`` hours; ``on_rest_days`` too, or not."""

    first: int = 8
    last: int = 20
    every: int = 4
    on_rest_days: bool = False

    def period(self, now: datetime, calendar: WorkCalendar) -> str | None:
        """The period for which things are sent at this moment, as 2024-04-15 08; None while it is quiet."""
        if not self.first <= now.hour < self.last:
            return None
        if not (self.on_rest_days or calendar.is_working(now.date())):
            return None
        begun = self.first + (now.hour - self.first) // self.every * self.every
        return f"{now:%Y-%m-%d} {begun:02}"


def load_hours(session: Session) -> SendingHours:
    """The hours as the settings have them; the defaults for what makes no sense."""
    setting = models.Setting
    stored = session.execute(
        select(setting.name, setting.value).where(setting.name.in_(_NAMES))
    ).all()
    read = {_NAMES[name]: read_number(name, value) for name, value in stored}
    known = {name: number for name, number in read.items() if number is not None}
    usual = SendingHours()
    return SendingHours(
        known.get("first", usual.first),
        known.get("last", usual.last),
        known.get("every", usual.every),
        bool(known.get("on_rest_days", usual.on_rest_days)),
    )


def period_at(session: Session, now: datetime) -> str | None:
    """The period for which things are sent now; None while it is quiet."""
    return load_hours(session).period(now, load_calendar(session))
