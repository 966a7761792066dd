"""协办会签: the partners read the main unit's reply and sign it, or say why not; it goes on once all have signed."""

from datetime import date

import pytest

from domain import models
from tests.ground.acting import (
    HOUSING,
    SCHOOL,
    a_draft,
    a_route,
    a_scan,
    act,
    item,
    state,
    task,
    unit,
)
from tests.ground.district import Panel

THIRD = "鱼峰区民政局"


@pytest.fixture
def sent(panel: Panel) -> int:
    """教育局's reply, on its way: 住建局 and 民政局 are to sign it before the office checks it."""
    add_third(panel)
    a_route(panel, ("协办会签", "协办单位"), ("督查审核", "交办督查"))
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), body="已增设斑马线。")
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    a_scan(panel, reply)
    return reply


def add_third(panel: Panel) -> None:
    words = {"proposal_id": item(panel, "001"), "role": "协办"}
    with panel.truth() as session:
        third = models.Unit(name=THIRD, short_name="民政局")
        session.add(third)
        session.flush()
        session.add(models.Assignment(unit_id=third.id, **words))
        session.commit()


def sign_for_third(panel: Panel, reply: int, status: int = 302, **words: object) -> str:
    answers = {"signed_name": "黄局长", "acted_at": "2024-04-15", **words}
    return act(panel, "school", "record_countersign", "replies", reply, status=status, **answers)


def test_a_partner_finds_the_reply_reads_it_and_signs(panel: Panel, sent: int) -> None:
    housing = panel.as_("housing")
    front = housing.get("/")
    assert "待会签的答复" in front
    assert "关于增设校门口斑马线的建议" in front[front.index('id="waiting"') :]
    page = housing.get(f"/replies/details/?id={sent}")
    assert "已增设斑马线。" in page
    assert "act=countersign" in page
    assert "已会签" in act(panel, "housing", "countersign", "replies", sent, note="同意")
    assert "待会签的答复</span><b>0</b>" in housing.get("/")
    assert "已增设斑马线。" in housing.get(f"/replies/details/?id={sent}")


def test_the_reply_goes_on_once_all_have_signed_and_whoever_is_missing_is_named(
    panel: Panel, sent: int
) -> None:
    assert state(panel, "Reply", sent) == "协办会签"
    of_item, of_reply = (
        f"/proposals/details/?id={item(panel, '001')}",
        f"/replies/details/?id={sent}",
    )
    for who, path in (("school", of_reply), ("office", of_item), ("housing", of_item)):
        assert f"<b>{HOUSING}、{THIRD}</b>：会签" in panel.as_(who).get(path)
    act(panel, "housing", "countersign", "replies", sent)
    assert state(panel, "Reply", sent) == "协办会签"
    assert f"<b>{THIRD}</b>：会签" in panel.as_("school").get(f"/replies/details/?id={sent}")
    sign_for_third(panel, sent)
    assert state(panel, "Reply", sent) == "督查审核"


def test_one_that_does_not_agree_returns_the_reply_with_words(panel: Panel, sent: int) -> None:
    page = act(panel, "housing", "object", "replies", sent, status=200)
    assert "请填写意见。" in page
    page = act(panel, "housing", "object", "replies", sent, note="第二条与事实不符")
    assert state(panel, "Reply", sent) == "退回"
    seen = panel.as_("school").get(f"/replies/details/?id={sent}")
    assert "第二条与事实不符" in seen
    assert "协办不同意" in seen
    act(panel, "school", "send", "replies", sent, partner_note="不等")
    assert state(panel, "Reply", sent) == "协办会签"


@pytest.mark.parametrize("resumes", [False, True])
def test_sent_again_the_partners_sign_again_where_the_route_begins_anew(
    panel: Panel, sent: int, resumes: bool
) -> None:
    with panel.truth() as session:
        session.query(models.ReviewRoute).one().resumes = resumes
        session.commit()
    act(panel, "housing", "countersign", "replies", sent)
    sign_for_third(panel, sent)
    act(panel, "office", "send_back", "replies", sent, return_reason="其他", note="写具体")
    act(panel, "school", "send", "replies", sent, partner_note="不等")
    assert state(panel, "Reply", sent) == ("督查审核" if resumes else "协办会签")
    offered = "act=countersign" in panel.as_("housing").get(f"/replies/details/?id={sent}")
    assert offered is not resumes


def test_a_signature_on_paper_is_entered_by_whom_the_route_names(panel: Panel, sent: int) -> None:
    page = sign_for_third(panel, sent, status=200)
    assert f"请选还没有会签的协办单位：{HOUSING}、{THIRD}" in page
    page = sign_for_third(panel, sent, 200, countersign_unit_id=unit(panel, SCHOOL))
    assert "请选还没有会签的协办单位" in page
    sign_for_third(panel, sent, countersign_unit_id=unit(panel, THIRD), acted_at="2024-04-12")
    with panel.truth() as session:
        step = session.query(models.ReviewStep).filter_by(step="协办会签").one()
        assert (step.signed_name, step.countersign_unit.name) == ("黄局长", THIRD)
        assert step.acted_at.date() == date(2024, 4, 12)
        line = session.query(models.ReviewRouteStep).filter_by(step="协办会签").one()
        line.recorder = "交办督查"
        session.commit()
    assert "会签不由您代录" in sign_for_third(panel, sent, status=200)
    answers = {"signed_name": "韦局长", "acted_at": "2024-04-15"}
    act(panel, "office", "record_countersign", "replies", sent, **answers)
    assert state(panel, "Reply", sent) == "督查审核"


