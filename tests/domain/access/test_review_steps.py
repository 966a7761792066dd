"""Who signs which step of a review: whom the meeting's route names, and nobody writes a step past the acts."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from domain import models
from domain.access.rule import ScopeError
from domain.actors import (
    ADMIN,
    AGENCY,
    AUDITOR,
    DEPUTY,
    LEADER,
    LIAISON,
    OFFICE,
    ROLES,
    SUPERVISOR,
    Actor,
)
from domain.schema.file import read_schema
from domain.storing.database import make_engine
from domain.storing.session import actor_session
from tests.ground.acting import SCHOOL, a_draft, a_meeting, a_route, act, item, state, task
from tests.ground.district import PEOPLE, Panel
from tests.ground.doors.scene import opened_world
from tests.ground.serving.databases import Databases
from tests.ground.world import World, now

TOGETHER = "协办会签"  # signed by other people: tests/domain/lifecycle/acts/test_countersigning.py
STEPS = [
    s for s in read_schema().tables["review_route_steps"].columns["step"].choices if s != TOGETHER
]
WHO = {LIAISON: "school", LEADER: "school-leader", SUPERVISOR: "supervisor", OFFICE: "office"}
ANSWERED = {ADMIN: 404, AUDITOR: 404, AGENCY: 400, DEPUTY: 400}
"""What a role is answered that never signs: it reads no replies, or there is no such act for it. Others get the page
with the reason."""


@pytest.fixture(scope="module")
def scene(databases: Databases) -> Iterator[tuple[Engine, World]]:
    with opened_world(databases) as (url, world):
        engine = make_engine(url)
        yield engine, world
        engine.dispose()


def is_taken(engine: Engine, actor: Actor, reply_id: int, step: str) -> bool:
    with actor_session(engine, actor, now) as session:
        words = {"step": step, "result": "通过", "acted_at": now()}
        words |= {"countersign_unit_id": 2} if step == TOGETHER else {}
        session.add(models.ReviewStep(reply_id=reply_id, **words))
        try:
            session.flush()
        except ScopeError:
            return False
        finally:
            session.rollback()
    return True


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_the_office_has_steps_of_his_own_to_write(
    scene: tuple[Engine, World], role: str
) -> None:
    engine, world = scene
    (reply,) = world.of("replies", "own")
    steps = read_schema().tables["review_steps"].columns["step"].choices
    taken = {s for s in steps if is_taken(engine, world.actors[role], reply["id"], s)}
    assert taken == (set(steps) if role == OFFICE else set())


@pytest.mark.parametrize("who", PEOPLE)
def test_no_form_makes_a_step(panel: Panel, who: str) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), state="督查审核", submitted_on=now().date())
    step = {"step": "督查审核", "result": "通过", "acted_at": "2024-04-15T08:00"}
    person = panel.as_(who)
    is_shown = person.client.get("/review_steps/").status_code == 200
    refusal = 403 if is_shown else 404
    person.post("/review_steps/new/", status=refusal, reply_id=reply, **step)
    assert panel.count("ReviewStep") == 0


def a_sent_reply(panel: Panel, step: str, signer: str) -> int:
    """A reply of 教育局 to an item under supervision, which waits at the one step of its route."""
    a_route(panel, (step, signer))
    with panel.truth() as session:
        session.get_one(models.Proposal, item(panel, "001")).key_kind = "领导督办"
        session.commit()
    a_meeting(panel, task(panel, SCHOOL, "主办"))
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    assert state(panel, "Reply", reply) == step
    return reply


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("signer", WHO)
def test_whom_the_route_names_signs_a_step_and_nobody_else(
    panel: Panel, step: str, signer: str
) -> None:
    reply = a_sent_reply(panel, step, signer)
    for who, role in PEOPLE.items():
        if role != signer and who != "housing":
            told = {"rowid": reply, "sure": "1", "note": "可以"}
            answer = panel.as_(who).client.post("/replies/act/?act=pass", data=told)
            assert answer.status_code == ANSWERED.get(role, 200), who
    assert state(panel, "Reply", reply) == step
    assert panel.count("ReviewStep", result="通过") == 0
    act(panel, WHO[signer], "pass", "replies", reply, note="可以")
    assert state(panel, "Reply", reply) == "通过"
    signed = {"step": step, "user_id": panel.id_of("User", username=WHO[signer])}
    assert panel.count("ReviewStep", result="通过", **signed) == 1


def test_a_leader_is_offered_the_steps_of_a_unit_and_told_why_not_another(panel: Panel) -> None:
    a_route(panel, ("主要审签", LEADER), ("督查审核", OFFICE))
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    leader, path = panel.as_("school-leader"), f"/replies/details/?id={reply}"
    assert "act=pass" in leader.get(path)
    act(panel, "school-leader", "pass", "replies", reply)
    assert "act=pass" not in leader.get(path)
    page = act(panel, "school-leader", "pass", "replies", reply, status=200)
    assert "通过，现在这一步不由您审签" in page
    assert panel.count("ReviewStep", result="通过") == 1
