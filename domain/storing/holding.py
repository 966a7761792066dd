"""Locks stored rows that are about to be changed, and looks whether they still are as they were read; locks a name
where what is looked at is no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from domain import models
from domain.storing.session import ActorSession

_AT_ONCE = 500


def hold_as_read(session: ActorSession, table: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Lock these rows of ``table`` until the transaction ends, in the order of their ids; who is at one is waited for.

    ``rows``: as they were read, each with its id, all with the same columns; what is no column is passed over. False
    where one of them has changed since, or is gone. The session is the program's own.
    """
    read = {row["id"]: row for row in rows}
    now = {row["id"]: row for row in _locked(session, table, read)}
    return read.keys() == now.keys() and all(
        value == read[row_id][name] for row_id, row in now.items() for name, value in row.items()
    )


def hold_name(connection: Connection, name: str) -> None:
    """Have who holds the same name wait until this transaction ends. On SQLite whoever writes is alone anyhow."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def _locked(
    session: ActorSession, table: str, read: Mapping[int, Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """The rows as they are now, in those of their own columns that were read."""
    columns = models.table_of(table).c
    names = [name for name in next(iter(read.values()), {}) if name in columns]
    ids = sorted(read)
    for start in range(0, len(ids), _AT_ONCE):
        among = columns.id.in_(ids[start : start + _AT_ONCE])
        query = select(*(columns[name] for name in names)).where(among)
        query = query.order_by(columns.id).with_for_update()
        yield from map(dict, session.connection().execute(query).mappings())
