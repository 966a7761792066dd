"""What the check tries in part and `make prove` in full: the matrix of the doors, once more on PostgreSQL.

On SQLite it is tried in full. On PostgreSQL every door is tried at every table, each by some of the roles that read it:
the panel asks both in one way, and who sees which rows there tests/domain/access/test_scope_matrix.py tries in full.
"""

import os
from functools import cache

from domain.access import scopes
from domain.actors import ROLES, Actor

PARTS = 4
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


@cache
def readers(table: str) -> list[str]:
    """The roles that read any row of a table."""
    return [role for role in ROLES if scopes.may(Actor(role, role), table, "read")]
