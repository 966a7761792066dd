"""What is offered is possible: no form asks for what its save would refuse, and the page says why and the way."""

import re
from datetime import date

import pytest

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, a_draft, act, item, state, task, unit
from tests.ground.district import Panel
from tests.ground.doors.formreading import fields_of

EDIT = "修改</a>"


@pytest.fixture
def sent(panel: Panel) -> int:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), title="原题", body="原文")
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    return reply


def asked_in(page: str) -> set[str]:
    return {name for name in fields_of(page) if "." not in name} - {"csrf_token", "seen", "then"}


def test_a_sent_reply_stands_in_the_offices_form_and_is_not_asked_for(
    panel: Panel, sent: int
) -> None:
    office, path = panel.as_("office"), f"/replies/edit/?id={sent}"
    page = office.get(path)
    assert "已经送审，内容不能直接修改：要改的，用“退回”或“更正”。" in page
    said = {"body", "title", "kind", "round", "assignment_id", "contact_phone", "partner_note"}
    assert asked_in(page).isdisjoint(said)
    assert "原文" in page  # it can be read there
    office.post(path, **{**fields_of(page), "reported_on": "2024-04-15"})
    with panel.truth() as session:
        reply = session.get_one(models.Reply, sent)
        assert (reply.reported_on, reply.body, reply.title) == (date(2024, 4, 15), "原文", "原题")


def test_the_page_says_why_and_which_act_is_the_way(panel: Panel, sent: int) -> None:
    path = f"/replies/details/?id={sent}"
    assert "用“退回”或“更正”" in panel.as_("office").get(path)
    page = panel.as_("school").get(path)
    assert EDIT not in page
    assert "要改的，用“撤回送审”" in page
    act(panel, "office", "pass", "replies", sent)
    assert "内容不能直接修改。" in panel.as_("school").get(path)
    assert "内容不能直接修改" not in panel.as_("school-leader").get(path)


def test_a_draft_is_changed_by_its_form(panel: Panel) -> None:
    draft = a_draft(panel, task(panel, SCHOOL, "主办"))
    page = panel.as_("school").get(f"/replies/details/?id={draft}")
    assert EDIT in page
    assert "不能直接修改" not in page


def test_what_was_typed_before_it_was_sent_is_refused_and_kept(panel: Panel) -> None:
    """The form was opened on a draft; meanwhile the unit has sent it."""
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), body="原文")
    office, path = panel.as_("office"), f"/replies/edit/?id={reply}"
    opened = fields_of(office.get(path))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    page = office.post(path, 200, **{**opened, "body": "督查改的"})
    assert "督查改的" in page
    assert state(panel, "Reply", reply, "body") == "原文"


def test_a_signed_task_keeps_its_unit(panel: Panel) -> None:
    mine = task(panel, HOUSING, "主办")
    office, path = panel.as_("office"), f"/assignments/edit/?id={mine}"
    assert "unit_id" in asked_in(office.get(path))
    act(panel, "housing", "sign", "assignments", mine)
    page = office.get(path)
    assert "unit_id" not in asked_in(page)
    assert "要改的，用“改派”或“撤办”" in page
    office.post(path, **{**fields_of(page), "handler": "覃"})
    assert state(panel, "Assignment", mine, "handler") == "覃"
    assert state(panel, "Assignment", mine, "unit_id") == unit(panel, HOUSING)


def test_what_rows_below_carry_is_not_asked_for(panel: Panel, sent: int) -> None:
    office = panel.as_("office")
    page = office.get(f"/assignments/edit/?id={task(panel, SCHOOL, '主办')}")
    assert asked_in(page).isdisjoint({"proposal_id", "role", "unit_id"})
    assert "这项任务已有答复" in page
    page = office.get(f"/proposals/edit/?id={item(panel, '001')}")
    assert asked_in(page).isdisjoint({"meeting_id", "area_role"})
    assert "本件已有答复" in page
    office.post(f"/proposals/edit/?id={item(panel, '001')}", **{**fields_of(page), "title": "新题"})
    assert state(panel, "Proposal", item(panel, "001"), "title") == "新题"


@pytest.mark.parametrize("who", ["office", "school"])
def test_a_filed_request_has_no_form(panel: Panel, who: str) -> None:
    words = {"kind": "退办", "reason": "不属职责", "suggested_unit_id": unit(panel, HOUSING)}
    act(panel, "school", "ask_return", "assignments", task(panel, SCHOOL, "主办"), **words)
    key = panel.id_of("ReturnRequest")
    assert EDIT not in panel.as_(who).get(f"/return_requests/details/?id={key}")
    panel.as_(who).get(f"/return_requests/edit/?id={key}", 403)


def test_the_office_corrects_a_signing_day_with_a_reason(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    act(panel, "school", "sign", "assignments", mine)
    page = act(panel, "office", "correct_signing", "assignments", mine, status=200)
    assert "请填写更正理由。" in page
    told = {"signed_on": "2024-04-12", "signing_note": "单位周五已签"}
    act(panel, "office", "correct_signing", "assignments", mine, **told)
    assert str(state(panel, "Assignment", mine, "signed_on")) == "2024-04-12"
    assert state(panel, "Assignment", mine, "signed_by_id") == panel.id_of(
        "User", username="school"
    )
    page = panel.as_("school").get(f"/assignments/details/?id={mine}")
    assert "单位周五已签" in page
    act(panel, "school", "correct_signing", "assignments", mine, status=400, **told)
    with panel.truth() as session:
        log = session.query(models.ChangeLog).filter_by(act="更正签收（补录）", row_id=mine).one()
        assert log.changes["signing_note"] == ["", "单位周五已签"]


def test_a_day_before_the_item_was_handed_over_is_refused(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    act(panel, "school", "sign", "assignments", mine)
    told = {"signed_on": "2024-04-09", "signing_note": "早签"}
    page = act(panel, "office", "correct_signing", "assignments", mine, status=200, **told)
    assert re.search("签收日期.*早于", page)
