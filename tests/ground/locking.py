"""Whether somebody waits for what another holds: asked of the database, not of the clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text

_WAITERS = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@contextmanager
def waiting_for_the_first(engine: Engine) -> Iterator[Callable[[], bool]]:
    """Tells whether anybody who has begun since then stands before the lock.

    PostgreSQL says so itself. SQLite has one lock for all who write: who asks to begin while another writes, waits.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield lambda: bool(connection.scalar(_WAITERS))
        return
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.extend([statement] if statement == "BEGIN IMMEDIATE" else [])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield lambda: bool(asked)
    finally:
        event.remove(engine, "before_cursor_execute", note)
