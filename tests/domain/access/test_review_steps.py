"""Who records which step of a review: the unit its own, the supervising leader his, the office all of them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from domain import models
from domain.access.rule import ScopeError
from domain.actors import LEADER, OFFICE, ROLES, SUPERVISOR, Actor
from domain.schema.file import read_schema
from domain.storing.database import make_engine
from domain.storing.session import actor_session
from tests.admin.tables.test_admin_forms import field, task_of
from tests.ground.district import Panel
from tests.ground.doors.scene import opened_world
from tests.ground.serving.databases import Databases
from tests.ground.world import World, now

STEPS = read_schema().tables["review_steps"].columns["step"].choices
UNITS = ("拟稿", "复核", "分管审核", "主要审签")
TAKEN = {OFFICE: STEPS, LEADER: UNITS, SUPERVISOR: ("督办审签",)}


@pytest.fixture(scope="module")
def scene(databases: Databases) -> Iterator[tuple[Engine, World]]:
    with opened_world(databases) as (url, world):
        engine = make_engine(url)
        yield engine, world
        engine.dispose()


def is_taken(engine: Engine, actor: Actor, reply_id: int, step: str) -> bool:
    with actor_session(engine, actor, now) as session:
        words = {"step": step, "result": "通过", "acted_at": now()}
        session.add(models.ReviewStep(reply_id=reply_id, **words))
        try:
            session.flush()
        except ScopeError:
            return False
        finally:
            session.rollback()
    return True


@pytest.mark.parametrize("role", ROLES)
def test_each_role_records_its_own_steps_and_no_others(
    scene: tuple[Engine, World], role: str
) -> None:
    engine, world = scene
    (reply,) = world.of("replies", "own")
    taken = {s for s in STEPS if is_taken(engine, world.actors[role], reply["id"], s)}
    assert taken == set(TAKEN.get(role, ()))


def test_a_leader_is_offered_the_steps_of_a_unit_and_told_why_not_another(panel: Panel) -> None:
    with panel.truth() as session:
        reply = models.Reply(assignment_id=task_of(panel, "主办"), kind="答复", body="已办。")
        session.add(reply)
        session.commit()
        sent = {"reply_id": reply.id, "result": "通过", "acted_at": "2024-04-15T08:00"}
    leader = panel.as_("school-leader")
    form = field(leader.get("/review_steps/new/"), "step")
    assert [step for step in STEPS if f">{step}<" in form] == list(UNITS)
    page = leader.post("/review_steps/new/", status=200, step="督查审核", **sent)
    assert (
        "您的角色不能在“环节”填写“督查审核”，可以填写的是：拟稿、复核、分管审核、主要审签。" in page
    )
    leader.post("/review_steps/new/", step="主要审签", **sent)
    assert panel.count("ReviewStep", step="主要审签") == 1
    assert panel.count("ReviewStep") == 1
