"""The panel on the world of tests/ground/world.py."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from domain.schema.file import read_schema
from domain.storing.database import make_engine
from tests.ground.kept_apps import KeptApps
from tests.ground.serving.contents import create_tables
from tests.ground.serving.databases import Databases
from tests.ground.world import World, build_world, now

TABLES = list(read_schema().tables)
Scene = tuple[Flask, World]


@contextmanager
def open_scene(databases: Databases, kept_apps: KeptApps, folder: Path) -> Iterator[Scene]:
    """A new world in a database of its own, and the app on it."""
    with opened_world(databases) as (url, world), kept_apps.opened(url, folder, now) as app:
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield app, world


@contextmanager
def opened_world(databases: Databases) -> Iterator[tuple[str, World]]:
    """A copy of the world, and what is in it: noted beside the template by the process that built it."""
    noted = databases.premises.folder / f"{type(databases).__name__}.world"

    def build(url: str) -> None:
        create_tables(url)
        engine = make_engine(url)
        with engine.begin() as connection:
            noted.write_bytes(pickle.dumps(build_world(connection)))
        engine.dispose()

    with databases.copy_of("world", build) as url:
        yield url, pickle.loads(noted.read_bytes())
