"""寄送: an issued reply goes to everybody who must get it; who has got it is not asked for again."""

from datetime import date
from typing import Any

import pytest

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, a_draft, act, item, state, task
from tests.ground.district import Panel

ISSUED = {"state": "已答复", "issued_on": date(2024, 4, 12)}
WAITING = "/replies/?waits=deliver"


def deputy(panel: Panel, name: str) -> int:
    return panel.id_of("Deputy", name=name)


def signs(panel: Panel, number: str, name: str, role: str = "联名", **words: Any) -> int:
    """A deputy, new where need be, who has signed the item."""
    key = item(panel, number)
    with panel.truth() as session:
        found = session.query(models.Deputy).filter_by(name=name).one_or_none()
        found = found or models.Deputy(name=name, body="人大")
        session.add(found)
        session.flush()
        session.add(models.Sponsor(proposal_id=key, deputy_id=found.id, role=role, **words))
        session.commit()
        return int(found.id)


def served(panel: Panel, reply: int) -> set[str]:
    with panel.truth() as session:
        rows = session.query(models.Delivery).filter_by(reply_id=reply)
        return {row.deputy.name for row in rows}


@pytest.fixture
def reply(panel: Panel) -> int:
    """The issued answer to 001, which 覃丽 leads and two others have signed; one of them wants none."""
    signs(panel, "001", "黄敏")
    signs(panel, "001", "梁杰", wants_reply=False)
    signs(panel, "001", "莫兰", "附议")
    return a_draft(panel, task(panel, SCHOOL, "主办"), **ISSUED)


def test_everybody_who_must_get_it_is_offered_and_ticked(panel: Panel, reply: int) -> None:
    school = panel.as_("school")
    assert "待寄送的答复" in school.get("/")
    page = school.get(f"/replies/details/?id={reply}")
    assert "覃丽（领衔）" in page
    assert "黄敏（联名）" in page
    assert "梁杰（" not in page.partition("寄送方式")[0].partition("寄送对象")[2]
    assert page.count('<input checked id="deliver-deputy_id-') == 2
    both = [deputy(panel, "覃丽"), deputy(panel, "黄敏")]
    page = act(
        panel, "school", "deliver", "replies", reply,
        deputy_id=both, mode="邮寄", sent_on="2024-04-15", has_form="y",
    )  # fmt: skip
    assert "已寄送：" in page
    assert served(panel, reply) == {"覃丽", "黄敏"}
    assert panel.count("Delivery", mode="邮寄", has_form=True, sent_on=date(2024, 4, 15)) == 2
    assert panel.count("ChangeLog", table_name="deliveries", act="寄送") == 2


def test_it_waits_until_the_last_one_has_it(panel: Panel, reply: int) -> None:
    first, second = deputy(panel, "覃丽"), deputy(panel, "黄敏")
    known = {"mode": "当面", "sent_on": "2024-04-15"}
    act(panel, "school", "deliver", "replies", reply, deputy_id=first, **known)
    school = panel.as_("school")
    assert "共 1 条" in school.get(WAITING)
    page = act(panel, "school", "deliver", "replies", reply, status=200, deputy_id=first, **known)
    assert "选的这一项现在不能选了" in page  # he has it
    assert "黄敏（联名）" in page
    act(panel, "school", "deliver", "replies", reply, deputy_id=second, **known)
    assert "共 1 条" not in school.get(WAITING)
    page = act(panel, "school", "deliver", "replies", reply, status=200, deputy_id=second, **known)
    assert "应当寄送的都寄送了" in page


def test_nobody_ticked_is_a_fault_at_the_field(panel: Panel, reply: int) -> None:
    page = act(
        panel, "school", "deliver", "replies", reply, status=200, mode="当面", sent_on="2024-04-15"
    )
    assert "请选寄送对象。" in page
    assert served(panel, reply) == set()


