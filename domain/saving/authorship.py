"""Who signed, asked, decided, recorded: fills the [自动] columns that name a person, when what they name happens.

By the names of the columns: ``signed_by_id`` goes with ``signed_on`` (or ``signed_at``); one without such a date,
as ``recorded_by_id`` or ``user_id``, is whoever makes the row. What comes in a file, others did: it names nobody.
"""

from collections.abc import Iterator, Sequence

from domain import models
from domain.schema.words import Column
from domain.storing.write_rules import RowWrite, Save, WriteRule


class NamesTheAuthor(WriteRule):
    """A row that says that somebody did something, and names nobody, was written by who did it."""

    def concerns(self, table: str) -> bool:
        return any(_of_persons(table))

    def is_asked(self, save: Save) -> bool:
        return save.is_typed

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        for column in _of_persons(table):
            for row in rows:
                if row.new and row.new[column.name] is None and _happens(row, column):
                    row.new[column.name] = save.session.actor.user_id


def _of_persons(table: str) -> Iterator[Column]:
    columns = models.schema.tables[table].columns.values()
    return (c for c in columns if c.is_automatic and c.references == "users")


def _happens(row: RowWrite, column: Column) -> bool:
    """Whether this write is the one that the column's person does."""
    deed = column.name.removesuffix("_by_id")
    when = next((f"{deed}_{end}" for end in ("on", "at") if f"{deed}_{end}" in row.new), "")
    if not when:
        return not row.old
    return row.new[when] is not None and row.new[when] != row.old.get(when)
