"""What a row says in words, on the screen as in an export: stored JSON as lines, without what is not the reader's.

JSON that tells of another table (``table_name``) gets that table's labels, and the names of the rows it refers to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, load_only

from domain import models
from domain.access import scopes
from domain.access.scopes import NOT_YOURS
from domain.actors import Actor
from domain.schema.file import Column
from domain.storing.changes import CHANGED, DELETED
from domain.storing.session import ActorSession

_AT_ONCE = 500
Names = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class ToldChange:
    """What became of one column: its label, and its old and new value, or what is said in their place."""

    label: str
    value: Any

    @property
    def pair(self) -> tuple[str, str]:
        """The old value and the new one in words; what stands in their place is said of both."""
        value = self.value
        old, new = value if isinstance(value, list) and len(value) == 2 else (value, value)
        return say_data(old), say_data(new)

    def said(self, is_change: bool) -> str:
        """Both in a line; of a row that was made or deleted what it had."""
        is_pair = isinstance(self.value, list) and len(self.value) == 2
        return " → ".join(self.pair) if is_change and is_pair else say_data(self.value)


@dataclass(frozen=True)
class Telling:
    """Says the stored JSON of some rows to one reader. ``names``: (table, id) -> what a reference is called."""

    actor: Actor
    names: Names = field(default_factory=dict)

    def say(self, row: Any, column: Column) -> str | None:
        """The JSON of ``row`` in this column as lines; None where there is none."""
        value = getattr(row, column.name)
        if value is None:
            return None
        if told_columns(self.actor, row) is None or not isinstance(value, dict):
            return say_data(value)
        is_change = getattr(row, "action", "") == CHANGED
        return "\n".join(f"{one.label}：{one.said(is_change)}" for one in self.lines(row, column))

    def lines(self, row: Any, column: Column) -> Iterator[ToldChange]:
        """What an entry of the change log says, column by column, as far as the reader may meet them."""
        value, words = getattr(row, column.name), told_columns(self.actor, row) or {}
        every = models.schema.tables[row.table_name].columns
        for told in (every[name] for name in value if name in every and not every[name].is_hidden):
            yield ToldChange(told.label, self._said(told, value[told.name], told.name in words))

    def _said(self, told: Column, value: Any, is_readable: bool) -> Any:
        return self._named(told, value) if is_readable else NOT_YOURS

    def _named(self, told: Column, value: Any) -> Any:
        if not told.references:
            return value
        if isinstance(value, list):
            return [self._named(told, inner) for inner in value]
        return self.names.get((told.references, value), value) if value is not None else None


def tell(session: ActorSession, rows: Sequence[Any], columns: Iterable[Column]) -> Telling:
    """The telling of ``rows`` to the session's actor: a query for each table that their JSON refers to."""
    stored = [column.name for column in columns if column.kind == "data"]
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows if stored else ():
        words = told_columns(session.actor, row) or {}
        for name in stored:
            for table, key in _references(getattr(row, name), words):
                wanted[table].add(key)
    found = (pair for table, keys in wanted.items() for pair in _names(session, table, keys))
    return Telling(session.actor, dict(found))


def _references(value: Any, words: Mapping[str, Column]) -> Iterator[tuple[str, int]]:
    """(table, id) of every row that the JSON of a row refers to."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        table = words[name].references if name in words else None
        if table:
            yield from ((table, key) for key in _flat(inner) if isinstance(key, int))


def _flat(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _names(
    session: ActorSession, table: str, keys: set[int]
) -> Iterator[tuple[tuple[str, int], str]]:
    """What each row is called: by its name; if it is gone or not the reader's, as the change log he reads calls it."""
    cls = models.by_table[table]
    options = (load_only(*models.name_columns(cls)), *models.name_options(cls))
    ordered = sorted(keys)
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        seen = session.scalars(select(cls).where(cls.id.in_(some)).options(*options))
        names = {row.id: str(row) for row in seen}
        names |= _unseen(session, table, [key for key in some if key not in names])
        yield from (((table, key), name) for key, name in names.items())


def _unseen(session: ActorSession, table: str, keys: Sequence[int]) -> dict[int, str]:
    """What rows are called that the reader does not find; by their number where no entry that he may read tells."""
    if not keys:
        return {}
    rows = models.table_of(table)
    among = select(rows.c.id).where(rows.c.id.in_(keys))
    there = set(session.unchecked_connection().scalars(among))
    last = _last_entries(session, table, keys)
    said = {}
    for key in keys:
        action, name = last.get(key, ("", ""))
        if key not in there:
            said[key] = f"{name}（已删除）" if name else f"已删除 #{key}"
        else:  # an entry about another row that had the id before tells nothing of this one
            said[key] = name if name and action != DELETED else f"#{key}{NOT_YOURS}"
    return said


def _last_entries(
    session: ActorSession, table: str, keys: Sequence[int]
) -> dict[int, tuple[str, str]]:
    """What the change log told last of each of these rows, in the reader's own scope: what was done, to what name."""
    log, inner = models.ChangeLog, aliased(models.ChangeLog)
    of = inner.table_name == table, inner.row_id.in_(keys)
    last = select(func.max(inner.id)).where(*of).group_by(inner.row_id)
    found = session.execute(select(log.row_id, log.action, log.row_name).where(log.id.in_(last)))
    return {row_id: (action, name) for row_id, action, name in found}


def say_data(value: Any) -> str:
    """Stored JSON as lines of 「名：值」; a pair of old and new as an arrow."""
    if isinstance(value, dict):
        return "\n".join(f"{name}：{say_data(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        if len(value) == 2 and not any(isinstance(inner, dict | list) for inner in value):
            return " → ".join(say_data(inner) for inner in value if inner not in (None, ""))
        return "；".join(say_data(inner) for inner in value)
    if value is None or value == "":
        return "（空）"
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def told_columns(actor: Actor, row: Any) -> Mapping[str, Column] | None:
    """Of a row that tells of another table (``table_name``): the columns that ``actor`` may meet there."""
    told = getattr(row, "table_name", None)
    return scopes.readable_columns(actor, told) if told and told in models.schema.tables else None
