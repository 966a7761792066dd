"""办理方案: filed by the unit, accepted or returned by the office; partners read what was filed (S0 §三)."""

from typing import Any

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, act, state, task
from tests.ground.district import Panel

ON = "2024-04-15"


def a_plan(panel: Panel, key: int, **words: Any) -> int:
    known = dict.fromkeys(("study", "survey", "contact", "timetable"), "已安排")
    known |= {"leader": "韦", "office": "基教科", "handler": "莫", "partner_tasks": "提供规划资料"}
    with panel.truth() as session:
        plan = models.HandlingPlan(assignment_id=key, **{**known, **words})
        session.add(plan)
        session.commit()
        return int(plan.id)


def the_partners_plan(panel: Panel) -> tuple[int, int]:
    """The plan of the unit that leads 001, where another assists, and that other's task."""
    lead = task(panel, SCHOOL, "主办")
    with panel.truth() as session:
        key = session.get_one(models.Assignment, lead).proposal_id
    return a_plan(panel, lead), panel.id_of("Assignment", proposal_id=key, role="协办")


def test_a_plan_is_filed_accepted_and_stays(panel: Panel) -> None:
    plan, _ = the_partners_plan(panel)
    waits = panel.as_("school").get("/handling_plans/?waits=file_plan")
    assert "基教科" in waits
    assert "等交办督查受理" in act(panel, "school", "file_plan", "handling_plans", plan)
    assert str(state(panel, "HandlingPlan", plan, "submitted_on")) == ON
    page = panel.as_("school").get(f"/handling_plans/details/?id={plan}")
    assert "已经报送，内容不能直接修改：要改的，用“撤回报送”" in page
    assert "已受理" in act(panel, "office", "accept_plan", "handling_plans", plan, accepted_on=ON)
    assert "已经受理" in act(panel, "school", "unfile_plan", "handling_plans", plan)
    act(panel, "office", "unaccept_plan", "handling_plans", plan)
    act(panel, "school", "unfile_plan", "handling_plans", plan)
    assert state(panel, "HandlingPlan", plan, "submitted_on") is None


def test_a_plan_is_returned_with_a_reason_that_its_unit_reads(panel: Panel) -> None:
    plan, _ = the_partners_plan(panel)
    act(panel, "school", "file_plan", "handling_plans", plan)
    refused = act(panel, "office", "return_plan", "handling_plans", plan, status=200)
    assert "请填写审核意见" in refused
    words = "没有写明调研时间"
    act(panel, "office", "return_plan", "handling_plans", plan, review_note=words)
    assert words in panel.as_("school").get(f"/handling_plans/edit/?id={plan}")
    assert str(state(panel, "HandlingPlan", plan, "returned_on")) == ON
    act(panel, "school", "file_plan", "handling_plans", plan)
    assert state(panel, "HandlingPlan", plan, "returned_on") is None


def test_partners_have_something_to_do(panel: Panel) -> None:
    plan, _ = the_partners_plan(panel)
    with panel.truth() as session:
        session.get_one(models.HandlingPlan, plan).partner_tasks = " 无 "
        session.commit()
    page = act(panel, "school", "file_plan", "handling_plans", plan)
    assert "不能写“无”" in page
    assert state(panel, "HandlingPlan", plan, "submitted_on") is None


def test_a_partner_reads_the_plan_once_it_is_filed(panel: Panel) -> None:
    plan, partner = the_partners_plan(panel)
    assert panel.id_of("Assignment", id=partner, unit_id=panel.id_of("Unit", name=HOUSING))
    panel.as_("housing").get(f"/handling_plans/edit/?id={plan}", status=404)
    act(panel, "school", "file_plan", "handling_plans", plan)
    assert "提供规划资料" in panel.as_("housing").get(f"/handling_plans/details/?id={plan}")
    page = act(panel, "housing", "unfile_plan", "handling_plans", plan)
    assert "没有撤回报送" in page
    assert state(panel, "HandlingPlan", plan, "submitted_on") is not None
