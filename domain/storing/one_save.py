"""Asks the rules of saving for bulk writes, and gathers several of them into one save, from which follows what follows.

Without ``as_one`` each bulk write is a save of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from domain.storing.acting import ActingSession
from domain.storing.write_rules import (
    RowWrite,
    Save,
    ask_after,
    ask_before,
    ask_to_follow,
    asking,
)

Values = Mapping[str, Any]
_OPEN = "open_save"


@dataclass
class Gathered:
    """What has been written so far in one save of several bulk writes."""

    written: dict[str, list[RowWrite]] = field(default_factory=lambda: defaultdict(list))

    def forget(self) -> None:
        """The database has taken it all back."""
        self.written.clear()


@contextmanager
def as_one(session: ActingSession) -> Iterator[Gathered]:
    """Make one save of all bulk writes in here: what follows is written once, at the end, unless an error ends it."""
    if _OPEN in session.info:
        raise RuntimeError("There is a save already; what is within it belongs to it.")
    gathered = session.info[_OPEN] = Gathered()
    try:
        yield gathered
    finally:
        del session.info[_OPEN]
    session.flush()
    ask_to_follow(_save(session), gathered.written)


@dataclass(frozen=True)
class RuledWrite:
    """The rules to be asked for one bulk write of rows of ``table``."""

    save: Save
    table: str

    def completed(self, rows: Sequence[Values]) -> Sequence[Values]:
        """New rows with what the rules fill in."""
        if not asking(self.save, self.table, "before"):
            return rows
        new = [RowWrite({}, dict(row)) for row in rows]
        ask_before(self.save, self.table, new)
        return [row.new for row in new]

    def completed_changes(self, pairs: list[tuple[Values, Values]]) -> list[tuple[Values, Values]]:
        """Changed rows, as a whole old row and what becomes new in it, with what the rules fill in."""
        if not asking(self.save, self.table, "before"):
            return pairs
        rows = [RowWrite(old, {**old, **new}) for old, new in pairs]
        ask_before(self.save, self.table, rows)
        return [
            (old, {name: row.new[name] for name in {*new, *row.changed}})
            for (old, new), row in zip(pairs, rows, strict=True)
        ]

    def about_to_go(self, rows: Sequence[Values]) -> None:
        """Rows that are to be deleted."""
        ask_before(self.save, self.table, [RowWrite(row, {}) for row in rows])

    def once_written(self, make: Callable[[], list[RowWrite]]) -> None:
        """What was written; asked for only where a rule wants to know."""
        follows = asking(self.save, self.table, "follow")
        if not follows and not asking(self.save, self.table, "after"):
            return
        rows = make()
        ask_after(self.save, self.table, rows)
        gathered: Gathered | None = self.save.session.info.get(_OPEN)
        if gathered is not None:
            gathered.written[self.table] += rows
        elif follows:
            ask_to_follow(self.save, {self.table: rows})


def asked_for(session: ActingSession, table: str) -> RuledWrite:
    """The rules for a bulk write of rows of ``table`` in a session of the program."""
    return RuledWrite(_save(session), table)


def _save(session: ActingSession) -> Save:
    return Save(session, is_typed=False, is_peoples=session.is_peoples or not session.is_deriving)
