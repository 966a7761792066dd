"""The command that checks the deadlines."""

import json
from datetime import date, datetime

import click

from domain.dues.nightly import NightlyResult
from domain.storing.database import make_engine
from domain.time.clock import shanghai_now
from jobs.running.settings import Settings
from jobs.work.nightly import check_by_hand


def _day(_context: click.Context, _parameter: click.Parameter, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise click.ClickException(f"“{text}”不是日期，请写成 2026-02-28。") from None


@click.command("check-deadlines")
@click.option(
    "--on",
    metavar="YYYY-MM-DD",
    callback=_day,
    help="Check as of this day; without it, today in Shanghai.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check_deadlines_command(on: date | None, as_json: bool) -> None:
    """Remind of what is near, due or late; running it again tells nothing twice."""
    settings = Settings.from_environment()
    engine = make_engine(settings.database_url)
    try:
        day = on or shanghai_now().date()
        result = check_by_hand(engine, settings, shanghai_now, day)
    finally:
        engine.dispose()
    click.echo(json.dumps(result.as_json(), ensure_ascii=False) if as_json else _words(result))


def _words(result: NightlyResult) -> str:
    told = "，".join(f"{step} {count} 项" for step, count in result.reminders.items() if count)
    nobodys = (
        f"有 {result.without_unit} 件没有主办或分办单位，请交办。" if result.without_unit else ""
    )
    return (
        f"{result.on} 检查完毕：未完成的时限 {result.open} 项；{told or '没有临期或逾期'}；"
        f"新发提醒 {result.new} 条。{nobodys}"
    )
