"""Which of a column's words the rules of its table still allow, given what is known of the row.

The CHECKs of schema.sql are asked themselves, so a form offers what the database would take. Not the enforcement:
that is the database's.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from domain import models
from domain.schema.words import Column, Constraint, Table
from domain.storing.session import ActorSession

Values = Mapping[str, Any]


def carried_values(session: ActorSession, words: Table, given: Values) -> dict[str, Any]:
    """What composite keys will copy from the parents that ``given`` names by their ids, as far as they are seen."""
    known = dict(given)
    for key in words.foreign_keys:
        parent_id = known.get(key.key_column)
        parent = session.get(models.by_table[key.target], parent_id) if parent_id else None
        for local, remote in zip(key.columns, key.target_columns, strict=True):
            if parent is not None and words.columns[local].is_carried:
                known[local] = getattr(parent, remote)
    return {name: value for name, value in known.items() if words.columns[name].is_carried}


def allowed_choices(words: Table, column: Column, known: Values) -> tuple[str, ...]:
    """The words of ``column`` with which no CHECK fails that speaks of it and of ``known`` alone."""
    rules = [
        rule
        for rule in words.constraints
        if rule.kind == "check"
        and column.name in rule.columns
        and set(rule.columns) - {column.name} <= set(known)
    ]
    with closing(sqlite3.connect(":memory:")) as database:
        return tuple(
            word
            for word in column.choices
            if all(_holds(database, rule, {**known, column.name: word}) for rule in rules)
        )


def _holds(database: sqlite3.Connection, rule: Constraint, values: Values) -> bool:
    """Whether the rule lets ``values`` through, as SQL has it: what is unknown is let through."""
    named = ", ".join(f":{name} AS {name}" for name in rule.columns)
    asked = {name: values[name] for name in rule.columns}
    (answer,) = database.execute(f"SELECT {rule.condition} FROM (SELECT {named})", asked).fetchone()
    return answer is None or bool(answer)
