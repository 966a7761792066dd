"""Who acts: a logged-in person with one of the eight roles, or the program itself."""

from dataclasses import dataclass
from typing import Any

ADMIN = "系统管理员"
OFFICE = "交办督查"
LIAISON = "承办单位联络员"
LEADER = "承办单位领导"
SUPERVISOR = "督办领导"
AGENCY = "人大/政协机构"
DEPUTY = "代表/委员"
AUDITOR = "审计员"
ROLES = (ADMIN, OFFICE, LIAISON, LEADER, SUPERVISOR, AGENCY, DEPUTY, AUDITOR)


@dataclass(frozen=True)
class Actor:
    """The one who acts in a session. ``is_system`` marks the program's own work, which no scope limits.

    ``reads_on`` asks for scopes that look each row up by itself, quick where every few rows are the actor's; without it
    the ids that he may see are gathered at first, quick where they are few. The rows are the same.
    """

    name: str
    role: str = ""
    user_id: int | None = None
    unit_id: int | None = None
    deputy_id: int | None = None
    body: str | None = None
    is_system: bool = False
    reads_on: bool = False

    @classmethod
    def of(cls, user: Any) -> "Actor":
        """The actor that a row of ``users`` stands for."""
        return cls(user.full_name, user.role, user.id, user.unit_id, user.deputy_id, user.body)

    @classmethod
    def system(cls, name: str, user_id: int | None = None) -> "Actor":
        """The program at work, called ``name`` in the change log; ``user_id`` is who asked for it."""
        return cls(name, user_id=user_id, is_system=True)
