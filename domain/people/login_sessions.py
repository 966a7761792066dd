"""Sessions of logged-in browsers, kept in the database: only there are they valid, and only there do they end.

The browser holds a random token, the table its SHA-256. Passwords and lock-out are in accounts.py; what ends
sessions when a user changes is in domain/saving/account_guard.py.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Engine, Executable, Select, bindparam, insert, select, update

from domain import models
from domain.actors import Actor
from domain.people.account_limits import AccountLimits, read_limits
from domain.saving.account_guard import end_sessions
from domain.storing.database import read_only, write_at_once
from domain.storing.session import ActorSession, system_session
from domain.time.clock import Clock

SEEN_EVERY = timedelta(minutes=1)
PROGRAM = "登录"


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from."""

    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True)
class LoggedIn:
    """A logged-in browser: who acts in it, and which session it is."""

    session_id: int
    actor: Actor
    username: str
    must_change_password: bool


@dataclass(frozen=True)
class OpenSession:
    """One of a user's sessions, as he sees it listed."""

    id: int
    address: str
    user_agent: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class LoginSessions:
    """The sessions of one installation."""

    engine: Engine
    clock: Clock

    def find(self, token: str) -> LoggedIn | None:
        """Who holds this token, or None where the session has ended or ends now. Notes that he was here.

        Every request asks this, so it reads columns and makes no objects.
        """
        with read_only(self.engine).connect() as connection:
            holder = connection.execute(_holder(), {"token_hash": _digest(token)}).one_or_none()
            limits = read_limits(connection)
        if holder is None:
            return None
        now = self.clock()
        if is_over(holder, now, limits):
            write_at_once(self.engine, *_time_out(holder, now))
            return None
        if now - holder.seen_at >= SEEN_EVERY:
            write_at_once(self.engine, _touch(holder, seen_at=now))
        must_change = holder.must_change_password or has_aged(holder, now, limits)
        return LoggedIn(holder.session_id, Actor.of(holder), holder.username, must_change)

    def list_open(self, user_id: int) -> Sequence[OpenSession]:
        """The user's sessions that go on, the latest first."""
        with system_session(read_only(self.engine), PROGRAM, self.clock) as session:
            limits = read_limits(session)
            rows = session.scalars(_going_on(user_id))
            return [
                OpenSession(r.id, r.address, r.user_agent, r.created_at, r.seen_at)
                for r in rows
                if not is_over(r, self.clock(), limits)
            ]

    def end(self, user_id: int, session_id: int, visitor: Visitor) -> bool:
        """End one session of this user; False where it is not his, or has ended."""
        with system_session(self.engine, PROGRAM, self.clock) as session, session.begin():
            row = session.scalar(_going_on(user_id).where(models.UserSession.id == session_id))
            if row is None:
                return False
            row.revoked_at = session.now()
            user = session.get_one(models.User, user_id)
            record(session, "退出", user.username, visitor, user_id)
        return True

    def end_all(self, user_id: int, visitor: Visitor, by: Actor | None = None) -> None:
        """End every session of this user, who asks for it himself if not ``by``."""
        with program_session(self.engine, self.clock, by) as session, session.begin():
            user = session.get_one(models.User, user_id)
            end_sessions(session, [user_id])
            record(session, "退出", user.username, visitor, user_id)


def program_session(engine: Engine, clock: Clock, by: Actor | None = None) -> ActorSession:
    """A session of the program for what a user does himself, or for what is done to him ``by`` another."""
    name, user_id = (by.name, by.user_id) if by else (PROGRAM, None)
    return system_session(engine, name, clock, user_id=user_id)


def open_session(
    session: ActorSession, user: "models.User", visitor: Visitor, limits: AccountLimits
) -> str:
    """Begin a session of ``user`` and return its token; his oldest ones end where he has too many."""
    token, now = secrets.token_urlsafe(32), session.now()
    for old in session.scalars(_going_on(user.id).offset(limits.sessions - 1)).all():
        old.revoked_at = now
    session.add(
        models.UserSession(
            token_hash=_digest(token),
            user_id=user.id,
            role=user.role,
            created_at=now,
            seen_at=now,
            address=visitor.address[:60],
            user_agent=visitor.user_agent[:300],
        )
    )
    return token


def record(
    session: ActorSession, event: str, username: str, visitor: Visitor, user_id: int | None = None
) -> None:
    """Append to the log-in record, with the one ``by`` whom it is done to the user, where the session has one."""
    entry = _entry(session.now(), event, username, user_id, visitor)
    if session.actor != Actor.system(PROGRAM):
        entry |= {"actor_id": session.actor.user_id, "actor_name": session.actor.name}
    session.add(models.Login(**entry))


def is_over(row: Any, now: datetime, limits: AccountLimits) -> bool:
    """Whether a session has been idle too long or has lasted too long."""
    return bool(
        now - row.seen_at >= timedelta(minutes=limits.idle_minutes)
        or now - row.created_at >= timedelta(hours=limits.session_hours)
    )


def has_aged(user: Any, now: datetime, limits: AccountLimits) -> bool:
    """Whether the user's password is older than the office allows."""
    if not limits.password_days or user.password_changed_at is None:
        return False
    return bool(now - user.password_changed_at >= timedelta(days=limits.password_days))


@cache
def _holder() -> Any:
    """The user of the token with this ``token_hash`` and what is known of the session, where nothing has ended it.

    What ends a session also marks it ended (domain/saving/account_guard.py); that the user is active, in the same
    role and has the same password is asked again here, for changes made past the program.
    Made once, asked at every request.
    """
    row, user = models.UserSession.__table__.c, models.User.__table__.c
    asked = select(
        *(row.id.label("session_id"), row.created_at, row.seen_at, row.address, row.user_agent),
        *(user.id, user.username, user.full_name, user.role, user.unit_id, user.deputy_id),
        *(user.body, user.must_change_password, user.password_changed_at),
    )
    return asked.where(
        user.id == row.user_id,
        row.token_hash == bindparam("token_hash"),
        row.revoked_at.is_(None),
        user.is_active,
        user.role == row.role,
        (user.password_changed_at.is_(None)) | (user.password_changed_at <= row.created_at),
    )


def _going_on(user_id: int) -> "Select[models.UserSession]":
    row = models.UserSession
    return (
        select(row)
        .where(row.user_id == user_id, row.revoked_at.is_(None))
        .order_by(row.created_at.desc(), row.id.desc())
    )


def _time_out(holder: Any, now: datetime) -> tuple[Executable, Executable]:
    visitor = Visitor(holder.address, holder.user_agent)
    logins = models.Login.__table__
    return (
        _touch(holder, revoked_at=now),
        insert(logins).values(**_entry(now, "超时", holder.username, holder.id, visitor)),
    )


def _touch(holder: Any, **values: datetime) -> Executable:
    table = models.UserSession.__table__
    return update(table).where(table.c.id == holder.session_id).values(**values)


def _entry(
    now: datetime, event: str, username: str, user_id: int | None, visitor: Visitor
) -> dict[str, Any]:
    return {
        "happened_at": now,
        "event": event,
        "username": username[:60],
        "user_id": user_id,
        "address": visitor.address[:60],
        "user_agent": visitor.user_agent[:300],
    }


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
