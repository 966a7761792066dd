"""What the check tries in part and `make prove` in full: the matrix of the doors, once more on PostgreSQL, and acts
on rows that nobody finds.

On SQLite it is tried in full. On PostgreSQL every door is tried at every table, each by some of the roles that read it:
the panel asks both in one way, and who sees which rows there tests/domain/access/test_scope_matrix.py tries in full.
"""

import os
from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from domain.access import scopes
from domain.actors import ROLES, Actor

PARTS = 4
Thing = TypeVar("Thing")
PROVES = os.environ.get("PROVE") == "1"


def tries_all(dialect: str) -> bool:
    """Whether all is tried on this kind of database."""
    return PROVES or dialect == "sqlite"


def is_turn(number: int) -> bool:
    """Whether one of many is tried: one in PARTS."""
    return number % PARTS == 0


def is_turn_of(role: str, table: str, turn: int) -> bool:
    """Whether it is the turn of this role at this table: of one in PARTS of its readers, in each turn of others."""
    every = readers(table)
    return role in every and (every.index(role) + turn) % min(PARTS, len(every)) == 0


def share_of(things: Sequence[Thing], place: int, shares: int) -> Sequence[Thing]:
    """Those of the things that fall to one of so many: each to one at least, and to each one at least."""
    if PROVES or not things:
        return things
    return things[place::shares] or things[place % len(things) :][:1]


@cache
def readers(table: str) -> list[str]:
    """The roles that read any row of a table."""
    return [role for role in ROLES if scopes.may(Actor(role, role), table, "read")]
