"""Whether a person's unit has so many of the newest tasks that a page of a list is found by reading on from its place.

A hint about the way to the rows, never about which rows they are: domain/access/criteria.py says the same either way.
"""

from sqlalchemy import Connection, func, select

from domain import models
from domain.actors import Actor

OWN, NEWEST = 100, 5_000
"""As many tasks of one's own among so many: reading on, 50 rows are found among some thousands."""


def is_dense(connection: Connection, actor: Actor) -> bool:
    """Whether OWN of the NEWEST tasks belong to the actor's unit. Costs a hundred steps in an index."""
    if not actor.unit_id:
        return False
    task = models.table_of("assignments").c
    own = select(task.id).where(task.unit_id == actor.unit_id).order_by(task.id.desc())
    last = connection.scalar(own.offset(OWN - 1).limit(1))
    newest = connection.scalar(select(func.max(task.id)))
    return last is not None and newest is not None and newest - last < NEWEST
