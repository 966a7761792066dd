"""How long a log-in lasts and how many tries there are: rows of the settings table, with defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from domain import models
from domain.saving.known_settings import read_number
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


_NAMES: Mapping[str, str] = {
    "idle_minutes": "SESSION_IDLE_MINUTES",
    "session_hours": "SESSION_MAX_HOURS",
    "sessions": "SESSIONS_PER_USER",
    "tries": "LOGIN_TRIES",
    "lock_minutes": "LOGIN_LOCK_MINUTES",
    "address_tries": "LOGIN_ADDRESS_TRIES",
    "password_days": "PASSWORD_MAX_DAYS",
    "unused_days": "ACCOUNT_UNUSED_DAYS",
}
"""Field -> its name in the settings table. What is no number within its bounds there counts as unset."""


def read_limits(session: ActorSession | Connection) -> AccountLimits:
    """The limits as the office has set them."""
    stored: dict[str, str] = dict(session.execute(_set_limits()).all())
    given = {field: read_number(name, stored.get(name, "")) for field, name in _NAMES.items()}
    return replace(AccountLimits(), **{k: v for k, v in given.items() if v is not None})


@cache
def _set_limits() -> Any:
    """What is asked at every request: made once."""
    setting = models.Setting.__table__.c
    return select(setting.name, setting.value).where(setting.name.in_(_NAMES.values()))
