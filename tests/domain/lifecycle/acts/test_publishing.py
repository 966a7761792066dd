"""公开: an answer is published with its day and address, or kept private for a reason; not before it is issued."""

from datetime import date

from domain import models
from tests.domain.lifecycle.acts.later import a_date, answered, waits
from tests.ground.acting import HOUSING, SCHOOL, a_draft, act, item, state, task
from tests.ground.district import Panel

TITLE = "关于增设校门口斑马线的建议"
ADDRESS = "http://www.yfq.gov.cn/jyta/001.html"
TOLD = {"publicity": "全文公开", "published_on": "2024-04-15", "web_address": ADDRESS}


def publish(panel: Panel, reply: int, status: int = 302, **words: str) -> str:
    return act(panel, "office", "publish", "replies", reply, status=status, **{**TOLD, **words})


def test_an_answer_is_published_with_its_day_and_address(panel: Panel) -> None:
    reply = answered(panel)
    assert "待定公开的答复" in panel.as_("office").get("/")
    assert TITLE in waits(panel, "office", "publish", "replies")
    publish(panel, reply)
    with panel.truth() as session:
        row = session.get_one(models.Reply, reply)
        said = (row.publicity, row.published_on, row.web_address)
        assert said == ("全文公开", date(2024, 4, 15), ADDRESS)
    assert TITLE not in waits(panel, "office", "publish", "replies")


def test_it_is_not_due_when_something_else_is_due_of_its_task(panel: Panel) -> None:
    reply = answered(panel)
    with panel.truth() as session:
        deputy = session.query(models.Deputy.id).filter_by(name="覃丽").scalar()
        sent = {"reply_id": reply, "deputy_id": deputy, "sent_on": date(2024, 4, 15)}
        session.add(models.Delivery(**sent))
        session.commit()
    a_date(panel, task(panel, SCHOOL, "主办"), "再次答复", date(2023, 9, 30))
    waiting = panel.as_("office").get("/").split("要办的事")[1].split("</table>")[0]
    assert TITLE in waiting
    assert "2023-09-30" not in waiting


def test_the_list_of_items_shows_it_and_finds_by_it(panel: Panel) -> None:
    publish(panel, answered(panel), publicity="摘要公开")
    office = panel.as_("office")
    assert TITLE in office.get("/proposals/?publicity=摘要公开")
    assert TITLE not in office.get("/proposals/?publicity=全文公开")


def test_it_is_not_published_before_it_was_issued(panel: Panel) -> None:
    draft = a_draft(panel, task(panel, SCHOOL, "主办"))
    assert "审核状态是“拟稿”" in publish(panel, draft, status=200)
    reply = answered_again(panel)
    assert "公开日期不能早于答复日期" in publish(panel, reply, 200, published_on="2024-04-11")


def answered_again(panel: Panel) -> int:
    """An answer that was issued on the day of the test, beside the draft."""
    mine = task(panel, HOUSING, "主办")
    return a_draft(panel, mine, state="已答复", issued_on=date(2024, 4, 15))


def test_what_is_kept_private_says_why(panel: Panel) -> None:
    reply = answered(panel)
    page = act(panel, "office", "keep_private", "replies", reply, status=200)
    assert "请填写公开说明" in page
    act(panel, "office", "keep_private", "replies", reply, publicity_note="涉密")
    assert state(panel, "Reply", reply, "publicity") == "不公开"
    assert TITLE not in waits(panel, "office", "publish", "replies")
    act(panel, "office", "unpublish", "replies", reply)
    assert TITLE in waits(panel, "office", "publish", "replies")
    assert state(panel, "Reply", reply, "publicity_note") == ""


def test_who_does_not_agree_is_named_first(panel: Panel) -> None:
    reply = answered(panel)
    with panel.truth() as session:
        deputy = session.query(models.Deputy.id).filter_by(name="覃丽").scalar()
        rated = {"work_rating": "满意", "result_rating": "满意", "agrees_to_publish": False}
        known = {"reply_id": reply, "deputy_id": deputy, "received_on": date(2024, 4, 15)}
        session.add(models.Feedback(**known, **rated))
        session.commit()
    assert "覃丽在反馈表上不同意公开" in publish(panel, reply, status=200)
    publish(panel, reply, publicity_note="涉及公共利益")
    assert state(panel, "Reply", reply, "publicity") == "全文公开"


def test_a_partners_opinion_is_not_published(panel: Panel) -> None:
    opinion = a_draft(
        panel,
        task(panel, HOUSING, "协办"),
        kind="协办意见",
        state="已答复",
        issued_on=date(2024, 4, 12),
    )
    assert "协办意见" in publish(panel, opinion, status=200)
    assert state(panel, "Reply", opinion, "publicity") == "未定"


def test_an_answer_of_which_that_was_said_is_not_taken_back(panel: Panel) -> None:
    reply = answered(panel)
    publish(panel, reply)
    assert "没有撤回答复" in act(panel, "office", "unissue", "replies", reply)
    act(panel, "office", "unpublish", "replies", reply)
    act(panel, "office", "unissue", "replies", reply)
    assert state(panel, "Reply", reply) == "通过"


def test_no_form_publishes(panel: Panel) -> None:
    answered(panel)
    form = panel.as_("office").get(f"/replies/edit/?id={panel.id_of('Reply')}")
    for name in ("publicity", "published_on", "web_address", "publicity_note"):
        assert f'name="{name}"' not in form
    form = panel.as_("office").get(f"/proposals/edit/?id={item(panel, '001')}")
    assert 'name="publicity"' not in form
