"""The command export: a paper, a report or a table as a file, as a given person would get it; --list says the names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from admin.files.attachments import uploads_folder
from admin.frame.db import db
from admin.papers.making import Chosen, make_paper, subject_of
from admin.papers.shelf import ShelvedPaper, papers_for
from domain import models
from domain.actors import OFFICE, Actor
from domain.exports.record import Taken, record
from domain.exports.reports import REPORTS, ExportRefused, named_sheet
from domain.exports.workbook import TooManyRows, write_file
from domain.papers.paper import PaperRefused
from domain.storing.database import read_only
from domain.storing.session import ActorSession, actor_session


def init_export_command(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(export_command)


@dataclass(frozen=True)
class Wish:
    """What the command was asked for."""

    name: str
    out: Path
    chosen: Chosen
    username: str


@click.command("export")
@click.argument("name", default="")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--list", "lists", is_flag=True, help="Say what can be exported by name.")
@click.option("--meeting", default="", help="The meeting's full name.")
@click.option("--unit", default="", help="The unit's full or short name.")
@click.option("--item", default="", help="The number of an item.")
@click.option("--from", "first", default="", help="The first day of a period, 2026-02-28.")
@click.option("--to", "last", default="", help="Its last day.")
@click.option("--as", "username", default="", help="What this user would get.")
@with_appcontext
def export_command(name: str, out: Path | None, lists: bool, username: str, **chosen: str) -> None:
    """Write a paper, a report, or a table by its name or label, to a file. Without --as: everything."""
    try:
        if lists:
            _list(username)
            return
        if not name or out is None:
            raise click.UsageError("请写明导出什么，以及 --out 文件名；有哪些可以导出：--list。")
        _export(Wish(name, out, Chosen(**chosen), username))
    except (ExportRefused, TooManyRows, PaperRefused) as refusal:
        raise click.ClickException(str(refusal)) from None
    except OSError as error:
        raise click.ClickException(f"不能写入 {out}：{error.strerror}。") from None


def _list(username: str) -> None:
    actor = _actor(db.engine, username) if username else Actor("命令", OFFICE)
    with _session(actor) as session:
        for report in REPORTS.values():
            if report.is_for(session):
                click.echo(f"{report.name}\t--meeting\t{report.about}")
        for name, shelved in _papers(session).items():
            needs = " ".join(_OPTIONS[need] for need in shelved.paper.needs)
            click.echo(f"{name}\t{needs}\t{shelved.paper.about}")


_OPTIONS = {"meeting": "--meeting", "unit": "--unit", "item": "--item", "period": "--from --to"}


def _export(wish: Wish) -> None:
    is_paper = False
    actor = _actor(db.engine, wish.username) if wish.username else Actor("命令", OFFICE)
    with _session(actor) as session:
        shelved = _papers(session).get(wish.name)
        if shelved is not None and wish.name not in REPORTS:
            is_paper = True
            taken = _write_paper(session, shelved, wish)
    if not is_paper:
        actor = actor if wish.username else Actor.system("导出")
        taken = _write_sheet(actor, wish)
    _put_on_record(actor, taken, wish.out)
    click.echo(f"已导出 {taken.row_count} 行：{wish.out}")


def _session(actor: Actor) -> ActorSession:
    return actor_session(read_only(db.engine), actor, current_app.extensions["clock"])


def _papers(session: ActorSession) -> dict[str, ShelvedPaper]:
    return dict(papers_for(session, uploads_folder()))


def _write_paper(session: ActorSession, shelved: ShelvedPaper, wish: Wish) -> Taken:
    _check_ending(wish.out, shelved.paper.ending)
    with current_app.test_request_context():  # the addresses of numbers are made as in a page
        made = make_paper(session, shelved, subject_of(session, shelved, wish.chosen))
    wish.out.write_bytes(made.content)
    return Taken("命令", shelved.paper.name, made.row_count, made.narrowed)


def _write_sheet(actor: Actor, wish: Wish) -> Taken:
    _check_ending(wish.out, ".xlsx")
    with _session(actor) as session:
        sheet = named_sheet(session, wish.name, wish.chosen.meeting)
        count = write_file(wish.out, sheet)
    return Taken("命令", sheet.title, count, wish.chosen.meeting)


def _check_ending(out: Path, ending: str) -> None:
    if out.suffix.lower() != ending:
        raise ExportRefused(
            f"“{out.name}”：导出的是 {ending} 文件，请把文件名写成 {out.stem}{ending}。"
        )


def _put_on_record(actor: Actor, taken: Taken, file: Path) -> None:
    """Write down what was taken out; without that the file does not stay."""
    try:
        record(db.engine, actor, taken, current_app.extensions["clock"])
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
