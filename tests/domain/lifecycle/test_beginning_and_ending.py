"""A task begins on a day and with a unit that can be; one that ends takes along what it asked for and owed."""

from datetime import date

import pytest

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, act, item, state, task, unit
from tests.ground.district import Panel

ON = "2024-04-15"
HOW = {"handed_over_on": ON, "role": "主办"}


def asked(panel: Panel, **more: object) -> int:
    """教育局 asks to be rid of its task; the request's id."""
    mine = task(panel, SCHOOL, "主办")
    words = {"kind": "退办", "reason": "不属本单位职责", "suggested_unit_id": unit(panel, HOUSING)}
    act(panel, "school", "ask_return", "assignments", mine, **{**words, **more})
    return panel.id_of("ReturnRequest", assignment_id=mine)


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ({"handed_over_on": "2024-04-16"}, "交办日期不能晚于今天"),
        ({"due_on": "2024-04-14", "extension_reason": "急"}, "不能早于交办日期"),
        ({"handed_over_on": "2024-04-01"}, "交办日期 2024-04-01 不能早于提出日期 2024-04-03"),
        ({"role": "协办"}, "没有“协办”这一项，请从列表里选"),
    ],
)
def test_an_item_is_not_handed_over_on_a_day_or_in_a_way_that_cannot_be(
    panel: Panel, days: dict[str, str], why: str
) -> None:
    third = item(panel, "003")
    with panel.truth() as session:
        session.get_one(models.Proposal, third).submitted_on = date(2024, 4, 3)
        session.commit()
    known = {"unit_id": unit(panel, SCHOOL), **HOW, **days}
    assert why in act(panel, "office", "hand_over", "proposals", third, status=200, **known)
    assert state(panel, "Proposal", third) == "登记"


def test_a_day_gone_by_is_entered_as_what_it_is(panel: Panel) -> None:
    third = item(panel, "003")
    known = {"unit_id": unit(panel, SCHOOL), **HOW, "handed_over_on": "2024-04-12"}
    act(panel, "office", "hand_over", "proposals", third, **known)
    assert panel.count("ChangeLog", act="交办（补录）", table_name="assignments") == 1


def test_no_unit_answers_for_itself_beside_a_main_unit(panel: Panel) -> None:
    second = item(panel, "002")
    known = {"unit_id": unit(panel, SCHOOL), **HOW, "role": "分办"}
    page = act(panel, "office", "add_unit", "proposals", second, status=200, **known)
    assert "已有主办单位，由它统一答复" in page


def test_a_unit_neither_suggests_nor_gets_itself(panel: Panel) -> None:
    mine, school = task(panel, SCHOOL, "主办"), unit(panel, SCHOOL)
    words = {"kind": "退办", "reason": "不属本单位职责", "suggested_unit_id": school}
    page = act(panel, "school", "ask_return", "assignments", mine, status=200, **words)
    assert "建议改由的单位不能是本单位" in page
    request = asked(panel)
    told = {"unit_id": school, "decided_on": ON, "handed_over_on": ON}
    page = act(panel, "office", "grant_return", "return_requests", request, status=200, **told)
    assert "新的承办单位不能还是原来的单位" in page
    assert state(panel, "ReturnRequest", request, "decision") == "待定"


def test_of_several_each_is_told_what_does_not_fit_it(panel: Panel) -> None:
    """One item has a main unit, the other was not handed in yet on that day."""
    second, third = item(panel, "002"), item(panel, "003")
    known = {"unit_id": unit(panel, SCHOOL), **HOW}
    act(panel, "office", "hand_over", "proposals", third, **{**known, "role": "分办"})
    with panel.truth() as session:
        session.get_one(models.Proposal, third).submitted_on = date(2024, 4, 12)
        session.commit()
    more = {"unit_id": unit(panel, SCHOOL), "role": "分办", "handed_over_on": "2024-04-11"}
    page = act(panel, "office", "add_unit", "proposals", second, third, **more)
    assert "不能早于提出日期 2024-04-12" in page
    assert "已有主办单位，由它统一答复" in page
    assert panel.count("Assignment", role="分办") == 1


@pytest.mark.parametrize("how", ["take_back", "reassign"])
def test_a_request_is_settled_with_the_task_that_ends(panel: Panel, how: str) -> None:
    request, mine = asked(panel), task(panel, SCHOOL, "主办")
    more = {"unit_id": unit(panel, HOUSING), "handed_over_on": ON} if how == "reassign" else {}
    if how == "reassign":  # 住建局 is the partner and cannot have both
        act(
            panel,
            "office",
            "take_back",
            "assignments",
            panel.id_of("Assignment", unit_id=unit(panel, HOUSING), role="协办"),
            end_reason="改作主办",
        )
    act(panel, "office", how, "assignments", mine, end_reason="职责已调整", **more)
    assert state(panel, "ReturnRequest", request, "decision") == "撤回"
    assert "职责已调整" in state(panel, "ReturnRequest", request, "decision_note")
    assert state(panel, "Assignment", mine, "ended_how") == (
        "改派" if how == "reassign" else "撤办"
    )
    assert "不属本单位职责" not in panel.as_("office").get("/return_requests/?waits=grant_return")


def test_a_request_of_an_item_that_was_withdrawn_is_not_granted(panel: Panel) -> None:
    request, first = asked(panel), item(panel, "001")
    with panel.truth() as session:
        session.get_one(models.Proposal, first).withdrawn_on = date(2024, 4, 15)
        session.commit()
    told = {"unit_id": unit(panel, HOUSING), "decided_on": ON, "handed_over_on": ON}
    page = act(panel, "office", "grant_return", "return_requests", request, status=200, **told)
    assert "已并案、办结、撤回" in page
    assert panel.count("Assignment", proposal_id=first) == 2


def test_a_date_set_by_hand_goes_with_the_task_that_owed_it(panel: Panel) -> None:
    third, office = item(panel, "003"), panel.as_("office")
    known = {"unit_id": unit(panel, SCHOOL), **HOW, "due_on": "2024-04-15"}
    act(panel, "office", "hand_over", "proposals", third, **known, extension_reason="领导要求")
    made = panel.id_of("Assignment", proposal_id=third)
    assert panel.count("Deadline", assignment_id=made, done_on=None) == 1
    act(panel, "office", "take_back", "assignments", made, end_reason="重复交办")
    assert panel.count("Deadline", assignment_id=made, done_on=None) == 0
    assert "关于延长图书馆开放时间的建议" not in office.get("/proposals/?days_late.from=0")
