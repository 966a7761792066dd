"""What must hold whenever users are saved, by a person or by the program.

Somebody can always administer the panel, and a change of password, role or standing ends the user's sessions in
the same transaction. Log-ins themselves are in domain/people/accounts.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select, update

from domain import models
from domain.access.rule import NotAllowed
from domain.actors import ADMIN
from domain.storing.acting import ActingSession
from domain.storing.write_rules import RowWrite, Save, Values, WriteRule

TABLE = "users"
LAST_ADMIN = (
    "这是最后一位启用的系统管理员，不能停用、删除或改为其他角色；请先设一位新的系统管理员。"
)
_ENDING = ("password_hash", "role", "is_active")
"""A change of one of these ends the sessions of the user."""


class GuardsAccounts(WriteRule):
    """Raises NotAllowed before the last administrator goes; ends the sessions of users who change."""

    def concerns(self, table: str) -> bool:
        return table == TABLE

    def is_asked(self, save: Save) -> bool:
        return True

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        losing = {r.old["id"] for r in rows if _is_admin(r.old) and not _is_admin(r.new)}
        if losing:
            _require_another(save.connection, losing, rows)
        changed = [row.old["id"] for row in rows if row.old and row.new and _has_changed(row)]
        end_sessions(save.session, changed)


def end_sessions(session: ActingSession, user_ids: Iterable[int]) -> None:
    """End every session of these users, now and for good."""
    ids, table = list(user_ids), models.UserSession.__table__
    if ids:
        session.unchecked_connection().execute(
            update(table)
            .where(table.c.user_id.in_(ids), table.c.revoked_at.is_(None))
            .values(revoked_at=session.now())
        )


def _require_another(connection: Connection, losing: set[int], rows: Sequence[RowWrite]) -> None:
    """Raise NotAllowed where no active administrator is left. Locks them: two cannot remove each other."""
    table = models.table_of(TABLE)
    active = (
        select(table.c.id)
        .where(table.c.role == ADMIN, table.c.is_active)
        .order_by(table.c.id)
        .with_for_update()
    )
    left = set(connection.scalars(active)) - losing
    if not left and not any(_is_admin(row.new) for row in rows):
        raise NotAllowed(LAST_ADMIN)


def _is_admin(row: Values) -> bool:
    return row.get("role") == ADMIN and row.get("is_active") in (None, True)


def _has_changed(row: RowWrite) -> bool:
    return any(row.new[name] != row.old[name] for name in _ENDING)
