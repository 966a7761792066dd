"""The commands of the background: work, schedule, backup, restore."""

import signal
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from domain.storing.database import make_engine
from domain.time.clock import shanghai_now
from jobs.queue.schedule import keep_schedule
from jobs.queue.waking import JobQueue
from jobs.queue.worker import work
from jobs.running.backup import BackupFailed, Manifest, back_up
from jobs.running.preparation import CannotStart
from jobs.running.restore import restore
from jobs.running.settings import Settings, SettingsError
from jobs.running.stopping import Stop


@click.command("work")
@click.option("--until-empty", is_flag=True, help="Stop when the queue is empty.")
def work_command(until_empty: bool) -> None:
    """Take background work from the queue; any number may run, on any machine."""
    work(Settings.from_environment(), until_empty)


@click.command("schedule")
def schedule_command() -> None:
    """Start the nightly checks and wake what waits; more than one may run."""
    settings, stop = Settings.from_environment(), Stop()
    stop.at(signal.SIGTERM, signal.SIGINT)
    engine, queue = make_engine(settings.database_url), JobQueue(settings.redis_url)
    keep_schedule(engine, queue, shanghai_now, settings, stop)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_command(file: Path) -> None:
    """Write database and uploaded files to FILE (.zip); people may go on working."""
    manifest = _or_say(back_up, file)
    rows, size = sum(manifest.rows.values()), file.stat().st_size / 1e6
    click.echo(f"已备份 {rows} 行、{manifest.files} 个文件到 {file}（{size:.1f} MB）。")
    if manifest.missing:
        gone = "、".join(manifest.missing)
        click.echo(f"注意：有 {len(manifest.missing)} 个文件已经不在，没有备份：{gone}。")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--even-damaged", is_flag=True, help="Take files too that are not as they were sent in."
)
def restore_command(file: Path, even_damaged: bool) -> None:
    """Bring FILE back; stop everything first. What was there is kept under DATA_DIR/backups."""
    manifest = _or_say(partial(restore, even_damaged=even_damaged), file)
    rows = sum(manifest.rows.values())
    click.echo(f"已恢复 {manifest.made_at} 的备份：{rows} 行、{manifest.files} 个文件。")


def _or_say(do: Callable[[Settings, Path, datetime], Manifest], file: Path) -> Manifest:
    try:
        return do(Settings.from_environment(), file.absolute(), shanghai_now())
    except (BackupFailed, CannotStart, SettingsError) as reason:
        raise click.ClickException(str(reason)) from None
