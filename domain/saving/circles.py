"""Refuses rows that lead back to themselves: 并入 and 接续, and whatever else refers to its own table.

A CHECK sees the shortest circle alone, a row that names itself. Asked of what a person saves or imports.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from domain import models
from domain.schema.words import Column
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import RowWrite, Save, WriteRule


class GoesInACircle(Implausible):
    """Whoever follows the reference from row to row comes back to the first."""


class NoCircles(WriteRule):
    """Raises GoesInACircle where a row now leads back to itself."""

    def concerns(self, table: str) -> bool:
        return bool(_links(table))

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        for link in _links(table):
            for row in rows:
                is_new = row.new.get(link.name) not in (None, row.old.get(link.name))
                if is_new and _comes_back(save.connection, table, link.name, row.new["id"]):
                    raise GoesInACircle(
                        table, link, "从所选的一条找下去又回到这一条，不能绕成一圈。"
                    )


def _links(table: str) -> list[Column]:
    return [c for c in models.schema.tables[table].columns.values() if c.references == table]


def _comes_back(connection: Connection, table: str, link: str, start: int) -> bool:
    rows, met = models.table_of(table), set[int]()
    at: int | None = start
    while at is not None and at not in met:
        met.add(at)
        at = connection.scalar(select(rows.c[link]).where(rows.c.id == at))
    return at == start
