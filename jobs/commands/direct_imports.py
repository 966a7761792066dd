"""What the import commands share: the import's own row, the exit statuses, refusing with one sentence. No queue."""

from __future__ import annotations

import hashlib
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy import update
from sqlalchemy.exc import OperationalError, ProgrammingError

from domain import models
from domain.schema.states import ImportState
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, system_session
from domain.time.clock import shanghai_now
from jobs.running.settings import Settings

USABLE, SOME_INVALID, UNREADABLE = 0, 1, 2
_log = logging.getLogger(__name__)


def refuse(sentence: str) -> NoReturn:
    """End the command: the file, the meeting or the table cannot be read."""
    click.echo(sentence, err=True)
    sys.exit(UNREADABLE)


@contextmanager
def program_session(name: str) -> Iterator[ActorSession]:
    """A session of the program on the configured database; a database that cannot be used ends the command."""
    engine = make_engine(Settings.from_environment().database_url)
    try:
        with system_session(engine, name, shanghai_now) as session:
            yield session
    except (OperationalError, ProgrammingError):
        _log.exception("the database cannot be used")
        refuse("数据库连不上、正被占用，或还没有用 db-init 建好表，没有导入。")
    finally:
        engine.dispose()


def trying(session: ActorSession, dry_run: bool) -> AbstractContextManager[None]:
    """Within which a file is written: for a dry run a rehearsal, as every preview, so that nobody is held up."""
    return session.rehearsal() if dry_run else nullcontext()


def begin(session: ActorSession, file: Path, target: str, meeting_id: int | None = None) -> int:
    """Enter the import, so that the change log can name it and it can be undone; returns its id."""
    row = models.Import(
        target=target,
        meeting_id=meeting_id,
        file_name=file.name[:200],
        stored_name="",
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        state=ImportState.WRITING,
        uploaded_at=session.now(),
    )
    session.add(row)
    session.flush()
    session.info["import_id"] = row.id
    return int(row.id)


def finish(session: ActorSession, import_id: int, result: Mapping[str, Any]) -> None:
    """Mark the import as written with its result, and commit."""
    values = {**result, "state": ImportState.WRITTEN, "applied_at": session.now()}
    table = models.table_of("imports")
    session.connection().execute(update(table).where(table.c.id == import_id).values(values))
    session.commit()
