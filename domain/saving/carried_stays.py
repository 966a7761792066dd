"""What rows below carry of a row (a foreign key over several columns) stays as it is, as long as one of them is there.

The database refuses the change; here it is only told beforehand, so that no form asks for it.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, exists, select

from domain import models
from domain.schema.words import Constraint
from domain.storing.write_rules import KeptColumns, Values, WriteRule


class CarriedStays(WriteRule):
    """Tells of the columns that rows below have a copy of."""

    def concerns(self, table: str) -> bool:
        return any(_carrying(table))

    def kept(self, connection: Connection, table: str, row: Values) -> Iterator[KeptColumns]:
        for child, key in _carrying(table):
            below = models.table_of(child).c
            hangs = exists().where(below[key.key_column] == row["id"])
            if connection.scalar(select(hangs)):
                names = frozenset(key.target_columns) - {"id"}
                yield KeptColumns(names, key.sentence.rstrip("。"))


def _carrying(table: str) -> Iterator[tuple[str, Constraint]]:
    """The foreign keys that take more than the id from rows of ``table``, with the tables that have them."""
    for child, words in models.schema.tables.items():
        for key in words.foreign_keys:
            if key.target == table and len(key.target_columns) > 1:
                yield child, key
