"""Who may come in: log-in with lock-out, change of password, first passwords, unlocking, the first administrator.

A password is checked outside any transaction, since that takes long; the verdict is given under the user's lock,
so that whoever comes after the last allowed failure is refused, right or wrong. When that is, lockout.py says;
sessions are in login_sessions.py.
"""

from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from sqlalchemy import Engine, Select, select

from domain import models
from domain.actors import ADMIN, Actor
from domain.people import passwords
from domain.people.account_limits import AccountLimits, read_limits
from domain.people.lockout import AccountRefused, count_failure, note, require_open
from domain.people.login_sessions import (
    PROGRAM,
    Visitor,
    open_session,
    program_session,
    record,
)
from domain.storing.database import read_only
from domain.storing.session import ActorSession, system_session
from domain.time.clock import Clock

BY_COMMAND = Actor.system("命令行")
"""The person at the server, who has no account."""
_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
_AREA_SETTINGS = ("AREA_NAME", "OFFICE_NAME")


@dataclass(frozen=True)
class Accounts:
    """The accounts of one installation."""

    engine: Engine
    clock: Clock

    def log_in(self, username: str, password: str, visitor: Visitor) -> str:
        """Let a person in and return the token of the new session. Raises AccountRefused, or passwords.TooBusy.

        A refusal does not tell whether there is such a user, and takes as long either way.
        """
        username = _as_kept(username)
        kept_hash = self._kept_hash(username, visitor)
        is_right = passwords.verify(kept_hash, password)
        renewed = _renewed(kept_hash, password) if is_right else None
        with self._session() as session, session.begin():
            user, limits = _lock(session, username), read_limits(session)
            require_open(session, username, visitor, limits)
            if is_right and user and user.is_active and user.password_hash == kept_hash:
                return _let_in(session, user, visitor, limits, renewed)
            count_failure(session, username, visitor, user)
        raise AccountRefused(_wrong(limits))

    def change_password(self, username: str, current: str, new: str, visitor: Visitor) -> str:
        """Give a user the password he chose; every session of his ends. Returns the token of a new one.

        A wrong ``current`` counts as a failed log-in. Raises AccountRefused, or passwords.TooBusy.
        """
        kept_hash = self._kept_hash(username, visitor)
        is_right = passwords.verify(kept_hash, current)
        if is_right:
            self._require_good(new, username)
        new_hash = passwords.hash_password(new) if is_right else ""
        with self._session() as session, session.begin():
            user, limits = _lock(session, username), read_limits(session)
            require_open(session, username, visitor, limits)
            if is_right and user and user.is_active and user.password_hash == kept_hash:
                _set_password(session, user, new_hash, must_change=False)
                record(session, "改密", username, visitor, user.id)
                return open_session(session, user, visitor, limits)
            count_failure(session, username, visitor, user)
        raise AccountRefused("现用密码不对。", field="current")

    def give_first_password(self, user_id: int, by: Actor, visitor: Visitor) -> str:
        """Give a user a random password that he must change, and lift his lock; his sessions end.

        ``by`` is the administrator, who is named in the change log and the log-in record. Returns the password: it is
        kept nowhere.
        """
        password = passwords.make_password(self._names_of(user_id))
        new_hash = passwords.hash_password(password)
        with self._session(by) as session, session.begin():
            user = session.get_one(models.User, user_id, with_for_update=True)
            event = "重置密码" if user.password_hash else "初始密码"
            _set_password(session, user, new_hash, must_change=True)
            record(session, event, user.username, visitor, user.id)
        return password

    def unlock(self, user_id: int, by: Actor, visitor: Visitor) -> None:
        """Lift the lock that failed log-ins have put on a user."""
        with self._session(by) as session, session.begin():
            user = session.get_one(models.User, user_id, with_for_update=True)
            user.locked_until, user.failed_logins = None, 0
            record(session, "解锁", user.username, visitor, user.id)

    def create_admin(self, username: str, full_name: str) -> str:
        """Make a system administrator at the server and return the first password.

        Raises AccountRefused for a bad or used name.
        """
        username, full_name = username.strip(), full_name.strip()
        if not 0 < len(username) <= 60 or not 0 < len(full_name) <= 40:
            raise AccountRefused("登录名要有 1 至 60 个字，姓名要有 1 至 40 个字。")
        username = _as_kept(username)
        with self._session(BY_COMMAND) as session, session.begin():
            if _lock(session, username):
                raise AccountRefused(f"登录名“{username}”已被使用。", field="username")
            user = models.User(username=username, full_name=full_name, role=ADMIN)
            session.add(user)
            session.flush()
            user_id = user.id
        return self.give_first_password(user_id, BY_COMMAND, Visitor())

    def find_user_id(self, username: str) -> int | None:
        """The id of the user of this name, in whatever letters."""
        username = _as_kept(username)
        with system_session(read_only(self.engine), PROGRAM, self.clock) as session:
            return session.scalar(select(models.User.id).where(models.User.username == username))

    def _kept_hash(self, username: str, visitor: Visitor) -> str:
        """The hash of the user's password, '' for an unknown name. Raises AccountRefused as require_open does."""
        with system_session(read_only(self.engine), PROGRAM, self.clock) as session:
            require_open(session, username, visitor, read_limits(session))
            user = models.User
            asked = select(user.password_hash).where(user.username == username)
            return session.scalar(asked) or ""

    def _names_of(self, user_id: int) -> list[str]:
        """What must not occur in a user's password."""
        with system_session(read_only(self.engine), PROGRAM, self.clock) as session:
            return _names(session, session.get_one(models.User, user_id))

    def _require_good(self, new: str, username: str) -> None:
        """Raise AccountRefused with all that is wrong with a new password."""
        with system_session(read_only(self.engine), PROGRAM, self.clock) as session:
            user = session.scalars(
                select(models.User).where(models.User.username == username)
            ).one()
            names, hashes = _names(session, user), _last_hashes(session, user)
        faults = passwords.faults_of(new, names)
        if not faults and passwords.is_repeated(new, hashes):
            faults = [f"不能与最近 {passwords.KEPT} 个用过的密码相同。"]
        if faults:
            raise AccountRefused(*faults, field="new")

    def _session(self, by: Actor | None = None) -> ActorSession:
        return program_session(self.engine, self.clock, by)


