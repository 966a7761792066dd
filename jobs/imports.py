"""Imports in the background: read and preview a file, write it, undo it. Each does all or nothing.

The plan itself is domain/plans' business; here it meets the stored file, the run and the import's row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, update

from domain import imports, models
from domain.plans import answers, lookups
from domain.plans.apply import import_plan
from domain.plans.grid import UnreadableFile
from domain.plans.headers import Overrides
from domain.plans.match import FAILED, INVALID, NEW, Step
from domain.plans.outcomes import Plan
from domain.plans.reading import read_plan, refusal
from domain.plans.undo import undo_import
from domain.plans.units import UnitBook
from domain.session import ActorSession
from domain.uploads import path_of
from jobs.context import JobContext, JobRefused

PREVIEW, APPLY, UNDO = "导入预览", "导入写入", "撤销导入"
LOST_FILE = "上传的文件已经不在了，请重新上传。"


@dataclass(frozen=True)
class _Source:
    """What reading a plan needs, read before the transaction that writes."""

    path: Path
    meeting: lookups.Meeting
    book: UnitBook
    overrides: Overrides


def preview_import(context: JobContext) -> None:
    """Read the file and note what would happen, row by row: the real run, rolled back."""
    import_id = _import_id(context)
    with context.session(import_id) as session:
        source, plan = _read(context, session)
        steps = import_plan(session, source.meeting, plan, context.today, context.progress)
        session.rollback()
        state = {"state": imports.WAITING, "error": refusal(plan)}
        context.finish(session, _keep(session, import_id, (plan, steps), state))
        session.commit()


def apply_import(context: JobContext) -> None:
    """Write the file in one transaction: all rows, or with ``only_valid`` those that can be."""
    import_id = _import_id(context)
    with context.session(import_id) as session:
        source, plan = _read(context, session)
        steps = import_plan(session, source.meeting, plan, context.today, context.progress)
        bad = sum(step.outcome in (INVALID, FAILED) for step in steps)
        if bad and not context.arguments["only_valid"]:
            session.rollback()
            _refuse(session, import_id, (plan, steps), f"有 {bad} 行不能导入，全部没有写入。")
        state = {"state": imports.WRITTEN, "applied_at": context.now(), "error": ""}
        context.finish(session, _keep(session, import_id, (plan, steps), state))
        session.commit()


def undo_whole_import(context: JobContext) -> None:
    """Take a written import back; what people have changed since stays and is named."""
    import_id = _import_id(context)
    with context.session(import_id) as session:
        result = undo_import(session, import_id)
        context.finish(session, result.as_json())
        session.commit()


def _import_id(context: JobContext) -> int:
    return int(context.arguments["import"])


def _read(context: JobContext, session: ActorSession) -> tuple[_Source, Plan]:
    """The file as a plan, read while no transaction is open. A file that is none ends the run with its sentence."""
    source = _source(context, session)
    session.rollback()
    try:
        if not source.path.is_file():
            raise UnreadableFile(LOST_FILE)
        return source, read_plan(source.path, source.meeting.facts, source.book, source.overrides)
    except UnreadableFile as fault:
        _note(session, _import_id(context), {"state": imports.FAILED, "error": fault.sentence})
        session.commit()
        raise JobRefused(fault.sentence) from None


def _source(context: JobContext, session: ActorSession) -> _Source:
    row = session.get(models.Import, _import_id(context))
    if row is None:
        raise JobRefused("这次导入的记录已经不在了。")
    return _Source(
        path_of(context.settings.data_dir / "uploads", row.stored_name),
        lookups.load_meeting(session, row.meeting_id),
        lookups.load_unit_book(session, imports.chosen_units(row)),
        lookups.load_overrides(session),
    )


def _refuse(
    session: ActorSession, import_id: int, read: tuple[Plan, Sequence[Step]], sentence: str
) -> None:
    _keep(session, import_id, read, {"state": imports.WAITING, "error": sentence})
    session.commit()
    raise JobRefused(sentence)


def _keep(
    session: ActorSession,
    import_id: int,
    read: tuple[Plan, Sequence[Step]],
    state: Mapping[str, Any],
) -> dict[str, int]:
    """Replace the import's rows by these and note its state; returns the totals."""
    plan, steps = read
    if state["state"] != imports.WRITTEN:
        for step in steps:
            # What a rolled-back run wrote is not there.
            step.record_id = None if step.outcome == NEW else step.record_id
    rows = models.ImportRow.__table__
    session.connection().execute(delete(rows).where(rows.c.import_id == import_id))
    result = answers.keep_rows(session, import_id, plan, steps)
    _note(session, import_id, {**result, **state})
    return answers.totals(steps)


def _note(session: ActorSession, import_id: int, values: Mapping[str, Any]) -> None:
    table = models.Import.__table__
    session.connection().execute(update(table).where(table.c.id == import_id).values(**values))
