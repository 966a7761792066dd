"""What a rule of access is made of: the types, and the two refusals. The rules themselves are in rules.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from sqlalchemy import ColumnElement, true

from domain.actors import Actor

Verb = Literal["read", "create", "update", "delete"]
Part = Verb | Literal["below"]
"""A part of a rule that has criteria."""
VERBS: tuple[Verb, ...] = ("read", "create", "update", "delete")


class Columns(Protocol):
    """The columns of a table as attributes: a mapped class, or ``.c`` of a table or alias."""

    def __getattr__(self, name: str) -> ColumnElement[Any]: ...


class Ask(Protocol):
    """What a criterion may ask of the rules of other tables; scopes.py answers it."""

    def may(self, actor: Actor, table: str, verb: Verb) -> bool:
        """Whether ``actor`` may do ``verb`` on at least some rows of ``table``."""

    def rule_of(self, table: str) -> "AccessRule":
        """The rule of ``table``, its own or inherited."""

    def hangs_on(
        self, actor: Actor, column: ColumnElement[Any], table: str, part: Part = "read"
    ) -> ColumnElement[bool]:
        """SQL that is true where ``column`` holds the id of a row of ``table`` that ``actor`` may read."""


Criterion = Callable[[Ask, Actor, Columns], ColumnElement[bool]]
Who = Mapping[str, Criterion]


class ScopeError(Exception):
    """Base of the two refusals. ``sentence`` is what the person reads."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class OutOfScope(ScopeError):
    """The row is not the actor's to see: for him it does not exist."""


class NotAllowed(ScopeError):
    """The actor sees the row, but this action is not his."""


@dataclass(frozen=True)
class AccessRule:
    """What each role may do with a table. ``below`` says who keeps the rows of tables that hang on this one.

    ``hidden`` names columns a role never meets; ``writable`` limits a role to the columns it names.
    ``why``: by verb, what is told besides to whom a row is refused of a table in which the verb is his.
    ``owner`` names the one foreign key column whose parent decides, where not all of them should.
    """

    read: Who = field(default_factory=dict)
    create: Who = field(default_factory=dict)
    update: Who = field(default_factory=dict)
    delete: Who = field(default_factory=dict)
    below: Who = field(default_factory=dict)
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)
    writable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None


def everything(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Every row."""
    return true()
