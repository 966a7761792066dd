"""Messages: who is told of what others did, once each, in the panel; 批示 are read by name (D)."""

import pytest

from domain import models
from tests.admin.home.test_awaited import a_bad_rating, parts
from tests.domain.lifecycle.acts.test_extending import a_date, ask, the_request
from tests.domain.lifecycle.acts.test_planning import a_plan
from tests.ground.acting import HOUSING, SCHOOL, a_draft, act, item, task, unit
from tests.ground.district import MORNING, Panel

Told = tuple[str, str, str]


def told(panel: Panel) -> list[Told]:
    """(to whom, what kind, what is said) of every message, as they came."""
    with panel.truth() as session:
        rows = session.query(models.Message).order_by(models.Message.id)
        return [(row.user.username, row.kind, row.content) for row in rows]


def names(panel: Panel) -> list[str]:
    return sorted(name for name, _, _ in told(panel))


def returned(panel: Panel) -> int:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "office", "send_back", "replies", reply, return_reason="其他", note="写具体")
    return reply


def test_a_returned_reply_is_told_to_the_people_of_its_unit_with_the_reason(panel: Panel) -> None:
    reply = returned(panel)
    said = (
        "答复（第1轮）鱼峰区教育局主办 建议001号 关于增设校门口斑马线的建议被退回：其他，写具体。"
    )
    assert sorted(told(panel)) == [("school", "退回", said), ("school-leader", "退回", said)]
    key = panel.id_of("Message", user_id=panel.id_of("User", username="school"))
    page = panel.as_("school").get(f"/messages/details/?id={key}")
    assert f'href="/replies/details/?id={reply}"' in page  # from the message to what it tells of
    panel.as_("housing").get(f"/messages/details/?id={key}", 404)
    panel.as_("school-leader").get(f"/messages/details/?id={key}", 404)  # each reads his own


def test_what_is_granted_and_refused_is_told(panel: Panel) -> None:
    ask(panel, a_date(panel))
    no = {"decision_note": "按期办"}
    act(panel, "office", "refuse_extension", "extension_requests", the_request(panel), **no)
    words = {"kind": "退办", "reason": "不属职责", "suggested_unit_id": unit(panel, HOUSING)}
    act(panel, "school", "ask_return", "assignments", task(panel, SCHOOL, "主办"), **words)
    request = panel.id_of("ReturnRequest")
    more = {"decided_on": "2024-04-15", "decision_note": "属职责"}
    act(panel, "office", "refuse_return", "return_requests", request, **more)
    kinds = [(kind, said.split("没有同意")[1]) for _, kind, said in told(panel)[::2]]
    assert kinds == [("不同意", "，仍按原到期日：按期办。"), ("不同意", "，请继续办理：属职责。")]


def test_a_granted_request_leaves_no_gap_where_nothing_was_said(panel: Panel) -> None:
    ask(panel, a_date(panel))
    act(panel, "office", "grant_extension", "extension_requests", the_request(panel))
    assert told(panel)[0][1] == "同意" and told(panel)[0][2].endswith("延期申请已同意。")


def test_a_returned_plan_is_told(panel: Panel) -> None:
    plan = a_plan(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "file_plan", "handling_plans", plan)
    act(panel, "office", "return_plan", "handling_plans", plan, review_note="写明分工")
    assert names(panel) == ["school", "school-leader"]
    assert told(panel)[0][2].endswith("被退回：写明分工。")


def test_a_bad_rating_is_told_to_the_unit_its_leader_and_the_office(panel: Panel) -> None:
    a_bad_rating(panel)
    assert names(panel) == ["office", "school", "school-leader"]
    assert {kind for _, kind, _ in told(panel)} == {"不满意"}
    assert all("还没有画" in said for _, _, said in told(panel))


def test_a_good_rating_is_told_to_nobody(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), state="已答复", issued_on=MORNING.date())
    known = {"deputy_id": panel.id_of("Deputy", name="覃丽"), "mode": "当面", "has_form": "y"}
    act(panel, "school", "deliver", "replies", reply, sent_on="2024-04-15", **known)
    good = {"work_rating": "满意", "result_rating": "满意"}
    act(panel, "deputy", "rate", "replies", reply, **good)
    assert told(panel) == []


def test_who_does_it_is_not_told_and_nobody_whose_account_is_closed(panel: Panel) -> None:
    with panel.truth() as session:
        session.query(models.User).filter_by(username="school-leader").one().is_active = False
        session.commit()
    returned(panel)
    assert names(panel) == ["school"]


def test_urging_many_tells_each_unit_of_its_own(panel: Panel) -> None:
    chosen = task(panel, SCHOOL, "主办"), task(panel, HOUSING, "协办")
    act(panel, "office", "urge", "assignments", *chosen, content="请尽快签收")
    assert names(panel) == ["housing", "school", "school-leader"]
    assert "收到的消息" not in parts(panel, "school")["等我办理"]  # 收到的催办 says it already
    assert parts(panel, "school")["等我办理"]["收到的催办"] == 1


def test_what_was_refused_is_told_to_nobody(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "office", "send_back", "replies", reply, status=200, return_reason="其他", note="")
    assert told(panel) == []


def a_note(panel: Panel, who: str = "supervisor") -> int:
    """A leader notes something of 001."""
    words = {"author": "周区长", "written_on": "2024-04-15", "content": "务必开学前完成"}
    panel.as_(who).post("/supervision_notes/new/", proposal_id=item(panel, "001"), **words)
    return panel.id_of("SupervisionNote")


def test_a_note_waits_unread_on_the_first_page_until_each_has_read_it(panel: Panel) -> None:
    note = a_note(panel)
    assert names(panel) == ["housing", "office", "school", "school-leader"]
    assert told(panel)[0][2] == (
        "周区长批示（建议001号 关于增设校门口斑马线的建议）：务必开学前完成"
    )
    for who in ("school", "school-leader", "office"):
        owed = parts(panel, who)["等我办理"]
        assert owed["没看的批示"] == 1 and "收到的消息" not in owed
    mine = panel.id_of("Message", user_id=panel.id_of("User", username="school"))
    act(panel, "school", "read_message", "messages", mine)
    assert "没看的批示" not in parts(panel, "school")["等我办理"]
    assert parts(panel, "school-leader")["等我办理"]["没看的批示"] == 1  # each reads for himself
    page = panel.as_("supervisor").get(f"/supervision_notes/details/?id={note}")
    read = page.split("谁看过")[1]
    assert "承办单位联络员·school（鱼峰区教育局）" in read  # whose account the leader may not open
    assert read.count("2024-04-15 09:00") == 5  # told four, read by one


def test_who_is_not_told_does_not_say_that_he_has_read_it(panel: Panel) -> None:
    a_note(panel)
    foreign = panel.id_of("Message", user_id=panel.id_of("User", username="housing"))
    for who, status in (("school", 404), ("office", 200)):
        page = panel.as_(who).post(
            "/messages/act/?act=read_message", status if who == "school" else 302, rowid=foreign
        )
        assert "已阅：" not in page
    with panel.truth() as session:
        assert session.get_one(models.Message, foreign).read_at is None


@pytest.mark.parametrize("who", ["congress", "deputy", "auditor", "admin"])
def test_nobody_else_reads_messages(panel: Panel, who: str) -> None:
    a_note(panel)
    panel.as_(who).get("/messages/", 404)
