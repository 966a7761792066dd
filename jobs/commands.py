"""The commands of the background: work, schedule. app.py adds them to `flask --app app`."""

import signal
import threading

import click

from domain.clock import shanghai_now
from domain.database import make_engine
from jobs.queue import JobQueue
from jobs.schedule import keep_schedule
from jobs.settings import Settings
from jobs.worker import work


@click.command("work")
@click.option("--until-empty", is_flag=True, help="Stop when the queue is empty.")
def work_command(until_empty: bool) -> None:
    """Take background work from the queue; any number may run, on any machine."""
    work(Settings.from_environment(), until_empty)


@click.command("schedule")
def schedule_command() -> None:
    """Start the nightly checks and wake what waits; more than one may run."""
    settings, stop = Settings.from_environment(), threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda _number, _frame: stop.set())
    engine, queue = make_engine(settings.database_url), JobQueue(settings.redis_url)
    keep_schedule(engine, queue, shanghai_now, settings.nightly_at, stop)


COMMANDS: list[click.Command] = [work_command, schedule_command]
