"""Pages of the panel as a person gets them: logged in for real, through the whole app, HTML and all."""

import re
import tempfile
from html import unescape
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from admin.frame.db import db
from app import create_app
from bench.child import Stopwatch
from bench.ours.databases import NOW
from bench.users import PASSWORD
from jobs.running.settings import Settings

WARM_UP = 2
FROM_THE_END = "before=end"


class NotAPage(RuntimeError):
    """The panel answered with something else than the page that was to be measured."""


def open_pages(
    watch: Stopwatch, database: str, asked: list[tuple[str, str]], laps: int
) -> list[int]:
    """Open every page of ``asked`` (user, path) ``laps`` times, all laps of one page together.

    A path with FROM_THE_END means the page before that one. Returns how many rows each page has. Raises NotAPage.
    """
    with tempfile.TemporaryDirectory() as folder:
        app = _app(database, Path(folder))
        clients = {user: _log_in(app, user) for user, _ in asked}
        rows = [_open(watch, clients[user], path, laps) for user, path in asked]
        with app.app_context():
            db.engine.dispose()
    return rows


def _open(watch: Stopwatch, client: FlaskClient, path: str, laps: int) -> int:
    if FROM_THE_END in path:
        path = _previous(_page(client, path))
    for _ in range(WARM_UP):
        text = _page(client, path)
    for _ in range(laps):
        with watch:
            text = _page(client, path)
    body = re.search(r"<tbody>.*?</tbody>", text, re.S)
    return body[0].count("<tr") if body else 0


def _app(database: str, folder: Path) -> Flask:
    """The panel. Reading pages wakes no worker, so the queue's socket need not be there."""
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{database}",
        redis_url=f"unix://{folder}/redis.sock",
    )
    return create_app(settings, clock=lambda: NOW)


def _log_in(app: Flask, user: str) -> FlaskClient:
    """A browser in which ``user`` has logged in."""
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', _page(client, "/login"))
    if token is None:
        raise NotAPage("/login has no form")
    form = {"username": user, "password": PASSWORD, "csrf_token": token[1]}
    answer = client.post("/login", data=form)
    if answer.status_code != 302:
        raise NotAPage(f"/login answers {answer.status_code}")
    return client


def _page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    if answer.status_code != 200:
        raise NotAPage(f"{path} answers {answer.status_code}")
    return answer.get_data(as_text=True)


def _previous(page: str) -> str:
    """Where the page's link to the page before leads."""
    found = re.search(r'href="([^"]+)"[^>]* rel="prev"', page)
    if found is None:
        raise NotAPage("The list has one page only.")
    return unescape(found[1])
