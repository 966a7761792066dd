"""The settings that are numbers, with the least and the most that each may be; a person can save nothing else in them.

Not what is done with them, not the texts among the settings, which may be anything.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import event

from domain import models
from domain.storing.session import ActorSession

BOUNDS: Mapping[str, tuple[int, int]] = {
    "LATE_YELLOW_DAYS": (1, 249),
    "LATE_RED_DAYS": (2, 250),
    "SESSION_IDLE_MINUTES": (5, 240),
    "SESSION_MAX_HOURS": (1, 24),
    "SESSIONS_PER_USER": (1, 50),
    "LOGIN_TRIES": (3, 10),
    "LOGIN_LOCK_MINUTES": (5, 1440),
    "LOGIN_ADDRESS_TRIES": (10, 10000),
    "PASSWORD_MAX_DAYS": (0, 3650),
    "ACCOUNT_UNUSED_DAYS": (0, 3650),
}
"""Name in the settings table -> the least and the most."""


class BadSetting(ValueError):
    """A person gave a setting a value that it cannot have; ``sentence`` says which it can."""

    column = "value"

    def __init__(self, label: str, value: str, bounds: tuple[int, int]) -> None:
        least, most = bounds
        self.sentence = f"“{label}”：“{value[:40]}”不行，请填 {least} 至 {most} 的整数。"
        super().__init__(self.sentence)


def read_number(name: str, value: str) -> int | None:
    """The number that a setting's value means; None where it is none, or out of bounds."""
    least, most = BOUNDS[name]
    text = value.strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
    return number if least <= number <= most else None


@event.listens_for(ActorSession, "before_flush")
def _refuse_nonsense(session: ActorSession, context: Any, instances: Any) -> None:
    """Raise BadSetting where a person, by whatever door, saves a number that the program could not use."""
    if session.actor.is_system:
        return
    for row in (*session.new, *session.dirty):
        if isinstance(row, models.Setting) and row.name in BOUNDS:
            value = row.value or ""
            if read_number(row.name, value) is None:
                raise BadSetting(row.label, value, BOUNDS[row.name])
