"""Large exports in the background, in the scope of the person who asked; the file waits for that person some days.

What a file holds is the screens' knowledge (they know the list's address, and the papers), so they hand in its maker.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from domain import models
from domain.actors import Actor
from domain.exports.record import Taken, record
from domain.exports.reports import ExportRefused
from domain.exports.workbook import ExportSheet, TooManyRows, write_file
from domain.papers.paper import PaperRefused
from domain.storing.database import read_only
from domain.storing.session import ActorSession, actor_session
from jobs.runs.context import JobContext, JobRefused, Kind
from jobs.work.kept_files import exports_folder, sweep_expired

EXPORT = "导出"

SheetMaker = Callable[[ActorSession, Mapping[str, Any]], tuple[ExportSheet, int, str]]
"""From the session of the person and the run's arguments to the sheet, how many rows it will have, and the filters."""


@dataclass(frozen=True)
class MadeFile:
    """What a file holds: its title, how many rows or papers, and what it was narrowed to."""

    title: str
    count: int
    narrowed: str


FileMaker = Callable[[ActorSession, JobContext, Path], MadeFile]
"""Writes the file in the session of the person; raises ExportRefused, TooManyRows or PaperRefused with a sentence."""


def export_kind(make: SheetMaker) -> Kind:
    """The kind of work that writes what ``make`` gives."""

    def write(session: ActorSession, context: JobContext, path: Path) -> MadeFile:
        sheet, total, narrowed = make(session, context.arguments)
        rows = _reporting(sheet.rows, context, total)
        return MadeFile(sheet.title, write_file(path, replace(sheet, rows=rows)), narrowed)

    return file_kind(EXPORT, ".xlsx", write)


def file_kind(name: str, ending: str, make: FileMaker) -> Kind:
    """A kind of work that leaves a file for who asked. Done twice it only leaves a second file behind."""

    def run(context: JobContext) -> dict[str, Any]:
        folder = exports_folder(context.settings.data_dir)
        sweep_expired(folder, context.now())
        file = f"{secrets.token_hex(16)}{ending}"
        asker = _asker(context)
        try:
            with actor_session(read_only(context.engine), asker, context.clock) as session:
                made = make(session, context, folder / file)
        except (ExportRefused, TooManyRows, PaperRefused) as refusal:
            raise JobRefused(str(refusal)) from None
        taken = Taken("后台", made.title, made.count, made.narrowed)
        record(context.engine, asker, taken, context.clock)
        return {"file": file, "rows": made.count, "title": made.title}

    return Kind(name, run, attempts=2)


def _asker(context: JobContext) -> Actor:
    with context.session() as session:
        user = session.get(models.User, context.claim.requested_by_id or 0)
        if user is None or not user.is_active:
            raise JobRefused("申请导出的用户已停用，没有导出。")
        return Actor.of(user)


def _reporting(rows: Any, context: JobContext, total: int) -> Iterator[Any]:
    for count, row in enumerate(rows, 1):
        yield row
        if count % 500 == 0:
            context.progress(count, max(total, count))
