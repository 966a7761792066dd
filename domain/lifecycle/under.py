"""What belongs to one item, over whatever lies between: which tables, by which way, and its rows in scope.

The ways are the required foreign keys of schema.sql, so a table that hangs on an item anywhere is found without Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from domain import models
from domain.lifecycle.belonging import ITEMS, ways_up


def tables_under() -> Iterator[str]:
    """The tables whose rows belong to items, in the order of schema.sql; not the items themselves."""
    return (name for name in models.schema.tables if name != ITEMS and ways_up(name))


def is_under(table: str, item_id: int) -> ColumnElement[bool]:
    """True for the rows of the mapped class of ``table`` that belong to the item.

    What lies between is asked through the mapped classes too, so that a person's session limits it to his scope.
    """
    row: Any = models.by_table[table]
    return or_(*(_hangs(getattr(row, column), above, item_id) for column, above in ways_up(table)))


def _hangs(key: ColumnElement[Any], above: str, item_id: int) -> ColumnElement[bool]:
    if above == ITEMS:
        return key == item_id
    parent: Any = models.by_table[above]
    return key.in_(select(parent.id).where(is_under(above, item_id)))
