"""Refuses rows that lead back to themselves: 并入 and 接续, and whatever else refers to its own table.

A CHECK sees the shortest circle alone, a row that names itself. Asked of what a person saves or imports.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from domain import models
from domain.storing.implausible import Implausible

Row = Mapping[str, Any]


class GoesInACircle(Implausible):
    """Whoever follows the reference from row to row comes back to the first."""


def refuse_circles(connection: Connection, table: str, changes: Iterable[tuple[Row, Row]]) -> None:
    """Raise GoesInACircle where rows of ``table``, as (old, new), now lead back to themselves."""
    links = [c for c in models.schema.tables[table].columns.values() if c.references == table]
    pairs = list(changes) if links else []
    for link in links:
        for old, new in pairs:
            is_new = new.get(link.name) not in (None, old.get(link.name))
            if is_new and _comes_back(connection, table, link.name, new["id"]):
                raise GoesInACircle(table, link, "从所选的一条找下去又回到这一条，不能绕成一圈。")


def _comes_back(connection: Connection, table: str, link: str, start: int) -> bool:
    rows, met = models.table_of(table), set[int]()
    at: int | None = start
    while at is not None and at not in met:
        met.add(at)
        at = connection.scalar(select(rows.c[link]).where(rows.c.id == at))
    return at == start
