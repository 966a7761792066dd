"""Things people do to a row with one click, beside filling in its form: what, who, when it is open, what it writes.

Screens offer them on lists and details pages; scopes and log hold as for any other change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.access import rule
from domain.actors import LIAISON, Actor
from domain.schema.states import TaskState


@dataclass(frozen=True)
class Act:
    """One act. ``is_open(row)`` says whether the row waits for it; ``do(row, actor, today)`` writes it, unsaved."""

    name: str
    label: str
    done: str
    roles: frozenset[str]
    is_open: Callable[[Any], bool]
    do: Callable[[Any, Actor, date], None]


def _sign(row: Any, actor: Actor, today: date) -> None:
    """签收 (S0): the unit has the item; who signed and when."""
    row.signed_on = today
    row.signed_by_id = actor.user_id


_UNSIGNED = (TaskState.UNSIGNED, TaskState.WORKING, TaskState.REVIEWED)
"""The states of a task that can still be signed for: a draft moves it on, but does not say that the unit has it."""
_SIGN = Act(
    name="sign",
    label="签收",
    done="已签收",
    roles=frozenset({LIAISON}),
    is_open=lambda row: row.signed_on is None and row.state in _UNSIGNED,
    do=_sign,
)

ACTS: Mapping[str, tuple[Act, ...]] = {"assignments": (_SIGN,)}


def acts_for(actor: Actor, table: str) -> tuple[Act, ...]:
    """The acts that this role may do on rows of ``table``."""
    return tuple(act for act in ACTS.get(table, ()) if actor.role in act.roles)


def perform(act: Act, rows: list[Any], actor: Actor, today: date) -> int:
    """Do ``act`` on those of ``rows`` that wait for it; returns how many. Saving checks the scopes.

    Raises NotAllowed when the act is not for this role.
    """
    if actor.role not in act.roles:
        raise rule.NotAllowed(f"您的角色不能{act.label}。")
    waiting = [row for row in rows if act.is_open(row)]
    for row in waiting:
        act.do(row, actor, today)
    return len(waiting)
