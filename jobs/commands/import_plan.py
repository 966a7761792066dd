"""The command import-plan: one 分工方案 file into one meeting, without a queue.

Exit status: 0 all rows usable, 1 some rows invalid, failed or skipped, or items in parts of the file that were not
read (which are told on standard error), 2 the file (or the meeting) cannot be read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from domain.imports.outcomes import CHINESE
from domain.plans import answers, lookups
from domain.plans import importing as plans
from domain.plans.importing import PlanFile, PlanImport
from domain.plans.recognising.outcomes import Plan
from domain.plans.second_look import other_titles
from domain.plans.steps import PlanStep
from domain.sheets.grid import UnreadableFile
from domain.storing.session import ActorSession
from jobs.commands.direct_imports import (
    SOME_INVALID,
    USABLE,
    begin,
    finish,
    program_session,
    refuse,
    trying,
)


@dataclass(frozen=True)
class _Options:
    """How to write, and how to tell of it."""

    dry_run: bool
    only_valid: bool
    skip_changed_titles: bool
    as_json: bool


@click.command("import-plan")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--meeting", "meeting_name", required=True, help="The meeting's name.")
@click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")
@click.option("--only-valid", is_flag=True, help="Write the usable rows even if others are not.")
@click.option(
    "--skip-changed-titles",
    is_flag=True,
    help="Leave out rows that would give the item of their number another title.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_plan_command(file: Path, meeting_name: str, **given: bool) -> None:
    """Read FILE, an assignment plan, into a meeting."""
    options = _Options(**given)
    with program_session("导入分工方案") as session:
        done, is_kept = _run(session, file, meeting_name, options)
    if options.as_json:
        click.echo(json.dumps(done.as_json(file.name), ensure_ascii=False))
    else:
        _tell(done.steps, is_kept)
    sys.exit(SOME_INVALID if done.bad or _loses_items(done.plan) else USABLE)


def _run(
    session: ActorSession, path: Path, meeting_name: str, options: _Options
) -> tuple[PlanImport, bool]:
    """What became of the plan's rows, and whether it was kept."""
    meeting = lookups.find_meeting(session, meeting_name)
    if meeting is None:
        refuse(f"没有名为“{meeting_name}”的会议，请先登记届次会议，或检查名称。")
    file = _open(session, path, meeting)
    write = plans.write_same_titles if options.skip_changed_titles else plans.write
    with trying(session, options.dry_run):
        import_id = begin(session, path, lookups.TARGET, meeting.id)
        done = write(session, file)
    _tell_notes(file.plan)
    _tell_unread(file.plan)
    if not options.as_json:
        _tell_titles(done)
    is_whole = done.is_clean and not _loses_items(file.plan)
    is_kept = not options.dry_run and (is_whole or options.only_valid)
    if is_kept:
        finish(session, import_id, done.keep(session, import_id))
    else:
        session.rollback()
    return done, is_kept


def _open(session: ActorSession, path: Path, meeting: lookups.PlanMeeting) -> PlanFile:
    """The plan in the file; ends the command with a sentence when there is none."""
    if not path.is_file():
        refuse(f"找不到文件“{path}”。")
    try:
        file = plans.open_plan(session, path, meeting)
    except UnreadableFile as fault:
        refuse(f"“{path.name}”无法读取：{fault.sentence}")
    if file.refusal:
        refuse(f"“{path.name}”无法导入：{file.refusal}")
    return file


def _loses_items(plan: Plan) -> bool:
    return any(note.loses_items for note in plan.notes)


def _tell_unread(plan: Plan) -> None:
    """Columns that look like units or dates and would be missing without a word."""
    for column in (one for sheet in plan.sheets for table in sheet.tables for one in table.unread):
        click.echo(
            f"注意：“{column.label or '（无表头）'}”这一列没有读取，里面像是{column.holds}（如“{column.sample}”）；"
            "要读取的，请改表头，或在界面的预览里指定各列。",
            err=True,
        )


def _tell_notes(plan: Plan) -> None:
    """Parts of the file that were not read, what is hidden in it, tables read by the header of another."""
    for note in plan.notes:
        click.echo(f"注意：{note.sentence}", err=True)


def _tell_titles(done: PlanImport) -> None:
    """Said before anything is kept: another title under the same number may be another matter."""
    if done.skipped:
        click.echo(f"已跳过 {len(done.skipped)} 行：编号相同而标题不同。")
    if others := len(other_titles(done.steps)):
        click.echo(
            f"注意：有 {others} 行编号相同而标题不同，写入会换掉系统里的标题；不是同一件的，"
            "请用 --skip-changed-titles 跳过。"
        )


def _tell(steps: Sequence[PlanStep], is_kept: bool) -> None:
    counted = answers.totals(steps)
    click.echo("　".join(f"{CHINESE[outcome]} {count}" for outcome, count in counted.items()))
    for step in steps:
        for error in step.errors:
            click.echo(error.message)
        for warning in step.warnings:
            click.echo(f"提醒：{warning.message}")
    click.echo("已写入。" if is_kept else "没有写入。")
