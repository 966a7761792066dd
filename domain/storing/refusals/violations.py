"""What a refused write broke: from the database's IntegrityError to the rule of schema.sql and its sentence.

PostgreSQL names the constraint. SQLite names a CHECK, gives the columns of a UNIQUE or NOT NULL, and says nothing
about a foreign key: broken_keys.py then asks the database which parent is missing or which child hangs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, String, literal, select
from sqlalchemy.exc import IntegrityError

from domain import models
from domain.access import scopes
from domain.schema.words import Constraint, Index, RuleKind, Table
from domain.storing.refusals.broken_keys import find_broken_key
from domain.storing.refusals.refused_writes import RefusedWrite, refused_write
from domain.storing.session import ActorSession

UNSEEN_CLASH = "没有保存：内容与已有的登记冲突，请与交办督查的同志联系。"
_COLUMNS = re.compile(r"(UNIQUE|NOT NULL) constraint failed: ([\w., ]+)")
_NAME = re.compile(r"constraint failed: (?:index ')?(ck_\w+|uq_\w+)")


@dataclass(frozen=True)
class Violation:
    """A rule that a write broke. ``columns`` are those of ``table`` to look at; () where none may be named."""

    table: str
    constraint: str  # its name; empty for NOT NULL and for the id
    kind: RuleKind | Literal["not null"]
    columns: tuple[str, ...]
    sentence: str


def explain(error: IntegrityError, session: ActorSession) -> Violation | None:
    """What the write of ``session`` broke, as far as its actor may know; None where schema.sql has no word for it.

    Call it after the rollback. A clash with a row, or in a column, that the actor may not see names neither.
    """
    found = find(error, session.unchecked_connection())
    if found is None or found.kind != "unique":
        return found
    write = refused_write(error)
    if write is not None and _sees_clash(session, found, write):
        return found
    return replace(found, constraint="", columns=(), sentence=UNSEEN_CLASH)


def find(error: IntegrityError, connection: Connection) -> Violation | None:
    """What was broken, whoever asks. ``connection`` must be outside the failed transaction."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        if diagnosis.constraint_name:
            return _named(diagnosis.constraint_name)
        return _not_filled(diagnosis.table_name, diagnosis.column_name)
    message = str(error.orig)
    if name := _NAME.search(message):
        return _named(name.group(1))
    if columns := _COLUMNS.search(message):
        kind, names = columns.groups()
        table = names.split(".")[0]
        parts = tuple(part.strip().rpartition(".")[2] for part in names.split(","))
        return _unique(table, parts) if kind == "UNIQUE" else _not_filled(table, parts[0])
    write = refused_write(error)
    key = find_broken_key(connection, write) if write else None
    return _named(key) if key else None


def _named(name: str) -> Violation | None:
    for table in models.schema.tables.values():
        rules: list[Constraint | Index] = [*table.constraints, *table.indexes]
        for rule in rules:
            if rule.name == name:
                return _violation(table, rule)
        if name == f"{table.name}_pkey":
            return _of_id(table)
    return None


def _unique(table: str, columns: tuple[str, ...]) -> Violation | None:
    words = models.schema.tables[table]
    rules: list[Constraint | Index] = [c for c in words.constraints if c.kind == "unique"]
    rules += [i for i in words.indexes if i.is_unique]
    found = next((rule for rule in rules if set(rule.columns) == set(columns)), None)
    if found is None and columns == ("id",):
        return _of_id(words)
    return _violation(words, found) if found else None


def _violation(table: Table, rule: Constraint | Index) -> Violation:
    kind: RuleKind = "unique" if isinstance(rule, Index) else rule.kind
    columns = (rule.key_column,) if isinstance(rule, Constraint) and rule.target else rule.columns
    return Violation(table.name, rule.name, kind, columns, rule.sentence)


def _of_id(table: Table) -> Violation:
    return Violation(table.name, "", "unique", ("id",), f"这个编号的“{table.label}”已经有了。")


def _not_filled(table: str, column: str) -> Violation | None:
    words = models.schema.tables[table].columns.get(column)
    return Violation(table, "", "not null", (column,), f"请填写{words.label}。") if words else None


def _sees_clash(session: ActorSession, found: Violation, write: RefusedWrite) -> bool:
    """Whether the actor sees a row that already has the values, and the columns that clash."""
    if scopes.hidden_columns(session.actor, found.table) & set(found.columns):
        return session.actor.is_system
    if scopes.sees_all(session.actor, found.table):
        return True
    cls = models.by_table[found.table]
    return any(
        session.scalar(select(cls.id).where(*_same(cls, found.columns, row)).limit(1)) is not None
        for row in write.rows
    )


def _same(cls: Any, columns: tuple[str, ...], row: Mapping[str, Any]) -> list[Any]:
    """The conditions that a row has these values; SQLite gives dates back as it stores them, as text."""
    values = {name: row[name] for name in columns if name in row}
    return [
        getattr(cls, name) == (literal(value, String()) if isinstance(value, str) else value)
        for name, value in values.items()
    ]
