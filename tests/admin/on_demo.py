"""The panel on the demo district as of A_DAY, for tests that only read it in somebody's name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from admin.frame.db import db
from domain import models
from domain.actors import Actor
from domain.storing.database import read_only
from domain.storing.session import ActorSession, actor_session, system_session
from tests.ground.kept_apps import KeptApps
from tests.ground.serving.databases import Databases
from tests.seeds.test_seed_demo import A_DAY, build_demo


@contextmanager
def opened_demo(databases: Databases, kept_apps: KeptApps, folder: Path) -> Iterator[Flask]:
    """The app; its files lie in ``folder``."""
    with (
        databases.copy_of("demo", build_demo) as url,
        kept_apps.opened(url, folder, lambda: A_DAY) as app,
    ):
        yield app


@contextmanager
def first_of(app: Flask, role: str) -> Iterator[ActorSession]:
    """The session of the first person of a role, reading, within a request."""
    users = models.User
    with app.test_request_context():
        with system_session(read_only(db.engine), "测试", lambda: A_DAY) as truth:
            first = select(users).where(users.role == role).order_by(users.id).limit(1)
            actor = Actor.of(truth.scalars(first).one())
        with actor_session(read_only(db.engine), actor, lambda: A_DAY) as session:
            yield session
