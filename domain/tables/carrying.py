"""Columns that a composite key copies from the parent: filled in rows to be written, and what they say of a parent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain import models
from domain.schema.words import Column, Table
from domain.storing import bulk
from domain.storing.session import ActorSession


def with_carried(
    session: ActorSession, words: Table, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows with the columns that a composite key copies from its parent."""
    for key in words.foreign_keys:
        for local, remote in zip(key.columns[1:], key.target_columns[1:], strict=True):
            if words.columns[local].is_carried and key.fills(local, words):
                ids = [row[key.key_column] for row in rows if row.get(key.key_column)]
                parents = bulk.read_rows(session, models.by_table[key.target], ids)
                for row in rows:
                    if key.key_column in row:
                        parent = parents.get(row[key.key_column])
                        row[local] = parent[remote] if parent else None
    return rows


def fits(words: Table, column: Column, parent: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether the keys of ``column`` let ``row``, with its carried columns, refer to ``parent``."""
    return all(
        row.get(local) == parent[remote]
        for key in words.foreign_keys
        if key.key_column == column.name
        for local, remote in zip(key.columns, key.target_columns, strict=True)
        if local != column.name
    )
