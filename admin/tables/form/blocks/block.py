"""The rows of one table below, as they stand in the form of the row that they hang on.

Which tables those are, schema.sql says: 从属 for rows that belong to their parent, 同表 for guests that may begin
there.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from wtforms.form import BaseForm

from admin.tables.desk import Desk
from admin.tables.form.fields import ColumnField
from admin.tables.form.forms import ColumnForm, check, must_be_filled
from domain import models
from domain.ordering import place_column
from domain.schema.file import Column
from domain.storing.write_rules import is_kept_off

MOST_ROWS = 50
"""Stored rows of a table that a form shows; the list of the table has them all."""
_ON_A_LINE = 5


@dataclass
class Line:
    """One row of a block: its form, the stored row that it is about, and what was sent of it."""

    name: str
    """What the names of its fields begin with: sponsors.0."""
    form: ColumnForm
    row: models.Row | None = None
    seen: str = ""
    is_gone: bool = False
    """Whether the person has taken it out; a stored row is deleted with the save."""
    is_blank: bool = False
    """A new one in which nothing has been filled in: it is no row."""
    may_remove: bool = True

    @property
    def is_meant(self) -> bool:
        """Whether something is to be written of it."""
        return not self.is_blank and (self.row is not None or not self.is_gone)

    def check(self) -> bool:
        """Validate what is to be written; a refusal from before counts as well."""
        if self.is_gone or self.is_blank:
            return not self.form.form_errors
        return check(self.form) and not self.form.form_errors


@dataclass
class Block:
    """The lines of one table, which the acting person may add to or change."""

    child: Desk
    key: Column
    """The reference to the row whose form this is."""
    parent: models.Row | None
    lines: list[Line] = field(default_factory=list)
    kept: list[models.Row] = field(default_factory=list)
    """Stored rows that are not changed here."""
    has_more: bool = False
    """Whether there are more stored rows than the form shows."""

    @property
    def name(self) -> str:
        return self.child.words.name

    @property
    def is_guest(self) -> bool:
        """Whether stored rows are changed on their own page alone."""
        return self.child.words.parent_column != self.key.name

    @cached_property
    def may_add(self) -> bool:
        is_theirs = self.key in self.child.writable and self.child.may("create")
        is_closed = self.parent is not None and is_kept_off(self.name, self.parent)
        return is_theirs and not is_closed and bool(self.columns)

    @cached_property
    def place(self) -> Column | None:
        """The column by which the lines stand in order, if they can be put in another."""
        column = place_column(self.child.words, self.key)
        return column if column in self.child.writable else None

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """What a line asks for."""
        apart = (self.key, self.place)
        return tuple(c for c in self.child.writable if c not in apart and not c.comes_later)

    @cached_property
    def behind(self) -> frozenset[str]:
        """The columns that stand behind the others, where a line has no room for all."""
        if len(self.columns) <= _ON_A_LINE:
            return frozenset()
        first = {*self.child.words.listed, *(c.name for c in self.columns if must_be_filled(c))}
        return frozenset(c.name for c in self.columns if c.name not in first)

    def fields(self, line: Line, *, behind: bool) -> list[ColumnField]:
        """The fields of a line that stand in front, or those behind them."""
        return [f for f in line.form if (f.column.name in self.behind) == behind]

    @property
    def meant(self) -> Iterator[Line]:
        """The lines that are more than blank ones."""
        return (line for line in self.lines if line.is_meant)


@dataclass
class WholeForm:
    """A form with the blocks below it."""

    form: ColumnForm
    blocks: tuple[Block, ...] = ()
    doubts: tuple[str, ...] = ()
    """What the person should look at twice; he may save all the same."""

    @property
    def sure(self) -> str:
        """What the form sends once he has been told of these doubts."""
        said = "\n".join(self.doubts).encode()
        return hashlib.sha256(said).hexdigest()[:16] if self.doubts else ""

    @property
    def parts(self) -> Iterator[BaseForm]:
        """The form of the row itself and those of the lines."""
        yield self.form
        yield from (line.form for block in self.blocks for line in block.lines)

    @property
    def faults(self) -> int:
        """How many fields have to be put right."""
        return sum(bool(field.errors) for form in self.parts for field in form) + sum(
            bool(line.form.form_errors) for block in self.blocks for line in block.lines
        )

    def check(self) -> bool:
        """Validate every field, also behind a first fault."""
        lines = [line.check() for block in self.blocks for line in block.lines]
        return check(self.form) and all(lines)


def blocks_of(desk: Desk, row: models.Row | None) -> Iterator[Block]:
    """The blocks in the form of a new row or of ``row``, still without lines."""
    for words in models.schema.tables.values():
        name = words.form_column
        key = words.columns[name] if name else None
        if key is None or key.references != desk.words.name or words.is_read_only:
            continue
        block = Block(desk.beside(words.name), key, row)
        if block.child.may("read") and (block.may_add or _is_changed_here(block)):
            yield block


def _is_changed_here(block: Block) -> bool:
    may = block.child.may("update") or block.child.may("delete")
    return not block.is_guest and block.parent is not None and may
