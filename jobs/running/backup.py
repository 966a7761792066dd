"""Makes a backup: one zip with the database, the files people sent in, and what is needed to check it.

The database in it is always a SQLite file, also when it comes from PostgreSQL: one format, which any
tool opens, and which moves an office from one database to the other. restore.py reads it.
"""

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import DatabaseError

from domain.schema.file import SCHEMA_FILE
from domain.storing.database import make_engine, read_only
from jobs.running.row_copy import copy_rows, count_rows, create_bare_tables, live_tables, snapshot
from jobs.running.settings import Settings

FORMAT = 1
DATABASE, MANIFEST, SCHEMA, UPLOADS = "database.sqlite3", "manifest.json", "schema.sql", "uploads"
STORED_NAME = "stored_name"
"""The column in which a row names its file (domain/files/uploads.py)."""


class BackupFailed(RuntimeError):
    """A backup that cannot be made or used; the text says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, so that a restore can prove that all of it came back."""

    format: int
    made_at: str
    origin: (
        str  # sqlite: the file itself; postgresql: its rows in a SQLite file without constraints
    )
    rows: dict[str, int]
    files: int
    missing: list[str] = field(default_factory=list)
    """Files that rows of the copied database name and that were not there any more."""


def back_up(settings: Settings, file: Path, now: datetime) -> Manifest:
    """Write the backup; people may go on working meanwhile. It replaces `file` only when complete.

    Which files belong to it, the copied database says. A file that somebody deletes meanwhile is passed over and named
    in the manifest.

    Raises BackupFailed when the copy is not sound.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as scratch:
            copy = Path(scratch) / DATABASE
            _copy_database(engine, copy)
            rows = checked_rows(copy)
            named, made_at = _named_files(copy), now.isoformat(" ", "seconds")
            with _complete_or_not_at_all(file) as archive:
                archive.write(SCHEMA_FILE, SCHEMA)
                archive.write(copy, DATABASE)
                gone = [name for name in named if not _put(archive, settings.uploads, name)]
                found = len(named) - len(gone)
                manifest = Manifest(FORMAT, made_at, engine.dialect.name, rows, found, gone)
                archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    finally:
        engine.dispose()
    return manifest


def checked_rows(copy: Path) -> dict[str, int]:
    """The rows of each table of a copied database. Raises BackupFailed when it is damaged."""
    engine = make_engine(f"sqlite:///{copy}")
    try:
        with read_only(engine).connect() as connection:
            verdict = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if verdict == "ok":
                return count_rows(connection, live_tables(connection))
    except DatabaseError as error:
        verdict = error.orig
    finally:
        engine.dispose()
    raise BackupFailed(f"数据库有损坏（{verdict}），不能备份，也不能恢复。请联系维护人员。")


def _named_files(copy: Path) -> list[str]:
    """The stored names of the files that rows of a copied database have."""
    engine = make_engine(f"sqlite:///{copy}")
    try:
        with read_only(engine).connect() as connection:
            tables = live_tables(connection).tables.values()
            columns = [t.c[STORED_NAME] for t in tables if STORED_NAME in t.c]
            found = {name for c in columns for name in connection.scalars(select(c))}
    finally:
        engine.dispose()
    return sorted(found - {""})


def _put(archive: zipfile.ZipFile, uploads: Path, name: str) -> bool:
    """Put a stored file into the archive; False where it is not there any more."""
    try:
        archive.write(uploads / name, f"{UPLOADS}/{name}")
    except FileNotFoundError:
        return False
    return True


def _copy_database(engine: Engine, copy: Path) -> None:
    target = make_engine(f"sqlite:///{copy}")
    try:
        if engine.dialect.name == "sqlite":
            _copy_file(engine, target)
        else:
            with snapshot(read_only(engine)).connect() as source, target.begin() as filled:
                tables = live_tables(source)
                copy_rows(source, tables, filled, create_bare_tables(filled, tables))
    finally:
        target.dispose()  # the last connection gone, SQLite leaves all of it in the one file


def _copy_file(engine: Engine, target: Engine) -> None:
    source_connection, target_connection = engine.raw_connection(), target.raw_connection()
    try:
        source, destination = (
            source_connection.driver_connection,
            target_connection.driver_connection,
        )
        assert source and destination
        source.backup(destination)
    finally:
        source_connection.close()
        target_connection.close()


@contextmanager
def _complete_or_not_at_all(file: Path) -> Iterator[zipfile.ZipFile]:
    """A zip beside `file`, for us alone to read, that takes its name when it is safely on the disk."""
    part = file.with_name(f"{file.name}.part")
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                yield archive
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
