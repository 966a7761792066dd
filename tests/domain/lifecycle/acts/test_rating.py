"""反馈 and 重办: a deputy says what he thinks of the reply; where he is not satisfied, a new round begins."""

from datetime import date
from typing import Any

import pytest

from domain import models
from tests.domain.lifecycle.acts.test_delivering import ISSUED, deputy, signs
from tests.domain.texts.test_typed_text import import_rows
from tests.ground.acting import HOUSING, SCHOOL, a_draft, act, item, state, task
from tests.ground.district import MORNING, Panel

GOOD = {"work_rating": "满意", "result_rating": "基本满意"}
BAD = {"work_rating": "满意", "result_rating": "不满意", "opinion": "斑马线还没有画。"}
DAY = "2024-04-15"
LEAD = f"{SCHOOL}主办 建议001号 关于增设校门口斑马线的建议"


@pytest.fixture
def reply(panel: Panel) -> int:
    """The issued answer to 001, which 覃丽 leads and 黄敏 has signed; it was sent to 覃丽 with the form."""
    signs(panel, "001", "黄敏")
    with panel.truth() as session:
        rules = models.DeadlineRuleSet(name="本级")
        session.add(rules)
        session.flush()
        redo = {"milestone": "重新办理", "basis": "月", "days": 1, "reference": "反馈"}
        session.add(models.DeadlineRule(rule_set_id=rules.id, **redo))
        meeting = session.query(models.Meeting).filter_by(body="人大").one()
        meeting.rule_set_id = rules.id
        session.commit()
    key = a_draft(panel, task(panel, SCHOOL, "主办"), **ISSUED)
    known = {"deputy_id": deputy(panel, "覃丽"), "mode": "当面", "sent_on": DAY, "has_form": "y"}
    act(panel, "school", "deliver", "replies", key, **known)
    return key


def rated(panel: Panel, reply: int) -> list[tuple[str, str, str]]:
    """(deputy, rating of the result, who filled it in) of every rating of a reply, as they came."""
    with panel.truth() as session:
        rows = session.query(models.Feedback).filter_by(reply_id=reply).order_by("id")
        return [(row.deputy.name, row.result_rating, row.entered_how) for row in rows]


def redo_of(panel: Panel) -> Any:
    """(due, done) of 重新办理."""
    with panel.truth() as session:
        line = session.query(models.Deadline).filter_by(milestone="重新办理").one_or_none()
        return line and (line.due_on, line.done_on)


# 反馈


def test_a_deputy_rates_the_reply_that_he_got(panel: Panel, reply: int) -> None:
    him = panel.as_("deputy")
    assert "共 1 条" in him.get("/replies/?waits=rate")
    page = act(
        panel,
        "deputy",
        "rate",
        "replies",
        reply,
        **GOOD,
        contact_mode="座谈会",
        agrees_to_publish="y",
    )
    assert "已反馈：" in page
    assert rated(panel, reply) == [("覃丽", "基本满意", "本人")]
    key = panel.id_of("Feedback", reply_id=reply)
    assert state(panel, "Feedback", key, "received_on") == MORNING.date()
    assert "共 1 条" not in him.get("/replies/?waits=rate")
    page = act(panel, "deputy", "rate", "replies", reply, status=200, **GOOD)
    assert "您已经反馈过" in page
    assert state(panel, "Proposal", item(panel, "001")) == "评价"


@pytest.mark.parametrize("which", ["work_rating", "result_rating"])
def test_who_is_not_satisfied_says_why(panel: Panel, reply: int, which: str) -> None:
    page = act(panel, "deputy", "rate", "replies", reply, status=200, **{**GOOD, which: "不满意"})
    assert "不满意的，请写明哪里不满意" in page
    assert rated(panel, reply) == []
    with panel.truth() as session:
        known = {**GOOD, which: "不满意", "received_on": MORNING.date()}
        me = deputy(panel, "覃丽")
        session.add(models.Feedback(reply_id=reply, deputy_id=me, **known))
        with pytest.raises(Exception, match="ck_feedbacks_reason"):
            session.flush()


