"""The commands db-init, db-check and db-upgrade: the database follows schema.sql."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine, true
from sqlalchemy.exc import OperationalError

from domain import models
from domain.lifecycle import awaiting, handovers, last_records
from domain.schema.advice import advice
from domain.storing.database import make_engine
from domain.storing.session import system_session
from domain.time.clock import shanghai_now
from domain.upgrading.drift import SchemaChange, compare
from domain.upgrading.upgrade import CannotUpgrade, build, refuse_obstacles, upgrade
from domain.upgrading.upgrade_plan import describe
from jobs.running.backup import BackupFailed, back_up
from jobs.running.settings import Settings


@click.command("db-init")
def db_init_command() -> None:
    """Build an empty database from schema.sql; refuse one that is not empty."""
    with _database() as (_settings, engine):
        build(engine, models.schema)
    click.echo(f"已按 schema.sql 建好 {len(models.schema.tables)} 张表。")


@click.command("db-check")
def db_check_command() -> None:
    """Say in what the database differs from schema.sql; exit status 1 if it does."""
    _advise()
    with _database() as (_settings, engine):
        changes = _changes(engine)
    if changes:
        raise click.ClickException("数据库与 schema.sql 不一致：\n" + _plan(changes))
    click.echo("数据库与 schema.sql 一致。")


@click.command("db-upgrade")
@click.option("--drop", is_flag=True, help="Also make changes that lose data.")
@click.option("--dry-run", is_flag=True, help="Print the plan and change nothing.")
def db_upgrade_command(drop: bool, dry_run: bool) -> None:
    """Bring the database to what schema.sql says: print the plan, back up, change all or nothing."""
    _advise()
    with _database() as (settings, engine):
        changes = _changes(engine)
        click.echo(_plan(changes) if changes else "数据库与 schema.sql 一致，不用升级。")
        with engine.connect() as connection:
            refuse_obstacles(connection, changes, models.schema, drop)
        if not changes or dry_run:
            return
        now = shanghai_now()
        file = settings.backups / f"升级前-{now:%Y%m%d-%H%M%S}.zip"
        back_up(settings, file, now)
        click.echo(f"已备份到 {file}。")
        upgrade(engine, models.schema, drop)
        with system_session(engine, "db-upgrade", shanghai_now) as session:
            handovers.bring_up_to_date(session, true())
            last_records.fill_in(session.unchecked_connection())
            awaiting.bring_up_to_date(session, true())
            session.commit()
    click.echo("升级完成。")


@contextmanager
def _database() -> Iterator[tuple[Settings, Engine]]:
    """The database of the environment; what goes wrong becomes one sentence."""
    settings = Settings.from_environment()
    engine = make_engine(settings.database_url)
    try:
        yield settings, engine
    except (CannotUpgrade, BackupFailed) as reason:
        raise click.ClickException(str(reason)) from None
    except OperationalError as error:
        raise click.ClickException(
            f"数据库连不上，或正被占用，没有改动：{str(error.orig).splitlines()[0]}"
        ) from None
    finally:
        engine.dispose()


def _advise() -> None:
    """Say what is unwise in schema.sql; nothing is held up by it."""
    for said in advice(models.schema):
        click.echo(f"建议：{said}", err=True)


def _changes(engine: Engine) -> tuple[SchemaChange, ...]:
    with engine.connect() as connection:
        return compare(connection, models.schema)


def _plan(changes: tuple[SchemaChange, ...]) -> str:
    return "\n".join(f"  · {describe(change, models.schema)}" for change in changes)
