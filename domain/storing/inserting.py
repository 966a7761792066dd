"""Many rows into one table as fast as the database takes them: executemany on SQLite, COPY on PostgreSQL.

Knows no scopes and writes no log: domain/storing/bulk.py does both around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import JSON, Connection, Date, Table, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from domain.storing.database import leave_out_values

Processor = Callable[[Any], Any]
_JSON = msgspec.json.Encoder()


def encode(value: Any) -> str:
    """A plain value as JSON text."""
    return _JSON.encode(value).decode()


def reserve_ids(
    connection: Connection, table: Table, count: int, last_used: int = 0
) -> Sequence[int]:
    """Ids that no row has and no other transaction gets, in rising order.

    On SQLite a transaction that writes is alone, so the ids after the last one are free; ``last_used`` is the
    highest that a row ever had, so that no new row takes over the history of a deleted one.
    """
    if connection.dialect.name == "sqlite":
        last = max(connection.scalar(select(func.max(table.c.id))) or 0, last_used)
        return range(last + 1, last + 1 + count)
    sequence = text(
        "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)"
    )
    return list(connection.scalars(sequence, {"table": table.name, "count": count}))


def insert_many(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    same: Mapping[str, Any] | None = None,
) -> None:
    """Insert ``rows``, each with one value for every one of ``columns``; ``same`` holds the values all share.

    Columns named nowhere get the schema's defaults. ``rows`` is walked to its end before the database
    is spoken to, so that it may itself ask the database.
    """
    same = same or {}
    tail, processors = bound(connection, table, same), _processors(connection, table, columns)
    prepared = [(*_processed(row, processors), *tail) for row in rows]
    insert_bound(connection, table, [*columns, *same], prepared)


def bound(connection: Connection, table: Table, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Values of these columns as the driver takes them."""
    return tuple(_processed(values.values(), _processors(connection, table, list(values))))


def insert_bound(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows whose values are already as the driver takes them."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"
        connection.exec_driver_sql(statement, rows)
    else:
        _copy(connection, f"COPY {table.name} ({', '.join(columns)}) FROM STDIN", rows)


def _processors(
    connection: Connection, table: Table, columns: Sequence[str]
) -> list[tuple[int, Processor]]:
    """For each place whose values the driver does not take as they are: what makes them so."""
    made = [
        (place, _processor(connection, table.c[name].type)) for place, name in enumerate(columns)
    ]
    return [(place, processor) for place, processor in made if processor is not None]


def _processor(connection: Connection, kind: TypeEngine[Any]) -> Processor | None:
    """JSON is written as its text on both databases; the rest as SQLAlchemy's own type does it, each day once."""
    if isinstance(kind, JSON):
        return lambda value: None if value is None else encode(value)
    processor = kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return cache(processor) if processor and isinstance(kind, Date) else processor


def _processed(row: Iterable[Any], processors: Sequence[tuple[int, Processor]]) -> Iterable[Any]:
    if not processors:
        return row
    values = list(row)
    for place, process in processors:
        values[place] = process(values[place])
    return values


def _copy(connection: Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY goes past SQLAlchemy's cursor, so its refusals are made into SQLAlchemy's own errors here."""
    dialect = connection.dialect
    errors = dialect.loaded_dbapi.Error
    cursor: Any = connection.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except errors as refusal:
        leave_out_values(refusal)
        raise DBAPIError.instance(
            statement, None, refusal, errors, hide_parameters=True, dialect=dialect
        ) from refusal
    finally:
        cursor.close()
