"""Brings a backup back: checks all of it first, puts aside what was there, then takes its place.

Nothing is deleted: the old database and files stay under `backups/`. What a backup is says backup.py.
"""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy import Engine, inspect, make_url, select

from domain.schema.file import Schema, SchemaError, read_schema
from domain.schema.sql_text import run
from domain.storing.database import make_engine, read_only
from jobs.running.backup import (
    DATABASE,
    FORMAT,
    MANIFEST,
    SCHEMA,
    STORED_NAME,
    UPLOADS,
    BackupFailed,
    Manifest,
    checked_rows,
)
from jobs.running.preparation import make_folder, sole_use_of
from jobs.running.row_copy import continue_numbering, copy_rows, count_rows, live_tables
from jobs.running.settings import Settings

_NAMED = 10
"""How many files a refusal names."""


def restore(
    settings: Settings, file: Path, now: datetime, *, even_damaged: bool = False
) -> Manifest:
    """Replace the database and the files by those in the backup; the other processes must be stopped.

    A PostgreSQL database must be empty. Files that are not the ones that were sent in are taken only where
    ``even_damaged`` says so. Raises BackupFailed, leaving everything as it was.
    """
    make_folder(settings.data_dir / "run")
    url = make_url(settings.database_url)
    with sole_use_of(settings.data_dir), _unpacked(file, settings.data_dir) as unpacked:
        manifest = _checked_manifest(unpacked)
        if (damaged := changed_files(unpacked)) and not even_damaged:
            raise BackupFailed(
                f"备份里有 {len(damaged)} 个文件和上传时的内容不一样，没有恢复：{'、'.join(damaged[:_NAMED])}。"
                "请换一份备份；只有这一份的，加 --even-damaged 恢复，再请上传的人对照原件。"
            )
        aside = settings.backups / f"before-restore-{now:%Y%m%d-%H%M%S}"
        if url.get_backend_name() == "sqlite" and url.database:
            if manifest.origin != "sqlite":
                _rebuild_file(unpacked)
            _replace_file(unpacked / DATABASE, Path(url.database), aside)
        else:
            engine = make_engine(url)
            try:
                _fill(engine, unpacked, manifest.rows)
            finally:
                engine.dispose()
        _replace_uploads(unpacked / UPLOADS, settings.uploads, aside)
    return manifest


@contextmanager
def _unpacked(file: Path, beside: Path) -> Iterator[Path]:
    """The contents of the backup in a folder on the same disk as the data."""
    with tempfile.TemporaryDirectory(dir=beside, prefix="restore-") as folder:
        try:
            with zipfile.ZipFile(file) as archive:
                for name in archive.namelist():
                    if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
                        raise BackupFailed(f"{file} 里有可疑的文件名“{name}”，没有恢复。")
                archive.extractall(folder)  # checks every checksum
        except (OSError, zipfile.BadZipFile) as error:
            raise BackupFailed(f"{file} 不是完整的备份文件（{error}），没有恢复。") from None
        yield Path(folder)


def _checked_manifest(unpacked: Path) -> Manifest:
    try:
        read = json.loads((unpacked / MANIFEST).read_text("utf-8"))
        manifest = Manifest(**{f.name: read[f.name] for f in fields(Manifest) if f.name in read})
    except (OSError, ValueError, TypeError):
        raise BackupFailed("这不是办理的备份文件，没有恢复。") from None
    if manifest.format != FORMAT:
        raise BackupFailed(f"备份格式是第 {manifest.format} 版，请用做这个备份的程序版本恢复。")
    uploads = [path for path in (unpacked / UPLOADS).rglob("*") if path.is_file()]
    if checked_rows(unpacked / DATABASE) != manifest.rows or len(uploads) != manifest.files:
        raise BackupFailed("备份内容与清单不符，没有恢复。请换一份备份。")
    return manifest


def changed_files(unpacked: Path) -> list[str]:
    """The names, as people gave them, of files whose content is not what was sent in; of files that are there."""
    engine = make_engine(f"sqlite:///{unpacked / DATABASE}")
    try:
        with read_only(engine).connect() as connection:
            tables = live_tables(connection).tables.values()
            named = [t for t in tables if {STORED_NAME, "sha256", "file_name"} <= set(t.c.keys())]
            rows = [
                row
                for table in named
                for row in connection.execute(
                    select(table.c[STORED_NAME], table.c.sha256, table.c.file_name)
                )
            ]
    finally:
        engine.dispose()
    return [name for stored, known, name in rows if _is_changed(unpacked / UPLOADS / stored, known)]


def _is_changed(path: Path, known: str) -> bool:
    if not known or not path.is_file():
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() != known


def _rebuild_file(unpacked: Path) -> None:
    """Turn the bare rows of a PostgreSQL backup into a SQLite file with all its constraints."""
    rebuilt = make_engine(f"sqlite:///{unpacked / 'rebuilt.sqlite3'}")
    try:
        _fill(rebuilt, unpacked, checked_rows(unpacked / DATABASE))
    finally:
        rebuilt.dispose()
    (unpacked / "rebuilt.sqlite3").replace(unpacked / DATABASE)


def _fill(engine: Engine, unpacked: Path, expected: dict[str, int]) -> None:
    """Build the tables of the backup's schema.sql in an empty database and copy all rows, or nothing."""
    if inspect(engine).get_table_names():
        raise BackupFailed("目标数据库里已有数据。请新建一个空库，把 DATABASE_URL 指向它再恢复。")
    origin = make_engine(f"sqlite:///{unpacked / DATABASE}")
    try:
        with read_only(origin).connect() as source, engine.begin() as target:
            for statement in _schema(unpacked).statements(engine.dialect.name):
                run(target, statement)
            tables = live_tables(target)
            copy_rows(source, live_tables(source), target, tables)
            continue_numbering(target, tables)
            if count_rows(target, tables) != expected:
                raise BackupFailed("恢复后的行数与备份不符，已全部撤回。")
    finally:
        origin.dispose()


def _schema(unpacked: Path) -> Schema:
    try:
        return read_schema(unpacked / SCHEMA)
    except SchemaError as faults:
        raise BackupFailed(f"备份里的表结构读不懂，没有恢复：{faults}") from faults


def _replace_file(new: Path, database: Path, aside: Path) -> None:
    """Put the old file aside and the new one in its place; the two may lie on different disks."""
    database.parent.mkdir(parents=True, exist_ok=True)
    beside = database.with_name(f"{database.name}.restored")
    try:
        shutil.move(new, beside)
        for old in sorted(database.parent.glob(f"{database.name}*")):
            if old.name.removeprefix(database.name) in ("", "-wal", "-shm"):
                aside.mkdir(parents=True, exist_ok=True)
                shutil.move(old, aside / old.name)
        beside.rename(database)
    finally:
        beside.unlink(missing_ok=True)


def _replace_uploads(new: Path, uploads: Path, aside: Path) -> None:
    if uploads.exists():
        aside.mkdir(parents=True, exist_ok=True)
        shutil.move(uploads, aside / UPLOADS)
    if new.exists():
        shutil.move(new, uploads)
