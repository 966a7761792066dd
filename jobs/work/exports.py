"""Large exports in the background, in the scope of the person who asked; the file waits for that person some days.

What the sheet holds is the screens' knowledge (they know the list's address), so they hand in its maker.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from domain import models
from domain.actors import Actor
from domain.exports.record import Taken, record
from domain.exports.reports import ExportRefused
from domain.exports.workbook import ExportSheet, TooManyRows, write_file
from domain.storing.database import read_only
from domain.storing.session import ActorSession, actor_session
from jobs.runs.context import JobContext, JobRefused, Kind
from jobs.work.kept_files import exports_folder, sweep_expired

EXPORT = "导出"

SheetMaker = Callable[[ActorSession, Mapping[str, Any]], tuple[ExportSheet, int, str]]
"""From the session of the person and the run's arguments to the sheet, how many rows it will have, and the filters."""


def export_kind(make: SheetMaker) -> Kind:
    """The kind of work that writes what ``make`` gives. Done twice it only leaves a second file behind."""

    def run(context: JobContext) -> dict[str, Any]:
        folder = exports_folder(context.settings.data_dir)
        sweep_expired(folder, context.now())
        name = f"{secrets.token_hex(16)}.xlsx"
        asker = _asker(context)
        try:
            with actor_session(read_only(context.engine), asker, context.clock) as session:
                sheet, total, narrowed = make(session, context.arguments)
                rows = _reporting(sheet.rows, context, total)
                count = write_file(folder / name, replace(sheet, rows=rows))
        except (ExportRefused, TooManyRows) as refusal:
            raise JobRefused(str(refusal)) from None
        record(context.engine, asker, Taken("后台", sheet.title, count, narrowed), context.clock)
        return {"file": name, "rows": count, "title": sheet.title}

    return Kind(EXPORT, run, attempts=2)


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
