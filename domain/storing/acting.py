"""Who acts in a session, when, and what its changes belong to. What a session of an actor may read and write is not
said here but guarded in session.py; an ActingSession by itself cannot be opened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from domain.actors import Actor
from domain.storing.changes import Deed, Provenance
from domain.time.clock import Clock

_BELONGS_TO = ("import_id", "job_run_id", "is_rehearsal", "act", "deed")


class ActingSession(Session):
    """A session in which one actor works. ``act_as`` comes before the first statement and holds for good.

    Raises RuntimeError when it is opened by itself: it would neither scope what is read nor check what is written.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if type(self) is ActingSession:
            raise RuntimeError("Nothing is guarded here: open an ActorSession by actor_session().")
        super().__init__(*args, **kwargs)

    def act_as(self, actor: Actor, clock: Clock) -> None:
        """Set who acts. Raises RuntimeError when somebody else already acts in this session."""
        if self.info.get("actor", actor) != actor:
            raise RuntimeError("One session serves one acting user; open another session.")
        self.info.update(actor=actor, clock=clock)
        self.info.setdefault("deed", Deed())

    @property
    def actor(self) -> Actor:
        """Who acts. Raises RuntimeError before ``act_as``."""
        if "actor" not in self.info:
            raise RuntimeError("No one acts in this session yet: call act_as(actor, clock) first.")
        actor: Actor = self.info["actor"]
        return actor

    def now(self) -> datetime:
        """The time of the edge's clock."""
        clock: Clock = self.info["clock"]
        return clock()

    @property
    def is_deriving(self) -> bool:
        """Whether the program writes here what follows from what people have written."""
        return bool(self.info.get("is_deriving"))

    @property
    def is_peoples(self) -> bool:
        """Whether people say what is written here: themselves, or by a file that is imported or taken back."""
        is_import = bool(self.info.get("import_id")) and not self.is_deriving
        return not self.actor.is_system or is_import or bool(self.info.get("is_peoples"))

    def derive_within(self, session: "ActingSession") -> None:
        """Have the program act here in the name of the actor of ``session``, whose transaction this one shares."""
        self.act_as(Actor.system(session.actor.name, session.actor.user_id), session.now)
        self.info.update({name: session.info[name] for name in _BELONGS_TO if name in session.info})
        self.info["is_deriving"] = True

    def provenance(self) -> Provenance:
        """Who and what the change log names for the changes of this session."""
        return Provenance(
            self.actor,
            self.now(),
            self.info.get("import_id"),
            self.info.get("job_run_id"),
            self.info.get("is_rehearsal", False),
            self.info.get("act", ""),
            self.info["deed"],
            self.is_peoples,
        )

    @contextmanager
    def doing(self, act: str) -> Iterator[None]:
        """Have the change log name ``act`` for what is written in here, and for nothing after it."""
        before = self.info.get("act", "")
        self.info["act"] = act
        try:
            yield
        finally:
            self.info["act"] = before

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Do everything for real and roll it back at the end; only the change log is spared."""
        self.info["is_rehearsal"] = True
        try:
            yield
        finally:
            self.rollback()
            del self.info["is_rehearsal"]

    def unchecked_connection(self) -> Connection:
        """The connection past the scopes: for writing, and for questions whose answer shows nobody another's row."""
        return super().connection()
