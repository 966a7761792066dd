"""The two screens of imports as the templates are given them: where a file is dropped, and one import as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from admin.frame import edge
from admin.imports.import_cells import CorrectionLine, FileCells
from admin.imports.import_dues import DuesPart, draw_dues
from admin.imports.import_files import (
    SURE_SCORE,
    ChosenUnit,
    SheetPart,
    Stranger,
    draw_notes,
    draw_sheets,
    find_chosen,
    find_strangers,
)
from admin.imports.import_people import PeoplePart, draw_people
from admin.imports.import_row import unit_names
from admin.imports.import_rows import KeptLine, RowsPart, draw_kept, draw_rows
from domain import models
from domain.imports import correcting, record
from domain.plans.lookups import TARGET
from domain.plans.recognising import vocabulary
from domain.schema.file import Table
from domain.schema.states import ImportState
from domain.sheets.preflight import MAX_BYTES

LISTED = 50
STATE_TONES = {
    ImportState.READING: "blue",
    ImportState.WAITING: "amber",
    ImportState.NOTHING: "green",
    ImportState.WRITING: "blue",
    ImportState.WRITTEN: "green",
    ImportState.FAILED: "red",
    ImportState.UNDOING: "blue",
    ImportState.UNDONE: "red",
}
"""Colours of an import's state; 已撤销 stands out, because its rows still tell of what was once written."""


@dataclass(frozen=True)
class ImportsPage:
    """Where a file is dropped, for a plan or for a table, and the imports so far."""

    title: str
    about: str
    meetings: tuple[tuple[int, str], ...]
    chosen: int | None
    imports: tuple[Any, ...]
    table: Table | None = None
    closed: tuple[tuple[int, str], ...] = ()
    """The meetings that are put away, for plans of years gone by."""

    @property
    def largest(self) -> int:
        """The most a file may hold, in MB."""
        return MAX_BYTES // 2**20

    def tone_of(self, state: str) -> str:
        """The colour of an import in this state."""
        return STATE_TONES.get(state, "plain")

    @property
    def is_ready(self) -> bool:
        """Whether a file could be imported now: a plan needs a meeting."""
        return bool(self.table or self.meetings or self.closed)


@dataclass(frozen=True)
class ImportPage:
    """One import, in whatever state."""

    row: "models.Import"
    into: str
    who: str
    state: str
    is_at_work: bool
    has_stopped: bool
    run_error: str
    done: int
    total: int
    rows: RowsPart
    sheets: tuple[SheetPart, ...]
    notes: tuple[str, ...]
    strangers: tuple[Stranger, ...]
    chosen_units: tuple[ChosenUnit, ...]
    names: Mapping[str, str]
    bad: int
    usable: int
    skipped: int
    corrections: tuple[CorrectionLine, ...]
    units: tuple[str, ...]
    hidden: int
    is_without_hidden: bool
    people: PeoplePart | None
    dues: DuesPart | None

    @property
    def is_of_a_past_year(self) -> bool:
        """Whether the meeting's year is over, so that its items may be history."""
        return bool(self.row.meeting and self.row.meeting.year < edge.today().year)

    @property
    def unused(self) -> int:
        """How many corrections were of no use."""
        return sum(one.is_unused for one in self.corrections)

    @property
    def fields(self) -> int:
        """How many cells of the rows shown can be corrected where they stand."""
        return sum(len(line.fields) for line in self.rows.lines)

    @property
    def is_previewed(self) -> bool:
        """Whether a person may correct how the file is read."""
        return self.row.state in record.PREVIEWED

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return STATE_TONES.get(self.row.state, "plain")

    @property
    def sure_score(self) -> int:
        """From which score on the columns of a sheet need no second look."""
        return SURE_SCORE

    @property
    def left_out(self) -> int:
        """How many lines of the file were taken for no item."""
        return sum(sheet.left_out_count for sheet in self.sheets)

    @property
    def undo(self) -> Mapping[str, Any]:
        """What taking it back did."""
        return self.row.undo_result or {}

    @property
    def kept(self) -> tuple[KeptLine, ...]:
        """What taking it back left as it was."""
        return draw_kept(self.row)


def plans_page() -> ImportsPage:
    """Where a 分工方案 is dropped."""
    meeting = models.Meeting
    newest = select(meeting).order_by(meeting.year.desc(), meeting.id.desc())
    every = edge.session().scalars(newest).all()
    meetings = tuple((m.id, m.name) for m in every if not m.is_closed)
    closed = tuple((m.id, m.name) for m in every if m.is_closed)
    return ImportsPage(
        "导入分工方案",
        "先看每一行会怎样，确认后才写入；写入后还可以整次撤销。",
        meetings,
        request.args.get("meeting", type=int),
        _past(models.Import.target == TARGET),
        closed=closed,
    )


def table_page(words: Table) -> ImportsPage:
    """Where the workbook of a table is dropped."""
    keep = "" if words.business_key else "要改已有的记录，请留着“编号”列；"
    return ImportsPage(
        f"导入{words.label}",
        f"用这个列表导出的 Excel 表改好后导入，表头与列表的列名一致；{keep}"
        "先预览，确认后才写入，写入后还可以整次撤销。",
        (),
        None,
        _past(models.Import.target == words.label),
        words,
    )


def _past(of: Any) -> tuple[Any, ...]:
    row = models.Import
    query = select(row).where(of).order_by(row.id.desc()).limit(LISTED)
    beside = joinedload(row.meeting), joinedload(row.uploaded_by)
    return tuple(edge.session().scalars(query.options(*beside)))


def import_page(row: "models.Import") -> ImportPage:
    """One import as it stands."""
    session, run = edge.session(), run_of(row)
    stopped = record.has_stopped(row, run)
    is_waiting = row.state == ImportState.WAITING
    asked = request.args.get("outcome", ""), request.args.get("page", 1, int)
    is_plan = row.target == TARGET and row.meeting is not None
    dues = draw_dues(session, row, edge.today()) if is_waiting and is_plan else None
    rows = draw_rows(session, row, *asked, dues.late if dues else 0)
    wants_units = any(field.is_of_units for line in rows.lines for field in line.fields)
    return ImportPage(
        row=row,
        into=str(row.meeting) if row.meeting else row.target,
        who=row.uploaded_by.brief_name if row.uploaded_by else "命令",
        state=run.state if run else "",
        is_at_work=row.state in record.AT_WORK and not stopped,
        has_stopped=stopped,
        run_error=run.error if run else "",
        done=run.progress_done if run else 0,
        total=run.progress_total if run else 0,
        rows=rows,
        sheets=draw_sheets(session, row) if row.target == TARGET else (),
        notes=draw_notes(row),
        strangers=find_strangers(session, row) if is_waiting and row.target == TARGET else (),
        chosen_units=find_chosen(session, row),
        names=vocabulary.NAMES,
        bad=row.invalid_rows + row.failed_rows,
        usable=row.new_rows + row.updated_rows,
        skipped=len(record.skipped_rows(row)),
        corrections=tuple(FileCells(row).corrections()),
        units=unit_names(session) if wants_units else (),
        hidden=sum(sheet.get("hidden_rows", 0) for sheet in row.sheets or ()),
        is_without_hidden=correcting.said_of(row).without_hidden,
        people=draw_people(session, row) if is_waiting and is_plan else None,
        dues=dues,
    )


def run_of(row: "models.Import") -> "models.JobRun | None":
    """The import's latest background run, if it had one."""
    return row.job_run if row.job_run_id else None
