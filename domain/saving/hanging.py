"""What people hang on rows of a table, read from schema.sql: a new table counts by itself.

Not here: what they hang on one row by way of others, and what of the program's own they wrote into
(domain/imports/traces.py).
"""

from collections.abc import Iterator
from functools import cache

from domain import models
from domain.storing.changes import DERIVED, OWN_RECORDS


@cache
def hung_on(table: str) -> tuple[tuple[str, str], ...]:
    """(table, column) of the rows that people write and that refer to rows of ``table``, but to their own table."""
    return tuple(_hung_on(table))


def _hung_on(table: str) -> Iterator[tuple[str, str]]:
    for name, words in models.schema.tables.items():
        if name == table or name in OWN_RECORDS or name in DERIVED:
            continue
        for column in words.columns.values():
            if column.references == table:
                yield name, column.name
