"""Refuses rows that lead back to themselves: 并入 and 接续, and whatever else refers to its own table.

A CHECK sees the shortest circle alone, a row that names itself. Asked of what a person saves or imports.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from domain import models
from domain.schema.words import Column
from domain.storing.holding import hold_name
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import RowWrite, Save, WriteRule

_AT_ONCE = 500


class GoesInACircle(Implausible):
    """Whoever follows the reference from row to row comes back to the first."""


class NoCircles(WriteRule):
    """Raises GoesInACircle where a row now leads back to itself.

    Two who write could each make half of a circle: whoever gives a stored row another target comes after the other.
    Nobody else can refer to a new row yet.
    """

    def concerns(self, table: str) -> bool:
        return bool(_links(table))

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        for link in _links(table):
            name = link.name
            led = [row for row in rows if row.new.get(name) not in (None, row.old.get(name))]
            if any(row.old for row in led):
                hold_name(save.connection, f"{table}.{name}")
            ids = [row.new["id"] for row in led]
            for start in range(0, len(ids), _AT_ONCE):
                if _comes_back(save.connection, table, name, ids[start : start + _AT_ONCE]):
                    raise GoesInACircle(
                        table, link, "从所选的一条找下去又回到这一条，不能绕成一圈。"
                    )


def _links(table: str) -> list[Column]:
    return [c for c in models.schema.tables[table].columns.values() if c.references == table]


def _comes_back(connection: Connection, table: str, link: str, ids: list[int]) -> bool:
    """Whether the reference leads from one of these rows, by however many others, back to it."""
    first, further = models.table_of(table).alias(), models.table_of(table).alias()
    step = select(first.c.id.label("start"), first.c[link].label("met")).where(first.c.id.in_(ids))
    way = step.cte("way", recursive=True)
    on = select(way.c.start, further.c[link]).join(further, further.c.id == way.c.met)
    way = way.union(on.where(way.c.met != way.c.start, further.c[link].is_not(None)))
    back = select(way.c.start).where(way.c.met == way.c.start).limit(1)
    return connection.scalar(back) is not None
