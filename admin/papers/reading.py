"""What the labels written at some rows hold: a query for each table on the way, in the scope of who reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import load_only

from admin.papers.paths import LabelPath
from admin.tables.desk import Desk
from domain import models
from domain.access.scopes import NOT_YOURS
from domain.papers.marks import Value
from domain.schema.columns import Column, SideColumn
from domain.side_columns.values import read_sides

AT_ONCE = 1_000
"""So many ids stand in one question: databases limit how many values it may have."""

Said = dict[int, dict[str, Value]]
"""By the id of a row, what each mark says of it."""


def in_pieces(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids, some at a time."""
    every = list(dict.fromkeys(ids))
    yield from (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))


def read_paths(desk: Desk, ids: Sequence[int], paths: Mapping[str, LabelPath], today: date) -> Said:
    """What the marks say of the rows with these ids."""
    said: Said = {key: {} for key in ids}
    if paths:
        for some in in_pieces(ids):
            for key, values in _read(desk, some, paths, today).items():
                said[key] = values
    return said


def _read(desk: Desk, ids: list[int], paths: Mapping[str, LabelPath], today: date) -> Said:
    here = {name: path.column for name, path in paths.items() if not path.links}
    further: dict[str, dict[str, LabelPath]] = defaultdict(dict)
    for name, path in paths.items():
        if path.links:
            further[path.links[0].name][name] = LabelPath(path.links[1:], path.column)
    own = [c for c in here.values() if not isinstance(c, SideColumn)]
    keys = [desk.words.columns[name] for name in further]
    rows = {row.id: row for row in _rows(desk, ids, (*own, *keys))}
    said: Said = {key: {} for key in ids}
    for name, say in _sayers(desk, here, ids, today).items():
        for key, row in rows.items():
            said[key][name] = say(row)
    for link in keys:
        _follow(desk, link, rows, further[link.name], (said, today))
    return said


def _rows(desk: Desk, ids: list[int], columns: Sequence[Column]) -> Iterable[Any]:
    model = desk.model
    query = select(model).where(model.id.in_(ids))
    names = {"id", *(column.name for column in columns)}
    links = [models.named(model, c.name.removesuffix("_id")) for c in columns if c.references]
    query = query.options(load_only(*(getattr(model, name) for name in names)), *links)
    return desk.session.scalars(query)


def _sayers(
    desk: Desk, here: Mapping[str, Column], ids: list[int], today: date
) -> dict[str, Callable[[Any], Value]]:
    beside = {c.name: c for c in here.values() if isinstance(c, SideColumn)}
    sides = read_sides(desk.session, beside.values(), ids, today)
    return {
        name: _beside(sides[column.name]) if isinstance(column, SideColumn) else _own(column)
        for name, column in here.items()
    }


def _beside(held: Mapping[int, Any]) -> Callable[[Any], Value]:
    return lambda row: held[row.id].value if row.id in held else None


def _own(column: Column) -> Callable[[Any], Value]:
    name = column.name
    if column.references:
        return lambda row: _called(row, name)
    if column.kind == "yes/no":
        return lambda row: {True: "是", False: "否"}.get(getattr(row, name))
    return lambda row: getattr(row, name)


def _called(row: Any, key: str) -> Value:
    """What the row is called that a reference leads to."""
    if getattr(row, key) is None:
        return None
    other = getattr(row, key.removesuffix("_id"))
    return NOT_YOURS if other is None else str(other.brief_name)


def _follow(
    desk: Desk,
    link: Column,
    rows: Mapping[int, Any],
    paths: Mapping[str, LabelPath],
    into: tuple[Said, date],
) -> None:
    """What is said of the rows that a reference leads to; of one that the reader may not see, that it is not his."""
    said, today = into
    leads = {key: getattr(row, link.name) for key, row in rows.items()}
    there = desk.beside(link.target)
    found = read_paths(there, [key for key in leads.values() if key is not None], paths, today)
    for key, other in leads.items():
        values = found.get(other) or {}
        for name in paths:
            said[key][name] = values.get(name, NOT_YOURS) if other is not None else None
