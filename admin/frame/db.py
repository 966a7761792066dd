"""Flask-SQLAlchemy's ``db`` with our engine and our session: ``db.session`` belongs to the request's actor.

A reading request (GET, HEAD, OPTIONS) gets a connection that cannot write and waits for no lock.
"""

from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as BoundSession
from sqlalchemy import Engine

from domain.storing.database import make_engine, read_only
from domain.storing.session import ActorSession


class PanelSession(ActorSession, BoundSession):
    """The session of one request, bound to the app's engine; ``info["reads"]`` makes it read-only."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        bind = super().get_bind(*args, **kwargs)
        if not self.info.get("reads") or not isinstance(bind, Engine):
            return bind
        # The same object every time: another one would mean another connection in this transaction.
        if "reading_engine" not in self.info:
            self.info["reading_engine"] = read_only(bind)
        return self.info["reading_engine"]


class Database(SQLAlchemy):
    """Flask-SQLAlchemy on the engine of domain/storing/database.py, so that both databases get their settings."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        return make_engine(app.config["SQLALCHEMY_DATABASE_URI"])


db = Database(session_options={"class_": PanelSession})
