"""The panel as people meet it at the door: real log-ins, real cookies, CSRF on, a clock that the test moves.

The district is tests/ground/district.py's; everybody's password is PASSWORD. Hashes are cheap, to keep tests
quick.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from admin.frame.db import db
from app import create_app
from domain import models
from domain.people import passwords
from domain.people.accounts import Accounts
from domain.people.login_sessions import LoginSessions, Visitor
from domain.storing.database import make_engine
from domain.storing.session import ActorSession, system_session
from tests.ground.district import MORNING, build_district
from tests.ground.kept_apps import settings_of
from tests.ground.serving.databases import Databases

PASSWORD = "Kf7m-x2Qp-9tWr"
NEW_PASSWORD = "Hd4n+Zu8v+Qs3j"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
DESK = Visitor("10.0.0.8", "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0")


class Clock:
    """Time as the test wants it."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        """Let time pass: `pass_(minutes=5)`."""
        self.now += timedelta(**time)


class Door:
    """The accounts of a small district, and the panel in front of them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.clock = Clock()
        self.apps: list[Flask] = []
        self.engine: Engine = make_engine(url)
        self.accounts = Accounts(self.engine, self.clock)
        self.sessions = LoginSessions(self.engine, self.clock)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()
        for app in self.apps:
            with app.app_context():
                db.engine.dispose()

    @contextmanager
    def truth(self) -> Iterator[ActorSession]:
        """A session that sees and may do all; what it changes is kept."""
        with system_session(self.engine, "测试", self.clock) as session, session.begin():
            yield session

    def id_of(self, username: str) -> int:
        """The id of a user."""
        with self.truth() as session:
            return session.scalars(select(models.User.id).filter_by(username=username)).one()

    def change(self, username: str, **values: Any) -> None:
        """Change a user as the program would."""
        with self.truth() as session:
            user = session.scalars(select(models.User).filter_by(username=username)).one()
            for name, value in values.items():
                setattr(user, name, value)

    def set(self, name: str, value: str) -> None:
        """Set a row of the settings table."""
        with self.truth() as session:
            session.add(models.Setting(name=name, label=name, value=value))

    def events(self, username: str) -> list[str]:
        """The log-in record of a name, oldest first."""
        with self.truth() as session:
            asked = select(models.Login.event).filter_by(username=username)
            return list(session.scalars(asked.order_by(models.Login.id)))

    def counts(self) -> dict[str, int]:
        """How many rows every table has."""
        with self.truth() as session:
            return {
                name: session.scalar(select(func.count(cls.id))) or 0
                for name, cls in models.by_table.items()
            }

    def app(self, **settings: Any) -> Flask:
        """The panel, with everything on that people have."""
        given = settings_of(self.url, self.folder, **settings)
        self.apps.append(create_app(given, clock=self.clock))
        return self.apps[-1]


class Visit:
    """A browser at the panel."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def get(self, path: str, **headers: str) -> TestResponse:
        """What a page answers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, headers=named, buffered=True)

    def post(self, path: str, **sent: Any) -> TestResponse:
        """What a form answers when it is sent with a token that this browser has."""
        return self.client.post(path, data={"csrf_token": self.token(), **sent})

    def token(self) -> str:
        """A CSRF token for this browser."""
        for page in ("/account/password", "/login"):
            found = re.search(r'name="csrf_token" value="([^"]+)"', text_of(self.get(page)))
            if found:
                return found.group(1)
        raise AssertionError("no page with a token")

    def log_in(self, username: str, password: str = PASSWORD, path: str = "/login") -> TestResponse:
        """Send the log-in form."""
        return self.post(path, username=username, password=password)

    @property
    def cookie(self) -> str:
        """The cookie that this browser holds."""
        kept = self.client.get_cookie("banli")
        return kept.value if kept else ""

    def take(self, cookie: str) -> "Visit":
        """Hold this cookie from now on, as a thief or an old tab would."""
        self.client.set_cookie("banli", cookie)
        return self

    @property
    def is_in(self) -> bool:
        """Whether the front page would open; asked of what says so without drawing it."""
        return bool(self.get("/account/alive").json["logged_in"])


def text_of(answer: TestResponse) -> str:
    """The text of a page."""
    return unescape(answer.get_data(as_text=True))


def build_people(url: str) -> None:
    """The district, where everybody has a password."""
    build_district(url)
    engine, password_hash = make_engine(url), CHEAP.hash(PASSWORD)
    with system_session(engine, "测试", lambda: MORNING) as session, session.begin():
        for user in session.scalars(select(models.User)):
            user.password_hash = password_hash
            user.password_changed_at = MORNING - timedelta(days=1)
    engine.dispose()


@pytest.fixture
def door(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """A door of its own for the test. Everybody has a password since yesterday; nobody has logged in."""
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    with databases.copy_of("people", build_people) as url:
        door = Door(url, tmp_path)
        yield door
        door.close()
