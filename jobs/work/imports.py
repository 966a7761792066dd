"""Imports in the background: read and preview a file, write it, undo it. Each does all or nothing.

What a file holds is the business of domain/plans and domain/tables; here it meets the run and the import's row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, Protocol

from sqlalchemy import Text, cast, delete, select, update

from domain import models
from domain.access.importable import find_table
from domain.files.uploads import path_of
from domain.imports import correcting, record
from domain.imports.corrections import Corrected
from domain.imports.outcomes import NEW, UNCHANGED
from domain.imports.undo import undo_import
from domain.plans import importing as plans
from domain.plans import lookups
from domain.plans.kept import beside
from domain.schema.states import ImportState
from domain.sheets.grid import UnreadableFile
from domain.sheets.kept import read_grids_once
from domain.storing.pauses import collector_paused
from domain.storing.session import ActorSession
from domain.tables.importing import import_table, open_table, preview_table
from jobs.runs.context import JobContext, JobRefused
from jobs.work.kept_files import as_read

PREVIEW, APPLY, UNDO = "导入预览", "导入写入", "撤销导入"
AT_WORK_ON = {PREVIEW: ImportState.READING, APPLY: ImportState.WRITING, UNDO: ImportState.UNDOING}
"""The state of an import that waits for each kind of run."""
CHANGED_SINCE = "预览以后数据有变化，没有写入；请看新的结果，再确认一次。"
LOST_FILE = "上传的文件已经不在了，请重新上传。"


class ImportDone(Protocol):
    """A file written into the open transaction: what became of its rows, and how to note that for good."""

    @property
    def steps(self) -> Sequence[Any]: ...

    @property
    def bad(self) -> Sequence[Any]:
        """The rows that cannot be written."""

    @property
    def refusal(self) -> str:
        """Why no row could be read; '' where there are rows."""

    @property
    def corrected(self) -> Iterable[Corrected]:
        """What came of the cells that a person corrected."""

    def keep(self, session: ActorSession, import_id: int) -> Mapping[str, Any]:
        """Store the rows of the import; returns the columns of `imports` that tell its result."""


def _state_of_preview(done: ImportDone) -> str:
    """Where the import stands if nothing is written now: it waits for a person, unless there is nothing to do."""
    is_there = bool(done.steps) and all(step.outcome == UNCHANGED for step in done.steps)
    return ImportState.NOTHING if is_there else ImportState.WAITING


def _forget_records(done: ImportDone) -> None:
    """What a rolled-back run wrote is not there."""
    for step in done.steps:
        step.record_id = None if step.outcome == NEW else step.record_id


@collector_paused()
def preview_import(context: JobContext) -> None:
    """Read the file and note what would happen, row by row: the real run, rolled back."""
    import_id = _import_id(context)
    with context.session(import_id) as session:
        done = _run(context, session, is_preview=True)
        context.report(*context.progress_now)  # a sign of life, after so long in one transaction
        _forget_records(done)
        state = {"state": _state_of_preview(done), "error": done.refusal}
        row = _hold(context, session)
        if _state_of_preview(done) == ImportState.NOTHING:
            # Whoever gave columns and units was right: they gave the very rows that are stored.
            record.remember(session, row)
        context.finish(session, _keep(session, import_id, done, state))
        session.commit()


@collector_paused()
def apply_import(context: JobContext) -> None:
    """Write the file in one transaction: all rows, or with ``only_valid`` those that can be."""
    import_id = _import_id(context)
    with context.session(import_id) as session:
        done = _run(context, session, is_preview=False)
        if done.refusal:
            _refuse(context, session, done, done.refusal)
        if done.bad and not context.arguments["only_valid"]:
            _refuse(context, session, done, f"有 {len(done.bad)} 行不能导入，全部没有写入。")
        row = _hold(context, session)
        record.remember(session, row)
        correcting.write_log(session, row)
        seen = _shown(session, import_id)
        state = {"state": ImportState.WRITTEN, "applied_at": context.now(), "error": ""}
        totals = _keep(session, import_id, done, state)
        if _shown(session, import_id) != seen:
            _refuse(context, session, done, CHANGED_SINCE)
        context.finish(session, totals)
        session.commit()
    as_read(context.settings.data_dir, import_id).unlink(missing_ok=True)


def _refuse(
    context: JobContext, session: ActorSession, done: ImportDone, sentence: str
) -> NoReturn:
    """Take back what was written, show what would happen now, and end the run with the sentence."""
    session.rollback()
    _forget_records(done)
    _hold(context, session)
    _keep(session, _import_id(context), done, {"state": _state_of_preview(done), "error": sentence})
    session.commit()
    raise JobRefused(sentence)


def _shown(session: ActorSession, import_id: int) -> dict[tuple[str, int], tuple[Any, ...]]:
    """By sheet and row what the screen tells of it: the outcome, the facts, old and new values, what to look at twice.

    Why a row is not written is left out. JSON stays the text that it is: one program wrote both that are compared.
    """
    rows = models.table_of("import_rows")
    texts = [cast(rows.c[name], Text) for name in ("facts", "changes", "warnings", "dues")]
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


def _run(context: JobContext, session: ActorSession, *, is_preview: bool) -> ImportDone:
    """Read the file and write it into a transaction that is still open, or for a preview taken back already.

    A file that cannot be read ends the run.
    """
    row = _hold(context, session)
    run = _run_plan if row.target == lookups.TARGET else _run_table
    try:
        return run(context, session, row, is_preview)
    except UnreadableFile as fault:
        session.rollback()
        _hold(context, session)
        _note(session, _import_id(context), {"state": ImportState.FAILED, "error": fault.sentence})
        session.commit()
        raise JobRefused(fault.sentence) from None


def _file_of(context: JobContext, row: Any) -> Path:
    """The uploaded file. Raises UnreadableFile when it is gone."""
    path = path_of(context.settings.data_dir / "uploads", row.stored_name)
    if not path.is_file():
        raise UnreadableFile(LOST_FILE)
    return path


def _run_plan(context: JobContext, session: ActorSession, row: Any, is_preview: bool) -> ImportDone:
    path = _file_of(context, row)
    meeting = replace(lookups.load_meeting(session, row.meeting_id), is_history=row.is_history)
    units, columns = record.chosen_units(row), record.chosen_columns(row)
    skipped, said = frozenset(record.skipped_rows(row)), correcting.said_of(row)
    chosen = plans.Chosen(units, columns, skipped, said)
    kept = as_read(context.settings.data_dir, row.id)
    file = plans.open_plan(session, path, meeting, chosen, kept)
    if not file.plan.rows and not file.plan.has_header:
        raise UnreadableFile(file.refusal)  # nothing that a person could point out on the screen
    context.report(0, len(file.plan.rows))
    _hold(context, session)
    do = plans.preview if is_preview else plans.write
    return do(session, file, context.progress)


def _run_table(
    context: JobContext, session: ActorSession, row: Any, is_preview: bool
) -> ImportDone:
    path = _file_of(context, row)
    words, said = find_table(row.target), correcting.said_of(row)
    if words is None:
        raise UnreadableFile(f"没有可以导入的表“{row.target}”。")
    kept = beside(as_read(context.settings.data_dir, row.id))
    session.rollback()
    grids = read_grids_once(path, kept)
    with context.reading_session() as reader:
        file = open_table(reader, words, grids, said)
    context.report(0, len(file.sheet.rows))
    _hold(context, session)
    done = (preview_table if is_preview else import_table)(session, file)
    context.progress(len(done.steps), len(done.steps))
    return done


def _keep(
    session: ActorSession, import_id: int, done: ImportDone, state: Mapping[str, Any]
) -> dict[str, int]:
    """Replace the import's rows by these and note its state; returns the totals."""
    rows = models.table_of("import_rows")
    session.connection().execute(delete(rows).where(rows.c.import_id == import_id))
    result = done.keep(session, import_id)
    corrections = correcting.looked_at(session.get_one(models.Import, import_id), done.corrected)
    _note(session, import_id, {**result, **state, "corrections": corrections})
    return {name: count for name, count in result.items() if name.endswith("_rows")}


def _note(session: ActorSession, import_id: int, values: Mapping[str, Any]) -> None:
    table = models.table_of("imports")
    session.connection().execute(update(table).where(table.c.id == import_id).values(**values))
