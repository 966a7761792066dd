"""退回协办意见: the main unit sends an opinion back that says nothing; the partner writes it anew (S1)."""

from datetime import date

import pytest

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, a_draft, act, item, state, task
from tests.ground.district import Panel

WHY = {"return_reason": "无实质内容", "note": "写明护栏何时加装"}


@pytest.fixture
def opinion(panel: Panel) -> int:
    """住建局's opinion on the item that 教育局 leads, as it has come on the 12th and was passed before."""
    key = a_draft(panel, task(panel, HOUSING, "协办"), kind="协办意见", body="同意。")
    act(panel, "housing", "send", "replies", key)
    act(panel, "office", "pass", "replies", key)
    act(panel, "housing", "issue", "replies", key, issued_on="2024-04-15", document_no="")
    return key


def returned(panel: Panel, opinion: int, who: str = "school", status: int = 302) -> str:
    return act(panel, who, "send_back_opinion", "replies", opinion, status=status, **WHY)


def test_the_main_unit_returns_an_opinion_and_the_partner_reads_who_and_why(
    panel: Panel, opinion: int
) -> None:
    partner = task(panel, HOUSING, "协办")
    assert state(panel, "Assignment", partner) == "已完成"
    assert "act=send_back_opinion" in panel.as_("school").get(f"/replies/details/?id={opinion}")
    returned(panel, opinion)
    assert state(panel, "Reply", opinion) == "退回"
    assert state(panel, "Reply", opinion, "issued_on") is None
    assert state(panel, "Assignment", partner) == "办理中"
    seen = panel.as_("housing").get(f"/replies/details/?id={opinion}")
    for told in ("主办审看", "无实质内容", "写明护栏何时加装"):
        assert told in seen
    with panel.truth() as session:
        step = session.query(models.ReviewStep).filter_by(step="主办审看").one()
        assert (step.user.username, step.issued_on) == ("school", date(2024, 4, 15))


def test_an_opinion_that_was_returned_goes_its_way_again_and_each_return_counts(
    panel: Panel, opinion: int
) -> None:
    for _ in range(2):
        returned(panel, opinion)
        act(panel, "housing", "send", "replies", opinion)
        assert state(panel, "Reply", opinion) == "督查审核"
        act(panel, "office", "pass", "replies", opinion)
        act(panel, "housing", "issue", "replies", opinion, issued_on="2024-04-15", document_no="")
    assert panel.count("ReviewStep", step="主办审看", result="退回") == 2


def test_a_reason_and_words_are_asked_for_and_only_those_of_an_opinion(
    panel: Panel, opinion: int
) -> None:
    page = act(panel, "school", "send_back_opinion", "replies", opinion, status=200)
    assert "请填写退回原因。" in page
    assert "请填写意见。" in page
    wrong = {"return_reason": "类别不准确", "note": "请改"}
    page = act(panel, "school", "send_back_opinion", "replies", opinion, status=200, **wrong)
    assert state(panel, "Reply", opinion) == "已答复"


def test_nothing_is_returned_once_the_main_unit_has_relied_on_it(
    panel: Panel, opinion: int
) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply)
    assert "主办单位已据此送审" in returned(panel, opinion, status=200)
    act(panel, "school", "unsend", "replies", reply)
    returned(panel, opinion)
    page = act(panel, "school", "send", "replies", reply, status=200)
    assert f"协办意见还没有收齐：{HOUSING}" in page


def test_only_the_liaison_of_the_main_unit_returns_it_and_no_answer_this_way(
    panel: Panel, opinion: int
) -> None:
    assert "不是协办单位的意见" in returned(panel, opinion, who="housing", status=200)
    act(panel, "school-leader", "send_back_opinion", "replies", opinion, status=400, **WHY)
    own = task(panel, HOUSING, "主办")
    answer = a_draft(panel, own)
    act(panel, "school", "send_back_opinion", "replies", answer, status=404, **WHY)
    assert state(panel, "Reply", opinion) == "已答复"
    with panel.truth() as session:
        lead = session.get_one(models.Assignment, task(panel, SCHOOL, "主办"))
        lead.ended_on, lead.ended_how, lead.end_reason = date(2024, 4, 15), "撤办", "改由他人"
        lead.state = "已撤办"
        session.commit()
    act(panel, "school", "send_back_opinion", "replies", opinion, status=404, **WHY)
    assert state(panel, "Reply", opinion) == "已答复"


def test_a_return_is_taken_back_until_the_partner_has_begun(panel: Panel, opinion: int) -> None:
    returned(panel, opinion)
    act(panel, "school", "restore_opinion", "replies", opinion)
    assert state(panel, "Reply", opinion, "issued_on") == date(2024, 4, 15)
    assert state(panel, "Reply", opinion, "approved_on") == date(2024, 4, 15)
    assert state(panel, "Assignment", task(panel, HOUSING, "协办")) == "已完成"
    returned(panel, opinion)
    assert "不是您退回的" in act(panel, "office", "restore_opinion", "replies", opinion)
    edit, housing = f"/replies/edit/?id={opinion}", panel.as_("housing")
    seen = housing.get(edit).split('name="seen" value="')[1].split('"')[0]
    sent = {"assignment_id": task(panel, HOUSING, "协办"), "kind": "协办意见", "round": 1}
    housing.post(edit, seen=seen, body="护栏6月底前加装。", **sent)
    page = act(panel, "school", "restore_opinion", "replies", opinion)
    assert "协办单位已经在改" in page


def test_the_office_returns_an_opinion_too(panel: Panel, opinion: int) -> None:
    returned(panel, opinion, who="office")
    assert state(panel, "Reply", opinion) == "退回"
    assert item(panel, "001")
