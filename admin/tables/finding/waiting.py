"""What waits for a person, as a list: the rows on which he is to do an act now, as its button asks for one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, true

from admin.tables.desk import Desk
from admin.tables.finding.filter_values import BadFilter
from domain import models
from domain.lifecycle.acts.act import Act
from domain.lifecycle.acts.register import acts_of
from domain.lifecycle.judging import asking_of, waits_for

ARGUMENT = "waits"
"""The name in the address of a list."""
ANY, NONE = "any", "none"


@dataclass(frozen=True)
class Waiting:
    """The rows that wait for one of these acts, or for none of them. ``text`` is what the address says."""

    text: str
    acts: tuple[Act, ...]
    words: str
    is_for_others: bool = False

    def narrow(self, query: Select[models.Row], desk: Desk) -> Select[models.Row]:
        """The query with those rows alone."""
        if not self.acts:  # nothing waits for this role
            return query
        waiting = waits_for(self.acts, asking_of(desk.session))
        return query.where(waiting.is_not(true()) if self.is_for_others else waiting)


def waiting_acts(desk: Desk) -> tuple[Act, ...]:
    """The acts that rows of this table wait for this person to do."""
    role = desk.actor.role
    return tuple(act for act in acts_of(desk.actor, desk.words.name) if act.waits_for(role))


def read_waiting(desk: Desk, text: str) -> Waiting | None:
    """What an address says; None where it says nothing. Raises BadFilter for what nobody of this role does."""
    if not text:
        return None
    acts = waiting_acts(desk)
    if text == ANY and acts:
        return Waiting(ANY, acts, "等我办理的")
    if text == NONE:
        return Waiting(NONE, acts, "不等我办理的", is_for_others=True)
    listed = (a for a in acts_of(desk.actor, desk.words.name) if a.is_listed_for(desk.actor.role))
    found = next((act for act in listed if act.name == text), None)
    if found is None:
        raise BadFilter(f"这个列表没有“{text[:40]}”这样等您办理的事。")
    return Waiting(text, (found,), found.todo)
