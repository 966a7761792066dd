"""The command import-plan: one 分工方案 file into one meeting, without a queue.

Exit status: 0 all rows usable, 1 some rows invalid or failed, 2 the file (or the meeting) cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy import update

from domain import models
from domain.clock import shanghai_now
from domain.database import make_engine
from domain.plans import answers, lookups
from domain.plans.apply import import_plan
from domain.plans.grid import UnreadableFile
from domain.plans.headers import Overrides
from domain.plans.match import CHINESE, FAILED, INVALID, Step
from domain.plans.outcomes import Plan
from domain.plans.reading import read_plan, refusal
from domain.plans.units import UnitBook
from domain.session import ActorSession, system_session
from jobs.settings import Settings

USABLE, SOME_INVALID, UNREADABLE = 0, 1, 2


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
    engine = make_engine(Settings.from_environment().database_url)
    with system_session(engine, "导入分工方案", shanghai_now) as session:
        meeting = lookups.find_meeting(session, meeting_name)
        if meeting is None:
            _refuse(f"没有名为“{meeting_name}”的会议，请先登记届次会议，或检查名称。")
        book, overrides = lookups.load_unit_book(session), lookups.load_overrides(session)
        session.rollback()
        plan = _read(file, meeting, book, overrides)
        import_id = _begin(session, file, meeting.id)
        steps = import_plan(session, meeting, plan, session.now().date())
        is_clean = not any(step.outcome in (INVALID, FAILED) for step in steps)
        is_kept = not dry_run and (is_clean or only_valid)
        if is_kept:
            _keep(session, import_id, plan, steps)
        else:
            session.rollback()
    if as_json:
        click.echo(json.dumps(answers.as_json(file.name, plan, steps), ensure_ascii=False))
    else:
        _tell(steps, is_kept)
    sys.exit(USABLE if is_clean else SOME_INVALID)


def _read(file: Path, meeting: lookups.Meeting, book: UnitBook, overrides: Overrides) -> Plan:
    """The plan in the file; ends the command with a sentence when there is none."""
    if not file.is_file():
        _refuse(f"找不到文件“{file}”。")
    try:
        plan = read_plan(file, meeting.facts, book, overrides)
    except UnreadableFile as fault:
        _refuse(f"“{file.name}”无法读取：{fault.sentence}")
    if not plan.rows:
        _refuse(f"“{file.name}”无法导入：{refusal(plan)}")
    return plan


def _refuse(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(UNREADABLE)


def _begin(session: ActorSession, file: Path, meeting_id: int) -> int:
    """The import's own row, so that the change log can name it and the import can be undone."""
    row = models.Import(
        meeting_id=meeting_id,
        file_name=file.name[:200],
        stored_name="",
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        state="写入中",
        uploaded_at=session.now(),
    )
    session.add(row)
    session.flush()
    session.info["import_id"] = row.id
    return int(row.id)


def _keep(session: ActorSession, import_id: int, plan: Plan, steps: Sequence[Step]) -> None:
    result = answers.keep_rows(session, import_id, plan, steps)
    values = {**result, "state": "已写入", "applied_at": session.now()}
    table = models.Import.__table__
    session.connection().execute(update(table).where(table.c.id == import_id).values(values))
    session.commit()


def _tell(steps: Sequence[Step], is_kept: bool) -> None:
    counted = answers.totals(steps)
    click.echo("　".join(f"{CHINESE[outcome]} {count}" for outcome, count in counted.items()))
    for step in steps:
        for error in step.errors:
            click.echo(error.message)
    click.echo("已写入。" if is_kept else "没有写入。")


COMMANDS: list[click.Command] = [import_plan_command]