def test_a_partner_signs_once_and_takes_it_back_until_somebody_goes_on(
    panel: Panel, sent: int
) -> None:
    act(panel, "housing", "countersign", "replies", sent)
    assert "本单位已经会签" in act(panel, "housing", "countersign", "replies", sent, status=200)
    assert panel.count("ReviewStep", step="协办会签") == 1
    act(panel, "housing", "unpass", "replies", sent)
    assert panel.count("ReviewStep", step="协办会签", result="撤回") == 1
    act(panel, "housing", "countersign", "replies", sent)
    sign_for_third(panel, sent)
    assert "没有撤回审签" in act(panel, "housing", "unpass", "replies", sent)


def test_partners_sign_anew_what_the_office_returned_past_the_route(panel: Panel) -> None:
    a_route(panel, ("协办会签", "协办单位"), resumes=True)
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "housing", "countersign", "replies", reply)
    assert state(panel, "Reply", reply) == "通过"
    told = {"return_reason": "其他", "note": "第二条没有答"}
    act(panel, "office", "send_back", "replies", reply, **told)
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    assert state(panel, "Reply", reply) == "协办会签"
    act(panel, "housing", "countersign", "replies", reply)
    assert state(panel, "Reply", reply) == "通过"


def test_neither_the_main_unit_nor_a_stranger_signs_for_a_partner(panel: Panel, sent: int) -> None:
    assert "不能会签" in act(panel, "school", "countersign", "replies", sent, status=200)
    act(panel, "office", "countersign", "replies", sent, status=400)
    second = a_draft(panel, task(panel, HOUSING, "主办"))
    act(panel, "school", "countersign", "replies", second, status=404)


def test_a_partner_sees_the_reply_neither_before_nor_when_it_is_none_any_more(panel: Panel) -> None:
    a_route(panel, ("协办会签", "协办单位"), ("督查审核", "交办督查"))
    reply, housing = a_draft(panel, task(panel, SCHOOL, "主办")), panel.as_("housing")
    path = f"/replies/details/?id={reply}"
    housing.get(path, 404)
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    housing.get(path)
    act(
        panel, "office", "take_back", "assignments", task(panel, HOUSING, "协办"), end_reason="重复"
    )
    housing.get(path, 404)
    assert state(panel, "Reply", reply) == "督查审核"


def test_without_partners_nobody_is_waited_for(panel: Panel) -> None:
    a_route(panel, ("协办会签", "协办单位"))
    reply = a_draft(panel, task(panel, HOUSING, "主办"))
    act(panel, "housing", "send", "replies", reply)
    assert state(panel, "Reply", reply) == "通过"
    assert state(panel, "Reply", reply, "approved_on") == date(2024, 4, 15)


def test_an_opinion_is_nobodys_to_countersign(panel: Panel) -> None:
    a_route(panel, ("协办会签", "协办单位"), ("督查审核", "交办督查"))
    opinion = a_draft(panel, task(panel, HOUSING, "协办"), kind="协办意见")
    act(panel, "housing", "send", "replies", opinion)
    assert state(panel, "Reply", opinion) == "督查审核"


def test_who_has_signed_by_mistake_takes_it_back(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "office", "pass", "replies", reply)
    assert state(panel, "Reply", reply) == "通过"
    act(panel, "office", "unpass", "replies", reply)
    assert state(panel, "Reply", reply) == "督查审核"
    assert state(panel, "Reply", reply, "approved_on") is None


def test_a_route_says_that_partners_sign_and_nothing_else(panel: Panel) -> None:
    a_route(panel, ("督查审核", "交办督查"))
    line = {"review_route_id": panel.id_of("ReviewRoute"), "position": 2, "step": "协办会签"}
    office = panel.as_("office")
    page = office.post("/review_route_steps/new/", 200, **line, signer="承办单位领导")
    assert "协办会签的审签角色是协办单位" in page
    usual = {"kind": "全部", "items": "全部", "recorder": "不代录"}
    office.post("/review_route_steps/new/", **line, **usual, signer="协办单位")
    assert panel.count("ReviewRouteStep", step="协办会签", signer="协办单位") == 1


def test_a_signature_counts_whatever_other_replies_are_sent_since(panel: Panel, sent: int) -> None:
    """Once any reply at all that was sent later undid it, and the partner was asked anew."""
    act(panel, "housing", "countersign", "replies", sent, note="同意")
    other = a_draft(panel, task(panel, HOUSING, "协办"), kind="协办意见", body="同意。")
    act(panel, "housing", "send", "replies", other)
    assert "act=countersign" not in panel.as_("housing").get(f"/replies/details/?id={sent}")
