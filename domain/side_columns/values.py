"""What side columns hold for some rows: a query for each column, however many rows, whatever the size of the tables."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import load_only

from domain import models
from domain.access.scopes import NOT_YOURS
from domain.schema.columns import DAYS, LATEST, PAST, SideColumn
from domain.side_columns.way import Way
from domain.storing.session import LOOKS_UP, ActorSession

MOST = 100
"""So many values are joined for one row; where there are more, 等 stands for the rest."""


@dataclass(frozen=True)
class SideValue:
    """What a side column holds for one row: a value of its kind, or a text where it names or joins rows."""

    value: Any
    keys: tuple[int, ...] = ()
    """The ids of the rows that it names, as far as the reader may see them."""


SideValues = Mapping[str, Mapping[int, SideValue]]
"""By side column, then by the id of the row; a row for which there is nothing is not in it."""


def read_sides(
    session: ActorSession, sides: Iterable[SideColumn], ids: Collection[int], today: date
) -> SideValues:
    """What the session's actor sees in ``sides`` of the rows with these ids, on the day ``today``."""
    return {side.name: dict(_read(session, side, ids, today)) if ids else {} for side in sides}


def _read(
    session: ActorSession, side: SideColumn, ids: Collection[int], today: date
) -> Iterator[tuple[int, SideValue]]:
    way = Way.of(side)
    if side.taking in DAYS:
        yield from _read_days(session, way, ids, today)
        return
    gathered: dict[int, list[Any]] = defaultdict(list)
    for key, *value in _read_values(session, way, _placed(session, way, ids, today)):
        gathered[key].append(value)
    for key, values in gathered.items():
        yield key, _named(values) if side.references else _said(side, [v for (v,) in values])


def _read_days(
    session: ActorSession, way: Way, ids: Collection[int], today: date
) -> Iterator[tuple[int, SideValue]]:
    extreme = func.max if way.side.taking == LATEST else func.min
    query = way.of_rows(ids, today, way.key, extreme(way.value)).group_by(way.key)
    for key, day in session.execute(query, execution_options={LOOKS_UP: True}):
        yield key, SideValue((today - day).days if way.side.taking == PAST else day)


def _placed(session: ActorSession, way: Way, ids: Collection[int], today: date) -> Subquery:
    """The values with the id of their row and their place among those of it, from 1."""
    place = func.row_number().over(partition_by=way.key, order_by=way.order(session.actor))
    columns = (way.key.label("key"), way.value.label("value"), place.label("place"))
    return way.of_rows(ids, today, *columns).subquery()


def _read_values(session: ActorSession, way: Way, placed: Subquery) -> Iterable[Any]:
    """(id of the row, value), in their order; of a reference the row that it names besides, None if that is unseen."""
    query = select(placed.c.key, placed.c.value)
    if way.side.references:
        cls = models.by_table[way.side.references]
        query = query.add_columns(cls).outerjoin(cls, cls.id == placed.c.value)
        query = query.options(load_only(*models.name_columns(cls)), *models.name_options(cls))
    query = query.where(placed.c.place <= (MOST + 1 if way.side.is_joined else 1))
    query = query.order_by(placed.c.key, placed.c.place)
    return session.execute(query, execution_options={LOOKS_UP: True})


def _named(pairs: list[Any]) -> SideValue:
    """Each row named once, briefly, for the row in the list tells the rest."""
    names = {key: NOT_YOURS if row is None else row.brief_name for key, row in pairs[:MOST]}
    seen = tuple(key for key, row in pairs[:MOST] if row is not None)
    return SideValue(_joined(names.values(), len(pairs)), tuple(dict.fromkeys(seen)))


def _said(side: SideColumn, values: list[Any]) -> SideValue:
    if not side.is_joined:
        return SideValue(values[0])
    said = ({True: "是", False: "否"}[v] if isinstance(v, bool) else str(v) for v in values[:MOST])
    return SideValue(_joined(said, len(values)))


def _joined(texts: Iterable[str], count: int) -> str:
    return "、".join(dict.fromkeys(texts)) + ("等" if count > MOST else "")
