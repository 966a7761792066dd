"""Which units handle an item, by role: told to whoever sees the item, though he may not see the others' tasks.

Who leads and who helps is written on every notice of handing over (S0 附件2); what each has done stays its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain import models
from domain.schema.states import ENDED, TaskRole
from domain.storing.session import ActorSession

_ORDER = (TaskRole.LEAD, TaskRole.EACH, TaskRole.PARTNER)


@dataclass(frozen=True)
class UnitsOfRole:
    """The units that handle an item in one role, by name."""

    role: str
    names: tuple[str, ...]


def units_of_item(session: ActorSession, item_id: int) -> tuple[UnitsOfRole, ...]:
    """The units at work on an item that the reader sees, past the scope of their tasks: one question."""
    task, unit = models.table_of("assignments"), models.table_of("units")
    query = (
        select(task.c.role, unit.c.name)
        .join(unit, unit.c.id == task.c.unit_id)
        .where(task.c.proposal_id == item_id, task.c.state.not_in(ENDED))
        .order_by(task.c.id)
    )
    found = session.unchecked_connection().execute(query).all()
    names = {role: tuple(row.name for row in found if row.role == role) for role in _ORDER}
    return tuple(UnitsOfRole(role, names[role]) for role in _ORDER if names[role])