def test_it_is_not_sent_before_it_was_issued(panel: Panel, reply: int) -> None:
    first = deputy(panel, "覃丽")
    known = {"deputy_id": first, "mode": "当面", "sent_on": "2024-04-11"}
    page = act(panel, "school", "deliver", "replies", reply, status=200, **known)
    assert "2024-04-11 还没有答复：答复日期是 2024-04-12。" in page
    assert served(panel, reply) == set()


def test_the_first_proposers_of_merged_items_get_it_too(panel: Panel, reply: int) -> None:
    with panel.truth() as session:
        merged = session.query(models.Proposal).filter_by(number="003").one()
        merged.merged_into_id = session.query(models.Proposal.id).filter_by(number="001").scalar()
        session.commit()
    signs(panel, "003", "吴梅", "领衔")
    signs(panel, "003", "蒙军")
    assert "吴梅（被并案的003号领衔）" in panel.as_("school").get(f"/replies/details/?id={reply}")
    all_of_them = [deputy(panel, name) for name in ("覃丽", "黄敏", "吴梅")]
    known = {"sent_on": "2024-04-15", "mode": "当面"}
    act(panel, "school", "deliver", "replies", reply, deputy_id=all_of_them, **known)
    assert served(panel, reply) == {"覃丽", "黄敏", "吴梅"}


def test_several_are_sent_at_once_each_to_all_who_must_get_it(panel: Panel, reply: int) -> None:
    other = a_draft(panel, task(panel, HOUSING, "主办"), **ISSUED)
    page = panel.as_("office").post("/replies/action/", 200, action="deliver", rowid=[reply, other])
    assert "将寄送 2 条" in page
    assert 'name="deputy_id"' not in page
    page = act(
        panel, "office", "deliver", "replies", reply, other, mode="邮寄", sent_on="2024-04-15"
    )
    assert "已寄送 2 条" in page
    assert (served(panel, reply), served(panel, other)) == ({"覃丽", "黄敏"}, {"韦强"})


@pytest.mark.parametrize("words", [{"state": "拟稿"}, {"state": "通过"}])
def test_a_draft_is_not_sent(panel: Panel, words: dict[str, Any]) -> None:
    draft = a_draft(panel, task(panel, SCHOOL, "主办"), **words)
    assert "act=deliver" not in panel.as_("school").get(f"/replies/details/?id={draft}")
    act(panel, "school", "deliver", "replies", draft, status=200, mode="当面", sent_on="2024-04-15")
    assert served(panel, draft) == set()


def test_an_opinion_goes_to_the_main_unit_and_to_no_deputy(panel: Panel) -> None:
    opinion = a_draft(panel, task(panel, HOUSING, "协办"), kind="协办意见", **ISSUED)
    page = act(
        panel,
        "office",
        "deliver",
        "replies",
        opinion,
        status=200,
        mode="当面",
        sent_on="2024-04-15",
    )
    assert "不寄给代表委员" in page
    assert served(panel, opinion) == set()


def test_another_units_reply_is_not_there_to_be_sent(panel: Panel) -> None:
    other = a_draft(panel, task(panel, HOUSING, "主办"), **ISSUED)
    act(panel, "school", "deliver", "replies", other, status=404, mode="当面", sent_on="2024-04-15")
    act(panel, "school-leader", "deliver", "replies", other, status=400)
    assert served(panel, other) == set()


def test_each_unit_of_an_item_that_several_answer_sends_its_own(panel: Panel) -> None:
    with panel.truth() as session:
        for row in session.query(models.Assignment).filter_by(proposal_id=item(panel, "001")):
            row.role = "分办"
        session.commit()
    of_item = item(panel, "001")
    mine, theirs = (
        a_draft(panel, panel.id_of("Assignment", proposal_id=of_item, unit_id=panel.id_of("Unit", name=name)), **ISSUED)
        for name in (SCHOOL, HOUSING)
    )  # fmt: skip
    known = {"deputy_id": deputy(panel, "覃丽"), "mode": "当面", "sent_on": "2024-04-15"}
    act(panel, "school", "deliver", "replies", mine, **known)
    assert (served(panel, mine), served(panel, theirs)) == ({"覃丽"}, set())
    assert "共 1 条" in panel.as_("housing").get(WAITING)
    act(panel, "school", "deliver", "replies", theirs, status=404, **known)
    act(panel, "housing", "deliver", "replies", theirs, **known)
    assert served(panel, theirs) == {"覃丽"}


