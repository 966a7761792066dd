"""What a job function is given: its arguments, a clock, sessions, and a way to report and to finish.

Not the run's life around it (jobs/queue/execution.py), nor its row (runs.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from domain import models
from domain.storing.database import read_only
from domain.storing.session import ActorSession, system_session
from domain.time.clock import Clock
from jobs.running.settings import Settings
from jobs.runs.runs import Claim, LostClaim, finish, renew

_LONGEST_NAME = 60
"""As the change log holds it."""


class JobRefused(Exception):
    """The job cannot be done; the text is the sentence that people read beside the failed run."""


@dataclass
class JobContext:
    """One attempt at one run.

    A job with an effect on the database calls `finish` inside the transaction that holds the effect;
    one without returns its result, and the run is marked done for it.
    """

    engine: Engine
    settings: Settings
    clock: Clock
    claim: Claim
    progress_now: tuple[int, int] = (0, 0)
    is_lost: bool = False
    is_finished: bool = field(default=False, init=False)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What the run was asked to do it with; plain JSON values."""
        return self.claim.arguments

    @property
    def today(self) -> date:
        """Today in Shanghai."""
        return self.now().date()

    def now(self) -> datetime:
        """The time in Shanghai."""
        return self.clock()

    def session(self, import_id: int | None = None) -> ActorSession:
        """A session of the program, whose changes are logged as made by this run for who asked."""
        return system_session(
            self.engine,
            self._name,
            self.clock,
            user_id=self.claim.requested_by_id,
            job_run_id=self.claim.run_id,
            import_id=import_id,
        )

    @cached_property
    def _name(self) -> str:
        """Who does it, for the change log: the person who asked and the kind of work, or the kind alone."""
        users = models.table_of("users")
        asker = select(users.c.full_name).where(users.c.id == self.claim.requested_by_id)
        with read_only(self.engine).connect() as connection:
            person = connection.scalar(asker)
        return f"{person}（{self.claim.kind}）"[:_LONGEST_NAME] if person else self.claim.kind

    def reading_session(self) -> ActorSession:
        """A session of the program that only reads, and for which nobody has to wait."""
        return system_session(read_only(self.engine), self.claim.kind, self.clock)

    def progress(self, done: int, total: int) -> None:
        """Report how far the job is; shown within about a second. Costs nothing, call it freely.

        Raises LostClaim when the run was declared dead or taken over, so that the job stops here.
        """
        self.progress_now = (done, total)
        if self.is_lost:
            raise LostClaim(f"run {self.claim.run_id} was declared dead or taken over")

    def report(self, done: int, total: int) -> None:
        """As progress, and shown at once. For the moment before a long transaction: on SQLite nothing can be
        shown while it holds the database. Not to be called inside one."""
        self.progress(done, total)
        renew(self.engine, self.claim, self.now(), self.progress_now)

    def finish(self, transaction: Session | Connection, result: Any = None) -> None:
        """Mark the run done with `result` (plain JSON values), as the last step before the commit.

        Raises LostClaim when the run is no longer ours: let it pass, so that the effect is undone.
        """
        finish(transaction, self.claim, self.now(), result)
        self.is_finished = True


JobFunction = Callable[[JobContext], Any]


@dataclass(frozen=True)
class Kind:
    """`attempts`: how often a run may be started by itself; a person may always start it again.

    More than 1 only for work that changes nothing when it is done twice.
    """

    name: str
    run: JobFunction
    attempts: int = 1
