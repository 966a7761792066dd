"""The front page says what came back to a person, and what he waits for from others; each number opens its list."""

import re

import pytest

from admin.home.mornings import AWAITED, BACK, MORE, OWED
from tests.domain.lifecycle.acts.test_planning import a_plan
from tests.ground.acting import HOUSING, SCHOOL, a_draft, a_route, act, answered, task, unit
from tests.ground.district import PEOPLE, Panel


def parts(panel: Panel, who: str) -> dict[str, dict[str, int]]:
    """Head -> label -> number, as far as there is any; each number is that of the list it leads to."""
    person, found = panel.as_(who), dict[str, dict[str, int]]()
    sections = re.findall(r'<section class="tiles-part".*?</section>', person.get("/"), re.S)
    tile = r'<a class="tile[^"]*" href="([^"]*)"><span>([^<]*)</span><b>(\d+)</b>'
    for section in sections:
        title = re.search(r"<h2[^>]*>([^<]*)</h2>", section)
        assert title
        for url, label, count in re.findall(tile, section):
            if count != "0":
                found.setdefault(title[1], {})[label] = int(count)
                assert f"共 {count} 条" in person.get(url)
    return found


def sent_reply(panel: Panel) -> int:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    return reply


def test_a_returned_reply_comes_back_to_its_unit_alone(panel: Panel) -> None:
    reply = sent_reply(panel)
    act(panel, "office", "send_back", "replies", reply, return_reason="其他", note="写具体")
    assert parts(panel, "school")[BACK] == {"被退回的答复": 1}
    assert parts(panel, "school-leader")[BACK] == {"被退回的答复": 1}
    assert parts(panel, "supervisor")[BACK] == {"被退回的答复": 1}
    assert BACK not in parts(panel, "housing")
    assert parts(panel, "office")[AWAITED]["退回单位在改的答复"] == 1


def test_a_returned_opinion_does_not_come_back_to_the_main_unit(panel: Panel) -> None:
    opinion = a_draft(panel, task(panel, HOUSING, "协办"), kind="协办意见")
    act(panel, "housing", "send", "replies", opinion)
    act(panel, "office", "send_back", "replies", opinion, return_reason="其他", note="写具体")
    assert parts(panel, "housing")[BACK] == {"被退回的答复": 1}
    assert BACK not in parts(panel, "school")


def test_an_opinion_that_says_nothing_comes_back_to_its_unit_and_the_main_unit_awaits_it(
    panel: Panel,
) -> None:
    opinion = a_draft(panel, task(panel, HOUSING, "协办"), kind="协办意见")
    act(panel, "housing", "send", "replies", opinion)
    act(panel, "office", "pass", "replies", opinion)
    act(panel, "housing", "issue", "replies", opinion, issued_on="2024-04-15", document_no="")
    assert AWAITED not in parts(panel, "school")
    why = {"return_reason": "无实质内容", "note": "写明何时加装护栏"}
    act(panel, "school", "send_back_opinion", "replies", opinion, **why)
    assert parts(panel, "housing")[BACK] == {"被退回的答复": 1}
    awaited = parts(panel, "school")[AWAITED]
    assert (awaited["等协办意见的任务"], awaited["退给协办单位的意见"]) == (1, 1)


