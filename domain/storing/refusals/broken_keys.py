"""Finds the foreign key that a write broke, where the database does not say: by asking for parents and children."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from domain import models
from domain.schema.words import Constraint
from domain.storing.refusals.refused_writes import RefusedWrite


def find_broken_key(connection: Connection, write: RefusedWrite) -> str | None:
    """The name of the foreign key that ``write`` broke; None where parents and children all fit by now."""
    if write.verb == "delete":
        return _holding_key(connection, write.table, [row["id"] for row in write.rows])
    for row in write.rows:
        whole = _whole_row(connection, write.table, row)
        for key in models.schema.tables[write.table].foreign_keys:
            if set(key.columns) & set(row) and not _has_parent(connection, key, whole):
                return key.name
    return _left_behind(connection, write) if write.verb == "update" else None


def _whole_row(connection: Connection, table: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row as it would have become: what stands in the database, and over it what was written."""
    if "id" not in row:
        return row
    rows = models.table_of(table)
    stored = connection.execute(select(rows).where(rows.c.id == row["id"])).mappings().first()
    return {**(stored or {}), **row}


def _has_parent(connection: Connection, key: Constraint, row: Mapping[str, Any]) -> bool:
    values = [row.get(column) for column in key.columns]
    if None in values:
        return True
    parent = models.table_of(key.target)
    pairs = zip(key.target_columns, values, strict=True)
    found = select(parent.c.id).where(*(parent.c[name] == value for name, value in pairs))
    return connection.scalar(found) is not None or _is_itself(key, row)


def _is_itself(key: Constraint, row: Mapping[str, Any]) -> bool:
    return row.get("id") is not None and row.get("id") == row.get(key.key_column)


def _holding_key(connection: Connection, table: str, ids: Sequence[int]) -> str | None:
    """The key by which a row keeps one of ``ids`` from being deleted, or keeps what would be deleted along."""
    for child, key in _keys_to(table):
        held = _children(connection, child, key, ids)
        if held and key.on_delete in ("", "RESTRICT", "NO ACTION"):
            return key.name
        if (
            held
            and key.on_delete == "CASCADE"
            and (deeper := _holding_key(connection, child, held))
        ):
            return deeper
    return None


def _children(connection: Connection, child: str, key: Constraint, ids: Sequence[int]) -> list[int]:
    rows = models.table_of(child)
    found = select(rows.c.id).where(rows.c[key.key_column].in_(ids), rows.c.id.not_in(ids))
    if child != key.target:
        found = select(rows.c.id).where(rows.c[key.key_column].in_(ids))
    return list(connection.scalars(found))


def _left_behind(connection: Connection, write: RefusedWrite) -> str | None:
    """The key of children that refer to a value which the update would have taken from their parent."""
    for row in write.rows:
        for child, key in _keys_to(write.table):
            written = set(key.target_columns) & set(row) - {"id"}
            if written and _children(connection, child, key, [row["id"]]):
                return key.name
    return None


def _keys_to(table: str) -> Iterator[tuple[str, Constraint]]:
    """Every foreign key to ``table``, with the table it belongs to."""
    for name, words in models.schema.tables.items():
        for key in words.foreign_keys:
            if key.target == table:
                yield name, key
