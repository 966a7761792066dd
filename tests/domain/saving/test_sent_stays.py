"""What was sent on stays: the place of a task that was worked on and of a reviewed reply, what a unit has said,
and everything of a task that has ended. Each refusal names the way."""

import pytest

from domain import models
from tests.domain.texts.test_typed_text import import_rows
from tests.ground.acting import HOUSING, SCHOOL, a_draft, act, item, state, task, unit
from tests.ground.district import MORNING, Panel
from tests.ground.forming import change

TODAY = MORNING.date()


def a_returned_reply(panel: Panel) -> int:
    """A reply of 住建局 to 002 that the office has sent back."""
    with panel.truth() as session:
        entry = {"happened_on": TODAY, "stage": "办前", "activity": "其他", "summary": "走访"}
        session.add(models.LedgerEntry(assignment_id=task(panel, HOUSING, "主办"), **entry))
        session.commit()
    reply = a_draft(panel, task(panel, HOUSING, "主办"))
    act(panel, "housing", "send", "replies", reply)
    act(panel, "office", "send_back", "replies", reply, return_reason="其他", note="写具体")
    return reply


@pytest.mark.parametrize("column", ["proposal_id", "role"])
def test_a_signed_task_keeps_its_item_and_role(panel: Panel, column: str) -> None:
    mine = task(panel, HOUSING, "主办")
    act(panel, "housing", "sign", "assignments", mine)
    said = {"proposal_id": item(panel, "003"), "role": "协办"}[column]
    change(panel, "office", "assignments", mine, **{column: said})  # it is not asked for
    assert panel.count("Assignment", id=mine, proposal_id=item(panel, "002"), role="主办") == 1
    page = panel.as_("office").get(f"/assignments/edit/?id={mine}")
    assert "已经签收或有了办理记录，不能直接换单位、改到别的件或改承办方式" in page


@pytest.mark.parametrize(("label", "way"), [
    ("承办方式", "请用“撤办”，再按新的方式"), ("承办单位", "请用“改派”"),
])  # fmt: skip
def test_a_file_is_told_the_way(panel: Panel, label: str, way: str) -> None:
    mine = task(panel, HOUSING, "主办")
    act(panel, "housing", "sign", "assignments", mine)
    said = {"承办方式": "分办", "承办单位": SCHOOL}[label]
    done = import_rows(panel, "assignments", ["编号", label], [mine, said])
    (told,) = done.steps[0].errors
    assert "已经签收或有了办理记录" in told.message
    assert way in told.message


def test_a_task_on_which_nobody_has_worked_is_put_right(panel: Panel) -> None:
    mine = task(panel, HOUSING, "主办")
    change(panel, "office", "assignments", mine, proposal_id=item(panel, "003"), role="分办")
    assert panel.count("Assignment", id=mine, proposal_id=item(panel, "003"), role="分办") == 1


@pytest.mark.parametrize("column", ["unit_id", "role", "handler"])
def test_a_task_that_has_ended_is_kept_off_forms(panel: Panel, column: str) -> None:
    mine = task(panel, HOUSING, "主办")
    act(panel, "office", "take_back", "assignments", mine, end_reason="重复")
    said = {"unit_id": unit(panel, SCHOOL), "role": "协办", "handler": "莫"}[column]
    office, path = panel.as_("office"), f"/assignments/edit/?id={mine}"
    assert "这项任务已经结束，留作记录" in office.get(f"/assignments/details/?id={mine}")
    office.get(path, 403)
    office.client.post(path, data={column: said})
    kept = {"unit_id": unit(panel, HOUSING), "role": "主办", "handler": ""}
    assert panel.count("Assignment", id=mine, **kept) == 1


def test_a_file_does_not_rewrite_what_an_act_has_ended(panel: Panel) -> None:
    mine = task(panel, HOUSING, "主办")
    act(panel, "office", "take_back", "assignments", mine, end_reason="重复")
    head = ["编号", "办理人员"]
    done = import_rows(panel, "assignments", head, [mine, "莫"])
    assert "这项任务已经结束" in done.steps[0].errors[0].message
    assert state(panel, "Assignment", mine, "handler") == ""


def test_a_reply_that_was_reviewed_stays_the_answer_that_it_is(panel: Panel) -> None:
    reply, partner = a_returned_reply(panel), task(panel, HOUSING, "协办")
    change(panel, "housing", "replies", reply, assignment_id=partner, kind="协办意见", round="2")
    assert state(panel, "Reply", reply, "assignment_id") == task(panel, HOUSING, "主办")
    page = panel.as_("housing").get(f"/replies/edit/?id={reply}")
    assert "已经走过审核，不能改作别的答复" in page
    change(panel, "housing", "replies", reply, body="改好了。")
    assert panel.count("Reply", id=reply, kind="答复", round=1, body="改好了。") == 1


def test_a_draft_may_be_put_to_another_task(panel: Panel) -> None:
    draft, partner = a_draft(panel, task(panel, HOUSING, "主办")), task(panel, HOUSING, "协办")
    moved = {"assignment_id": partner, "kind": "协办意见", "answer_category_id": ""}
    change(panel, "housing", "replies", draft, **moved)
    assert panel.count("Reply", id=draft, assignment_id=partner, kind="协办意见") == 1


@pytest.mark.parametrize("column", ["partner_note", "contact_name", "contact_phone"])
def test_the_office_rewrites_nothing_that_a_unit_has_sent(panel: Panel, column: str) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    before = state(panel, "Reply", reply, column)
    change(panel, "office", "replies", reply, **{column: "督查写的"})  # it is not asked for
    assert state(panel, "Reply", reply, column) == before
    label = {"partner_note": "协办意见说明", "contact_name": "联系人", "contact_phone": "联系电话"}
    done = import_rows(panel, "replies", ["编号", label[column]], [reply, "督查写的"])
    assert "已经送审，不能直接修改：请退回" in done.steps[0].errors[0].message


def test_of_an_issued_reply_the_way_begins_with_taking_it_back(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "office", "pass", "replies", reply)
    act(panel, "school", "issue", "replies", reply, issued_on="2024-04-15")
    done = import_rows(panel, "replies", ["编号", "联系人"], [reply, "督查写的"])
    assert "请先“撤回答复”再退回" in done.steps[0].errors[0].message
    change(panel, "office", "replies", reply, reported_on="2024-04-15")  # what comes later does
    assert panel.count("Reply", id=reply, contact_name="", reported_on=TODAY) == 1
