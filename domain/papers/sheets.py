"""A spreadsheet as a template: what it asks for, and it filled. Everything that opens it runs in a limited child.

The same two functions for a document are in `documents`.
"""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from domain.papers.marks import BadMark, Filled, PaperMark, Wanted, wanted_by
from domain.sheets.child import TOO_HARD
from domain.sheets.grid import UnreadableFile
from domain.sheets.preflight import inspect
from domain.sheets.readers.__main__ import SECONDS

FILLING_SECONDS = 120
"""By the clock: what a template asks is read from a stranger's file, what fills it is ours, perhaps 20,000 rows."""
_ROOT = Path(__file__).resolve().parents[2]
_NO_SHEET = "模板要用 .xlsx 工作簿，请用 WPS 或 Excel 另存为 .xlsx 后再上传。"


def wanted_of(template: Path | bytes) -> Wanted:
    """What an .xlsx template asks for. Raises UnreadableFile for the file, BadMark for a mark, each with a sentence."""
    with TemporaryDirectory(prefix="paper-") as folder:
        said = _ask(_lying(template, folder))
    return wanted_by(PaperMark(*mark) for mark in said["marks"])


def fill(template: Path | bytes, filled: Filled) -> bytes:
    """The template with what its marks stand for. Raises as `wanted_of`, and BadMark for a mark that has no value."""
    with TemporaryDirectory(prefix="paper-") as folder:
        target = Path(folder) / "filled.xlsx"
        _ask(_lying(template, folder), filled, target)
        return target.read_bytes()


def _lying(template: Path | bytes, folder: str) -> Path:
    """The template as a file that is an .xlsx."""
    path = template if isinstance(template, Path) else Path(folder) / "template"
    if isinstance(template, bytes):
        path.write_bytes(template)
    if inspect(path) != "xlsx":
        raise UnreadableFile(_NO_SHEET)
    return path.resolve()


def _ask(path: Path, filled: Filled | None = None, target: Path | None = None) -> dict[str, Any]:
    """What the child answers; the values go to it as our own pickle, nothing but JSON comes back."""
    command = [sys.executable, "-E", "-s", "-m", "domain.papers.xlsx", str(os.getpid()), str(path)]
    try:
        done = subprocess.run(
            [*command, *([str(target)] if target else [])],
            check=False,
            cwd=_ROOT,
            input=pickle.dumps(filled),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=FILLING_SECONDS if target else SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile(TOO_HARD) from None
    if done.returncode != 0:
        raise UnreadableFile(TOO_HARD)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "bad" in answer:
        raise BadMark(*answer["bad"])
    if "refused" in answer:
        raise UnreadableFile(answer["refused"])
    return answer
