"""Who sees which rows and may do what: how the rules are asked. storing/ enforces the answers.

The rules themselves stand in rules.py. A table without a rule of its own inherits from the scoped tables
that its required foreign keys name, but for deputies; one that has neither stops the start.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, false, true

from domain import models
from domain.access.criteria import among
from domain.access.rule import AccessRule, Ask, Columns, Criterion, Part, Verb, Who, everything
from domain.access.rules import RULES
from domain.actors import DEPUTY, ROLES, Actor
from domain.schema.words import Column

NOT_YOURS = "（不在您的范围内）"
"""Stands for a reference to a row, or the value of a column, that the reader may not see."""

_INHERIT = tuple(role for role in ROLES if role != DEPUTY)
"""A deputy sees his items and the replies to them, not a unit's working papers: what he sees is named in a rule."""


@cache
def rule_of(table: str) -> AccessRule:
    """The rule of ``table``, its own or inherited. Raises RuntimeError where there is none."""
    own = RULES.get(table)
    if own:
        return _inherited(table, [own.owner], ROLES) if own.owner else own
    owners = _scoped_keys(table)
    if not owners:
        raise RuntimeError(
            f"schema.sql 第{models.schema.lines[table, '']}行：表 {table} 没有说它的记录归谁看："
            "请给它一个必填的外键，指向不是人人都能看到全部记录的表，或在 domain/access/rules.py 里给它写一条规则。"
        )
    return _inherited(table, owners, _INHERIT)


def criterion_for(actor: Actor, table: str, verb: Part, row: Columns) -> ColumnElement[bool]:
    """SQL that is true for the rows on which ``actor`` may do ``verb``: read, create, update or delete."""
    if actor.is_system:
        return true()
    criterion: Criterion | None = getattr(rule_of(table), verb).get(actor.role)
    return criterion(ANSWERS, actor, row) if criterion else false()


def hangs_on(
    actor: Actor, column: ColumnElement[Any], table: str, part: Part = "read"
) -> ColumnElement[bool]:
    """SQL that is true where ``column`` holds the id of a row of ``table`` that ``actor`` may read.

    Or may do another ``part`` of the rule with.
    """
    rows = models.alias_of(table, f"{part}_{table}")
    return among(actor, column, rows.c.id, criterion_for(actor, table, part, rows.c))


def sees_all(actor: Actor, table: str) -> bool:
    """Whether no row of ``table`` is hidden from ``actor``."""
    return actor.is_system or rule_of(table).read.get(actor.role) is everything


def may(actor: Actor, table: str, verb: Verb) -> bool:
    """Whether ``actor`` may do ``verb`` on at least some rows of ``table``."""
    return actor.is_system or actor.role in getattr(rule_of(table), verb)


def makes_any(actor: Actor, table: str) -> bool:
    """Whether ``actor`` may create rows of ``table`` for anybody, not only his own."""
    return actor.is_system or rule_of(table).create.get(actor.role) is everything


def hidden_columns(actor: Actor, table: str) -> frozenset[str]:
    """Columns of ``table`` that ``actor`` must not meet in any form."""
    return _hidden_columns(table, None if actor.is_system else actor.role)


@cache
def _hidden_columns(table: str, role: str | None) -> frozenset[str]:
    always = frozenset(c.name for c in models.schema.tables[table].columns.values() if c.is_hidden)
    return always if role is None else always | rule_of(table).hidden.get(role, frozenset())


def readable_columns(actor: Actor, table: str) -> Mapping[str, Column]:
    """The columns of ``table`` that ``actor`` may meet, in the order of schema.sql."""
    return _without(table, hidden_columns(actor, table))


@cache
def _without(table: str, hidden: frozenset[str]) -> Mapping[str, Column]:
    columns = models.schema.tables[table].columns
    return MappingProxyType({n: column for n, column in columns.items() if n not in hidden})


def writable_columns(actor: Actor, table: str) -> frozenset[str]:
    """Columns of ``table`` that ``actor`` may set."""
    every = frozenset(models.schema.tables[table].columns)
    if actor.is_system:
        return every
    return rule_of(table).writable.get(actor.role, every) - hidden_columns(actor, table)


def check_rules() -> None:
    """Raise RuntimeError where a table of schema.sql has no rule, or a rule names what schema.sql does not have."""
    for table, words in models.schema.tables.items():
        rule_of(table)
        if strangers := set(words.menu_roles) - set(ROLES):
            raise RuntimeError(f"schema.sql, 入口 of {table}: no such role: {strangers}")
    for table, rule in RULES.items():
        known = models.schema.tables.get(table)
        named = [*rule.hidden.values(), *rule.writable.values()]
        strays = set[str]().union(*named) - set(known.columns if known else ())
        if known is None or strays:
            raise RuntimeError(
                f"domain/access/rules.py names what schema.sql does not have: {table} {' '.join(sorted(strays))}"
            )


def _scoped_keys(table: str) -> list[str]:
    """The required foreign keys of ``table`` to scoped tables: what everybody reads says nothing about who may."""
    parents = {
        c.name: c.references
        for c in models.schema.tables[table].columns.values()
        if c.references and c.is_required and c.references != table
    }
    return [column for column, parent in parents.items() if not _is_open(rule_of(parent))]


def _is_open(rule: AccessRule) -> bool:
    """Whether every role reads every row."""
    return len(rule.read) == len(ROLES) and set(rule.read.values()) == {everything}


def _inherited(table: str, owners: list[str], roles: Sequence[str]) -> AccessRule:
    columns = models.schema.tables[table].columns
    parents = {column: columns[column].references or "" for column in owners}
    read = {role: c for role, c in _by_parents(parents, "read").items() if role in roles}
    kept = {role: c for role, c in _by_parents(parents, "below").items() if role in read}
    return AccessRule(read=read, create=kept, update=kept, delete=kept, below=kept)


def _by_parents(parents: Mapping[str, str], part: Part) -> Who:
    """Per role what it may do with the rows of all parents: with every row, or as the parents' criteria say."""
    whos = [getattr(rule_of(parent), part) for parent in parents.values()]
    limited = _every(parents, part)
    return {
        role: everything if all(who[role] is everything for who in whos) else limited
        for role in ROLES
        if all(role in who for who in whos)
    }


def _every(parents: Mapping[str, str], part: Part) -> Criterion:
    def by_parents(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
        return and_(
            *(
                ask.hangs_on(actor, getattr(row, column), parent, part)
                for column, parent in parents.items()
            )
        )

    what = "visible" if part == "read" else "the actor's to keep"
    by_parents.__doc__ = f"Rows whose {' and '.join(parents.values())} row is {what}."
    return by_parents


class _Answers:
    """What a criterion may ask of the rules of other tables."""

    def may(self, actor: Actor, table: str, verb: Verb) -> bool:
        return may(actor, table, verb)

    def rule_of(self, table: str) -> AccessRule:
        return rule_of(table)

    def hangs_on(
        self, actor: Actor, column: ColumnElement[Any], table: str, part: Part = "read"
    ) -> ColumnElement[bool]:
        return hangs_on(actor, column, table, part)


ANSWERS: Ask = _Answers()
"""What criteria are asked with."""
