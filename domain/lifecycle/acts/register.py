"""All acts, in the order in which they are offered: the one list. An act is a declaration and its place here."""

from collections.abc import Mapping

from domain.actors import Actor
from domain.lifecycle.acts.act import Act
from domain.lifecycle.acts.items import (
    assigning,
    carrying,
    closing,
    converting,
    demanding,
    merging,
    onsite,
)
from domain.lifecycle.acts.replies import (
    answering_again,
    countersigning,
    delivering,
    opinions,
    publishing,
    rating,
    reviewing,
    revisiting,
)
from domain.lifecycle.acts.tasks import (
    extending,
    planning,
    promising,
    redoing,
    returning,
    signing,
    urging,
)
from domain.lifecycle.acts.units import reading, reporting, scoring

ACTS: tuple[Act, ...] = (
    *assigning.ACTS,
    *demanding.ACTS,
    *signing.ACTS,
    *redoing.ACTS,
    *returning.ACTS,
    *planning.ACTS,
    *extending.ACTS,
    *countersigning.ACTS,
    *delivering.ACTS,
    *rating.ACTS,
    *reviewing.ACTS,
    *opinions.ACTS,
    *publishing.ACTS,
    *revisiting.ACTS,
    *answering_again.ACTS,
    *promising.ACTS,
    *merging.ACTS,
    *closing.ACTS,
    *carrying.ACTS,
    *urging.ACTS,
    *reporting.ACTS,
    *scoring.ACTS,
    *reading.ACTS,
    *onsite.ACTS,
    *converting.ACTS,
)
BY_NAME: Mapping[tuple[str, str], Act] = {(act.table, act.name): act for act in ACTS}


def acts_of(actor: Actor, table: str) -> tuple[Act, ...]:
    """The acts that this role may do on some rows of ``table``."""
    return tuple(act for act in ACTS if act.table == table and actor.role in act.who)
