"""When a name or an address has failed to log in too often, and what follows.

Decided from the log-in record alone, so that an unknown name locks exactly as a known one does. The passwords are
checked in accounts.py.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from domain import models
from domain.people.account_limits import AccountLimits, read_limits
from domain.people.login_sessions import Visitor, record
from domain.storing.session import ActorSession

_SETTLES = ("登录", "锁定", "解锁", "改密", "初始密码", "重置密码")
"""Events after which earlier failures no longer count."""


class AccountRefused(Exception):
    """Not let in, or not changed. ``sentences`` are for the person; ``field`` is what they belong to, if anything."""

    def __init__(self, *sentences: str, field: str = "") -> None:
        super().__init__(*sentences)
        self.sentences = sentences
        self.field = field


def require_open(
    session: ActorSession, username: str, visitor: Visitor, limits: AccountLimits
) -> None:
    """Raise AccountRefused where the name is locked or the address has failed too often."""
    now, lasts = session.now(), timedelta(minutes=limits.lock_minutes)
    settled = _last_settled(session, username, now - lasts)
    if settled and settled.event == "锁定":
        raise AccountRefused(
            f"输错的次数太多，暂时不能登录。请 {limits.lock_minutes} 分钟后再试，或请系统管理员解锁。"
        )
    login = models.Login
    failures = session.scalar(
        select(func.count(login.id)).where(
            login.event == "失败",
            login.happened_at > now - lasts,
            login.address == visitor.address[:60],
        )
    )
    if visitor.address and (failures or 0) >= limits.address_tries:
        raise AccountRefused(
            f"从这个网络地址输错密码的次数太多，请 {limits.lock_minutes} 分钟后再试。"
        )


def _last_settled(session: ActorSession, username: str, since: datetime) -> "models.Login | None":
    login = models.Login
    return session.scalar(
        select(login)
        .where(login.username == username, login.event.in_(_SETTLES), login.happened_at > since)
        .order_by(login.id.desc())
        .limit(1)
    )


def count_failure(
    session: ActorSession, username: str, visitor: Visitor, user: "models.User | None"
) -> None:
    """Record a failure; the last one allowed locks the name.

    Sessions go on: whoever knows the name could end them, and with them what is being typed.
    """
    limits, now, login = read_limits(session), session.now(), models.Login
    user_id = user.id if user else None
    record(session, "失败", username, visitor, user_id)
    session.flush()
    since = now - timedelta(minutes=limits.lock_minutes)
    settled = _last_settled(session, username, since)
    failures = session.scalar(
        select(func.count(login.id)).where(
            login.username == username,
            login.event == "失败",
            login.happened_at > since,
            login.id > (settled.id if settled else 0),
        )
    )
    is_locking = (failures or 0) >= limits.tries
    if is_locking:
        record(session, "锁定", username, visitor, user_id)
    if user:
        locked_until = now + timedelta(minutes=limits.lock_minutes) if is_locking else None
        note(session, user, failed_logins=failures, locked_until=locked_until)


def note(session: ActorSession, user: "models.User", **values: Any) -> None:
    """Write what the log-in record says already, or what nobody has decided: not for the change log."""
    table = models.User.__table__
    session.connection().execute(update(table).where(table.c.id == user.id).values(**values))
