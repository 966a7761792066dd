"""The edge of a request: who acts, with which session, on which day.

The log-in (admin/people/accounts.py) says who acts with `act_as`, before any view runs. A request has one session,
`db.session`, and it is that person's; a reading request gets one that cannot write.
"""

from datetime import date, datetime

from flask import current_app, g, request
from werkzeug.exceptions import Unauthorized

from admin.frame.db import PanelSession, db
from domain.actors import Actor
from domain.storing.session import ActorSession

READING = ("GET", "HEAD", "OPTIONS")


def act_as(actor: Actor) -> None:
    """Say who acts in this request."""
    g.actor = actor
    opened = _opened()
    opened.info["reads"] = request.method in READING
    opened.act_as(actor, current_app.extensions["clock"])


def actor() -> Actor:
    """The acting person. Raises Unauthorized where nobody has logged in."""
    acting: Actor | None = g.get("actor")
    if acting is None:
        raise Unauthorized
    return acting


def session() -> ActorSession:
    """The request's one session. Raises Unauthorized where nobody has logged in."""
    actor()
    return _opened()


def _opened() -> PanelSession:
    opened = db.session()
    assert isinstance(opened, PanelSession)  # db makes no other
    return opened


def now() -> datetime:
    """Now, Shanghai wall clock."""
    told: datetime = current_app.extensions["clock"]()
    return told


def today() -> date:
    """Today in Shanghai."""
    return now().date()
