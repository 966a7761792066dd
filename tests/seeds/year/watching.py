"""Everybody's 待办 asked after every act, in two ways: by the panel's own question and by waiting.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, select

from domain import models
from domain.actors import Actor
from domain.lifecycle.acts.act import Act
from domain.lifecycle.acts.register import acts_of
from domain.lifecycle.judging import asking_of, waits_for
from domain.storing.session import LOOKS_UP, ActorSession, actor_session, system_session
from seeds.year.playing import YearClock
from seeds.year.script import YearStep
from tests.seeds.year.waiting import Desks, Waits


class Watch:
    """Looks over people's shoulders: after each act over those of whoever acted and of all for whom anything has
    changed by the count by hand, or (``always``) over everybody's; at the end of every month over everybody's."""

    def __init__(self, engine: Engine, clock: YearClock, *, always: bool = False) -> None:
        self.engine, self.clock, self.always = engine, clock, always
        self.before: dict[int, Waits] = {}
        self.month = clock().month
        self.looks = 0

    def __call__(self, step: YearStep | None) -> None:
        """What to do after each step, and (None) at the end of each day."""
        if step is None and self.clock().month == self.month and not self.always:
            return
        self.month = self.clock().month
        with system_session(self.engine, "测试", self.clock) as truth:
            desks = Desks(truth, self.clock().date())
        by_hand = {person.id: desks.of(person) for person in desks.people}
        for person in desks.people:
            is_new = by_hand[person.id] != self.before.get(person.id)
            is_meant = step is None or self.always or is_new or person.username == step.who
            if is_meant:
                found = self.found_by(person)
                assert found == by_hand[person.id], (person.username, step)
                self.looks += 1
        self.before = by_hand

    def found_by(self, person: Any) -> Waits:
        """What the panel tells this person that waits for him."""
        with actor_session(self.engine, Actor.of(person), self.clock) as session:
            return {(act.name, key) for act in _todos(session.actor) for key in _ids(session, act)}


def _todos(actor: Actor) -> Iterator[Act]:
    for table in models.by_table:
        yield from (act for act in acts_of(actor, table) if act.waits_for(actor.role))


def _ids(session: ActorSession, act: Act) -> list[int]:
    """The rows of the list that its number on the first page opens."""
    model: Any = models.by_table[act.table]
    waiting = waits_for((act,), asking_of(session))
    query = select(model.id).where(waiting)
    return list(session.scalars(query, execution_options={LOOKS_UP: True}))
