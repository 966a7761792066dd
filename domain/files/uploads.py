"""The files that people hand in, as they lie in a folder: random names, whole or not there, swept when nobody's.

The rows that name them (attachments, imports) are others' business; `file_types` says which files are taken.
"""

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import IO, Any

from sqlalchemy import select

from domain import models
from domain.files.file_types import RefusedFile
from domain.storing.session import ActorSession
from domain.time.clock import SHANGHAI

LARGEST = 30 * 1024 * 1024
ORPHANED_AFTER = timedelta(days=1)
"""A file without a row may be one whose row is not committed yet; after a day it is nobody's."""

LONGEST_NAME = 120
_PIECE = 1024 * 1024
_STORED = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")


@dataclass(frozen=True)
class Stored:
    """A file in the folder: its name there, its size in bytes, the hash of its content."""

    name: str
    size: int
    sha256: str


def store(file: IO[bytes], folder: Path, shown_name: str, largest: int = LARGEST) -> Stored:
    """Copy a file into the folder under a random name; on return it is on the disk for good.

    Raises RefusedFile where it holds more than ``largest`` bytes.
    """
    name = secrets.token_hex(16)
    stored = f"{name[:2]}/{name}"
    target = folder / stored
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".unfinished")
    try:
        size, digest = _copy(file, unfinished, shown_name, largest)
        unfinished.replace(target)
        _sync_folder(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)
    return Stored(stored, size, digest)


def _copy(file: IO[bytes], path: Path, shown_name: str, largest: int) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    with path.open("xb") as out:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > largest:
                raise RefusedFile(
                    f"“{shown_name}”超过 {largest // 1024 // 1024} MB，请压缩或拆成几个文件再上传。"
                )
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return size, digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Without it a power cut may lose the new name although the content is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(folder: Path, stored_name: str) -> Path:
    """Where a stored file lies. Raises ValueError on a name that `store` did not give."""
    if not _STORED.fullmatch(stored_name):
        raise ValueError(f"not the name of a stored file: {stored_name!r}")
    return folder / stored_name


def discard(folder: Path, stored_name: str) -> None:
    """Delete a stored file whose row is gone."""
    path_of(folder, stored_name).unlink(missing_ok=True)


def shown_name(given: str) -> str:
    """The name of a file as people see it: no folders, nothing invisible, not too long; its ending is kept.

    Raises RefusedFile where nothing is left.
    """
    last = re.split(r"[/\\]", given)[-1]
    kept = "".join(
        c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
    name = re.sub(r'[<>:"|?*]', "_", unicodedata.normalize("NFC", kept)).strip(" .")
    ending = PurePath(name).suffix
    stem = name.removesuffix(ending)[: LONGEST_NAME - len(ending)]
    if not stem or len(ending) > 20:
        raise RefusedFile("文件没有可用的文件名，请改名后再上传。")
    return stem + ending


def sweep_uploads(session: ActorSession, folder: Path, now: datetime) -> list[str]:
    """Delete stored files that no row names and that are older than ORPHANED_AFTER; returns their names."""
    named = set(_named(session))
    swept = []
    for path in folder.glob("??/*"):
        written_at = datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI).replace(tzinfo=None)
        stored = f"{path.parent.name}/{path.name}"
        if stored not in named and written_at < now - ORPHANED_AFTER:
            path.unlink(missing_ok=True)
            swept.append(stored)
    return swept


def _named(session: ActorSession) -> Iterator[str]:
    """The stored names in every table that has such a column."""
    for table, words in models.schema.tables.items():
        if "stored_name" in words.columns:
            model: Any = models.by_table[table]
            yield from session.scalars(select(model.stored_name))
