"""No rule of a save can go, or do nothing, without a test that fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.access.rule import NotAllowed
from domain.actors import ADMIN, OFFICE, Actor
from domain.rules_of_saving import RULES
from domain.saving.circles import GoesInACircle
from domain.saving.emptiness import StillEmpty
from domain.saving.happened import NotYetHappened, TooEarly
from domain.saving.known_settings import BadSetting
from domain.storing.session import (
    ActorSession,
    actor_session,
    system_session,
)
from domain.storing.write_rules import held_to
from seeds.reference import seed_reference
from tests.ground.tasks import HANDED_OVER, a_deadline, a_reply, a_task, an_item

NOW = datetime(2024, 4, 20, 9)


@pytest.fixture
def session(engine: Engine) -> Iterator[ActorSession]:
    with system_session(engine, "测试", lambda: NOW) as session:
        seed_reference(session)
        session.commit()
        yield session


@contextmanager
def _office(session: ActorSession) -> Iterator[ActorSession]:
    """Somebody of the office at work on what the session has written."""
    clerk = models.User(username="office", full_name="李", role=OFFICE)
    session.add(clerk)
    session.flush()
    office = clerk.id
    session.commit()  # on SQLite nobody else could write before
    engine: Any = session.get_bind()
    with actor_session(engine, Actor("李", OFFICE, office), lambda: NOW) as acting:
        yield acting


def _known_numbers(session: ActorSession) -> None:
    session.commit()
    engine: Any = session.get_bind()
    with actor_session(engine, Actor("管理员", ADMIN), lambda: NOW) as admin:
        setting = admin.scalars(select(models.Setting).filter_by(name="LATE_RED_DAYS")).one()
        setting.value = "很多"
        with pytest.raises(BadSetting):
            admin.flush()


def _guards_accounts(session: ActorSession) -> None:
    session.add(models.User(username="root", full_name="张", role=ADMIN))
    session.commit()
    session.scalars(select(models.User).filter_by(username="root")).one().is_active = False
    with pytest.raises(NotAllowed):
        session.flush()


def _names_the_author(session: ActorSession) -> None:
    task = a_task(session, an_item(session)).id
    with _office(session) as office:
        row = office.get_one(models.Assignment, task)
        row.signed_on = date(2024, 4, 12)
        office.flush()
        assert row.signed_by_id == office.actor.user_id


def _keeps_typed_dates(session: ActorSession) -> None:
    line = a_deadline(session, a_task(session, an_item(session)), date(2024, 6, 5)).id
    session.get_one(models.Deadline, line).origin = "规则"
    with _office(session) as office:
        row = office.get_one(models.Deadline, line)
        row.due_on = date(2024, 6, 7)
        office.flush()
        assert row.origin == "手工"


def _has_happened(session: ActorSession) -> None:
    item = an_item(session).id
    with _office(session) as office:
        office.get_one(models.Proposal, item).closed_on = date(2024, 5, 1)
        with pytest.raises(NotYetHappened):
            office.flush()


def _not_before_handover(session: ActorSession) -> None:
    task = a_task(session, an_item(session, counts_from_on=HANDED_OVER)).id
    with _office(session) as office:
        office.get_one(models.Assignment, task).signed_on = date(2024, 4, 1)
        with pytest.raises(TooEarly):
            office.flush()


def _no_circles(session: ActorSession) -> None:
    one, other = an_item(session).id, an_item(session, "002").id
    with _office(session) as office:
        office.get_one(models.Proposal, one).merged_into_id = other
        office.flush()
        office.get_one(models.Proposal, other).merged_into_id = one
        with pytest.raises(GoesInACircle):
            office.flush()


def _replies_say_something(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    reply = a_reply(session, task, date(2024, 4, 19), state="拟稿", body="", document_no="").id
    with _office(session) as office:
        office.get_one(models.Reply, reply).state = "复核"
        with pytest.raises(StillEmpty):
            office.flush()


def _reacts(session: ActorSession) -> None:
    task = a_task(session, an_item(session)).id
    with _office(session) as office:
        row = office.get_one(models.Assignment, task)
        row.signed_on = date(2024, 4, 12)
        office.flush()
        assert row.state == "办理中"


PROBES = {
    "KnownNumbers": _known_numbers,
    "GuardsAccounts": _guards_accounts,
    "NamesTheAuthor": _names_the_author,
    "KeepsTypedDates": _keeps_typed_dates,
    "HasHappened": _has_happened,
    "NotBeforeHandover": _not_before_handover,
    "NoCircles": _no_circles,
    "RepliesSaySomething": _replies_say_something,
    "Reacts": _reacts,
}


def test_every_rule_is_probed() -> None:
    assert [type(rule).__name__ for rule in RULES] == list(PROBES)


@pytest.mark.parametrize("name", PROBES)
def test_a_rule_holds_while_it_is_listed(session: ActorSession, name: str) -> None:
    PROBES[name](session)


@pytest.mark.parametrize("name", PROBES)
def test_without_its_line_in_the_list_a_rule_does_not_hold(
    session: ActorSession, name: str
) -> None:
    with held_to([rule for rule in RULES if type(rule).__name__ != name]):
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            PROBES[name](session)
        session.rollback()
