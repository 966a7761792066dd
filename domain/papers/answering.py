"""The child's side: `python -m MODULE PARENT TEMPLATE FOLDER` says the template's marks, or fills it into the folder.

With a folder it is given what the marks stand for, a list pickled by its parent, on standard input, and writes a file
for each, called 0, 1, 2 … It answers with JSON: {"marks": …}, {"filled": n}, {"bad": [where, why]} or
{"refused": sentence}.
"""

import gc
import json
import os
import pickle
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.papers.marks import BadMark, Filled, PaperMark
from domain.sheets.grid import UnreadableFile
from domain.sheets.readers.__main__ import OUT_OF_MEMORY, limit_this_process


@dataclass(frozen=True)
class TemplateReader:
    """What a kind of template can do; ``broken`` is the sentence for one that a library cannot read."""

    marks: Callable[[Path], Sequence[PaperMark]]
    fill: Callable[[Path, Sequence[Filled], Path], None]
    broken: str


def answer_as_child(reader: TemplateReader) -> None:
    """Limit this process, then do what the command line says."""
    parent, template, folder = sys.argv[1:]
    every: list[Filled] = pickle.load(sys.stdin.buffer)
    limit_this_process(int(parent))
    gc.disable()  # the process lives for one file
    try:
        answer = _answer(reader, Path(template), every, folder)
    except BadMark as bad:
        answer = {"bad": [bad.where, bad.why]}
    except UnreadableFile as refusal:
        answer = {"refused": refusal.sentence}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception:  # whatever a library makes of a broken file
        answer = {"refused": reader.broken}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())


def _answer(
    reader: TemplateReader, template: Path, every: list[Filled], folder: str
) -> dict[str, Any]:
    if not folder:
        return {"marks": [[mark.name, mark.where, mark.sign] for mark in reader.marks(template)]}
    reader.fill(template, every, Path(folder))
    return {"filled": len(every)}
