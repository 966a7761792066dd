"""三个面商 (S0): key items are answered after a meeting alone, others with a word of warning; S1: who meets when."""

import pytest

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, a_draft, a_meeting, a_route, act, item, state, task
from tests.ground.district import Panel
from tests.ground.forming import change

NOT_MET = "还没有面商：当面沟通有利于充分协商的，请先面商再答复。"
KEY_NOT_MET = "重点件一律面商：请先记一条面商的台账"


@pytest.fixture
def lead(panel: Panel) -> int:
    """教育局's task."""
    return task(panel, SCHOOL, "主办")


def make_key(panel: Panel, number: str = "001") -> None:
    with panel.truth() as session:
        session.get_one(models.Proposal, item(panel, number)).key_kind = "重点建议"
        session.commit()


def send(panel: Panel, reply: int, who: str = "school", status: int = 302) -> str:
    return act(panel, who, "send", "replies", reply, status=status, partner_note="不等")


def test_a_key_item_is_not_answered_without_a_meeting(panel: Panel, lead: int) -> None:
    make_key(panel)
    reply = a_draft(panel, lead)
    a_meeting(panel, lead, is_face_to_face=False, contact_mode="电话")
    a_meeting(panel, task(panel, HOUSING, "主办"))
    assert KEY_NOT_MET in panel.as_("school").get(f"/replies/details/?id={reply}")
    assert KEY_NOT_MET in send(panel, reply, status=200)
    assert state(panel, "Reply", reply) == "拟稿"
    a_meeting(panel, lead)
    assert KEY_NOT_MET not in send(panel, reply)
    assert state(panel, "Reply", reply) == "督查审核"


def test_another_item_is_sent_all_the_same_and_the_warning_is_said_before_and_after(
    panel: Panel, lead: int
) -> None:
    reply = a_draft(panel, lead)
    assert f"请留意：{NOT_MET}" in panel.as_("school").get(f"/replies/details/?id={reply}")
    assert f"请留意：{NOT_MET}" in send(panel, reply)
    assert state(panel, "Reply", reply) == "督查审核"
    act(panel, "school", "unsend", "replies", reply)
    a_meeting(panel, lead)
    assert "请留意" not in send(panel, reply)


def test_of_several_those_are_named_of_which_something_is_to_be_minded(panel: Panel) -> None:
    first, second = (a_draft(panel, task(panel, unit, "主办")) for unit in (SCHOOL, HOUSING))
    a_meeting(panel, task(panel, SCHOOL, "主办"))
    page = panel.as_("office").get(f"/replies/act/?act=send&rowid={first}&rowid={second}")
    assert "其中 1 条请留意，可以照样送审：" in page
    told = {"submitted_on": "2024-04-15", "partner_note": "不等"}
    page = act(panel, "office", "send", "replies", first, second, **told)
    assert "已送审 2 条。其中 1 条请留意：" in page
    assert page.count(NOT_MET) == 1


def test_a_partner_that_gives_an_opinion_meets_nobody(panel: Panel) -> None:
    make_key(panel)
    opinion = a_draft(panel, task(panel, HOUSING, "协办"), kind="协办意见")
    assert "请留意" not in send(panel, opinion, who="housing")
    assert state(panel, "Reply", opinion) == "督查审核"


def test_a_route_may_remind_of_who_meets_when(panel: Panel, lead: int) -> None:
    reply = a_draft(panel, lead)
    a_meeting(panel, lead, stage="办前", met_by="经办人员")
    assert "请留意" not in panel.as_("school").get(f"/replies/details/?id={reply}")
    a_route(panel, ("督查审核", "交办督查"), tells_who_meets=True)
    page = send(panel, reply)
    assert "办理前分管负责人要与代表委员当面沟通" in page
    assert "办理中经办人员要与代表委员当面沟通" in page
    act(panel, "school", "unsend", "replies", reply)
    a_meeting(panel, lead, stage="办前", met_by="主要负责人")
    a_meeting(panel, lead, stage="办中", met_by="经办人员")
    assert "请留意" not in send(panel, reply)
    act(panel, "office", "pass", "replies", reply)
    said = {"issued_on": "2024-04-15", "document_no": ""}
    page = act(panel, "school", "issue", "replies", reply, **said)
    assert "请留意：答复以后，主要负责人要与代表委员座谈" in page


def test_who_met_is_said_of_a_meeting_alone(panel: Panel, lead: int) -> None:
    entry = a_meeting(panel, lead, contact_mode="电话", is_face_to_face=False)
    assert "“面商”要选是" in change(
        panel, "school", "ledger_entries", entry, status=200, met_by="经办人员"
    )
