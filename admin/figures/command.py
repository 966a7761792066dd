"""The command figures: every measure and rate with its value, formula and source, and the address of its list."""

from __future__ import annotations

import json
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from admin.figures.counting import Pairs
from admin.figures.tabling import FigureAsking, FigureLine, FigureTable, Heading, make_table
from admin.frame.db import db
from admin.tables.desk import Desk
from domain import models
from domain.actors import OFFICE, Actor
from domain.statistics.dimensions import DIMENSIONS, Dimension
from domain.statistics.register import MEASURES, RATES
from domain.storing.database import read_only
from domain.storing.session import ActorSession, actor_session
from domain.time.clock import Clock


def init_figures_command(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(figures_command)


@click.command("figures")
@click.option("--by", "dimension", default="", help="Told apart by this: unit, meeting, year …")
@click.option("--meeting", default="", help="The meeting's full name; without it, all.")
@click.option("--as", "username", default="", help="As this user; without it, as the office.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def figures_command(dimension: str, meeting: str, username: str, as_json: bool) -> None:
    """Every measure and rate with its value, formula, source and the address of its list."""
    by = _dimension(dimension) if dimension else None
    clock: Clock = current_app.extensions["clock"]
    actor = _actor(db.engine, username)
    with actor_session(read_only(db.engine), actor, clock) as session:
        desk = Desk(models.schema.tables["proposals"], actor, session)
        if not desk.may("read"):
            raise click.ClickException(f"“{username}”（{actor.role}）看不到建议提案，没有统计。")
        slices = _of_meeting(session, meeting) if meeting else ()
        measures, rates = tuple(MEASURES.values()), tuple(RATES.values())
        with current_app.test_request_context():  # addresses are made as in a page
            table = make_table(desk, FigureAsking(by, measures, rates, slices, clock().date()))
    if as_json:
        click.echo(json.dumps(_as_json(table, by, meeting), ensure_ascii=False))
    else:
        _tell(table)


def _dimension(name: str) -> Dimension:
    found = next((d for d in DIMENSIONS.values() if name in (d.name, d.label)), None)
    if found is None:
        known = "、".join(f"{d.name}（{d.label}）" for d in DIMENSIONS.values())
        raise click.ClickException(f"不能按“{name}”分；可以按：{known}。")
    return found


def _of_meeting(session: ActorSession, name: str) -> Pairs:
    meeting = models.Meeting
    key = session.scalars(select(meeting.id).where(meeting.name == name)).one_or_none()
    if key is None:
        raise click.ClickException(f"没有名称为“{name}”的届次会议。")
    return (("by-meeting", str(key)),)


def _actor(engine: Engine, username: str) -> Actor:
    if not username:
        return Actor("命令", OFFICE)
    users = models.User
    with Session(read_only(engine)) as session:
        user = session.scalars(select(users).where(users.username == username)).one_or_none()
        if user is None or not user.is_active:
            raise click.ClickException(f"没有登录名为“{username}”的在用用户。")
        return Actor.of(user)


def _as_json(table: FigureTable, by: Dimension | None, meeting: str) -> dict[str, Any]:
    return {
        "by": by.name if by else "",
        "meeting": meeting,
        "left_out": list(table.left_out),
        "figures": [
            {**_told(heading), "value": _value(heading, table.total, place)}
            | ({"lines": _lines(table, heading, place)} if by else {})
            for place, heading in enumerate(table.headings)
        ],
    }


def _told(heading: Heading) -> dict[str, Any]:
    known = RATES if heading.is_rate else MEASURES
    return {
        "name": heading.name,
        "label": heading.label,
        "formula": heading.words,
        "source": known[heading.name].source,
    }


def _lines(table: FigureTable, heading: Heading, place: int) -> list[dict[str, Any]]:
    return [{"of": line.label, "value": _value(heading, line, place)} for line in table.lines]


def _value(heading: Heading, line: FigureLine, place: int) -> dict[str, Any]:
    """The number as printed, and exactly: a count, or of what and among what."""
    figure = line.figures[place]
    of, among = figure.pair or (0, 0)
    exact = {"of": of, "among": among} if heading.is_rate else {"count": of}
    return {"text": figure.text, **exact, "list": figure.url, "why": figure.why}


def _tell(table: FigureTable) -> None:
    for line in (*table.lines, table.total):
        click.echo(f"【{line.label}】")
        for heading, figure in zip(table.headings, line.figures, strict=True):
            click.echo(f"  {heading.label}：{figure.text}  {figure.url}")
