"""Makes the lines of a block: blank ones, and those of stored rows. As they were sent: sent.py."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from admin.tables.finding.pickers import Filling
from admin.tables.form import conflicts
from admin.tables.form.blocks.block import Block, Line
from admin.tables.form.forms import ColumnForm
from admin.tables.form.making import make
from admin.tables.form.opening import carried_by
from admin.tables.form.starting import beginning
from domain import models
from domain.schema.file import Column
from domain.storing.allowed import carried_values

Linked = Mapping[str, Mapping[int, models.Row]]
"""By reference: the rows that the lines of a block point to."""


class LineMaker:
    """Makes lines for one block, each with a number of its own; ``last`` is the highest so far."""

    def __init__(self, block: Block, today: date, last: int = -1) -> None:
        self.block, self.today, self.last = block, today, last
        self.child = block.child

    @property
    def links(self) -> list[Column]:
        """The references that a line asks for."""
        return [column for column in self.block.columns if column.references]

    @property
    def fixed(self) -> dict[str, int]:
        """The key to the row whose form this is, where it has one yet."""
        return {self.block.key.name: self.block.parent.id} if self.block.parent else {}

    def linked(self, keys: Mapping[str, Iterable[int | None]]) -> Linked:
        """What lines point to, with a query for each reference and not for each line."""
        return {
            c.name: self.child.linked_rows(c, {key for key in keys[c.name] if key is not None})
            for c in self.links
        }

    def stored_lines(self, rows: list[models.Row]) -> list[Line]:
        """The lines of stored rows."""
        removable = {row.id for row in self.child.those("delete", rows)} if rows else set()
        linked = self.linked({c.name: {getattr(row, c.name) for row in rows} for c in self.links})
        return [self._stored_line(row, linked, row.id in removable) for row in rows]

    def _stored_line(self, row: models.Row, linked: Linked, may_remove: bool) -> Line:
        filling, name = Filling(self.child, row, {}, linked=linked), self._next_name()
        form = make(filling, self.block.columns, carried_by(self.child, row), name)
        form.process(None, data={c.name: getattr(row, c.name) for c in self.block.columns})
        seen = conflicts.seen_state(self.child, row)
        return Line(name, form, row, seen, may_remove=may_remove)

    def with_room(self, lines: int) -> Block:
        """The block with blank lines at its end, where the person may add rows."""
        names = [self._next_name() for _ in range(lines)] if self.block.may_add else []
        self.block.lines += [Line(name, self.blank(name), is_blank=True) for name in names]
        return self.block

    def blank(self, name: str) -> ColumnForm:
        """The form of a new line as it opens."""
        filling = Filling(self.child, None, self.fixed, self.fixed)
        known = carried_values(self.child.session, self.child.words, self.fixed)
        form = make(filling, self.block.columns, known, name)
        form.process(None, data=self._begun)
        return form

    @cached_property
    def _begun(self) -> dict[str, Any]:
        """What a new line begins with."""
        filling = Filling(self.child, None, self.fixed, self.fixed)
        given = {name: str(key) for name, key in self.fixed.items()}
        begun = beginning(filling, given, self.today)
        asked = {c.name for c in self.block.columns if not self._is_asked_above(c)}
        return {name: value for name, value in begun.items() if name in asked}

    def _is_asked_above(self, column: Column) -> bool:
        """Whether a day that a new row has by itself is asked for by the form of its parent already."""
        parents = models.schema.tables[self.block.key.target].columns
        return self.block.parent is None and column.name in parents and column.starts_today

    def _next_name(self) -> str:
        self.last += 1
        return f"{self.block.name}.{self.last}."


def number_of(name: str) -> int:
    """The number of a line, out of its name."""
    return int(name.split(".")[1])
