"""Takes the rows that SQLite's triggers have noted into the index proper. PostgreSQL needs none of this.

Apart from the writes themselves, so that they cost no more than a note: an import of 10,000 rows, its preview, a bell.
A noted row is offered to every search until it is folded in, so nothing is missed meanwhile.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine

from domain.schema.search_index import (
    INDEX,
    NOTES,
    Tables,
    has_index,
    live_parts,
    note_all,
    trigger_name,
)
from domain.schema.searched import document, first_key, is_indexed, last_key
from domain.schema.words import Table
from domain.searching.grams import cut
from domain.storing.database import read_only

AT_ONCE = 5_000
"""Rows in one transaction; other writers wait for a tenth of a second."""

_NEEDED = (3, 43)
_MAKE_INDEX = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5"
    "(grams, content='', contentless_delete=1, detail=none, tokenize='ascii')"
)


def can_index(connection: Connection) -> bool:
    """Whether this is a SQLite that knows an index without texts from which rows can be taken: 3.43 or newer."""
    dialect = connection.dialect
    return dialect.name == "sqlite" and dialect.loaded_dbapi.sqlite_version_info >= _NEEDED


def fold(engine: Engine, tables: Tables, most: int | None = None) -> int:
    """Bring the index up to date with the rows noted so far, or with ``most`` of them; how many that were."""
    folded = 0
    while _is_behind(engine) and (most is None or folded < most):
        with engine.begin() as connection:
            folded += _fold_some(connection, tables)
    return folded


def _is_behind(engine: Engine) -> bool:
    if engine.dialect.name != "sqlite":
        return False
    with read_only(engine).connect() as connection:
        if not can_index(connection) or NOTES not in live_parts(connection):
            return False
        waiting = connection.exec_driver_sql(f"SELECT 1 FROM {NOTES} LIMIT 1").first()
        return waiting is not None or not has_index(connection)


def _fold_some(connection: Connection, tables: Tables) -> int:
    if not has_index(connection):
        _make_index(connection, tables)
    asked = f"SELECT id FROM {NOTES} ORDER BY id LIMIT {AT_ONCE}"
    keys = connection.exec_driver_sql(asked).scalars().all()
    if keys:
        for table in filter(is_indexed, tables.values()):
            _fold_table(connection, table, keys)
        connection.exec_driver_sql(f"DELETE FROM {NOTES} WHERE id <= {keys[-1]}")
    return len(keys)


def _make_index(connection: Connection, tables: Tables) -> None:
    connection.exec_driver_sql(_MAKE_INDEX)
    live = live_parts(connection)
    for table in tables.values():
        if is_indexed(table) and trigger_name(table) in live:
            note_all(connection, table)


def _fold_table(connection: Connection, table: Table, keys: Sequence[int]) -> None:
    """Replace what is indexed of the noted rows of ``table`` by what they say now."""
    first, last = first_key(table.name), last_key(table.name)
    mine = [key for key in keys if first <= key <= last]
    if not mine:
        return
    asked = (
        f"SELECT {NOTES}.id, {document(table)} FROM {NOTES} JOIN {table.name}"
        f" ON {table.name}.id = {NOTES}.id - {first} WHERE {NOTES}.id BETWEEN {mine[0]} AND {mine[-1]}"
    )
    said = connection.exec_driver_sql(asked).all()
    gone = set(mine).difference(key for key, _ in said)
    _each(connection, f"DELETE FROM {INDEX} WHERE rowid = ?", [(key,) for key in sorted(gone)])
    replace = f"INSERT OR REPLACE INTO {INDEX} (rowid, grams) VALUES (?, ?)"
    _each(connection, replace, [(key, cut(text)) for key, text in said])


def _each(connection: Connection, statement: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        connection.exec_driver_sql(statement, rows)
