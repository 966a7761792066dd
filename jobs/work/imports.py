"""Imports in the background: read and preview a file, write it, undo it. Each does all or nothing.

What a file holds is the business of domain/plans and domain/tables; here it meets the run and the import's row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import Text, cast, delete, select, update

from domain import models
from domain.access.importable import find_table
from domain.files.uploads import path_of
from domain.imports import record
from domain.imports.outcomes import FAILED, INVALID, NEW, UNCHANGED
from domain.imports.pauses import collector_paused
from domain.imports.undo import undo_import
from domain.plans import answers, lookups
from domain.plans.apply import import_plan
from domain.plans.kept import read_plan_once
from domain.plans.recognising.reading import refusal
from domain.plans.second_look import leave_out
from domain.sheets.child import read_grids
from domain.sheets.grid import UnreadableFile
from domain.storing.session import ActorSession
from domain.tables.importing import import_table, open_table
from jobs.runs.context import JobContext, JobRefused
from jobs.work.kept_files import as_read

PREVIEW, APPLY, UNDO = "导入预览", "导入写入", "撤销导入"
AT_WORK_ON = {PREVIEW: record.READING, APPLY: record.WRITING, UNDO: record.UNDOING}
"""The state of an import that waits for each kind of run."""
CHANGED_SINCE = "预览以后数据有变化，没有写入；请看新的结果，再确认一次。"
LOST_FILE = "上传的文件已经不在了，请重新上传。"


@dataclass(frozen=True)
class _Done:
    """A file written into the open transaction: what became of its rows, and how to note that for good."""

    steps: Sequence[Any]
    keep: Callable[[ActorSession, int], Mapping[str, Any]]
    refusal: str = ""

    @property
    def bad(self) -> int:
        """How many rows cannot be imported."""
        return sum(step.outcome in (INVALID, FAILED) for step in self.steps)

    @property
    def state_of_preview(self) -> str:
        """Where the import stands if nothing is written now: it waits for a person, unless there is nothing to do."""
        is_there = bool(self.steps) and all(step.outcome == UNCHANGED for step in self.steps)
        return record.NOTHING if is_there else record.WAITING

    def forget_records(self) -> None:
        """What a rolled-back run wrote is not there."""
        for step in self.steps:
            step.record_id = None if step.outcome == NEW else step.record_id


@collector_paused()
def preview_import(context: JobContext) -> None:
    """Read the file and note what would happen, row by row: the real run, rolled back."""
    import_id = _import_id(context)
    with context.session(import_id) as session:
        with session.rehearsal():
            done = _run(context, session)
        context.report(*context.progress_now)  # a sign of life, after so long in one transaction
        done.forget_records()
        state = {"state": done.state_of_preview, "error": done.refusal}
        row = _hold(context, session)
        if done.state_of_preview == record.NOTHING:
            # Whoever gave columns and units was right: they gave the very rows that are stored.
            record.remember(session, row)
        context.finish(session, _keep(session, import_id, done, state))
        session.commit()


@collector_paused()
def apply_import(context: JobContext) -> None:
    """Write the file in one transaction: all rows, or with ``only_valid`` those that can be."""
    import_id = _import_id(context)
    with context.session(import_id) as session:
        done = _run(context, session)
        if done.refusal:
            _refuse(context, session, done, done.refusal)
        if done.bad and not context.arguments["only_valid"]:
            _refuse(context, session, done, f"有 {done.bad} 行不能导入，全部没有写入。")
        record.remember(session, _hold(context, session))
        seen = _shown(session, import_id)
        state = {"state": record.WRITTEN, "applied_at": context.now(), "error": ""}
        totals = _keep(session, import_id, done, state)
        if _shown(session, import_id) != seen:
            _refuse(context, session, done, CHANGED_SINCE)
        context.finish(session, totals)
        session.commit()
    as_read(context.settings.data_dir, import_id).unlink(missing_ok=True)


def _refuse(context: JobContext, session: ActorSession, done: _Done, sentence: str) -> NoReturn:
    """Take back what was written, show what would happen now, and end the run with the sentence."""
    session.rollback()
    done.forget_records()
    _hold(context, session)
    _keep(session, _import_id(context), done, {"state": done.state_of_preview, "error": sentence})
    session.commit()
    raise JobRefused(sentence)


def _shown(session: ActorSession, import_id: int) -> dict[tuple[str, int], tuple[Any, ...]]:
    """By sheet and row what the screen tells of it: the outcome, the facts, old and new values, what to look at twice.

    Why a row is not written is left out. JSON stays the text that it is: one program wrote both that are compared.
    """
    rows = models.table_of("import_rows")
    texts = [cast(rows.c[name], Text) for name in ("facts", "changes", "warnings")]
    kept = select(rows.c.outcome, rows.c.title, *texts, rows.c.sheet, rows.c.row_no)
    kept = kept.where(rows.c.import_id == import_id)
    return {(sheet, row): tuple(told) for *told, sheet, row in session.connection().execute(kept)}


def undo_whole_import(context: JobContext) -> None:
    """Take a written import back; what people have changed since stays and is named."""
    import_id = _import_id(context)
    with context.session(import_id) as session:
        _hold(context, session)
        result = undo_import(session, import_id)
        context.finish(session, result.as_json())
        session.commit()


def _import_id(context: JobContext) -> int:
    return int(context.arguments["import"])


def _hold(context: JobContext, session: ActorSession) -> Any:
    """The import, locked: the first thing in every transaction that works on it.

    Raises JobRefused where it is no longer this run's to work on.
    """
    claim = context.claim
    row = record.hold(session, _import_id(context), claim.run_id, AT_WORK_ON[claim.kind])
    if row is None:
        raise JobRefused(record.OUTDATED)
    return row


def _run(context: JobContext, session: ActorSession) -> _Done:
    """Read the file and write it into a transaction that is still open. A file that cannot be read ends the run."""
    row = _hold(context, session)
    path = path_of(context.settings.data_dir / "uploads", row.stored_name)
    try:
        if not path.is_file():
            raise UnreadableFile(LOST_FILE)
        run = _run_plan if row.target == lookups.TARGET else _run_table
        return run(context, session, row, path)
    except UnreadableFile as fault:
        session.rollback()
        _hold(context, session)
        _note(session, _import_id(context), {"state": record.FAILED, "error": fault.sentence})
        session.commit()
        raise JobRefused(fault.sentence) from None


def _run_plan(context: JobContext, session: ActorSession, row: Any, path: Path) -> _Done:
    meeting = lookups.load_meeting(session, row.meeting_id)
    book = lookups.load_unit_book(session, record.chosen_units(row))
    overrides = {**lookups.load_overrides(session), **record.chosen_columns(row)}
    skipped, row_id = record.skipped_rows(row), row.id
    session.rollback()  # reading takes a second, and nobody should wait for it
    kept = as_read(context.settings.data_dir, row_id)
    plan = leave_out(read_plan_once(path, meeting.facts, book, overrides, kept), skipped)
    if not plan.rows and not plan.has_header:
        raise UnreadableFile(refusal(plan))  # nothing that a person could point out on the screen
    context.report(0, len(plan.rows))
    _hold(context, session)
    steps = import_plan(session, meeting, plan, context.today, context.progress)
    return _Done(
        steps,
        lambda session, import_id: answers.keep_rows(session, import_id, plan, steps),
        refusal(plan),
    )


def _run_table(context: JobContext, session: ActorSession, row: Any, path: Path) -> _Done:
    words = find_table(row.target)
    if words is None:
        raise UnreadableFile(f"没有可以导入的表“{row.target}”。")
    session.rollback()
    grids = read_grids(path)
    with context.reading_session() as reader:
        file = open_table(reader, words, grids)
    context.report(0, sum(len(grid.cells) for grid in grids))
    _hold(context, session)
    done = import_table(session, file)
    context.progress(len(done.steps), len(done.steps))
    return _Done(done.steps, done.keep)


def _keep(
    session: ActorSession, import_id: int, done: _Done, state: Mapping[str, Any]
) -> dict[str, int]:
    """Replace the import's rows by these and note its state; returns the totals."""
    rows = models.table_of("import_rows")
    session.connection().execute(delete(rows).where(rows.c.import_id == import_id))
    result = done.keep(session, import_id)
    _note(session, import_id, {**result, **state})
    return {name: count for name, count in result.items() if name.endswith("_rows")}


def _note(session: ActorSession, import_id: int, values: Mapping[str, Any]) -> None:
    table = models.table_of("imports")
    session.connection().execute(update(table).where(table.c.id == import_id).values(**values))
