"""The panel on the world of tests/ground/world.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from admin.frame.db import db
from app import create_app
from domain.schema.file import read_schema
from domain.storing.database import make_engine
from jobs.running.settings import Settings
from tests.ground.contents import create_tables
from tests.ground.databases import Databases
from tests.ground.world import World, build_world, now

TABLES = list(read_schema().tables)
Scene = tuple[Flask, World]


@contextmanager
def open_scene(databases: Databases, folder: Path) -> Iterator[Scene]:
    """A new world in a database of its own, and the app on it."""
    with databases.copy_of("schema", create_tables) as url:
        engine = make_engine(url)
        with engine.begin() as connection:
            world = build_world(connection)
        engine.dispose()
        settings = Settings(
            data_dir=folder,
            database_url=url,
            secret_key="k" * 40,
            redis_url=f"unix://{folder}/no.sock",
        )
        app = create_app(settings, clock=now)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield app, world
        with app.app_context():
            db.engine.dispose()
