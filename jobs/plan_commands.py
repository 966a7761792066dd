"""The command import-plan: one 分工方案 file into one meeting, without a queue.

Exit status: 0 all rows usable, 1 some rows invalid or failed, 2 the file (or the meeting) cannot be read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from domain.plans import answers, lookups
from domain.plans.apply import import_plan
from domain.plans.grid import UnreadableFile
from domain.plans.headers import Overrides
from domain.plans.outcomes import Plan
from domain.plans.reading import read_plan, refusal
from domain.plans.steps import CHINESE, FAILED, INVALID, Step
from domain.plans.units import UnitBook
from domain.storing.session import ActorSession
from jobs.direct_imports import SOME_INVALID, USABLE, begin, finish, program_session, refuse


@click.command("import-plan")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--meeting", "meeting_name", required=True, help="The meeting's name.")
@click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")
@click.option("--only-valid", is_flag=True, help="Write the usable rows even if others are not.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_plan_command(
    file: Path, meeting_name: str, dry_run: bool, only_valid: bool, as_json: bool
) -> None:
    """Read FILE, an assignment plan, into a meeting."""
    with program_session("导入分工方案") as session:
        plan, steps, is_kept = _run(session, file, meeting_name, (dry_run, only_valid))
    if as_json:
        click.echo(json.dumps(answers.as_json(file.name, plan, steps), ensure_ascii=False))
    else:
        _tell(steps, is_kept)
    sys.exit(USABLE if _are_usable(steps) else SOME_INVALID)


def _run(
    session: ActorSession, file: Path, meeting_name: str, options: tuple[bool, bool]
) -> tuple[Plan, list[Step], bool]:
    """The plan, what became of its rows, and whether it was kept. `options`: dry run, only valid rows."""
    dry_run, only_valid = options
    meeting = lookups.find_meeting(session, meeting_name)
    if meeting is None:
        refuse(f"没有名为“{meeting_name}”的会议，请先登记届次会议，或检查名称。")
    book, overrides = lookups.load_unit_book(session), lookups.load_overrides(session)
    session.rollback()  # reading takes a second, and nobody should wait for it
    plan = _read(file, meeting, book, overrides)
    import_id = begin(session, file, lookups.TARGET, meeting.id)
    steps = import_plan(session, meeting, plan, session.now().date())
    is_kept = not dry_run and (_are_usable(steps) or only_valid)
    if is_kept:
        finish(session, import_id, answers.keep_rows(session, import_id, plan, steps))
    else:
        session.rollback()
    return plan, steps, is_kept


def _are_usable(steps: Sequence[Step]) -> bool:
    return not any(step.outcome in (INVALID, FAILED) for step in steps)


def _read(file: Path, meeting: lookups.Meeting, book: UnitBook, overrides: Overrides) -> Plan:
    """The plan in the file; ends the command with a sentence when there is none."""
    if not file.is_file():
        refuse(f"找不到文件“{file}”。")
    try:
        plan = read_plan(file, meeting.facts, book, overrides)
    except UnreadableFile as fault:
        refuse(f"“{file.name}”无法读取：{fault.sentence}")
    if not plan.rows:
        refuse(f"“{file.name}”无法导入：{refusal(plan)}")
    return plan


def _tell(steps: Sequence[Step], is_kept: bool) -> None:
    counted = answers.totals(steps)
    click.echo("　".join(f"{CHINESE[outcome]} {count}" for outcome, count in counted.items()))
    for step in steps:
        for error in step.errors:
            click.echo(error.message)
        for warning in step.warnings:
            click.echo(f"提醒：{warning.message}")
    click.echo("已写入。" if is_kept else "没有写入。")


COMMANDS: list[click.Command] = [import_plan_command]