def _as_kept(typed: str) -> str:
    """A name as it can be kept, its Latin letters small: what no database takes becomes a mark that no user's name has.

    Other letters stay, as SQLite's LOWER leaves them.
    """
    kept = "".join(c if c.isprintable() else "�" for c in typed.strip()[:60])
    return kept.translate(_SMALL)


def _names(session: ActorSession, user: "models.User") -> list[str]:
    """The names that others know of a user: none of them belongs in his password."""
    setting, unit = models.Setting, user.unit
    area = session.scalars(select(setting.value).where(setting.name.in_(_AREA_SETTINGS)))
    return [user.username, user.full_name, *area, *([unit.name, unit.short_name] if unit else [])]


def _last_hashes(session: ActorSession, user: "models.User") -> list[str]:
    """The user's present password and the ones before it."""
    return [user.password_hash, *(old.password_hash for old in session.scalars(_former(user)))]


def _lock(session: ActorSession, username: str) -> "models.User | None":
    """The user of this name, held until the transaction ends; None where there is none."""
    return session.scalar(
        select(models.User).where(models.User.username == username).with_for_update()
    )


def _let_in(
    session: ActorSession,
    user: "models.User",
    visitor: Visitor,
    limits: AccountLimits,
    renewed: str | None,
) -> str:
    noted = {"password_hash": renewed} if renewed else {}
    note(session, user, failed_logins=0, locked_until=None, last_login_at=session.now(), **noted)
    record(session, "登录", user.username, visitor, user.id)
    return open_session(session, user, visitor, limits)


def _set_password(
    session: ActorSession, user: "models.User", new_hash: str, *, must_change: bool
) -> None:
    """Give the user this password; the one before joins the former ones, of which only the last few are kept."""
    former, now = models.FormerPassword, session.now()
    if user.password_hash:
        set_at = user.password_changed_at or now
        session.add(former(user_id=user.id, password_hash=user.password_hash, set_at=set_at))
    user.password_hash, user.password_changed_at = new_hash, now
    user.must_change_password, user.failed_logins, user.locked_until = must_change, 0, None
    session.flush()
    for old in session.scalars(_former(user).offset(passwords.KEPT - 1)).all():
        session.delete(old)


def _former(user: "models.User") -> "Select[models.FormerPassword]":
    former = models.FormerPassword
    return select(former).where(former.user_id == user.id).order_by(former.id.desc())


def _renewed(password_hash: str, password: str) -> str | None:
    """A hash with today's parameters where the kept one has others."""
    return passwords.hash_password(password) if passwords.is_outdated(password_hash) else None


def _wrong(limits: AccountLimits) -> str:
    return f"登录名或密码不对。连续输错 {limits.tries} 次，将暂停登录 {limits.lock_minutes} 分钟。"
