"""What waits to be handed over is kept apart from all that is under way, and comes and goes with its units."""

from sqlalchemy import true

from domain import models
from domain.lifecycle import awaiting
from tests.ground.acting import SCHOOL, act, item, state, task, unit
from tests.ground.district import Panel


def awaits(panel: Panel, number: str) -> bool | None:
    found: bool | None = state(panel, "Proposal", item(panel, number), "awaits_unit")
    return found


def test_an_item_waits_until_a_unit_answers_it_and_again_without_one(panel: Panel) -> None:
    three = item(panel, "003")
    words = {"unit_id": unit(panel, SCHOOL), "handed_over_on": "2024-04-15"}
    act(panel, "office", "hand_over", "proposals", three, role="主办", **words)
    assert awaits(panel, "003") is None
    with panel.truth() as session:
        handed = session.query(models.Assignment.id).filter_by(proposal_id=three).scalar()
    act(panel, "office", "take_back", "assignments", handed, end_reason="交错了")
    assert awaits(panel, "003") is True


def test_a_partner_alone_does_not_answer(panel: Panel) -> None:
    lead = task(panel, SCHOOL, "主办")
    act(panel, "office", "take_back", "assignments", lead, end_reason="交错了")
    number = "001"
    assert awaits(panel, number) is True


def test_what_is_over_waits_for_nobody(panel: Panel) -> None:
    with panel.truth() as session:
        row = session.get_one(models.Proposal, item(panel, "003"))
        row.withdrawn_on = session.now().date()
        session.flush()
        awaiting.bring_up_to_date(session, true())
        session.commit()
    assert awaits(panel, "003") is None
