"""The file's tables, read in a child process with limits; its death, in whatever way, becomes a sentence.

Spreadsheet readers abort or eat the machine's memory on files of a few KB, so none runs in this process.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from domain.sheets.grid import Grid, Problem, UnreadableFile
from domain.sheets.preflight import BROKEN, inspect

SECONDS = 30
OUT_OF_MEMORY = 3
_ROOT = Path(__file__).resolve().parents[2]

TOO_HARD = "文件里的表格范围太大或结构异常，读取时超出了限制，请只保留方案表格、另存为新的 .xlsx 后再上传。"
TOO_SLOW = f"读取文件超过了 {SECONDS} 秒，请只保留方案表格、另存为新的 .xlsx 后再上传。"


def read_grids(path: Path) -> list[Grid]:
    """Every sheet or table of the file, hidden ones included. Raises UnreadableFile with one Chinese sentence."""
    return grids_of(answer_of(path))


def answer_of(path: Path) -> bytes:
    """What the child says of the file, as it said it; for `grids_of`. Raises UnreadableFile."""
    kind = inspect(path)
    with tempfile.TemporaryFile() as answer:
        _run(kind, path, answer)
        answer.seek(0)
        return answer.read()


def _run(kind: str, path: Path, answer: IO[bytes]) -> None:
    """Standard error goes nowhere: what a crashing library prints is for nobody's eyes."""
    command = [
        sys.executable,
        "-E",
        "-s",
        "-m",
        "domain.sheets.readers",
        str(os.getpid()),
        kind,
        str(path.resolve()),
    ]
    try:
        done = subprocess.run(
            command,
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile(TOO_SLOW) from None
    if done.returncode < 0 or done.returncode == OUT_OF_MEMORY:
        raise UnreadableFile(TOO_HARD)
    if done.returncode > 0:
        raise UnreadableFile(BROKEN)


def grids_of(answer: bytes) -> list[Grid]:
    """The tables that the child found. Raises UnreadableFile with the sentence by which it refused the file."""
    found: dict[str, Any] = json.loads(answer, object_hook=_decoded)
    if "refused" in found:
        raise UnreadableFile(found["refused"])
    return [
        Grid(
            one["sheet"],
            one["cells"],
            tuple(tuple(merge) for merge in one["merges"]),
            one["hidden"],
            one["caption"],
            _by_place(one["problems"]),
            _by_place(one["remarks"]),
            frozenset(one["hidden_rows"]),
            frozenset(one["hidden_columns"]),
            one["counts_from_1904"],
            {(row, column): number for row, column, number in one["behind"]},
            _by_place(one["unseen"]),
        )
        for one in found["grids"]
    ]


def _by_place(found: list[tuple[int, int, str, str]]) -> dict[tuple[int, int], Problem]:
    return {(row, column): Problem(text, why) for row, column, text, why in found}


def _decoded(value: dict[str, Any]) -> Any:
    return datetime.date.fromisoformat(value["d"]) if len(value) == 1 and "d" in value else value