def test_the_agency_and_the_office_enter_what_came_on_paper(panel: Panel, reply: int) -> None:
    for person in ("congress", "office"):
        assert "反馈表没有收回" in panel.as_(person).get("/")
        assert "共 1 条" in panel.as_(person).get("/replies/?waits=record_rating")
    page = panel.as_("congress").get(f"/replies/details/?id={reply}")
    assert "覃丽（领衔）" in page
    assert "黄敏（联名）" in page  # he must get it, though nobody has noted it
    both = [deputy(panel, name) for name in ("覃丽", "黄敏")]
    for person, whose in zip(("congress", "office"), both, strict=True):
        act(
            panel,
            person,
            "record_rating",
            "replies",
            reply,
            deputy_id=whose,
            received_on=DAY,
            **GOOD,
        )
    assert rated(panel, reply) == [
        ("覃丽", "基本满意", "机构代录"),
        ("黄敏", "基本满意", "督查代录"),
    ]
    assert "机构代录" in panel.as_("school").get("/feedbacks/")
    page = act(
        panel,
        "congress",
        "record_rating",
        "replies",
        reply,
        status=200,
        deputy_id=both[0],
        received_on=DAY,
        **GOOD,
    )
    assert "应当反馈的都反馈了" in page


def test_nobody_is_rated_for_who_has_rated_or_has_no_part_in_it(panel: Panel, reply: int) -> None:
    act(panel, "deputy", "rate", "replies", reply, **GOOD)
    for name in ("覃丽", "韦强"):
        whose = deputy(panel, name)
        page = act(
            panel,
            "office",
            "record_rating",
            "replies",
            reply,
            status=200,
            deputy_id=whose,
            received_on=DAY,
            **GOOD,
        )
        assert "选的这一项现在不能选了" in page
    assert len(rated(panel, reply)) == 1


def test_a_unit_enters_no_rating(panel: Panel, reply: int) -> None:
    whose = deputy(panel, "覃丽")
    for person in ("school", "school-leader"):
        for name in ("rate", "record_rating"):
            act(
                panel,
                person,
                name,
                "replies",
                reply,
                status=400,
                deputy_id=whose,
                received_on=DAY,
                **GOOD,
            )
    assert rated(panel, reply) == []


def test_a_deputy_rates_his_own_alone(panel: Panel, reply: int) -> None:
    other = a_draft(panel, task(panel, HOUSING, "主办"), **ISSUED)
    act(panel, "deputy", "rate", "replies", other, status=404, **GOOD)
    draft = a_draft(panel, task(panel, SCHOOL, "主办"), round=2)
    act(panel, "deputy", "rate", "replies", draft, status=404, **GOOD)
    act(panel, "congress", "rate", "replies", reply, status=400, **GOOD)
    assert panel.count("Feedback") == 0


def test_a_rating_is_changed_by_whoever_gave_it(panel: Panel, reply: int) -> None:
    act(panel, "deputy", "rate", "replies", reply, **GOOD)
    key = panel.id_of("Feedback", reply_id=reply)
    page = act(
        panel, "office", "correct_rating", "feedbacks", key, status=200, received_on=DAY, **BAD
    )
    assert "不是您这里填写的" in page
    act(
        panel,
        "deputy",
        "correct_rating",
        "feedbacks",
        key,
        work_rating="满意",
        result_rating="满意",
    )
    assert rated(panel, reply) == [("覃丽", "满意", "本人")]
    with panel.truth() as session:
        log = (
            session.query(models.ChangeLog).filter_by(table_name="feedbacks", act="修改反馈").one()
        )
        assert log.changes["result_rating"] == ["基本满意", "满意"]


def test_what_was_entered_for_a_deputy_he_may_change_and_then_it_is_his(
    panel: Panel, reply: int
) -> None:
    whose = deputy(panel, "覃丽")
    act(
        panel,
        "congress",
        "record_rating",
        "replies",
        reply,
        deputy_id=whose,
        received_on=DAY,
        **GOOD,
    )
    key = panel.id_of("Feedback", reply_id=reply)
    act(panel, "congress", "correct_rating", "feedbacks", key, received_on="2024-04-14", **GOOD)
    assert state(panel, "Feedback", key, "received_on") == date(2024, 4, 14)
    act(panel, "deputy", "correct_rating", "feedbacks", key, **BAD)
    assert rated(panel, reply) == [("覃丽", "不满意", "本人")]


