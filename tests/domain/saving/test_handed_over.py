"""The day of handing over does not move past what was done since: a signature, an answer, a date that is due."""

from datetime import date

import pytest

from domain import models
from tests.domain.texts.test_typed_text import import_rows
from tests.ground.acting import HOUSING, a_draft, act, item, state, task
from tests.ground.district import Panel
from tests.ground.forming import change

TASK = f"{HOUSING}主办 建议002号 关于老旧小区加装电梯的建议"


@pytest.fixture
def signed(panel: Panel) -> int:
    mine = task(panel, HOUSING, "主办")
    act(panel, "housing", "sign", "assignments", mine)
    return mine


def test_an_item_is_not_handed_over_after_its_unit_has_signed(panel: Panel, signed: int) -> None:
    key = item(panel, "002")
    later = {"handed_over_on": "2024-06-01"}
    page = change(panel, "office", "proposals", key, status=200, **later)
    assert f"2024-06-01 晚于“{TASK}”的签收日期 2024-04-15，请填不晚于它的日期" in page
    assert state(panel, "Assignment", signed, "counts_from_on") == date(2024, 4, 10)
    change(panel, "office", "proposals", key, handed_over_on="2024-04-15")
    assert state(panel, "Assignment", signed, "counts_from_on") == date(2024, 4, 15)


def test_nor_after_the_answer(panel: Panel) -> None:
    words = {"state": "已答复", "issued_on": date(2024, 4, 12)}
    a_draft(panel, task(panel, HOUSING, "主办"), **words)
    later = {"handed_over_on": "2024-04-13"}
    page = change(panel, "office", "proposals", item(panel, "002"), status=200, **later)
    assert f"晚于“答复（第1轮）{TASK}”的答复日期 2024-04-12" in page
    assert state(panel, "Proposal", item(panel, "002"), "handed_over_on") == date(2024, 4, 10)


def test_a_task_with_a_day_of_its_own_is_not_concerned(panel: Panel, signed: int) -> None:
    with panel.truth() as session:
        session.get_one(models.Assignment, signed).handed_over_on = date(2024, 4, 10)
        session.commit()
    change(panel, "office", "proposals", item(panel, "002"), handed_over_on="2024-06-01")
    assert state(panel, "Proposal", item(panel, "002"), "handed_over_on") == date(2024, 6, 1)


def test_a_meeting_is_not_handed_over_after_its_items_were_signed_for(
    panel: Panel, signed: int
) -> None:
    key = item(panel, "002")
    with panel.truth() as session:
        session.get_one(models.Proposal, key).handed_over_on = None
        meeting = session.get_one(models.Proposal, key).meeting_id
        session.commit()
    page = change(panel, "office", "meetings", meeting, status=200, handed_over_on="2024-04-16")
    assert f"“交办日期”：2024-04-16 晚于“{TASK}”的签收日期 2024-04-15" in page
    change(panel, "office", "meetings", meeting, handed_over_on="2024-04-15")
    assert state(panel, "Meeting", meeting, "handed_over_on") == date(2024, 4, 15)


def test_a_day_of_its_own_that_goes_leaves_no_earlier_signature_behind(
    panel: Panel, signed: int
) -> None:
    """Without a day of its own a task counts from its item's."""
    key = item(panel, "002")
    with panel.truth() as session:
        session.get_one(models.Assignment, signed).handed_over_on = date(2024, 4, 10)
        session.get_one(models.Proposal, key).handed_over_on = date(2024, 6, 1)
        session.commit()
    page = change(panel, "office", "assignments", signed, status=200, handed_over_on="")
    assert f"2024-06-01 晚于“{TASK}”的签收日期 2024-04-15" in page


def test_a_file_does_not_move_it_either(panel: Panel, signed: int) -> None:
    head = ["编号", "单独交办日期"]
    done = import_rows(panel, "proposals", head, [item(panel, "002"), "2024-06-01"])
    assert f"晚于“{TASK}”的签收日期" in done.steps[0].errors[0].message
    assert state(panel, "Proposal", item(panel, "002"), "handed_over_on") == date(2024, 4, 10)
