"""The commands that fill a new database, and tell the demo's passwords."""

import json
from collections.abc import Callable

import click
from sqlalchemy import Engine, inspect, select

from domain import models
from domain.people.passwords import hash_password, verify
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, system_session
from domain.time.clock import shanghai_now
from jobs.running.settings import Settings, kept_secret_key
from seeds.demo.district import NotEmpty, is_demo, seed_demo
from seeds.demo.people import password_of
from seeds.reference import seed_reference
from seeds.year.district import seed_year


@click.command("seed")
@click.option("--demo", is_flag=True, help="Also a demo district with people and items.")
@click.option("--demo-year", is_flag=True, help="Instead a whole year of a demo district.")
def seed_command(demo: bool, demo_year: bool) -> None:
    """Add the reference data that is missing; with --demo or --demo-year, fill an empty database with that."""
    if demo and demo_year:
        raise click.ClickException("--demo 和 --demo-year 只能用一个。")
    settings = Settings.from_environment()
    engine = make_engine(settings.database_url)
    try:
        _require_tables(engine)
        sentence = _seed_year(engine, settings) if demo_year else _seed(engine, settings, demo)
    finally:
        engine.dispose()
    click.echo(sentence)


@click.command("demo-logins")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def demo_logins_command(as_json: bool) -> None:
    """Who may log in to a demo database, with passwords; of any other database, nothing."""
    settings = Settings.from_environment()
    engine = make_engine(settings.database_url)
    try:
        _require_tables(engine)
        with system_session(engine, "演示登录", shanghai_now) as session:
            logins = _logins(session, kept_secret_key(settings)) if is_demo(session) else []
    finally:
        engine.dispose()
    click.echo(json.dumps(logins, ensure_ascii=False) if as_json else _table(logins))


def _seed(engine: Engine, settings: Settings, demo: bool) -> str:
    with system_session(engine, "初始数据", shanghai_now) as session:
        sentence = _seed_demo(session, settings) if demo else _seed_reference(session)
        session.commit()
    return sentence


def _seed_year(engine: Engine, settings: Settings) -> str:
    key = kept_secret_key(settings)
    try:
        is_new = seed_year(engine, _hashing(key), shanghai_now, settings.data_dir)
    except NotEmpty as reason:
        raise click.ClickException(str(reason)) from None
    return (
        "已放入演示年，登录名和密码见 demo-logins。" if is_new else "演示数据已经有了，没有改动。"
    )


def _hashing(key: str) -> Callable[[str], str]:
    """Gives the password hash of a username on this installation."""
    return lambda username: hash_password(password_of(key, username))


def _seed_reference(session: ActorSession) -> str:
    added = sum(seed_reference(session).values())
    return f"已添加基础数据 {added} 项。" if added else "基础数据已经齐全，没有改动。"


def _seed_demo(session: ActorSession, settings: Settings) -> str:
    key = kept_secret_key(settings)
    try:
        is_new = seed_demo(session, _hashing(key))
    except NotEmpty as reason:
        raise click.ClickException(str(reason)) from None
    return (
        "已放入演示数据，登录名和密码见 demo-logins。" if is_new else "演示数据已经有了，没有改动。"
    )


def _logins(session: ActorSession, key: str) -> list[dict[str, str]]:
    """The demo's users who still have their demo passwords."""
    users = session.scalars(select(models.User).filter_by(is_active=True).order_by(models.User.id))
    known = [(user, password_of(key, user.username)) for user in users]
    return [
        {
            "username": user.username,
            "password": password,
            "role": user.role,
            "unit": user.unit.name if user.unit else "",
        }
        for user, password in known
        if verify(user.password_hash, password)
    ]


def _table(logins: list[dict[str, str]]) -> str:
    lines = [f"{x['username']:12}{x['password']:18}{x['role']} {x['unit']}" for x in logins]
    return "\n".join(lines)


def _require_tables(engine: Engine) -> None:
    if not inspect(engine).has_table("settings"):
        raise click.ClickException("库里还没有表，请先运行 flask --app app db-init。")
