"""What people hang on rows of a table, read from schema.sql: a new table counts by itself.

Not here: what they hang on one row by way of others, and what of the program's own they wrote into
(domain/imports/traces.py).
"""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection, exists, select

from domain import models
from domain.storing.changes import DERIVED, OWN_RECORDS


def held_by(connection: Connection, table: str, row_id: int) -> list[str]:
    """Why the database would not delete this row: the sentence of every reference that keeps it. One question."""
    keys = [
        (name, key)
        for name, words in models.schema.tables.items()
        for key in words.foreign_keys
        if key.target == table and key.on_delete == "RESTRICT"
    ]
    if not keys:
        return []
    columns = [
        models.table_of(name).alias(f"held_{n}").c[key.key_column]
        for n, (name, key) in enumerate(keys)
    ]
    held = connection.execute(select(*(exists().where(column == row_id) for column in columns)))
    return [key.sentence for (_, key), is_held in zip(keys, held.one(), strict=True) if is_held]


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
