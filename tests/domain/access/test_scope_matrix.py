"""Every table x every role x every verb, in code: what the session gives is what the oracle says, row by row.

The world (tests/ground/world.py) and the matrix come from schema.sql, so a new table is in them at once.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import make_transient_to_detached

from domain import models
from domain.access import scopes
from domain.access.rule import ScopeError
from domain.actors import ROLES, Actor
from domain.saving.done_items import ItemIsDone
from domain.saving.one_step_once import StepTwice
from domain.saving.only_on_issued import NotIssuedYet
from domain.saving.rounds import NotToBeRedone
from domain.saving.sent_stays import AlreadySent
from domain.saving.withdrawn_items import ItemIsWithdrawn
from domain.schema.file import read_schema
from domain.storing.database import make_engine
from domain.storing.session import LOOKS_UP, READS_ON, ActorSession, actor_session
from tests.ground.doors.scene import opened_world
from tests.ground.oracle import Oracle, readable
from tests.ground.rows import Values, valid_row
from tests.ground.serving.databases import Databases
from tests.ground.world import World, now

TABLES = list(read_schema().tables)
each_role = pytest.mark.parametrize("role", ROLES)
Scene = tuple[Engine, World]


@pytest.fixture(scope="module")
def scene(databases: Databases) -> Iterator[Scene]:
    """The world on one kind of database; nothing that a test writes stays."""
    with opened_world(databases) as (url, world):
        engine = make_engine(url)
        yield engine, world
        engine.dispose()


def session_of(scene: Scene, role: str) -> ActorSession:
    return actor_session(scene[0], scene[1].actors[role], now)


@each_role
def test_a_role_reads_exactly_its_rows_by_list_count_and_key(scene: Scene, role: str) -> None:
    world = scene[1]
    wrong = {}
    with session_of(scene, role) as session:
        for table in TABLES:
            cls = models.by_table[table]
            expected = readable(world, world.actors[role], table)
            found = {row.id for row in session.scalars(select(cls))}
            counted = session.scalar(select(func.count()).select_from(cls))
            session.expunge_all()
            by_key = {row["id"] for row in world.rows[table] if session.get(cls, row["id"])}
            if not (found == by_key == expected and counted == len(expected)):
                wrong[table] = {
                    "too many": _corners(world, table, (found | by_key) - expected),
                    "too few": _corners(world, table, expected - (found & by_key)),
                }
    assert not wrong


@each_role
@pytest.mark.parametrize(("option", "is_dense"), [(READS_ON, True), (LOOKS_UP, False)])
def test_the_same_rows_are_read_whichever_way_the_scope_is_asked(
    scene: Scene, role: str, option: str, is_dense: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ActorSession, "is_dense", lambda session: is_dense)
    world, page = scene[1], {option: True}
    with session_of(scene, role) as session:
        for table in TABLES:
            rows = session.scalars(select(models.by_table[table]), execution_options=page)
            assert {row.id for row in rows} == readable(world, world.actors[role], table), table


def _corners(world: World, table: str, keys: set[int]) -> list[str]:
    return sorted(world.corners[table, key] for key in keys)


def test_every_role_sees_something_and_only_some_see_all(scene: Scene) -> None:
    """The world has rows on both sides of every border, else the matrix would prove nothing."""
    world = scene[1]
    for actor in world.actors.values():
        seen = {table: readable(world, actor, table) for table in TABLES}
        assert any(seen.values()), actor.role
        assert any(len(seen[t]) < len(world.rows[t]) for t in TABLES), actor.role
    partly = [
        t
        for t in TABLES
        for a in world.actors.values()
        if 0 < len(readable(world, a, t)) < len(world.rows[t])
    ]
    assert len(set(partly)) > 20


@each_role
@pytest.mark.parametrize("verb", ["create", "update", "delete"])
def test_a_role_does_to_each_row_what_is_its_to_do_and_no_more(
    scene: Scene, role: str, verb: str
) -> None:
    engine, world = scene
    actor, wrong = world.actors[role], []
    oracle = Oracle(world, actor)
    for table in TABLES:
        for row in world.rows[table]:
            done = _attempt(engine, actor, verb, table, row)
            if done is not None and done != oracle.may(verb, table, row):
                wrong.append(
                    (table, world.corners[table, row["id"]], "done" if done else "refused")
                )
    assert not wrong


def _attempt(engine: Engine, actor: Actor, verb: str, table: str, row: Values) -> bool | None:
    """Try it and roll back: True done, False refused, None where there is nothing that could be tried."""
    with actor_session(engine, actor, now) as session:
        try:
            if not {"create": _create, "update": _update, "delete": _delete}[verb](
                session, table, row
            ):
                return None
            session.flush()
        except ScopeError:
            return False
        except (
            IntegrityError,
            AlreadySent,
            ItemIsDone,
            ItemIsWithdrawn,
            NotIssuedYet,
            NotToBeRedone,
            StepTwice,
        ):  # it is his, and held for another reason
            return None if verb == "create" else True
        finally:
            session.rollback()
    return True


def _create(session: ActorSession, table: str, row: Values) -> bool:
    """A row like this one, on the same parents, in the columns that the role may fill; not where a rule has made
    another one of it, as the next round of a reply."""
    words = models.schema.tables[table]
    allowed = scopes.writable_columns(session.actor, table)
    kept = {c.name for c in words.columns.values() if c.references or c.choices}
    same = {name: row[name] for name in kept}
    mine = [c.name for c in words.columns.values() if c.references == "users" and c.is_automatic]
    same |= dict.fromkeys(mine, session.actor.user_id)  # who does it, as the program fills it in
    values = valid_row(words, 77, "新", same) | same
    filled = [
        n for n, c in words.columns.items() if n in allowed and not c.is_carried and n in values
    ]
    said = {name: values[name] for name in filled}
    made = models.by_table[table](**said)
    session.add(made)
    session.flush()
    return all(getattr(made, name) == said[name] for name in words.business_key if name in said)


def _update(session: ActorSession, table: str, row: Values) -> bool:
    """Another value in a column that the role may fill; a row it does not see is smuggled in."""
    allowed = scopes.writable_columns(session.actor, table)
    words = models.schema.tables[table].columns.values()
    plain = [c for c in words if c.kind in _CHANGED and c.name in allowed and not c.is_carried]
    if not plain:
        return False
    column = plain[0]
    setattr(_held(session, table, row), column.name, _CHANGED[column.kind](row[column.name]))
    return True


_CHANGED: dict[str, Any] = {
    "long text": lambda v: f"{v or ''}改",
    "text": lambda v: "改" if v != "改" else "又改",
    "whole number": lambda v: (v or 0) + 1,
    "yes/no": lambda v: not v,
    "date": lambda v: now().date(),
    "instant": lambda v: now(),
}


def _delete(session: ActorSession, table: str, row: Values) -> bool:
    session.delete(_held(session, table, row))
    return True


def _held(session: ActorSession, table: str, row: Values) -> Any:
    cls = models.by_table[table]
    with session.no_autoflush:
        held = session.get(cls, row["id"])
    if held is None:
        held = cls(**row)
        make_transient_to_detached(held)
        session.add(held)
    return held
