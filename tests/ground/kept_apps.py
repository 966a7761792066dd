"""Apps kept from test to test: making one, and each statement's first time in it, takes longer than most tests.

One for each address of a database, whatever is filled in there; who makes his own with create_app() gets his own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from admin.frame.db import db
from app import create_app
from domain.time.clock import Clock
from jobs.queue.waking import JobQueue
from jobs.running.settings import Settings


def settings_of(url: str, folder: Path, **more: Any) -> Settings:
    """An office at this database with its files in `folder`, and no Redis."""
    return Settings(
        data_dir=folder,
        database_url=url,
        secret_key="k" * 40,
        redis_url=f"unix://{folder}/no-redis.sock",
        **more,
    )


class KeptApps:
    """The apps that this process has made."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Flask, dict[str, Any], dict[str, Any]]] = {}

    @contextmanager
    def opened(self, url: str, folder: Path, clock: Clock) -> Iterator[Flask]:
        """The app on what the database holds now, set up as a new one would be; afterwards nothing is connected."""
        settings = settings_of(url, folder)
        if url not in self._kept:
            app = create_app(settings, clock=clock)
            self._kept[url] = (app, dict(app.config), dict(app.extensions))
        app, config, extensions = self._kept[url]
        jobs = JobQueue(settings.redis_url)
        app.config.clear()
        app.config.update(config)
        app.extensions.update({**extensions, "settings": settings, "clock": clock, "jobs": jobs})
        try:
            yield app
        finally:
            with app.app_context():
                db.engine.dispose()
            jobs.close()
