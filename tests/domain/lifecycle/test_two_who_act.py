"""Two people press at once: the act is done once, and the second is told who was there; an error takes it all back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from domain import models
from domain.actors import LIAISON, OFFICE, Actor
from domain.lifecycle.acts.register import BY_NAME
from domain.lifecycle.doing import Outcome, perform
from domain.storing.session import ActorSession, actor_session, system_session
from tests.ground.locking import waiting_for_the_first
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import a_task, an_item
from tests.ground.waiting import PATIENCE_S, wait_until

MORNING = datetime(2024, 4, 15, 9)
HAND_OVER = BY_NAME["proposals", "hand_over"]
SIGN = BY_NAME["assignments", "sign"]


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def item(engine: Engine) -> Iterator[int]:
    with system_session(engine, "准备", lambda: MORNING) as session:
        key = an_item(session).id
        session.commit()
    yield key


def office(engine: Engine, name: str) -> ActorSession:
    return actor_session(engine, Actor(name, OFFICE), lambda: MORNING)


def hand_over(session: ActorSession, item: int, unit: str) -> Outcome:
    known = select(models.Unit.id).filter_by(short_name=unit)
    answers = {"unit_id": session.scalar(known), "role": "主办", "handed_over_on": MORNING.date()}
    return perform(session, HAND_OVER, [item], answers)


def test_the_second_waits_and_is_told_who_was_first(engine: Engine, item: int) -> None:
    def second() -> Outcome:
        with office(engine, "乙") as session:
            outcome = hand_over(session, item, "区民政局")
            session.commit()
            return outcome

    with ThreadPoolExecutor(1) as pool, office(engine, "甲") as first:
        assert hand_over(first, item, "区教育局").done
        with waiting_for_the_first(engine) as is_waiting:
            told = pool.submit(second)
            wait_until(is_waiting, "nobody waits for the lock")
        assert not told.done()
        first.commit()
        outcome = told.result()
    assert not outcome.done
    (passed_over,) = outcome.passed_over
    assert passed_over.why.startswith("甲已于 2024-04-15 09:00 交办")
    with system_session(engine, "看", lambda: MORNING) as session:
        assert [task.unit.short_name for task in session.scalars(select(models.Assignment))] == [
            "区教育局"
        ]


def test_of_two_who_decide_at_once_one_decides_and_the_other_is_told(
    engine: Engine, item: int
) -> None:
    """One grants, one refuses; both begin at the same moment, and which of them is first does not matter."""
    with system_session(engine, "准备", lambda: MORNING) as session:
        task = a_task(session, session.get(models.Proposal, item))
        words = {"reason": "不属职责", "asked_on": MORNING.date()}
        session.add(models.ReturnRequest(assignment_id=task.id, **words))
        session.commit()
        heir = session.scalar(select(models.Unit.id).filter_by(short_name="区民政局"))
        request = session.scalars(select(models.ReturnRequest.id)).one()
    day, together = MORNING.date(), Barrier(2)
    decisions = {
        "grant_return": {"unit_id": heir, "decided_on": day, "handed_over_on": day},
        "refuse_return": {"decision_note": "属职责", "decided_on": day},
    }

    def decide(name: str) -> Outcome:
        with office(engine, name) as session:
            together.wait(PATIENCE_S)
            outcome = perform(session, BY_NAME["return_requests", name], [request], decisions[name])
            session.commit()
            return outcome

    with ThreadPoolExecutor(2) as pool:
        outcomes = dict(zip(decisions, pool.map(decide, decisions), strict=True))
    (first,) = (name for name, outcome in outcomes.items() if outcome.done)
    (second,) = (outcome for outcome in outcomes.values() if not outcome.done)
    label = {"grant_return": "同意", "refuse_return": "不同意"}[first]
    assert second.passed_over[0].why.startswith(f"{first}已于 2024-04-15 09:00 {label}")
    with system_session(engine, "看", lambda: MORNING) as session:
        assert session.scalars(select(models.ReturnRequest)).one().decision == label
        tasks = session.scalars(select(models.Assignment.state)).all()
        assert sorted(tasks) == (["已退办", "待签收"] if first == "grant_return" else ["待签收"])


def test_what_the_database_refuses_leaves_nothing(engine: Engine, item: int) -> None:
    """The second of two rows is refused: the first is not written either, and the session can be used again."""
    with system_session(engine, "准备", lambda: MORNING) as session:
        other = an_item(session, "002")
        a_task(session, other, "区教育局", "协办")
        other_id = other.id
        session.commit()
    with office(engine, "甲") as session:
        known = session.scalar(select(models.Unit.id).filter_by(short_name="区教育局"))
        answers = {"unit_id": known, "role": "主办", "handed_over_on": MORNING.date()}
        with pytest.raises(Exception, match=r"(?i)unique"):
            perform(session, HAND_OVER, [item, other_id], answers)
        session.rollback()
        assert len(session.scalars(select(models.Assignment)).all()) == 1
        assert perform(session, HAND_OVER, [item], answers).done
        session.commit()


def test_an_act_of_another_role_is_refused_whatever_the_screen_sends(
    engine: Engine, item: int
) -> None:
    liaison = Actor("丙", LIAISON, unit_id=1)
    with (
        actor_session(engine, liaison, lambda: MORNING) as session,
        pytest.raises(Exception, match="不能交办"),
    ):
        perform(session, HAND_OVER, [item], {})


def test_a_row_out_of_sight_is_passed_over_even_past_the_screen(engine: Engine, item: int) -> None:
    with system_session(engine, "准备", lambda: MORNING) as session:
        key = a_task(session, session.get(models.Proposal, item)).id
        session.commit()
    liaison = Actor("丙", LIAISON, unit_id=10_000)
    with actor_session(engine, liaison, lambda: MORNING) as session:
        assert not perform(session, SIGN, [key], {}).done
        session.commit()
    with system_session(engine, "看", lambda: MORNING) as session:
        assert session.get_one(models.Assignment, key).signed_on is None
