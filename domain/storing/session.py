"""The session of one acting user: every read is scoped, every write is checked and logged.

Statements that the scopes cannot reach (text, bare tables, bulk writes) raise (statements.py); bulk work goes
through bulk.py in a session of the program. Engines are made in database.py, who may what is said in domain/access.
"""

from dataclasses import replace
from typing import Any, cast

from sqlalchemy import Connection, Engine, Select, event, func, select
from sqlalchemy.orm import Mapper, ORMExecuteState

from domain import models
from domain.access import scopes
from domain.access.loader_criteria import criteria_of
from domain.actors import Actor
from domain.storing.acting import ActingSession
from domain.storing.density import is_dense
from domain.storing.flushing.check import FlushCheck
from domain.storing.statements import refuse_unscoped
from domain.time.clock import Clock

READS_ON = "banli_reads_on"
"""Execution option of a select that stops at so many rows: a page of a list."""
LOOKS_UP = "banli_looks_up"
"""Execution option of a select that an index leads to few rows: each is looked up, whatever else the actor sees."""


class ActorSession(ActingSession):
    """A session in which one actor works: what he reads is scoped, what he writes is checked and logged."""

    def is_dense(self) -> bool:
        """Whether a page of a list is found soonest by reading on; asked once."""
        if "is_dense" not in self.info:
            self.info["is_dense"] = is_dense(self.unchecked_connection(), self.actor)
        return bool(self.info["is_dense"])

    def newest_id(self, cls: type[models.Row]) -> int:
        """The highest id of a table, whoever may see the row: about how long the table is. 0 where it is empty."""
        newest = select(func.max(cls.__table__.c.id))
        return self.unchecked_connection().scalar(newest) or 0

    def connection(self, *args: Any, **kwargs: Any) -> Connection:
        if not self.actor.is_system:
            raise RuntimeError(
                "A person's session gives no bare connection: it would pass the scopes by."
            )
        return super().connection(*args, **kwargs)

    def bulk_save_objects(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("Bulk writes go through domain/storing/bulk.py, which logs them.")

    bulk_insert_mappings = bulk_update_mappings = bulk_save_objects


def actor_session(engine: Engine, actor: Actor, clock: Clock) -> ActorSession:
    """A new session in which ``actor`` works."""
    session = ActorSession(engine)
    session.act_as(actor, clock)
    return session


def system_session(
    engine: Engine, name: str, clock: Clock, **came_from: int | None
) -> ActorSession:
    """A new session of the program itself. ``came_from``: user_id, import_id, job_run_id for the change log."""
    session = actor_session(engine, Actor.system(name, came_from.pop("user_id", None)), clock)
    session.info.update(came_from)
    return session


def program_for(session: ActingSession) -> ActorSession:
    """A session of the program inside the transaction of ``session`` that writes what its person says by an act.

    It has a savepoint of its own: to commit it leaves what it has written to the transaction, to close it or an error
    in it takes that back, and that alone.
    """
    inner = ActorSession(session.unchecked_connection(), join_transaction_mode="create_savepoint")
    inner.derive_within(session)
    inner.info["is_peoples"] = True
    return inner


def program_within(session: ActingSession, *, for_people: bool = False) -> ActorSession:
    """A session of the program inside the transaction of ``session``, in that person's name.

    It derives, or keeps what no person writes himself: only the program's own rules of saving are asked, unless it
    writes ``for_people`` what they have said. To close it leaves what it has written to the transaction; an error
    in it ends the savepoint around it, and must not be caught inside.
    """
    inner = ActorSession(session.unchecked_connection(), join_transaction_mode="rollback_only")
    inner.derive_within(session)
    inner.info["is_peoples"] = for_people
    return inner


@event.listens_for(ActorSession, "do_orm_execute")
def _scope(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, ActorSession)
    if session.actor.is_system:
        return
    if state.is_column_load:  # of a row by its key: criteria do not follow there
        state.statement = _within_scope(state, session.actor)
        return
    if not state.is_relationship_load:
        refuse_unscoped(state)
    actor = session.actor
    options = state.execution_options
    if options.get(LOOKS_UP) or (options.get(READS_ON) and session.is_dense()):
        actor = replace(actor, reads_on=True)
    state.statement = state.statement.options(criteria_of(actor))


def _within_scope(state: ORMExecuteState, actor: Actor) -> Any:
    """The reload of a row, which finds it only while the actor may read it."""
    cls: Any = cast(Mapper[Any], state.bind_mapper).class_
    criterion = scopes.criterion_for(actor, cls.__table__.name, "read", cls)
    return cast(Select[Any], state.statement).where(criterion)


@event.listens_for(ActorSession, "after_transaction_end")
def _after_transaction_end(session: ActorSession, transaction: Any) -> None:
    """What is written in one transaction is one deed; who works within another's leaves that to him."""
    if transaction.parent is None and not session.is_deriving and "deed" in session.info:
        session.info["deed"].end()


@event.listens_for(ActorSession, "after_soft_rollback")
def _after_soft_rollback(session: ActorSession, _transaction: Any) -> None:
    """The entry that stood for the deed may have gone with what was taken back."""
    if "deed" in session.info:
        session.info["deed"].end()


@event.listens_for(ActorSession, "before_flush")
def _before_flush(session: ActorSession, _context: Any, _instances: Any) -> None:
    check = FlushCheck(session)
    check.before()
    session.info["flush_check"] = check


@event.listens_for(ActorSession, "after_flush")
def _after_flush(session: ActorSession, _context: Any) -> None:
    session.info["flush_check"].after()


@event.listens_for(ActorSession, "after_flush_postexec")
def _after_flush_postexec(session: ActorSession, _context: Any) -> None:
    check: FlushCheck | None = session.info.pop("flush_check", None)
    if check:
        with session.no_autoflush:
            check.log()
            check.follow()
