"""Deactivates accounts that nobody has used for long (GB/T 22239: superfluous and expired accounts are closed in time).

Called by the nightly run. What an account may do says the rest of this room.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from domain import models
from domain.actors import ADMIN
from domain.people.account_limits import read_limits
from domain.storing.session import ActorSession


def deactivate_unused(session: ActorSession) -> list[str]:
    """Deactivate who has a password and used it last more days ago than the settings allow; give their user names.

    Counted from the last log-in, password or change by an administrator, so that a new or reopened account gets its
    time. The administrator who logged in last always stays. The session must be the program's.
    """
    days = read_limits(session).unused_days
    if not days:
        return []
    used = _last_used(session)
    since = session.now() - timedelta(days=days)
    stale = [user for user, last in used.items() if last < since and user is not _keeper(used)]
    for user in stale:
        user.is_active = False
    session.flush()
    return [user.username for user in stale]


def _last_used(session: ActorSession) -> dict[Any, datetime]:
    """When each active user with a password was last heard of."""
    user, log = models.User, models.ChangeLog
    kept = (
        select(log.row_id, func.max(log.happened_at).label("at"))
        .where(log.table_name == user.__table__.name)
        .group_by(log.row_id)
        .subquery()
    )
    rows = session.execute(
        select(user, kept.c.at)
        .outerjoin(kept, kept.c.row_id == user.id)
        .where(user.is_active, user.password_changed_at.is_not(None))
    )
    return {
        row[0]: max(filter(None, (row[0].last_login_at, row[0].password_changed_at, row[1])))
        for row in rows
    }


def _keeper(used: dict[Any, datetime]) -> Any:
    """Of the administrators the one who was there last."""
    admins = [user for user in used if user.role == ADMIN]
    return max(admins, key=lambda user: (used[user], -user.id), default=None)
