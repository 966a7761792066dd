"""The child process: `python -m domain.papers.xlsx PARENT TEMPLATE [TARGET]` says the template's marks, or fills it.

With TARGET it is given what the marks stand for, pickled by its parent, on standard input. It answers with JSON:
{"marks": …}, {"filled": true}, {"bad": [where, why]} or {"refused": sentence}.
"""

import gc
import json
import os
import pickle
import sys
from pathlib import Path
from typing import Any

from domain.papers.marks import BadMark, Filled
from domain.sheets.grid import UnreadableFile
from domain.sheets.preflight import BROKEN
from domain.sheets.readers.__main__ import OUT_OF_MEMORY, limit_this_process


def main() -> None:
    parent, template, *target = sys.argv[1:]
    filled = pickle.load(sys.stdin.buffer) if target else None
    limit_this_process(int(parent))
    gc.disable()  # the process lives for one file
    try:
        answer = _answer(Path(template), filled, target)
    except BadMark as bad:
        answer = {"bad": [bad.where, bad.why]}
    except UnreadableFile as refusal:
        answer = {"refused": refusal.sentence}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception:  # whatever a library makes of a broken workbook
        answer = {"refused": BROKEN}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())


def _answer(template: Path, filled: Filled | None, target: list[str]) -> dict[str, Any]:
    from domain.papers.xlsx.asking import marks_of
    from domain.papers.xlsx.filling import fill_book
    from domain.papers.xlsx.opening import open_template

    book = open_template(template)
    marks = marks_of(book)
    if filled is None:
        return {"marks": [[mark.name, mark.where, mark.sign] for mark in marks]}
    fill_book(book, filled)
    book.save(target[0])
    return {"filled": True}


if __name__ == "__main__":
    main()
