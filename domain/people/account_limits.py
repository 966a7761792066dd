"""How long a log-in lasts and how many tries there are: rows of the settings table, with defaults and bounds."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from sqlalchemy import Connection, select

from domain import models
from domain.storing.session import ActorSession


@dataclass(frozen=True)
class AccountLimits:
    """The limits in force. ``password_days`` 0: passwords do not age; ``unused_days`` 0: accounts do not either."""

    idle_minutes: int = 30
    session_hours: int = 12
    sessions: int = 5
    tries: int = 5
    lock_minutes: int = 15
    address_tries: int = 50
    password_days: int = 90
    unused_days: int = 180


_BOUNDS: Mapping[str, tuple[str, int, int]] = {
    "idle_minutes": ("SESSION_IDLE_MINUTES", 5, 240),
    "session_hours": ("SESSION_MAX_HOURS", 1, 24),
    "sessions": ("SESSIONS_PER_USER", 1, 50),
    "tries": ("LOGIN_TRIES", 3, 10),
    "lock_minutes": ("LOGIN_LOCK_MINUTES", 5, 1440),
    "address_tries": ("LOGIN_ADDRESS_TRIES", 10, 10000),
    "password_days": ("PASSWORD_MAX_DAYS", 0, 3650),
    "unused_days": ("ACCOUNT_UNUSED_DAYS", 0, 3650),
}
"""Field -> its name in the settings table, the least and the most it may be. Anything else there counts as unset."""


def read_limits(session: ActorSession | Connection) -> AccountLimits:
    """The limits as the office has set them."""
    names = [name for name, _, _ in _BOUNDS.values()]
    setting = models.Setting.__table__.c
    found = session.execute(select(setting.name, setting.value).where(setting.name.in_(names)))
    stored: dict[str, str] = dict(found.all())
    given = {f.name: _number(stored, f.name) for f in fields(AccountLimits)}
    return replace(AccountLimits(), **{k: v for k, v in given.items() if v is not None})


def _number(stored: Mapping[str, str], field: str) -> int | None:
    name, least, most = _BOUNDS[field]
    text = stored.get(name, "").strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
    return number if least <= number <= most else None