def test_a_refused_return_comes_back_until_the_unit_has_answered(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    words = {"kind": "退办", "reason": "不属职责", "suggested_unit_id": unit(panel, HOUSING)}
    act(panel, "school", "ask_return", "assignments", mine, **words)
    assert parts(panel, "school")[AWAITED]["等审核的退办申请"] == 1
    assert parts(panel, "office")[OWED]["待审的退办申请"] == 1
    request = panel.id_of("ReturnRequest")
    told = {"decided_on": "2024-04-15", "decision_note": "属职责"}
    act(panel, "office", "refuse_return", "return_requests", request, **told)
    assert parts(panel, "school")[BACK] == {"退办没有同意": 1}
    assert "等审核的退办申请" not in parts(panel, "school")[AWAITED]
    sent_reply(panel)
    assert BACK not in parts(panel, "school")


def test_what_waits_for_oneself_is_not_waited_for_from_others(panel: Panel) -> None:
    a_route(
        panel, ("复核", "承办单位联络员"), ("分管审核", "承办单位领导"), ("督查审核", "交办督查")
    )
    reply = sent_reply(panel)
    assert parts(panel, "school")[OWED]["待我审签的答复"] == 1
    assert "审核中的答复" not in parts(panel, "school")[AWAITED]
    assert parts(panel, "school-leader")[AWAITED]["审核中的答复"] == 1
    act(panel, "school", "pass", "replies", reply)
    assert parts(panel, "school")[AWAITED]["审核中的答复"] == 1
    assert "审核中的答复" not in parts(panel, "school-leader")[AWAITED]
    assert parts(panel, "office")[AWAITED]["审核中的答复"] == 1
    assert parts(panel, "supervisor")[AWAITED]["审核中的答复"] == 1


def test_the_main_unit_waits_for_opinions_and_signatures_of_its_partners(panel: Panel) -> None:
    a_route(panel, ("协办会签", "协办单位"), ("督查审核", "交办督查"))
    assert parts(panel, "school")[AWAITED] == {"等协办意见的任务": 1}
    assert "等协办意见的任务" not in parts(panel, "housing").get(AWAITED, {})
    sent_reply(panel)
    assert parts(panel, "school")[AWAITED]["等协办会签的答复"] == 1
    assert parts(panel, "housing")[OWED]["待会签的答复"] == 1
    assert parts(panel, "office")[AWAITED]["等协办会签的答复"] == 1


def test_the_office_waits_for_signatures_and_answers(panel: Panel) -> None:
    assert parts(panel, "office")[AWAITED]["单位待签收"] == 3
    act(panel, "school", "sign", "assignments", task(panel, SCHOOL, "主办"))
    act(panel, "housing", "sign", "assignments", task(panel, HOUSING, "协办"))
    awaited = parts(panel, "office")[AWAITED]
    assert (awaited["等答复的任务"], awaited["等协办意见的任务"]) == (1, 1)
    reply = sent_reply(panel)
    act(panel, "office", "pass", "replies", reply)
    assert parts(panel, "office")[AWAITED]["等正式答复的"] == 1


@pytest.mark.parametrize("who", PEOPLE)
def test_a_list_of_what_waits_for_nobody_can_be_asked_by_everybody(panel: Panel, who: str) -> None:
    person = panel.as_(who)
    if person.client.get("/replies/").status_code == 200:
        assert "不等我办理的" in person.get("/replies/?waits=none")


def test_what_has_come_back_is_counted_once(panel: Panel) -> None:
    reply = sent_reply(panel)
    act(panel, "office", "send_back", "replies", reply, return_reason="其他", note="写具体")
    a_draft(panel, task(panel, HOUSING, "主办"))
    told = parts(panel, "school")
    assert told[BACK] == {"被退回的答复": 1}
    assert "待送审的答复" not in told[OWED]
    assert "退回来的，改后再送审" in panel.as_("school").get("/")
    assert parts(panel, "housing")[OWED]["待送审的答复"] == 1


def test_a_returned_plan_is_counted_once(panel: Panel) -> None:
    plan = a_plan(panel, task(panel, SCHOOL, "主办"))
    assert parts(panel, "school")[OWED]["待报送的办理方案"] == 1
    act(panel, "school", "file_plan", "handling_plans", plan)
    act(panel, "office", "return_plan", "handling_plans", plan, review_note="写明分工")
    told = parts(panel, "school")
    assert told[BACK] == {"被退回的办理方案": 1}
    assert "待报送的办理方案" not in told[OWED]


def test_a_task_to_be_done_anew_is_counted_once(panel: Panel) -> None:
    act(panel, "school", "sign", "assignments", task(panel, SCHOOL, "主办"))
    a_bad_rating(panel)
    told = parts(panel, "school")
    assert told[OWED]["待重办"] == 1 and BACK not in told
    act(panel, "school", "redo", "assignments", task(panel, SCHOOL, "主办"))
    told = parts(panel, "school")
    assert told[BACK] == {"不满意，在重办的": 1} and "待重办" not in told[OWED]


def a_bad_rating(panel: Panel) -> None:
    """The deputy is not satisfied with the answer to 001."""
    reply = answered(panel)
    known = {"deputy_id": panel.id_of("Deputy", name="覃丽"), "mode": "当面", "has_form": "y"}
    act(panel, "school", "deliver", "replies", reply, sent_on="2024-04-15", **known)
    bad = {"work_rating": "满意", "result_rating": "不满意", "opinion": "还没有画。"}
    act(panel, "deputy", "rate", "replies", reply, **bad)


def test_after_an_act_that_makes_a_draft_the_draft_is_shown(panel: Panel) -> None:
    a_bad_rating(panel)
    page = act(panel, "school", "redo", "assignments", task(panel, SCHOOL, "主办"))
    assert "已开始重新办理" in page
    draft = panel.id_of("Reply", round=2)
    assert f"/replies/edit/?id={draft}" in page and "第2轮" in page


def test_what_an_institution_waits_for_is_under_one_head_only(panel: Panel) -> None:
    reply = answered(panel)
    known = {"deputy_id": panel.id_of("Deputy", name="覃丽"), "mode": "当面", "has_form": "y"}
    act(panel, "school", "deliver", "replies", reply, sent_on="2024-04-15", **known)
    told = parts(panel, "congress")
    assert OWED not in told
    assert told[AWAITED]["反馈表没有收回"] == 1
    assert told[MORE]["已答复的件"] == 1
