"""In which turn the rows of one table are written that are saved together.

What may stand only once, as the lead of an item, has to be given up by one row before another takes it; a flush writes
new rows first and the others by their ids.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from domain.schema.words import Constraint, Index, Table
from domain.storing.changes import plain

Values = Mapping[str, Any]
Write = tuple[Values, Values]
"""A row as it was, {} for a new one, and as it becomes."""


def turns(words: Table, writes: Sequence[Write], but: str = "") -> list[list[int]]:
    """The places of ``writes``, turn by turn. Unique rules over the column ``but`` are left alone.

    Rows that want one another's values have no order: they share the last turn.
    """
    with closing(sqlite3.connect(":memory:")) as database:
        rules = [rule for rule in _unique(words) if but not in rule.columns]
        waits = _waits([_held(database, words, rules, write) for write in writes])
    left, found = set(range(len(writes))), list[list[int]]()
    while left:
        ready = [n for n in sorted(left) if not waits[n] & left] or sorted(left)
        found.append(ready)
        left -= set(ready)
    return found


Held = tuple[list[Any], list[Any]]
"""By unique rule: what a row held, and what it is to hold; None where the rule does not count it."""


def _unique(words: Table) -> Iterator[Constraint | Index]:
    yield from (rule for rule in words.constraints if rule.kind == "unique")
    yield from (index for index in words.indexes if index.is_unique)


def _held(
    database: sqlite3.Connection, words: Table, rules: list[Constraint | Index], write: Write
) -> Held:
    old, new = ([_key(database, words, rule, row) for rule in rules] for row in write)
    return old, new


def _key(
    database: sqlite3.Connection, words: Table, rule: Constraint | Index, row: Values
) -> tuple[Any, ...] | None:
    key = tuple(row.get(name) for name in rule.columns)
    return None if None in key or not _counts(database, words, rule.condition, row) else key


def _counts(database: sqlite3.Connection, words: Table, condition: str, row: Values) -> bool:
    """Whether a partial rule speaks of the row."""
    if not condition:
        return True
    named = ", ".join(f":{name} AS {name}" for name in words.columns)
    values = {name: plain(row.get(name)) for name in words.columns}
    return bool(database.execute(f"SELECT {condition} FROM (SELECT {named})", values).fetchone()[0])


def _waits(held: Sequence[Held]) -> list[set[int]]:
    """For each row those that give up what it wants."""
    return [
        {
            other
            for other, (theirs, becoming) in enumerate(held)
            if other != n
            and any(
                want is not None and want == was and want != will
                for want, was, will in zip(wanted, theirs, becoming, strict=True)
            )
        }
        for n, (_, wanted) in enumerate(held)
    ]
