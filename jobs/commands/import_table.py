"""The command import-table: one workbook into one table, whose labels are its headers. Without a queue.

Exit status: 0 all rows usable, 1 some rows invalid or failed (nothing is written then), 2 the file cannot be read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from domain import models
from domain.access.importable import find_table
from domain.imports.outcomes import CHINESE
from domain.schema.words import Table
from domain.sheets.child import read_grids
from domain.sheets.grid import UnreadableFile
from domain.storing.database import read_only
from domain.storing.session import ActorSession, system_session
from domain.tables.importing import TableFile, TableImport, import_table, open_table
from domain.tables.reading import tell_ignored
from jobs.commands.direct_imports import (
    SOME_INVALID,
    USABLE,
    begin,
    finish,
    program_session,
    refuse,
    trying,
)


@click.command("import-table")
@click.argument("table")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_table_command(table: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Read FILE, laid out as the table's list is exported, into TABLE (its name or label)."""
    words = find_table(table)
    if words is None:
        refuse(_why_not(table))
    with program_session(f"导入{words.label}") as session:
        done = _run(session, words, file, dry_run)
    if as_json:
        click.echo(json.dumps(done.as_json(file.name), ensure_ascii=False))
    else:
        _tell(done)
    sys.exit(USABLE if done.is_clean else SOME_INVALID)


def _run(session: ActorSession, words: Table, file: Path, dry_run: bool) -> TableImport:
    if not file.is_file():
        refuse(f"找不到文件“{file}”。")
    try:
        opened = _open(session, words, file)
        with trying(session, dry_run):
            import_id = begin(session, file, words.label)
            done = import_table(session, opened)
    except UnreadableFile as fault:
        session.rollback()
        refuse(f"“{file.name}”无法读取：{fault.sentence}")
    if dry_run or not done.is_clean:
        session.rollback()
    else:
        finish(session, import_id, done.keep(session, import_id))
    return done


def _open(session: ActorSession, words: Table, file: Path) -> TableFile:
    """The table in the file; what it refers to is looked up beside the session, which writes from its first word."""
    engine: Any = session.get_bind()
    with system_session(read_only(engine), session.actor.name, session.now) as reader:
        return open_table(reader, words, read_grids(file))


def _why_not(table: str) -> str:
    known = next((t for t in models.schema.tables.values() if table in (t.name, t.label)), None)
    if known is None:
        return f"没有名为“{table}”的表，请写列表的名称，如“承办单位”。"
    return f"“{known.label}”不能从文件导入，只能在系统里登记和修改。"


def _tell(done: TableImport) -> None:
    click.echo("　".join(f"{CHINESE[outcome]} {count}" for outcome, count in done.totals.items()))
    for sentence in (*tell_ignored(done.words, done.sheet.ignored), *done.sheet.notes):
        click.echo(f"注意：{sentence}")
    for row, text in done.sheet.left_out:
        click.echo(f"注意：第{row + 1}行“{text[:40]}”是合计或说明，没有导入。")
    for step in done.steps:
        for error in step.errors:
            click.echo(error.message)
