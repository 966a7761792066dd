"""A template opened in a child process with limits, whatever its kind: what a hostile file does there ends there.

``module`` is the child's side: `domain.papers.xlsx` or `domain.papers.word`, run as a program (see `answering`).
"""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from domain.papers.marks import BadMark, Filled, PaperMark, Wanted, wanted_by
from domain.sheets.child import TOO_HARD
from domain.sheets.grid import UnreadableFile
from domain.sheets.readers.__main__ import SECONDS

Template = Path | bytes
FILLING_SECONDS = 120
"""By the clock: what a template asks is read from a stranger's file, what fills it is ours, perhaps 20,000 rows."""
_ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def lying(template: Template) -> Iterator[Path]:
    """The template as a file."""
    if isinstance(template, Path):
        yield template.resolve()
        return
    with TemporaryDirectory(prefix="paper-") as folder:
        path = Path(folder) / "template"
        path.write_bytes(template)
        yield path


def wanted_in_child(module: str, path: Path) -> Wanted:
    """What the template asks for. Raises UnreadableFile for the file, BadMark for a mark, each with a sentence."""
    return wanted_by(PaperMark(*mark) for mark in _ask(module, path)["marks"])


def fill_in_child(module: str, path: Path, every: Sequence[Filled]) -> list[bytes]:
    """The template filled in, once for each of ``every``. Raises as `wanted_in_child`."""
    with TemporaryDirectory(prefix="paper-") as folder:
        _ask(module, path, every, folder)
        return [(Path(folder) / str(number)).read_bytes() for number in range(len(every))]


def _ask(module: str, path: Path, every: Sequence[Filled] = (), folder: str = "") -> dict[str, Any]:
    """What the child answers; the values go to it as our own pickle, nothing but JSON comes back."""
    command = [sys.executable, "-E", "-s", "-m", module, str(os.getpid()), str(path), folder]
    try:
        done = subprocess.run(
            command,
            check=False,
            cwd=_ROOT,
            input=pickle.dumps(list(every)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=FILLING_SECONDS if folder else SECONDS,
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
