"""Named conditions in the address of a list: `holds=on_time`, as domain/statistics/conditions.py declares them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement

from admin.tables.desk import Desk
from admin.tables.finding.filter_values import BadFilter
from domain.statistics.conditions import NamedCondition, clause_of, conditions_of

ARGUMENT = "holds"
"""The name in the address of a list."""


@dataclass(frozen=True)
class NamedFilter:
    """What an address asks that no column holds: ``words`` and ``about`` say it to a person."""

    argument: str
    texts: tuple[str, ...]
    words: str
    about: str
    clause: ColumnElement[bool]


def offered_conditions(desk: Desk) -> tuple[NamedCondition, ...]:
    """The named conditions of this table that look at nothing hidden from this person."""
    return tuple(c for c in conditions_of(desk.words.name) if may_look_at(desk, c.columns))


def may_look_at(desk: Desk, columns: Sequence[tuple[str, str]]) -> bool:
    """Whether this person reads these columns."""
    asked = ((desk.beside(table), name) for table, name in columns)
    return all(there.may("read") and name in there.readable for there, name in asked)


def read_named(desk: Desk, names: Sequence[str], today: date) -> Iterator[NamedFilter]:
    """What the address says of each. Raises BadFilter for what this list does not have."""
    offered = {condition.name: condition for condition in offered_conditions(desk)}
    for name in dict.fromkeys(text for text in names if text.strip()):
        found = offered.get(name)
        if found is None:
            raise BadFilter(f"这个列表没有“{name[:40]}”这个条件。")
        clause = clause_of(found, desk.model, today)
        yield NamedFilter(ARGUMENT, (name,), found.label, f"{found.label}：{found.about}", clause)
