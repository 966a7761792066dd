"""The tables of a file as they were read, kept so that the file is opened once. What is not whole is read anew."""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from pathlib import Path

from domain.sheets.child import answer_of, grids_of
from domain.sheets.grid import Grid

_log = logging.getLogger(__name__)


def read_grids_once(path: Path, kept: Path) -> list[Grid]:
    """As read_grids. What was read is kept in the file ``kept``, and taken from there for the same file.

    The file at ``path`` must never change. Raises UnreadableFile.
    """
    basis = f"{version_of('sheets')} {path.name}\n".encode()
    try:
        found = kept.read_bytes()
    except OSError:
        found = b""
    if found.startswith(basis):
        return grids_of(found[len(basis) :])
    answer = answer_of(path)
    try:
        write_whole(kept, basis + answer)
    except OSError as fault:
        _log.warning("the tables as read could not be kept: %s", fault)
    return grids_of(answer)


def write_whole(target: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all. Raises OSError."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished.write_bytes(content)
    unfinished.replace(target)


@cache
def version_of(*rooms: str) -> str:
    """What tells this version of the reading from any other: the content of the files of these rooms of domain/."""
    domain = Path(__file__).parents[1]
    files = (path for room in rooms for path in (domain / room).rglob("*"))
    parts = sorted(path for path in files if path.suffix in (".py", ".txt"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()
