"""The settings that are numbers, with the least and the most that each may be; a person can save nothing else in them.

Not what is done with them, not the texts among the settings, which may be anything.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import event, select

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


RISING = (("LATE_YELLOW_DAYS", "LATE_RED_DAYS"),)
"""Settings of which the first is less than the second: late turns 黄 before it turns 红."""


class BadSetting(ValueError):
    """A person gave a setting a value that it cannot have; ``sentence`` says which it can."""

    column = "value"

    def __init__(self, label: str, value: str, way_out: str) -> None:
        self.sentence = f"“{label}”：“{value[:40]}”不行，{way_out}。"
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
                least, most = BOUNDS[row.name]
                raise BadSetting(row.label, value, f"请填 {least} 至 {most} 的整数")
            _refuse_disorder(session, row)


def _refuse_disorder(session: ActorSession, row: Any) -> None:
    """Raise BadSetting where the row does not rise with the one beside it in RISING."""
    for low, high in (pair for pair in RISING if row.name in pair):
        stored = {one.name: one for one in _locked(session, (low, high))}
        numbers = {name: read_number(name, one.value or "") for name, one in stored.items()}
        least, most = numbers.get(low), numbers.get(high)
        if least is None or most is None or least < most:
            continue
        other, way = (stored[high], "小于") if row.name == low else (stored[low], "大于")
        raise BadSetting(
            row.label, row.value, f"要{way}“{other.label}”，那一项现在是 {other.value}"
        )


def _locked(session: ActorSession, names: tuple[str, ...]) -> Sequence[Any]:
    """The settings of these names as they are about to be; nobody else changes one of them meanwhile."""
    setting = models.Setting
    query = select(setting).where(setting.name.in_(names)).order_by(setting.id).with_for_update()
    with session.no_autoflush:
        return session.scalars(query).all()
