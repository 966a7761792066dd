"""What must hold whenever users are saved, by a person or by the program.

Somebody can always administer the panel, and a change of password, role or standing ends the user's sessions in
the same transaction. Called by the session before each flush; log-ins themselves are in accounts.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select, update

from domain import models
from domain.access.rule import NotAllowed
from domain.actors import ADMIN

if TYPE_CHECKING:
    from domain.storing.session import ActorSession

LAST_ADMIN = (
    "这是最后一位启用的系统管理员，不能停用、删除或改为其他角色；请先设一位新的系统管理员。"
)
_ENDING = ("password_hash", "role", "is_active")
"""A change of one of these ends the sessions of the user."""


def guard_accounts(session: ActorSession) -> None:
    """Raise NotAllowed before the last administrator goes; end the sessions of users who change.

    Concerns what the next flush of ``session`` will write.
    """
    users = models.User
    changed = [row for row in session.dirty if isinstance(row, users)]
    gone = [row for row in session.deleted if isinstance(row, users)]
    losing = [row for row in changed if _was_admin(row) and not _is_admin(row)]
    losing += [row for row in gone if _was_admin(row)]
    if losing:
        gained = [row for row in [*session.new, *changed] if isinstance(row, users)]
        _require_admin(session, {row.id for row in losing}, gained)
    end_sessions(session, [row.id for row in changed if _has_changed(row, *_ENDING)])


def guard_written(
    session: ActorSession, table: str, pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> None:
    """The same for rows that were written in bulk: pairs of a whole old row and what became new in it."""
    changed = [
        old
        for old, new in (pairs if table == models.User.__table__.name else ())
        if any(new.get(name, old[name]) != old[name] for name in _ENDING)
    ]
    if any(old["role"] == ADMIN and old["is_active"] for old in changed):
        _require_admin(session, set(), ())
    end_sessions(session, [old["id"] for old in changed])


def end_sessions(session: ActorSession, user_ids: Iterable[int]) -> None:
    """End every session of these users, now and for good."""
    ids, table = list(user_ids), models.UserSession.__table__
    if ids:
        session.unchecked_connection().execute(
            update(table)
            .where(table.c.user_id.in_(ids), table.c.revoked_at.is_(None))
            .values(revoked_at=session.now())
        )


def _require_admin(session: ActorSession, losing: set[int], saved: Iterable[Any]) -> None:
    """Raise NotAllowed where no active administrator is left. Locks them: two cannot remove each other."""
    table = models.User.__table__
    active = (
        select(table.c.id)
        .where(table.c.role == ADMIN, table.c.is_active)
        .order_by(table.c.id)
        .with_for_update()
    )
    left = set(session.unchecked_connection().scalars(active)) - losing
    if not left and not any(_is_admin(row) for row in saved):
        raise NotAllowed(LAST_ADMIN)


def _is_admin(row: Any) -> bool:
    return row.role == ADMIN and (row.is_active is None or bool(row.is_active))


def _was_admin(row: Any) -> bool:
    return _old(row, "role") == ADMIN and bool(_old(row, "is_active"))


def _old(row: Any, name: str) -> Any:
    history = inspect(row).attrs[name].load_history()
    return history.deleted[0] if history.deleted else getattr(row, name)


def _has_changed(row: Any, *names: str) -> bool:
    return any(inspect(row).attrs[name].history.has_changes() for name in names)
