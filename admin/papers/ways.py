"""How rows of one table are those of a row of another: by a dimension of the numbers, else up the references.

So a block of any table hangs on a meeting, a unit, an item or the row of the block around it, declared nowhere.
"""

from __future__ import annotations

from domain import models
from domain.schema.file import Column
from domain.statistics.dimensions import DIMENSIONS, Dimension, DimensionPath, PathHop

LONGEST = 4
"""So many references are followed."""


def way_to(table: str, target: str) -> DimensionPath | None:
    """From the rows of ``table`` to the id of the row of ``target`` whose they are; None where nothing leads there."""
    if table == target:
        return DimensionPath(table, (), models.schema.tables[table].columns["id"])
    dimension = dimension_of(target)
    found = dimension.route(table) if dimension else None
    return found or _up(table, target)


def dimension_of(table: str) -> Dimension | None:
    """The dimension whose values are the rows of a table, as the units."""
    return next((d for d in DIMENSIONS.values() if target_of(d) == table), None)


def column_of(dimension: Dimension) -> Column | None:
    """The column in which its values stand; None of months."""
    path = next(iter(dimension.paths), None)
    route = dimension.route(path) if path else None
    return route.column if route else None


def target_of(dimension: Dimension) -> str | None:
    """The table whose rows are its values; None where they are words or numbers."""
    column = column_of(dimension)
    return column.references if column else None


def _up(table: str, target: str) -> DimensionPath | None:
    """The shortest way by references, by required ones rather than by others."""
    ends: list[tuple[str, tuple[PathHop, ...]]] = [(table, ())]
    met = {table}
    for _ in range(LONGEST):
        further = []
        for at, hops in ends:
            for column in _references(at):
                if column.references == target:
                    return DimensionPath(table, hops, column)
                if column.target not in met:
                    met.add(column.target)
                    hop = PathHop(column.target, column.name, goes_down=False)
                    further.append((column.target, (*hops, hop)))
        ends = further
    return None


def _references(table: str) -> list[Column]:
    columns = [c for c in models.schema.tables[table].columns.values() if c.references]
    return sorted(columns, key=lambda column: not column.is_required)
