"""Who somebody is to a reader who does not see his account: his role, never his name."""

from sqlalchemy import select

from domain import models
from domain.storing.acting import ActingSession

_KEPT = "roles_of_users"


def role_of(session: ActingSession, user_id: int) -> str:
    """The role of an account, whoever asks; all are read once for a session, as an office has some hundred."""
    if _KEPT not in session.info:
        user = models.table_of("users").c
        found = session.unchecked_connection().execute(select(user.id, user.role))
        session.info[_KEPT] = {row.id: row.role for row in found}
    roles: dict[int, str] = session.info[_KEPT]
    return roles.get(user_id, "")
