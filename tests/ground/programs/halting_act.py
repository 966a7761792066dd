"""The panel in a process of its own, which stands still while it does an act on several rows of a list.

`python -m tests.ground.programs.halting_act URL FOLDER PERSON ADDRESS column=value …`
HALT_BEFORE  the table into which would be written next, or `the commit`; what came before is in the open transaction
HALT_FILE    there the process that stands still writes its number
"""

import os
import signal
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from tests.ground.district import open_panel

BEFORE = os.environ["HALT_BEFORE"]
FILE = Path(os.environ["HALT_FILE"])
THE_COMMIT, FIRST_WRITTEN = "the commit", "INSERT INTO assignments "


def stand_still() -> None:
    """Until somebody ends this process."""
    written = FILE.with_suffix(".part")
    written.write_text(str(os.getpid()))
    written.rename(FILE)
    while True:
        signal.pause()


def before_statement(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    if statement.startswith((f"INSERT INTO {BEFORE} ", f"UPDATE {BEFORE} ")):
        stand_still()
    if statement.startswith(FIRST_WRITTEN):
        connection.info["is_at_it"] = True


def before_copy(cursor: Any, statement: str, *more: Any, **words: Any) -> Any:
    """COPY goes past SQLAlchemy's cursor (domain/storing/inserting.py)."""
    if statement.startswith(f"COPY {BEFORE} "):
        stand_still()
    return copy(cursor, statement, *more, **words)


copy = psycopg.Cursor.copy


def before_commit(connection: Any) -> None:
    if BEFORE == THE_COMMIT and connection.info.get("is_at_it"):
        stand_still()


def main(url: str, folder: str, person: str, address: str, *answers: str) -> None:
    """Do it as the person would, by the page of the act."""
    panel = open_panel(url, Path(folder))
    event.listen(Engine, "before_cursor_execute", before_statement)
    event.listen(Engine, "commit", before_commit)
    psycopg.Cursor.copy = before_copy  # type: ignore[method-assign]
    sent = defaultdict[str, list[str]](list)
    for name, _, value in (answer.partition("=") for answer in answers):
        sent[name].append(value)
    panel.as_(person).post(address, **sent)


if __name__ == "__main__":
    main(*sys.argv[1:])