def test_a_rating_is_taken_back_and_may_be_given_anew(panel: Panel, reply: int) -> None:
    act(panel, "deputy", "rate", "replies", reply, **BAD)
    key = panel.id_of("Feedback", reply_id=reply)
    assert "已撤回反馈：" in act(panel, "deputy", "unrate", "feedbacks", key)
    assert rated(panel, reply) == []
    assert state(panel, "Proposal", item(panel, "001")) == "答复"
    assert redo_of(panel) is None
    act(panel, "deputy", "rate", "replies", reply, **GOOD)


def test_a_closed_item_takes_no_dissatisfaction_before_it_is_open_again(
    panel: Panel, reply: int
) -> None:
    with panel.truth() as session:
        session.get_one(models.Proposal, item(panel, "001")).closed_on = MORNING.date()
        session.commit()
    page = act(panel, "deputy", "rate", "replies", reply, status=200, **BAD)
    assert "本件已经办结，不满意的要重新办理" in page
    act(panel, "deputy", "rate", "replies", reply, **GOOD)
    key = panel.id_of("Feedback", reply_id=reply)
    act(panel, "deputy", "correct_rating", "feedbacks", key, status=200, **GOOD)


def test_no_rating_comes_before_the_reply(panel: Panel, reply: int) -> None:
    known = {"deputy_id": deputy(panel, "覃丽"), "received_on": "2024-04-11"}
    page = act(panel, "office", "record_rating", "replies", reply, status=200, **known, **GOOD)
    assert "2024-04-11 还没有答复" in page


# 重办


def test_dissatisfaction_puts_the_unit_to_work_again_at_once(panel: Panel, reply: int) -> None:
    of, mine = item(panel, "001"), task(panel, SCHOOL, "主办")
    act(panel, "deputy", "rate", "replies", reply, **BAD)
    assert (state(panel, "Proposal", of), state(panel, "Assignment", mine)) == ("重办", "办理中")
    assert redo_of(panel) == (date(2024, 5, 15), None)
    for person, tells in (("school", "待重办"), ("school-leader", "不满意，在重办的")):
        assert f"<span>{tells}</span><b>1</b>" in panel.as_(person).get("/"), person
        found = f"/assignments/?proposal.state=重办&state=办理中&unit_id={panel.id_of('Unit', name=SCHOOL)}"
        assert "共 1 条" in panel.as_(person).get(found)
    assert "共 1 条" in panel.as_("school").get("/assignments/?waits=redo")
    assert "重新办理、拟稿" in panel.as_("school").get(f"/proposals/details/?id={of}")


def test_the_new_round_keeps_the_former_reply_and_ends_with_the_new_one(
    panel: Panel, reply: int
) -> None:
    of, mine = item(panel, "001"), task(panel, SCHOOL, "主办")
    act(panel, "deputy", "rate", "replies", reply, **BAD)
    assert "已开始重新办理" in act(panel, "school", "redo", "assignments", mine)
    assert "没有重新办理" in act(panel, "school", "redo", "assignments", mine)
    second = panel.id_of("Reply", assignment_id=mine, round=2)
    key = panel.id_of("Feedback", reply_id=reply)
    page = act(panel, "deputy", "correct_rating", "feedbacks", key, status=200, **GOOD)
    assert "已经开始重新办理" in page
    assert rated(panel, reply) == [("覃丽", "不满意", "本人")]
    with panel.truth() as session:
        letter = session.query(models.AnswerCategory.id).filter_by(letter="A").scalar()
        row = session.get_one(models.Reply, second)
        row.body, row.answer_category_id = "已画好。", letter
        session.commit()
    act(panel, "school", "send", "replies", second, partner_note="不等")
    assert (state(panel, "Proposal", of), state(panel, "Assignment", mine)) == ("重办", "审核中")
    act(panel, "office", "pass", "replies", second)
    assert state(panel, "Proposal", of) == "重办"  # until the new one is issued
    act(panel, "school", "issue", "replies", second, issued_on=DAY, document_no="2号")
    assert (state(panel, "Proposal", of), state(panel, "Assignment", mine)) == ("答复", "已答复")
    assert redo_of(panel) == (date(2024, 5, 15), MORNING.date())
    assert "共 1 条" in panel.as_("school").get("/replies/?waits=deliver")
    act(panel, "deputy", "rate", "replies", second, work_rating="满意", result_rating="满意")
    assert state(panel, "Proposal", of) == "评价"
    assert [rated(panel, key)[0][1] for key in (reply, second)] == ["不满意", "满意"]  # first, last
    page = panel.as_("school").get(f"/proposals/details/?id={of}")
    assert "斑马线还没有画。" in panel.as_("deputy").get("/feedbacks/details/?id=1")
    assert "第1轮" in page


