"""The command import-plan: one 分工方案 file into one meeting, without a queue.

Exit status: 0 all rows usable, 1 some rows invalid, failed or skipped, 2 the file (or the meeting) cannot be read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from domain.imports.outcomes import CHINESE, FAILED, INVALID
from domain.plans import answers, lookups
from domain.plans.apply import import_plan
from domain.plans.recognising.headers import Overrides
from domain.plans.recognising.outcomes import Plan
from domain.plans.recognising.reading import read_plan, refusal
from domain.plans.recognising.units import UnitBook
from domain.plans.second_look import Place, leave_out, other_titles, place_of
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
)


@dataclass(frozen=True)
class _Options:
    """How to write, and how to tell of it."""

    dry_run: bool
    only_valid: bool
    skip_changed_titles: bool
    as_json: bool


@dataclass(frozen=True)
class _Done:
    """What became of the rows; ``skipped`` are those left out because they would give an item another title."""

    plan: Plan
    steps: list[PlanStep]
    skipped: frozenset[Place]

    @property
    def bad(self) -> list[PlanStep]:
        """The rows that cannot be written, the skipped ones among them."""
        return [step for step in self.steps if step.outcome in (INVALID, FAILED)]

    @property
    def is_writable(self) -> bool:
        """Whether every row is usable, but for those that were to be skipped."""
        return all(place_of(step.row) in self.skipped for step in self.bad)


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
        click.echo(
            json.dumps(answers.as_json(file.name, done.plan, done.steps), ensure_ascii=False)
        )
    else:
        _tell(done.steps, is_kept)
    sys.exit(SOME_INVALID if done.bad else USABLE)


def _run(
    session: ActorSession, file: Path, meeting_name: str, options: _Options
) -> tuple[_Done, bool]:
    """What became of the plan's rows, and whether it was kept."""
    meeting = lookups.find_meeting(session, meeting_name)
    if meeting is None:
        refuse(f"没有名为“{meeting_name}”的会议，请先登记届次会议，或检查名称。")
    book, overrides = lookups.load_unit_book(session), lookups.load_overrides(session)
    session.rollback()  # reading takes a second, and nobody should wait for it
    plan = _read(file, meeting, book, overrides)
    import_id = begin(session, file, lookups.TARGET, meeting.id)
    done = _import(session, meeting, plan, options.skip_changed_titles)
    if not options.as_json:
        _tell_unread(plan)
        _tell_titles(done)
    is_kept = not options.dry_run and (done.is_writable or options.only_valid)
    if is_kept:
        finish(session, import_id, answers.keep_rows(session, import_id, plan, done.steps))
    else:
        session.rollback()
    return done, is_kept


def _import(
    session: ActorSession, meeting: lookups.PlanMeeting, plan: Plan, is_skipping: bool
) -> _Done:
    """Write the rows into the open transaction. Which of them change a title is known once they are compared."""
    skipped: frozenset[Place] = frozenset()
    while True:
        with session.begin_nested() as attempt:
            rows = leave_out(plan, skipped)
            steps = import_plan(session, meeting, rows, session.now().date())
            others = other_titles(steps) if is_skipping else set()
            if others:
                attempt.rollback()
        if not others:
            return _Done(plan, steps, skipped)
        skipped |= others


def _read(file: Path, meeting: lookups.PlanMeeting, book: UnitBook, overrides: Overrides) -> Plan:
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


def _tell_unread(plan: Plan) -> None:
    """A column that looks like units or dates and is not read: its content would be missing without a word."""
    for column in (one for sheet in plan.sheets for table in sheet.tables for one in table.unread):
        click.echo(
            f"注意：“{column.label or '（无表头）'}”这一列没有读取，里面像是{column.holds}（如“{column.sample}”）；"
            "要读取的，请改表头，或在界面的预览里指定各列。"
        )


def _tell_titles(done: _Done) -> None:
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
