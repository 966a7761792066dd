"""逐条答复 (S0): the demands of an item, proposed from its text and edited by hand; its reply answers each."""

import pytest
from sqlalchemy.exc import IntegrityError

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, a_draft, a_meeting, act, item, state, task
from tests.ground.district import Panel
from tests.ground.forming import change

TEXT = "一、增设斑马线。\n二、加装信号灯。"


def a_text(panel: Panel, body: str = TEXT, number: str = "001") -> int:
    key = item(panel, number)
    with panel.truth() as session:
        session.get_one(models.Proposal, key).body = body
        session.commit()
    return key


def demands(panel: Panel, key: int) -> list[tuple[int, str]]:
    with panel.truth() as session:
        rows = session.query(models.Request).filter_by(proposal_id=key)
        return [(row.position, row.content) for row in rows.order_by(models.Request.position)]


@pytest.fixture
def asked(panel: Panel) -> list[int]:
    """The demands of item 001, by their ids in order."""
    act(panel, "office", "extract_requests", "proposals", a_text(panel))
    with panel.truth() as session:
        return [row.id for row in session.query(models.Request).order_by(models.Request.position)]


def test_the_demands_are_proposed_from_the_text_and_stand_in_the_items_form(
    panel: Panel, asked: list[int]
) -> None:
    key = item(panel, "001")
    assert demands(panel, key) == [(1, "增设斑马线。"), (2, "加装信号灯。")]
    page = panel.as_("office").get(f"/proposals/edit/?id={key}")
    assert "加装信号灯。" in page
    again = act(panel, "office", "extract_requests", "proposals", key)
    assert "已经有诉求" in again
    assert "加装信号灯。" in panel.as_("school").get(f"/proposals/details/?id={key}")


def test_a_text_that_is_missing_or_numbers_nothing_is_told(panel: Panel) -> None:
    key = item(panel, "001")
    assert "还没有原文" in act(panel, "office", "extract_requests", "proposals", key)
    a_text(panel, "校门口车流很大，请予解决。")
    page = act(panel, "office", "extract_requests", "proposals", key)
    assert "没有认出分条的诉求" in page
    assert panel.count("Request") == 0


def test_sending_warns_of_demands_that_are_open_and_lets_the_reply_go(
    panel: Panel, asked: list[int]
) -> None:
    lead = task(panel, SCHOOL, "主办")
    a_meeting(panel, lead)
    reply = a_draft(panel, lead)
    answered = {"reply_id": reply, "request_id": asked[0], "is_answered": "1", "answer": "已增设"}
    panel.as_("school").post("/request_answers/new/", **answered)
    page = act(panel, "school", "send", "replies", reply, partner_note="不等")
    assert "请留意：第 2 条诉求还没有说怎样答复" in page
    assert state(panel, "Reply", reply) == "督查审核"


def test_a_demand_that_is_not_answered_wants_its_reason_and_is_then_not_open(
    panel: Panel, asked: list[int]
) -> None:
    lead = task(panel, SCHOOL, "主办")
    a_meeting(panel, lead)
    reply, school = a_draft(panel, lead), panel.as_("school")
    for request in asked:
        words = {"reply_id": reply, "request_id": request, "answer": "", "why_not": ""}
        page = school.post("/request_answers/new/", 200, **words)
        assert "没有答复的诉求，请写明原因。" in page
        school.post("/request_answers/new/", **{**words, "why_not": "属市级事权"})
    assert "请留意" not in act(panel, "school", "send", "replies", reply, partner_note="不等")


def test_the_answers_stand_in_the_replys_form_and_stay_once_it_is_sent(
    panel: Panel, asked: list[int]
) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    school, place = panel.as_("school"), f"/replies/edit/?id={reply}"
    assert "逐条答复" in school.get(place)
    words = {"reply_id": reply, "request_id": asked[0], "is_answered": "1", "answer": "已增设"}
    school.post("/request_answers/new/", **words)
    answer = panel.id_of("RequestAnswer")
    assert "已增设" in school.get(place)
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    school.get(f"/request_answers/edit/?id={answer}", 403)
    school.post("/request_answers/new/", 200, **{**words, "request_id": asked[1]})
    assert panel.count("RequestAnswer") == 1
    assert "已增设" in school.get(f"/replies/details/?id={reply}")


def test_a_demand_is_answered_in_the_replies_to_its_own_item(
    panel: Panel, asked: list[int]
) -> None:
    other = a_draft(panel, task(panel, HOUSING, "主办"))
    with panel.truth() as session:
        session.add(models.RequestAnswer(reply_id=other, request_id=asked[0]))
        with pytest.raises(IntegrityError):
            session.commit()
        session.rollback()


def test_a_demand_is_changed_and_taken_out_in_the_items_form(
    panel: Panel, asked: list[int]
) -> None:
    key = item(panel, "001")
    page = panel.as_("office").get(f"/proposals/edit/?id={key}")
    assert 'value="2"' in page
    change(panel, "office", "requests", asked[1], content="加装信号灯和减速带。")
    assert demands(panel, key)[1] == (2, "加装信号灯和减速带。")
    panel.as_("office").post("/requests/delete/", id=asked[1], confirmed="1")
    assert len(demands(panel, key)) == 1
