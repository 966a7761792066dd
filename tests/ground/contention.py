"""A database that has no time: whoever saves rows of a table is the one that has to give in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Engine, event, text

from domain.rules_of_saving import RULES
from domain.storing.database import make_engine
from domain.storing.write_rules import RowWrite, Save, WriteRule, held_to

_RENAME = text("UPDATE units SET short_name = short_name || '改'")


class _GivesIn(WriteRule):
    """Wants what another transaction holds, and raises what the database says of that."""

    def __init__(self, other: Engine, table: str) -> None:
        self.other, self.table = other, table

    def concerns(self, table: str) -> bool:
        return table == self.table

    def is_asked(self, save: Save) -> bool:
        return True

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        save.connection.execute(_RENAME)
        with self.other.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
            connection.execute(_RENAME)
        raise AssertionError("nobody was in the way")


@contextmanager
def somebody_else_writes(url: URL, table: str) -> Iterator[None]:
    """In here every save of rows of ``table`` ends as the database ends it where two are in each other's way."""
    other = make_engine(url)
    if other.dialect.name == "sqlite":
        event.listen(other, "connect", _without_patience)
    with held_to((*RULES, _GivesIn(other, table))):
        yield
    other.dispose()


def _without_patience(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout = 50")
