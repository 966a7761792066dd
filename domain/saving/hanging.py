"""What people hang on rows of a table, read from schema.sql: a new table counts by itself.

Not here: what they hang on one row by way of others, and what of the program's own they wrote into
(domain/imports/traces.py).
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, select

from domain import models
from domain.storing.changes import DERIVED, OWN_RECORDS

Reference = tuple[str, str]
"""A table, and its column that refers to a row of another."""


def held_by(connection: Connection, table: str, row_id: int) -> list[str]:
    """Why the database would not delete this row: the sentence of every reference that keeps it. One question."""
    keeping = {
        (name, key.key_column): key.sentence
        for name, words in models.schema.tables.items()
        for key in words.foreign_keys
        if key.target == table and key.on_delete == "RESTRICT"
    }
    held = _those_with_rows(connection, tuple(keeping), row_id)
    return [sentence for reference, sentence in keeping.items() if reference in held]


def filled_below(connection: Connection, table: str, row_id: int) -> frozenset[Reference]:
    """The references by which any rows hang on this one: the others need not be asked for theirs. One question.

    Whose the rows are is not asked; nothing but the asking may depend on the answer.
    """
    return _those_with_rows(connection, _references_to(table), row_id)


@cache
def _references_to(table: str) -> tuple[Reference, ...]:
    return tuple(
        (words.name, column.name)
        for words in models.schema.tables.values()
        for column in words.columns.values()
        if column.references == table
    )


def _those_with_rows(
    connection: Connection, references: tuple[Reference, ...], row_id: int
) -> frozenset[Reference]:
    if not references:
        return frozenset()
    told = connection.execute(_which_have_rows(references), {"row": row_id}).one()
    return frozenset(ref for ref, has_rows in zip(references, told, strict=True) if has_rows)


@cache
def _which_have_rows(references: tuple[Reference, ...]) -> Select[Any]:
    """Each table by a name of its own, else one that refers to itself would be asked about the row of another.

    Kept: to write it down takes longer than to ask it.
    """
    columns = [
        models.alias_of(name, f"below_{n}").c[column] for n, (name, column) in enumerate(references)
    ]
    told: list[Any] = [exists().where(column == bindparam("row")) for column in columns]
    return select(*told)


@cache
def hung_on(table: str) -> tuple[Reference, ...]:
    """(table, column) of the rows that people write and that refer to rows of ``table``, but to their own table."""
    return tuple(_hung_on(table))


def _hung_on(table: str) -> Iterator[Reference]:
    for name, words in models.schema.tables.items():
        if name == table or name in OWN_RECORDS or name in DERIVED:
            continue
        for column in words.columns.values():
            if column.references == table:
                yield name, column.name