def test_whoever_is_dissatisfied_of_several_the_item_is_done_anew(panel: Panel, reply: int) -> None:
    act(panel, "deputy", "rate", "replies", reply, **GOOD)
    other = {"deputy_id": deputy(panel, "黄敏"), "received_on": "2024-04-13"}
    act(panel, "office", "record_rating", "replies", reply, **other, **BAD)
    assert state(panel, "Proposal", item(panel, "001")) == "重办"
    assert redo_of(panel) == (date(2024, 5, 13), None)  # a month after it was received


def test_a_workbook_that_brings_dissatisfaction_begins_the_new_round_too(
    panel: Panel, reply: int
) -> None:
    head = ["答复", "代表委员", "反馈日期", "办理工作", "办理结果", "意见和建议"]
    row = [f"答复（第1轮）{LEAD}", "黄敏", DAY, "满意", "不满意"]
    (step,) = import_rows(panel, "feedbacks", head, [*row, ""]).steps
    assert "要在“意见和建议”里写明原因" in step.errors[0].message
    (step,) = import_rows(panel, "feedbacks", head, [*row, "没有解决。"]).steps
    assert step.errors == []
    assert rated(panel, reply) == [("黄敏", "不满意", "补录")]
    assert state(panel, "Assignment", task(panel, SCHOOL, "主办")) == "办理中"


def test_one_unit_of_several_that_answer_is_at_work_again_alone(panel: Panel) -> None:
    of = item(panel, "001")
    with panel.truth() as session:
        for row in session.query(models.Assignment).filter_by(proposal_id=of):
            row.role = "分办"
        session.commit()
    tasks = [
        panel.id_of("Assignment", proposal_id=of, unit_id=panel.id_of("Unit", name=name))
        for name in (SCHOOL, HOUSING)
    ]
    mine, theirs = (a_draft(panel, key, **ISSUED) for key in tasks)
    act(panel, "deputy", "rate", "replies", theirs, **BAD)
    assert [state(panel, "Assignment", key) for key in tasks] == ["已答复", "办理中"]
    assert state(panel, "Proposal", of) == "重办"
    assert "共 1 条" not in panel.as_("school").get("/assignments/?waits=redo")
    assert "共 1 条" in panel.as_("housing").get("/assignments/?waits=redo")
    act(panel, "deputy", "rate", "replies", mine, **GOOD)
    assert state(panel, "Proposal", of) == "重办"


def test_a_form_counts_the_round_and_opens_none_that_is_not_due(panel: Panel, reply: int) -> None:
    school, mine = panel.as_("school"), task(panel, SCHOOL, "主办")
    assert 'name="round"' not in school.get(f"/replies/new/?assignment_id={mine}")
    page = school.post("/replies/new/", 200, assignment_id=mine, kind="答复", body="再答。")
    assert "没有不满意的反馈，不用再拟" in page
    act(panel, "deputy", "rate", "replies", reply, **BAD)
    school.post("/replies/new/", assignment_id=mine, kind="答复", body="再答。")
    assert panel.count("Reply", assignment_id=mine, round=2, state="拟稿") == 1


def test_the_office_begins_anew_for_a_unit_and_nobody_where_it_is_not_due(
    panel: Panel, reply: int
) -> None:
    mine = task(panel, SCHOOL, "主办")
    assert "没有重新办理" in act(panel, "office", "redo", "assignments", mine)
    act(panel, "deputy", "rate", "replies", reply, **BAD)
    act(panel, "housing", "redo", "assignments", mine, status=404)
    act(panel, "school-leader", "redo", "assignments", mine, status=400)
    act(panel, "office", "redo", "assignments", mine)
    assert panel.count("Reply", assignment_id=mine) == 2
