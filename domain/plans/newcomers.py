"""The people whom a plan would make new on the rolls, told before anything is written. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from domain.imports.outcomes import NEW, UPDATED
from domain.plans.recognising.names import is_collective, is_odd
from domain.plans.second_look import Place, place_of
from domain.plans.steps import PlanStep

MOST_PEOPLE = 300
"""How many an import keeps, the unlikely first; it keeps their number in any case."""
MOST_ROWS = 10


@dataclass
class Newcomer:
    """A name that is on no roll yet, and the rows of the file that have it."""

    name: str
    body: str
    delegation: str
    rows: list[Place] = field(default_factory=list)

    @property
    def is_body(self) -> bool:
        """Whether it is a body that signs, not a person."""
        return is_collective(self.name)

    @property
    def is_unlikely(self) -> bool:
        """Whether it hardly is the name of a person, nor that of a body."""
        return not self.is_body and is_odd(self.name)


def newcomers(steps: Iterable[PlanStep]) -> list[Newcomer]:
    """Those of the rows that would be written: first what hardly is a name, then bodies, then people."""
    found: dict[tuple[str, str], Newcomer] = {}
    for step in steps:
        if step.outcome in (NEW, UPDATED):
            for one in step.new_sponsors:
                if one.deputy_id is None:
                    fresh = Newcomer(one.name, one.body, one.delegation)
                    known = found.setdefault((one.body, one.name), fresh)
                    known.delegation = known.delegation or one.delegation
                    known.rows.append(place_of(step.row))
    return sorted(found.values(), key=lambda one: (not one.is_unlikely, not one.is_body))


def as_json(people: list[Newcomer]) -> dict[str, Any]:
    """As an import keeps them: their number, and the first of them."""
    return {
        "count": len(people),
        "unlikely": sum(one.is_unlikely for one in people),
        "people": [
            {
                "name": one.name,
                "body": one.body,
                "delegation": one.delegation,
                "is_body": one.is_body,
                "is_unlikely": one.is_unlikely,
                "rows": one.rows[:MOST_ROWS],
                "more": max(len(one.rows) - MOST_ROWS, 0),
            }
            for one in people[:MOST_PEOPLE]
        ],
    }