def test_what_the_office_has_issued_waits_for_the_office(panel: Panel) -> None:
    key = a_draft(panel, task(panel, SCHOOL, "主办"), state="通过", approved_on=date(2024, 4, 12))
    act(panel, "office", "issue", "replies", key, issued_on="2024-04-15", document_no="1号")
    office, school = panel.as_("office"), panel.as_("school")
    assert "共 1 条" in office.get(WAITING)
    assert "共 1 条" in school.get(WAITING)
    with panel.truth() as session:
        unit = session.query(models.User).filter_by(username="school").one()
        session.get_one(models.Reply, key).issued_by_id = unit.id
        session.commit()
    assert "共 1 条" not in office.get(WAITING)
    assert "act=deliver" in office.get(f"/replies/details/?id={key}")  # but it may


def a_delivery(panel: Panel, reply: int) -> int:
    first = deputy(panel, "覃丽")
    act(
        panel,
        "school",
        "deliver",
        "replies",
        reply,
        deputy_id=first,
        mode="当面",
        sent_on="2024-04-15",
    )
    return panel.id_of("Delivery", reply_id=reply, deputy_id=first)


def test_a_receipt_is_entered_and_taken_back(panel: Panel, reply: int) -> None:
    key = a_delivery(panel, reply)
    page = act(
        panel, "school", "confirm_receipt", "deliveries", key, status=200, received_on="2024-04-14"
    )
    assert "收到回执不能早于寄送。" in page
    act(panel, "school", "confirm_receipt", "deliveries", key, received_on="2024-04-15")
    assert state(panel, "Delivery", key, "received_on") == date(2024, 4, 15)
    page = act(panel, "school", "undeliver", "deliveries", key)
    assert "没有撤回寄送" in page
    act(panel, "school", "unconfirm_receipt", "deliveries", key)
    assert state(panel, "Delivery", key, "received_on") is None


def test_a_sending_is_taken_back_while_nobody_has_built_on_it(panel: Panel, reply: int) -> None:
    key = a_delivery(panel, reply)
    page = act(panel, "school", "undeliver", "deliveries", key)
    assert "已撤回寄送：" in page
    assert served(panel, reply) == set()
    assert "共 1 条" in panel.as_("school").get(WAITING)
    assert panel.count("ChangeLog", table_name="deliveries", act="撤回寄送", action="删除") == 1


def test_a_sending_that_was_answered_stays(panel: Panel, reply: int) -> None:
    key = a_delivery(panel, reply)
    act(panel, "deputy", "rate", "replies", reply, work_rating="满意", result_rating="满意")
    page = act(panel, "office", "undeliver", "deliveries", key)
    assert "已经有了回执或反馈" in page
    assert served(panel, reply) == {"覃丽"}


def test_receipts_and_sendings_of_other_units_are_not_there(panel: Panel, reply: int) -> None:
    key = a_delivery(panel, reply)
    for name in ("confirm_receipt", "undeliver"):
        act(panel, "housing", name, "deliveries", key, status=404, received_on="2024-04-15")
        act(panel, "congress", name, "deliveries", key, status=400)
    assert panel.count("Delivery", received_on=None) == 1


def test_no_form_writes_what_acts_write(panel: Panel, reply: int) -> None:
    for person in ("office", "school", "deputy", "congress"):
        for table in ("deliveries", "feedbacks"):
            panel.as_(person).get(f"/{table}/new/", status=403)
