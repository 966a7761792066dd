"""The command that takes a report or a table out as .xlsx, as a given person would get it."""

from pathlib import Path

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from domain import models
from domain.actors import Actor
from domain.exports.record import Taken, record
from domain.exports.reports import ExportRefused, named_sheet
from domain.exports.workbook import TooManyRows, write_file
from domain.storing.database import make_engine, read_only
from domain.storing.session import actor_session
from domain.time.clock import shanghai_now
from jobs.running.settings import Settings


@click.command("export")
@click.argument("name")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--meeting", default="", help="The meeting's full name.")
@click.option(
    "--as", "username", default="", help="What this user would get; without it, everything."
)
def export_command(name: str, out: Path, meeting: str, username: str) -> None:
    """Write a report, or a table by its name or label, to an .xlsx file."""
    if out.suffix.lower() != ".xlsx":
        raise click.ClickException(
            f"“{out.name}”：导出的是 .xlsx 文件，请把文件名写成 {out.stem}.xlsx。"
        )
    engine = make_engine(Settings.from_environment().database_url)
    try:
        actor = _actor(engine, username) if username else Actor.system("导出")
        with actor_session(read_only(engine), actor, shanghai_now) as session:
            sheet = named_sheet(session, name, meeting)
            count = write_file(out, sheet)
        _put_on_record(engine, actor, Taken("命令", sheet.title, count, meeting), out)
    except (ExportRefused, TooManyRows) as refusal:
        raise click.ClickException(str(refusal)) from None
    except OSError as error:
        raise click.ClickException(f"不能写入 {out}：{error.strerror}。") from None
    finally:
        engine.dispose()
    click.echo(f"已导出 {count} 行：{out}")


def _put_on_record(engine: Engine, actor: Actor, taken: Taken, file: Path) -> None:
    """Write down what was taken out; without that the file does not stay."""
    try:
        record(engine, actor, taken, shanghai_now)
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _actor(engine: Engine, username: str) -> Actor:
    users = models.User
    with Session(read_only(engine)) as session:
        user = session.scalars(select(users).where(users.username == username)).one_or_none()
        if user is None or not user.is_active:
            raise ExportRefused(f"没有登录名为“{username}”的在用用户。")
        return Actor.of(user)
