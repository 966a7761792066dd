"""Tasks that a form makes: none for an item that is done, and the next turn of a unit that has had the item before."""

from datetime import date
from typing import Any

import pytest

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, act, item, task, unit
from tests.ground.district import Panel

DONE = {
    "closed_on": (date(2024, 4, 15), "已经办结，不能再交给单位"),
    "withdrawn_on": (date(2024, 4, 15), "已经撤回，办理终止"),
    "merged_into_id": (None, "请在主案上交给单位"),
}


def hand_over(panel: Panel, number: str, name: str, status: int = 302, **more: Any) -> str:
    """The office's form for a new task."""
    sent = {"proposal_id": item(panel, number), "unit_id": unit(panel, name), "role": "协办"}
    return panel.as_("office").post("/assignments/new/", status, **sent, **more)


@pytest.mark.parametrize("column", DONE)
def test_no_form_hands_over_an_item_that_is_done(panel: Panel, column: str) -> None:
    day, said = DONE[column]
    value = day or item(panel, "001")
    key, office = item(panel, "002"), panel.as_("office")
    door = f"/assignments/new/?proposal_id={key}"
    with panel.truth() as session:
        setattr(session.get_one(models.Proposal, key), column, value)
        session.commit()
    assert said in hand_over(panel, "002", SCHOOL, 200)
    assert panel.count("Assignment", proposal_id=key) == 1
    assert door not in office.get(f"/proposals/details/?id={key}")
    assert "assignments." not in office.get(f"/proposals/edit/?id={key}")


def test_an_open_items_form_has_room_for_a_unit(panel: Panel) -> None:
    key, office = item(panel, "002"), panel.as_("office")
    assert "assignments." in office.get(f"/proposals/edit/?id={key}")
    hand_over(panel, "002", SCHOOL)
    assert panel.count("Assignment", proposal_id=key) == 2


def test_an_item_of_a_year_gone_by_gets_its_units_by_forms_too(panel: Panel) -> None:
    with panel.truth() as session:
        row = session.get_one(models.Proposal, item(panel, "003"))
        row.is_history, row.closed_on = True, date(2024, 4, 15)
        session.commit()
    hand_over(panel, "003", SCHOOL, handed_over_on="2024-04-10")
    assert panel.count("Assignment", proposal_id=item(panel, "003")) == 1


def test_a_unit_that_was_taken_off_an_item_gets_it_again_by_the_form(panel: Panel) -> None:
    act(panel, "office", "take_back", "assignments", task(panel, HOUSING, "协办"), end_reason="重复")  # fmt: skip
    hand_over(panel, "001", HOUSING)
    again = {"proposal_id": item(panel, "001"), "unit_id": unit(panel, HOUSING)}
    assert panel.count("Assignment", **again, turn=2, state="待签收") == 1
    assert "这个单位已经承办本件。" in hand_over(panel, "001", HOUSING, 200)


def test_by_an_act_it_is_the_same_turn(panel: Panel) -> None:
    act(panel, "office", "take_back", "assignments", task(panel, HOUSING, "协办"), end_reason="重复")  # fmt: skip
    hand_over(panel, "001", HOUSING)
    second = panel.id_of("Assignment", unit_id=unit(panel, HOUSING), turn=2)
    act(panel, "office", "take_back", "assignments", second, end_reason="重复")
    told = {"unit_id": unit(panel, HOUSING), "role": "协办", "handed_over_on": "2024-04-15"}
    act(panel, "office", "add_unit", "proposals", item(panel, "001"), **told)
    assert panel.count("Assignment", unit_id=unit(panel, HOUSING), turn=3) == 1
