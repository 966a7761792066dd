"""create_app() and the commands: wiring only."""

from pathlib import Path

from flask import Flask

from admin.db import db
from domain import models, reactions, scopes
from domain.clock import Clock, shanghai_now
from domain.schema import SCHEMA_FILE
from jobs.settings import Settings, kept_secret_key


def create_app(
    settings: Settings | None = None,
    schema_file: Path = SCHEMA_FILE,
    clock: Clock = shanghai_now,
) -> Flask:
    """The panel on the database of ``settings`` (default: the environment), grown out of ``schema_file``.

    Raises RuntimeError when a table of the file has no rule in domain/scopes.py.
    """
    settings = settings or Settings.from_environment()
    models.load(schema_file)
    scopes.check_rules()
    reactions.install()
    app = Flask(__name__, template_folder="admin/templates", static_folder="admin/static")
    app.config.update(
        SECRET_KEY=kept_secret_key(settings),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
    )
    app.extensions.update(settings=settings, clock=clock)
    db.init_app(app)
    return app
