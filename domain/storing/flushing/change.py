"""One object of a flush: what happens to it, and its row in the database before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import inspect

from domain.storing.changes import CREATED, DELETED
from domain.storing.write_rules import RowWrite


@dataclass
class Change:
    """One object of the flush: what happens to it, and its row in the database before and after."""

    action: str
    row: Any
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""

    @property
    def table(self) -> str:
        return str(self.row.__table__.name)

    @property
    def id(self) -> int:
        """The id under which the database has the row, whatever its attribute was set to meanwhile."""
        identity = inspect(self.row).identity
        return int(identity[0] if identity else self.row.id)

    @property
    def becoming(self) -> dict[str, Any]:
        """The row as it is about to be written, as far as it is loaded; {} where it goes."""
        if self.action == DELETED:
            return {}
        state, columns = inspect(self.row), self.row.words.columns
        said = {name for name in columns if state.attrs[name].history.has_changes()}
        known = self.old or dict.fromkeys(columns)
        return {**known, **{name: state.dict.get(name) for name in columns if name in said}}

    @property
    def written_row(self) -> RowWrite:
        """The row for the rules of saving, once it is there."""
        return RowWrite(self.old, dict(self.new))

    @property
    def written(self) -> set[str]:
        """The columns that got another value than they had, or than they get by themselves."""
        columns = self.row.words.columns
        before = self.old or {name: words.default for name, words in columns.items()}
        return {name for name in columns if self.new[name] not in (before[name], _nothing(self))}


def _nothing(change: Change) -> Any:
    """What a new row has in a column that nobody filled; a row that was there has no such value."""
    return None if change.action == CREATED else _NEVER


_NEVER = object()
