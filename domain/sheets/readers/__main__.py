"""The child process: `python -m domain.sheets.readers KIND FILE` writes the file's tables to standard output.

Limits itself before it opens the file, dies with its parent, and answers with JSON: {"grids": …} or {"refused": …}.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from domain.sheets.grid import MAX_CELLS, Grid, Problem, UnreadableFile
from domain.sheets.preflight import TOO_LARGE

MEMORY = 2**30
SECONDS = 30
MAX_ANSWER = 128 * 2**20
OUT_OF_MEMORY = 3
_PR_SET_PDEATHSIG = 1


def limit_this_process(parent: int) -> None:
    """1 GiB of memory, 30 s, 128 MiB of answer, no core file, no life without the parent (its id)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_ANSWER, MAX_ANSWER))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def read(kind: str, path: Path) -> list[Grid]:
    """The file's tables. Each reader is imported only for its own kind: the child should start fast."""
    if kind in ("xlsx", "xls"):
        from domain.sheets.readers import workbooks

        return workbooks.read_xlsx(path) if kind == "xlsx" else workbooks.read_xls(path)
    if kind == "html":
        from domain.sheets.readers import markup

        return markup.read(path)
    if kind == "xml2003":
        from domain.sheets.readers import xml2003

        return xml2003.read(path)
    if kind == "ods":
        from domain.sheets.readers import opendocument

        return opendocument.read(path)
    if kind == "docx":
        from domain.sheets.readers import word

        return word.read(path)
    from domain.sheets.readers import delimited

    return delimited.read(path)


def encoded(grid: Grid) -> dict[str, object]:
    """A grid as JSON can hold it; dates as {"d": "2024-06-05"}."""
    return {
        "sheet": grid.sheet,
        "cells": grid.cells,
        "merges": grid.merges,
        "hidden": grid.hidden,
        "caption": grid.caption[:2000],
        "problems": _by_place(grid.problems),
        "remarks": _by_place(grid.remarks),
        "unseen": _by_place(grid.unseen),
        "hidden_rows": sorted(grid.hidden_rows),
        "hidden_columns": sorted(grid.hidden_columns),
        "counts_from_1904": grid.counts_from_1904,
        "behind": [(row, column, number) for (row, column), number in grid.behind.items()],
    }


def _by_place(found: Mapping[tuple[int, int], Problem]) -> list[tuple[int, int, str, str]]:
    return [(row, column, one.text, one.why) for (row, column), one in found.items()]


def main() -> None:
    parent, kind, path = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    limit_this_process(parent)
    gc.disable()  # the process lives for one file
    try:
        grids = read(kind, path)
        if sum(len(line) for grid in grids for line in grid.cells) > MAX_CELLS:
            raise UnreadableFile(TOO_LARGE)
        answer: dict[str, object] = {"grids": [encoded(grid) for grid in grids]}
    except UnreadableFile as refusal:
        answer = {"refused": refusal.sentence}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    text = json.dumps(
        answer,
        ensure_ascii=False,
        separators=(",", ":"),
        default=lambda day: {"d": day.isoformat()},
    )
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    main()
