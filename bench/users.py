"""The made-up people who open the pages: one of every role, and a crowd."""

from collections.abc import Mapping

OFFICE_USER, LIAISON_USER = "bench-office", "bench-liaison"
USERS: Mapping[str, str] = {
    "交办督查": OFFICE_USER,
    "承办单位联络员": LIAISON_USER,
    "承办单位领导": "bench-leader",
    "督办领导": "bench-supervisor",
    "人大/政协机构": "bench-agency",
    "代表/委员": "bench-deputy",
    "系统管理员": "bench-admin",
    "审计员": "bench-auditor",
}
"""Role -> the log-in of who has it."""
PASSWORD = "Lamp-Mango-2024"

QUIET = "nobody imports"
"""What goes on around the crowd for a while."""


def crowd_user(place: int) -> str:
    """The log-in of one of the crowd, counted from 0."""
    return f"bench-{place + 1}"


def crowd_unit(place: int) -> int | None:
    """The unit that one of the crowd works for; None for every third, who is of the office."""
    return place + 1 if place % 3 else None
