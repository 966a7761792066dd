"""Asks the child process for the marked copy of a file; its death, in whatever way, becomes a sentence."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from domain.sheets.child import TOO_HARD
from domain.sheets.grid import UnreadableFile
from domain.sheets.preflight import inspect

SECONDS = 60
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Mark:
    """What is to be said of one place: the sheet's name ('' for the only one), its row from 1, the cell ('F8') or ''.

    `header_rows` are those of its table, from 1; () where nobody knows them. `new`: what a person says that the cell
    should read; without it something is wrong there.
    """

    sheet: str
    row: int
    cell: str
    message: str
    header_rows: tuple[int, ...] = ()
    new: str | None = None


def marked_copy(source: Path, marks: Sequence[Mark], target: Path) -> None:
    """Write to ``target`` an .xlsx of the file with the marks in it, those given last on top. Raises UnreadableFile.

    An .xlsx or .xlsm keeps its layout; of any other kind a new workbook holds the same tables. Right of the data
    comes the column 问题 with the sentences of each row, for paper and for programs that show no comments.
    """
    kind = inspect(source)
    command = [sys.executable, "-E", "-s", "-m", "domain.imports.marking", str(os.getpid()), kind]
    try:
        done = subprocess.run(
            [*command, str(source.resolve()), str(target.resolve())],
            check=False,
            cwd=_ROOT,
            input=json.dumps([asdict(mark) for mark in marks]).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile(TOO_HARD) from None
    if done.returncode != 0:
        raise UnreadableFile(TOO_HARD)
