"""The session of one acting user: every read is scoped, every write is checked and logged.

Statements that the scopes cannot reach (text, bare tables, bulk writes) raise here; bulk work goes through
domain/bulk.py in a session of the program. Engines are made in database.py, rules in scopes.py.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, Engine, SelectBase, Table, TextClause, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.context import FromStatement

from domain import account_guard, models, scopes
from domain.actors import Actor
from domain.changes import Provenance
from domain.clock import Clock
from domain.writes import FlushCheck

Saved = tuple[str, Mapping[str, Any]]
REACTIONS: list[Callable[["ActorSession", Iterable[Saved]], None]] = []
"""What follows when a person saves rows: called with (table, values) of every row as it was and as it is."""


class ActorSession(Session):
    """A session in which one actor works. ``act_as`` comes before the first statement and holds for good."""

    def act_as(self, actor: Actor, clock: Clock) -> None:
        """Set who acts. Raises RuntimeError when somebody else already acts in this session."""
        if self.info.get("actor", actor) != actor:
            raise RuntimeError("One session serves one acting user; open another session.")
        self.info.update(actor=actor, clock=clock)

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

    def provenance(self) -> Provenance:
        """Who and what the change log names for the changes of this session."""
        return Provenance(
            self.actor, self.now(), self.info.get("import_id"), self.info.get("job_run_id")
        )

    def unchecked_connection(self) -> Connection:
        """The connection, for the scope checks, the change log and domain/bulk.py alone."""
        return super().connection()

    def connection(self, *args: Any, **kwargs: Any) -> Connection:
        if not self.actor.is_system:
            raise RuntimeError(
                "A person's session gives no bare connection: it would pass the scopes by."
            )
        return super().connection(*args, **kwargs)

    def bulk_save_objects(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("Bulk writes go through domain/bulk.py, which logs them.")

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


def program_within(session: ActorSession) -> ActorSession:
    """A session of the program inside the transaction of ``session``, in that person's name."""
    inner = ActorSession(session.unchecked_connection())
    inner.act_as(Actor.system(session.actor.name, session.actor.user_id), session.now)
    return inner


@event.listens_for(ActorSession, "do_orm_execute")
def _scope(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, ActorSession)
    if session.actor.is_system:
        return
    if not state.is_relationship_load and not state.is_column_load:
        _refuse_unscoped(state)
    state.statement = state.statement.options(*_criteria(session.actor))


def _refuse_unscoped(state: ORMExecuteState) -> None:
    """Raise RuntimeError for a statement that the scopes would not reach."""
    if (
        not state.is_select
        or not state.is_orm_statement
        or isinstance(state.statement, FromStatement)
    ):
        raise RuntimeError(
            "A person's session runs ORM selects only; everything else would pass the scopes by."
        )
    _refuse_bare_tables(state.statement)


def _refuse_bare_tables(select: Any, outer: frozenset[str] = frozenset()) -> None:
    """Raise RuntimeError where ``select`` reads text, or a table without its class: no criteria follow those.

    A subquery may name the tables of the selects around it: that is how it is correlated with them.
    """
    bare, mapped = set[str](), set(outer)
    nested, waiting = [], list(select.get_children())
    while waiting:
        element = waiting.pop()
        if isinstance(element, TextClause):
            raise RuntimeError(f"A person's session runs no text: {element}")
        if isinstance(element, SelectBase):
            nested.append(element)
        elif not isinstance(element, Column | Table):
            waiting.extend(element.get_children())
        elif "parententity" in element._annotations:
            mapped.add(_table_name(element))
        elif (source := _subquery_of(element)) is not None:
            waiting.append(source)  # what counts is what the subquery selects
        else:
            bare.add(_table_name(element))
    if bare - mapped:
        raise RuntimeError(
            f"This reads past the scopes: {', '.join(sorted(bare - mapped))}. Use the mapped classes."
        )
    for subquery in nested:
        _refuse_bare_tables(subquery, frozenset(mapped))


def _subquery_of(element: Any) -> Any:
    """The subquery that a column comes from; None for a table and its columns."""
    source = element.table if isinstance(element, Column) else element
    return None if isinstance(source, Table) else source


def _table_name(element: Any) -> str:
    return str(element.table.name if isinstance(element, Column) else element.name)


@lru_cache(maxsize=1000)
def _criteria(actor: Actor) -> tuple[Any, ...]:
    """What limits every statement of this actor. Kept, because building it takes some 100 ms."""
    return tuple(_make_criteria(actor))


def _make_criteria(actor: Actor) -> Iterator[Any]:
    for name, cls in models.by_table.items():
        if not scopes.sees_all(actor, name):
            yield with_loader_criteria(
                cls,
                scopes.criterion_for(actor, name, "read", cls),
                include_aliases=True,
                propagate_to_loaders=True,  # without it joined loads are not scoped
            )


@event.listens_for(ActorSession, "before_flush")
def _before_flush(session: ActorSession, _context: Any, _instances: Any) -> None:
    check = FlushCheck(session)
    check.before()
    account_guard.guard_accounts(session)
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
            if not session.actor.is_system:
                for react in REACTIONS:
                    react(session, check.saved())
