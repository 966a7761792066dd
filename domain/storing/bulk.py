"""Bulk writes, set-based and logged: the only way past the unit of work. For sessions of the program alone."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from domain import models
from domain.models import Row
from domain.storing.cascades import along_with
from domain.storing.changes import (
    CHANGED,
    Entry,
    differences,
    is_logged,
    write_entries,
)
from domain.storing.creations import write_creations, write_deletions
from domain.storing.inserting import insert_many, reserve_ids
from domain.storing.one_save import asked_for
from domain.storing.session import ActorSession
from domain.storing.write_rules import RowWrite

DELETED_AT_ONCE = 500
"""Rows in one statement. Within a savepoint SQLite keeps a journal for each statement that may cascade, and looks for
its end from the beginning: 40,000 statements took minutes."""

Values = Mapping[str, Any]
Name = Callable[[Values], str]


def insert_rows(
    session: ActorSession, cls: type[Row], rows: Sequence[Values], name: Name
) -> list[int]:
    """Insert ``rows`` (all with the same columns) and log them under ``name(row)``; return their ids in order.

    Raises what the rules of saving refuse; what was written must then be taken back.
    """
    if not rows:
        return []
    connection, table = _connection(session), cls.__table__
    asked = asked_for(session, table.name)
    rows = asked.completed(rows)
    ids = reserve_ids(connection, table, len(rows), _last_logged(connection, table.name))
    fixed = {
        c.name: c.default.arg
        for c in table.columns
        if isinstance(c.default, ScalarElementColumnDefault) and c.name not in rows[0]
    }
    columns = list(rows[0])
    numbered = ((id, *map(row.__getitem__, columns)) for id, row in zip(ids, rows, strict=True))
    insert_many(connection, table, ["id", *columns], numbered, same=fixed)
    if is_logged(table.name, session.actor):
        numbered_rows = ((id, name(row), row) for id, row in zip(ids, rows, strict=True))
        write_creations(connection, session.provenance(), table.name, numbered_rows, fixed)
    written = zip(ids, rows, strict=True)
    asked.once_written(lambda: [RowWrite({}, {**fixed, **row, "id": id}) for id, row in written])
    return list(ids)


def update_rows(
    session: ActorSession, cls: type[Row], changes: Iterable[tuple[Values, Values]], name: Name
) -> None:
    """Write ``changes``: pairs of a whole old row (with its id) and the columns that become new.

    Raises what the rules of saving refuse.
    """
    connection, table = _connection(session), cls.__table__
    asked, pairs = asked_for(session, table.name), list(changes)
    if not pairs:
        return
    pairs = asked.completed_changes(pairs)
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for old, new in pairs:
        by_columns.setdefault(tuple(sorted(new)), []).append({"_id": old["id"], **new})
    for columns, parameters in by_columns.items():
        statement = (
            update(table)
            .where(table.c.id == bindparam("_id"))
            .values({c: bindparam(c) for c in columns})
        )
        connection.execute(statement, parameters)
    whole = [(old, {**old, **new}) for old, new in pairs]
    if is_logged(table.name, session.actor):
        entries = (
            Entry(CHANGED, table.name, old["id"], name(new), differences(table.name, old, new))
            for old, new in whole
        )
        write_entries(connection, session.provenance(), entries)
    asked.once_written(lambda: [RowWrite(old, new) for old, new in whole])


def differing(pairs: Iterable[tuple[Values, Values]]) -> Iterator[tuple[Values, Values]]:
    """Of pairs of a whole row and what it should hold, those that differ, each with the columns that do alone."""
    for row, wanted in pairs:
        new = {name: value for name, value in wanted.items() if row[name] != value}
        if new:
            yield row, new


def delete_rows(session: ActorSession, cls: type[Row], rows: Sequence[Values], name: Name) -> None:
    """Delete ``rows``: whole old rows with their ids. Raises what the rules of saving refuse."""
    if not rows:
        return
    connection, table = _connection(session), cls.__table__
    asked = asked_for(session, table.name)
    asked.about_to_go(rows)
    along = list(along_with(session, table.name, [row["id"] for row in rows]))
    for start in range(0, len(rows), DELETED_AT_ONCE):
        some = [row["id"] for row in rows[start : start + DELETED_AT_ONCE]]
        connection.execute(delete(table).where(table.c.id.in_(some)))
    if is_logged(table.name, session.actor):
        gone = ((row["id"], name(row), row) for row in rows)
        write_deletions(connection, session.provenance(), table.name, gone)
    write_entries(connection, session.provenance(), along)
    asked.once_written(lambda: [RowWrite(row, {}) for row in rows])


def read_rows(
    session: ActorSession,
    cls: type[Row],
    ids: Iterable[int],
    lock: bool = False,
    *,
    stays: bool = False,
) -> dict[int, dict[str, Any]]:
    """Whole rows by id, as update_rows and delete_rows want them.

    With ``lock`` nobody else changes, deletes or hangs anything on them until the transaction ends; who is at it
    already is waited for. With ``stays`` too, others may go on hanging rows on them. Rows are locked in the order
    of their ids, so that two who lock do not wait for each other.
    """
    table, wanted = cls.__table__, sorted(ids)
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(wanted), 500):
        query = select(table).where(table.c.id.in_(wanted[start : start + 500]))
        query = query.order_by(table.c.id).with_for_update(key_share=stays) if lock else query
        result = _connection(session).execute(query)
        names = list(result.keys())
        found.update((row.id, dict(zip(names, row, strict=True))) for row in result)
    return found


def _connection(session: ActorSession) -> Any:
    if not session.actor.is_system:
        raise RuntimeError("Bulk writes are the program's own work: use a system session.")
    session.flush()
    return session.unchecked_connection()


def _last_logged(connection: Any, table: str) -> int:
    """The highest id under which the change log knows a row of ``table``."""
    log = models.ChangeLog.__table__
    last = connection.scalar(select(func.max(log.c.row_id)).where(log.c.table_name == table))
    return int(last or 0)
