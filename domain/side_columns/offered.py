"""Which side columns of a table a person has: those of which he may meet every table and column on the way."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from domain import models
from domain.access import scopes
from domain.actors import Actor
from domain.schema.columns import Column, SideColumn


def side_columns(actor: Actor, table: str) -> Mapping[str, SideColumn]:
    """The side columns of ``table`` that ``actor`` may meet, in the order of schema.sql."""
    return _side_columns(table, None if actor.is_system else actor.role)


@cache
def _side_columns(table: str, role: str | None) -> Mapping[str, SideColumn]:
    actor = Actor.system("") if role is None else Actor("", role)
    sides = models.schema.tables[table].sides
    return {name: side for name, side in sides.items() if _is_open(actor, side)}


def shown_columns(actor: Actor, table: str) -> Mapping[str, Column]:
    """What a list of ``table`` may show ``actor``: its own columns, then the side columns."""
    return {**scopes.readable_columns(actor, table), **side_columns(actor, table)}


def own_columns(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Of ``columns`` those that the table itself has."""
    return tuple(column for column in columns if not isinstance(column, SideColumn))


def beside(columns: Iterable[Column]) -> tuple[SideColumn, ...]:
    """Of ``columns`` those that other tables fill."""
    return tuple(column for column in columns if isinstance(column, SideColumn))


def _is_open(actor: Actor, side: SideColumn) -> bool:
    tables = [hop.table for hop in side.hops]
    tables += [side.references] if side.references else []
    if not all(actor.is_system or scopes.may(actor, table, "read") for table in tables):
        return False
    return all(name not in scopes.hidden_columns(actor, table) for table, name in _columns(side))


def _columns(side: SideColumn) -> Iterator[tuple[str, str]]:
    """Every column that is read on the way, with its table."""
    here = side.table
    for hop in side.hops:
        yield (hop.table if hop.goes_down else here), hop.key
        here = hop.table
    for demand in side.demands:
        yield side.hops[demand.hop].table, demand.column
    yield side.source_table, side.source.name
    if side.ordered_by and side.lowest is not None:
        yield side.hops[side.lowest].table, side.ordered_by
