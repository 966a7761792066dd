"""The main line by acts: handed over, signed for, given back or reassigned, reviewed, returned, issued."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import Engine, event

from admin.frame.db import db
from domain import models
from domain.actors import OFFICE, Actor
from domain.lifecycle.acts.items.assigning import HAND_OVER
from domain.lifecycle.doing import perform
from domain.storing.session import actor_session
from tests.ground.acting import (
    HOUSING,
    SCHOOL,
    a_draft,
    a_meeting,
    a_route,
    a_scan,
    act,
    item,
    state,
    task,
    unit,
)
from tests.ground.district import MORNING, Panel

TODAY = MORNING.date()
S1 = (
    ("复核", "承办单位联络员"),
    ("分管审核", "承办单位领导"),
    ("督办审签", "督办领导"),
    ("督查审核", "交办督查"),
)
HOW = {"handed_over_on": "2024-04-15", "role": "主办"}


def logged(panel: Panel, table: str, key: int) -> list[str]:
    with panel.truth() as session:
        log = models.ChangeLog
        found = session.query(log.act).filter_by(table_name=table, row_id=key).order_by(log.id)
        return [name for (name,) in found if name]


def tasks_of(panel: Panel, number: str) -> list[tuple[str, str, str]]:
    """(unit, role, state) of every task of an item, as they were made."""
    with panel.truth() as session:
        rows = session.query(models.Assignment).filter_by(proposal_id=item(panel, number))
        return [(t.unit.name, t.role, t.state) for t in rows.order_by(models.Assignment.id)]


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    asked: list[str] = []

    def note(*arguments: Any) -> None:
        asked.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


# 交办


def test_an_item_is_handed_over_with_day_person_and_due_dates(panel: Panel) -> None:
    third = item(panel, "003")
    assert "待交办" in panel.as_("office").get("/")
    page = act(
        panel,
        "office",
        "hand_over",
        "proposals",
        third,
        unit_id=unit(panel, SCHOOL),
        **HOW,
        notice_no="鱼督交〔2024〕1号",
    )
    assert "已交办：建议003号 关于延长图书馆开放时间的建议" in page
    assert state(panel, "Proposal", third) == "交办"
    with panel.truth() as session:
        made = session.query(models.Assignment).filter_by(proposal_id=third).one()
        assert (made.assigned_by.username, made.assigned_at, made.counts_from_on) == (
            "office",
            MORNING,
            TODAY,
        )
        assert (made.notice_no, made.state) == ("鱼督交〔2024〕1号", "待签收")
        key = made.id
    assert logged(panel, "assignments", key) == ["交办"]


def test_a_date_of_its_own_wants_a_reason_and_stays(panel: Panel) -> None:
    third, known = (
        item(panel, "003"),
        {"unit_id": unit(panel, SCHOOL), "due_on": "2024-05-20", **HOW},
    )
    page = act(panel, "office", "hand_over", "proposals", third, status=200, **known)
    assert "请填写另定时限的理由。" in page
    assert "2024-05-20" in page  # what was typed is still there
    act(panel, "office", "hand_over", "proposals", third, **known, extension_reason="领导要求")
    with panel.truth() as session:
        made = session.query(models.Assignment).filter_by(proposal_id=third).one()
        (line,) = [one for one in made.deadlines if one.milestone == "答复"]
        assert (line.due_on, line.origin) == (date(2024, 5, 20), "手工")


def test_two_who_hand_over_at_once_make_one_main_unit_and_the_second_is_told(panel: Panel) -> None:
    third, known = item(panel, "003"), {"unit_id": unit(panel, SCHOOL), **HOW}
    act(panel, "office", "hand_over", "proposals", third, **known)
    page = act(panel, "office", "hand_over", "proposals", third, status=200, **known)
    assert "已有主办或分办单位" in page
    assert tasks_of(panel, "003") == [(SCHOOL, "主办", "待签收")]


def test_many_are_handed_over_at_once_and_those_that_cannot_are_named(panel: Panel) -> None:
    office, third, first = panel.as_("office"), item(panel, "003"), item(panel, "001")
    page = office.post("/proposals/action/", status=200, action="hand_over", rowid=[third, first])
    assert "将交办 1 条" in page
    assert "1 条不能交办" in page
    page = act(
        panel, "office", "hand_over", "proposals", third, first, unit_id=unit(panel, HOUSING), **HOW
    )
    assert "已交办 1 条。“建议001号" in page
    assert tasks_of(panel, "003") == [(HOUSING, "主办", "待签收")]


def test_all_that_a_list_finds_are_handed_over_and_nothing_that_came_after(panel: Panel) -> None:
    office, third = panel.as_("office"), item(panel, "003")
    sent = {"asked": "state=登记", "unit_id": unit(panel, SCHOOL), **HOW}
    page = office.post("/proposals/act/?act=hand_over", 200, asked="state=登记")
    assert f'name="rowid" value="{third}"' in page
    with panel.truth() as session:
        old = session.get_one(models.Proposal, third)
        words = {"kind": "建议", "number": "004", "title": "关于增设公厕的建议", "state": "登记"}
        session.add(models.Proposal(meeting_id=old.meeting_id, **words))
        session.commit()
    page = office.post("/proposals/act/?act=hand_over", sure="1", rowid=third, **sent)
    assert "已交办：建议003号" in page
    assert tasks_of(panel, "003") == [(SCHOOL, "主办", "待签收")]
    assert tasks_of(panel, "004") == []  # nobody had seen that it would be among them


def test_many_are_handed_over_with_a_date_by_as_many_questions_as_few(panel: Panel) -> None:
    school, third = unit(panel, SCHOOL), item(panel, "003")
    with panel.truth() as session:
        meeting = session.get_one(models.Proposal, third).meeting_id
        words = {"meeting_id": meeting, "kind": "建议", "state": "登记"}
        made = [models.Proposal(number=str(n), title=f"关于{n}", **words) for n in range(100, 125)]
        session.add_all(made)
        session.flush()
        keys = [row.id for row in made]
        session.commit()
        office = session.query(models.User.id).filter_by(username="office").scalar()
    actor = Actor("office", OFFICE, user_id=office)
    told = {"unit_id": school, "due_on": date(2024, 5, 20), "extension_reason": "领导要求"}
    told |= {"role": "主办", "handed_over_on": TODAY}

    def statements(ids: list[int]) -> int:
        with panel.app.app_context(), actor_session(db.engine, actor, lambda: MORNING) as session:
            with counted(db.engine) as asked:
                assert len(perform(session, HAND_OVER, ids, told).done) == len(ids)
            session.commit()
        return len([statement for statement in asked if statement.startswith("SELECT")])

    few, many = statements(keys[:2]), statements(keys[2:])
    assert many == few
    assert panel.count("Deadline", due_on=date(2024, 5, 20), origin="手工") == 25


# 签收


def test_a_liaison_signs_for_several_tasks_at_once(panel: Panel) -> None:
    housing = panel.as_("housing")
    mine = [task(panel, HOUSING, role) for role in ("主办", "协办")]
    assert "签收所选" in housing.get("/assignments/")
    assert "将签收 2 条" in housing.post("/assignments/action/", 200, action="sign", rowid=mine)
    assert "已签收 2 条" in act(panel, "housing", "sign", "assignments", *mine)
    signer = panel.id_of("User", username="housing")
    known = {"signed_on": TODAY, "signed_at": MORNING, "signed_by_id": signer, "state": "办理中"}
    assert panel.count("Assignment", **known) == 2


def test_a_liaison_signs_on_the_tasks_page_with_one_click(panel: Panel) -> None:
    school, mine = panel.as_("school"), task(panel, SCHOOL, "主办")
    assert "act=sign" in school.get(f"/assignments/details/?id={mine}")
    page = school.post("/assignments/act/?act=sign", rowid=mine)
    assert "已签收：" in page
    assert "act=sign&" not in page
    assert logged(panel, "assignments", mine)[0] == "签收"


def test_pressed_twice_it_is_signed_once_and_who_did_it_is_told(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    act(panel, "school", "sign", "assignments", mine)
    page = act(panel, "school", "sign", "assignments", mine)
    assert "没有签收。" in page
    assert "已于 2024-04-15 09:00 签收" in page
    with panel.truth() as session:
        log = models.ChangeLog
        found = session.query(log.changes).filter_by(table_name="assignments", row_id=mine)
        assert sum("signed_on" in changes for (changes,) in found) == 1


def test_a_liaison_signs_neither_for_a_partner_nor_for_what_it_does_not_see(panel: Panel) -> None:
    school, partner = panel.as_("school"), task(panel, HOUSING, "协办")
    assert "act=sign" not in school.get(f"/assignments/details/?id={partner}")
    assert "没有签收" in act(panel, "school", "sign", "assignments", partner)
    foreign = task(panel, HOUSING, "主办")
    act(panel, "school", "sign", "assignments", foreign, status=404)
    assert panel.count("Assignment", signed_on=None) == 3


def test_a_leader_does_not_sign_for_receipt(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    act(panel, "school-leader", "sign", "assignments", mine, status=400)
    assert panel.count("Assignment", signed_on=None) == 3


def test_the_office_enters_a_day_gone_by_and_the_log_says_so(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    act(panel, "office", "sign", "assignments", mine, signed_on="2024-04-11")
    assert state(panel, "Assignment", mine, "signed_on") == date(2024, 4, 11)
    assert logged(panel, "assignments", mine)[0] == "签收（补录）"
    page = act(
        panel,
        "office",
        "sign",
        "assignments",
        task(panel, HOUSING, "协办"),
        status=200,
        signed_on="2024-04-16",
    )
    assert "还没有到" in page


def test_a_slip_is_taken_back_as_long_as_nobody_has_built_on_it(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    act(panel, "school", "sign", "assignments", mine)
    act(panel, "school", "unsign", "assignments", mine)
    assert state(panel, "Assignment", mine) == "待签收"
    act(panel, "school", "sign", "assignments", mine)
    a_draft(panel, mine)
    assert "没有撤回签收" in act(panel, "school", "unsign", "assignments", mine)
    assert state(panel, "Assignment", mine, "signed_on") == TODAY


def test_no_form_sets_what_acts_write(panel: Panel) -> None:
    school, mine = panel.as_("school"), task(panel, SCHOOL, "主办")
    assert 'name="signed_on"' not in school.get(f"/assignments/edit/?id={mine}")
    seen = school.get(f"/assignments/edit/?id={mine}").split('name="seen" value="')[1].split('"')[0]
    school.post(f"/assignments/edit/?id={mine}", seen=seen, handler="覃", signed_on="2024-04-11")
    assert panel.count("Assignment", signed_on=None) == 3


# 退办


def a_request(panel: Panel, **words: Any) -> int:
    answers = {
        "kind": "退办",
        "reason": "不属本单位职责",
        "suggested_unit_id": unit(panel, HOUSING),
    }
    act(
        panel,
        "school",
        "ask_return",
        "assignments",
        task(panel, SCHOOL, "主办"),
        **{**answers, **words},
    )
    return panel.id_of("ReturnRequest")


def test_a_request_wants_reason_and_unit_and_stops_the_task(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    page = act(panel, "school", "ask_return", "assignments", mine, status=200, kind="退办")
    assert "请填写理由。" in page
    assert "请填写建议改由。" in page
    request = a_request(panel)
    assert state(panel, "Assignment", mine) == "退办中"
    assert state(panel, "ReturnRequest", request, "asked_on") == TODAY
    assert "待审的退办申请" in panel.as_("office").get("/")


def test_a_granted_request_hands_the_item_to_the_new_unit_in_one_act(panel: Panel) -> None:
    first, request = task(panel, SCHOOL, "主办"), a_request(panel)
    partner = task(panel, HOUSING, "协办")
    with panel.truth() as session:
        session.delete(session.get_one(models.Assignment, partner))
        session.commit()
    known = {
        "decided_on": "2024-04-15",
        "unit_id": unit(panel, HOUSING),
        "handed_over_on": "2024-04-15",
    }
    page = act(panel, "office", "grant_return", "return_requests", request, **known)
    assert "已同意，并交办给新单位" in page
    assert tasks_of(panel, "001") == [(SCHOOL, "主办", "已退办"), (HOUSING, "主办", "待签收")]
    with panel.truth() as session:
        heir = (
            session.query(models.Assignment)
            .filter_by(proposal_id=item(panel, "001"), state="待签收")
            .one()
        )
        assert heir.follows_id == first
        assert heir.deadlines
    assert state(panel, "Assignment", first, "ended_how") == "退办"


def test_a_unit_that_is_at_work_on_the_item_is_not_taken_twice(panel: Panel) -> None:
    request = a_request(panel)
    known = {
        "decided_on": "2024-04-15",
        "unit_id": unit(panel, HOUSING),
        "handed_over_on": "2024-04-15",
    }
    page = act(panel, "office", "grant_return", "return_requests", request, status=200, **known)
    assert "这个单位已经承办本件。" in page
    assert state(panel, "ReturnRequest", request, "decision") == "待定"
    assert state(panel, "Assignment", task(panel, SCHOOL, "主办")) == "退办中"


def test_a_refused_request_wants_a_reason_and_the_unit_goes_on(panel: Panel) -> None:
    request = a_request(panel)
    page = act(panel, "office", "refuse_return", "return_requests", request, status=200)
    assert "请填写审核意见。" in page
    act(
        panel,
        "office",
        "refuse_return",
        "return_requests",
        request,
        decided_on="2024-04-15",
        decision_note="属职责",
    )
    assert state(panel, "Assignment", task(panel, SCHOOL, "主办")) == "待签收"
    assert state(panel, "ReturnRequest", request, "decided_by_id") == panel.id_of(
        "User", username="office"
    )


def test_whoever_asked_takes_the_request_back(panel: Panel) -> None:
    request = a_request(panel)
    act(panel, "school", "withdraw_return", "return_requests", request)
    assert state(panel, "ReturnRequest", request, "decision") == "撤回"
    assert state(panel, "ReturnRequest", request, "decided_by_id") is None  # nobody has decided
    assert state(panel, "Assignment", task(panel, SCHOOL, "主办")) == "待签收"
    assert a_second_request(panel) == 2


def a_second_request(panel: Panel) -> int:
    answers = {"kind": "退办", "reason": "再申请", "suggested_unit_id": unit(panel, HOUSING)}
    act(panel, "school", "ask_return", "assignments", task(panel, SCHOOL, "主办"), **answers)
    return panel.count("ReturnRequest")


def test_a_late_request_is_refused_with_the_day_but_not_the_offices(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    with panel.truth() as session:
        session.add(
            models.Deadline(
                assignment_id=mine, milestone="申请退办", due_on=date(2024, 4, 12), origin="手工"
            )
        )
        session.commit()
    answers = {"kind": "退办", "reason": "迟了", "suggested_unit_id": unit(panel, HOUSING)}
    page = act(panel, "school", "ask_return", "assignments", mine, status=200, **answers)
    assert "申请退办的期限到 2024-04-12 为止" in page
    assert "还不能申请退办" in panel.as_("school").get(f"/assignments/details/?id={mine}")
    act(panel, "office", "ask_return", "assignments", mine, asked_on="2024-04-12", **answers)
    assert state(panel, "Assignment", mine) == "退办中"


# 改派, 增办, 撤办


def test_a_reassigned_task_is_kept_with_its_records_and_a_new_one_begins(panel: Panel) -> None:
    first = task(panel, HOUSING, "主办")
    act(panel, "housing", "sign", "assignments", first)
    known = {"unit_id": unit(panel, SCHOOL), "handed_over_on": "2024-04-15"}
    page = act(panel, "office", "reassign", "assignments", first, status=200, **known)
    assert "请填写结束理由。" in page
    act(panel, "office", "reassign", "assignments", first, **known, end_reason="机构改革")
    assert tasks_of(panel, "002") == [(HOUSING, "主办", "已撤办"), (SCHOOL, "主办", "待签收")]
    with panel.truth() as session:
        old = session.get_one(models.Assignment, first)
        assert (old.signed_on, old.ended_how, old.ended_by.username) == (TODAY, "改派", "office")
        assert not [line for line in old.deadlines if line.done_on is None]


def test_the_same_unit_may_get_an_item_again(panel: Panel) -> None:
    first = task(panel, HOUSING, "主办")
    known = {"handed_over_on": "2024-04-15", "end_reason": "调整"}
    act(panel, "office", "reassign", "assignments", first, unit_id=unit(panel, SCHOOL), **known)
    second = panel.id_of("Assignment", proposal_id=item(panel, "002"), state="待签收")
    act(panel, "office", "reassign", "assignments", second, unit_id=unit(panel, HOUSING), **known)
    assert tasks_of(panel, "002")[-1] == (HOUSING, "主办", "待签收")
    assert panel.count("Assignment", proposal_id=item(panel, "002"), turn=2) == 1


def test_a_unit_that_is_taken_off_leaves_the_item_in_sight(panel: Panel) -> None:
    act(
        panel, "office", "take_back", "assignments", task(panel, HOUSING, "主办"), end_reason="重复"
    )
    assert state(panel, "Proposal", item(panel, "002")) == "登记"
    assert "关于老旧小区加装电梯的建议" in panel.as_("office").get("/proposals/?waits=hand_over")


def test_a_partner_is_added(panel: Panel) -> None:
    second = item(panel, "002")
    known = {"unit_id": unit(panel, SCHOOL), "role": "协办", "handed_over_on": "2024-04-15"}
    act(panel, "office", "add_unit", "proposals", second, **known)
    assert tasks_of(panel, "002") == [(HOUSING, "主办", "待签收"), (SCHOOL, "协办", "待签收")]


def test_what_somebody_has_worked_on_gets_no_other_unit_by_its_form(panel: Panel) -> None:
    office, mine = panel.as_("office"), task(panel, HOUSING, "主办")
    act(panel, "housing", "sign", "assignments", mine)
    page = office.get(f"/assignments/edit/?id={mine}")
    seen = page.split('name="seen" value="')[1].split('"')[0]
    sent = {"proposal_id": item(panel, "002"), "unit_id": unit(panel, SCHOOL), "role": "主办"}
    page = office.post(f"/assignments/edit/?id={mine}", 200, seen=seen, **sent)
    assert "请用“改派”" in page


# 送审, 审签, 退回, 答复


def test_a_reply_goes_its_route_each_finds_it_and_presses_once(panel: Panel) -> None:
    a_route(panel, *S1)
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), partner_note="不等协办")
    act(panel, "school", "send", "replies", reply, partner_note="不等协办")
    assert state(panel, "Reply", reply) == "复核"
    act(panel, "school", "pass", "replies", reply)
    assert state(panel, "Reply", reply) == "分管审核"
    assert "待我审签的答复" in panel.as_("school-leader").get("/")
    assert "没有可以通过的" in act(panel, "office", "pass", "replies", reply, status=200)
    act(panel, "school-leader", "pass", "replies", reply, note="可以")
    assert (
        state(panel, "Reply", reply) == "督查审核"
    )  # no key item: the supervisor's step is not taken
    act(panel, "office", "pass", "replies", reply)
    assert state(panel, "Reply", reply) == "通过"
    assert state(panel, "Reply", reply, "approved_on") == TODAY
    act(panel, "school", "issue", "replies", reply, issued_on="2024-04-15", document_no="鱼教函1号")
    assert state(panel, "Reply", reply) == "已答复"
    assert state(panel, "Assignment", task(panel, SCHOOL, "主办")) == "已答复"


def test_a_key_item_goes_by_its_supervisor(panel: Panel) -> None:
    a_route(panel, *S1)
    with panel.truth() as session:
        session.get_one(models.Proposal, item(panel, "001")).key_kind = "领导督办"
        session.commit()
    a_meeting(panel, task(panel, SCHOOL, "主办"))
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "school", "pass", "replies", reply)
    act(panel, "school-leader", "pass", "replies", reply)
    assert state(panel, "Reply", reply) == "督办审签"
    act(panel, "supervisor", "pass", "replies", reply)
    assert state(panel, "Reply", reply) == "督查审核"


def test_all_that_is_missing_is_said_at_once_before_and_after_the_click(panel: Panel) -> None:
    a_route(panel, *S1, needs_ledger=True, needs_file=True)
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), body="", answer_category_id=None)
    said = ("还没有内容", "还没有标注答复类别", "还没有办理台账", "还没有附件")
    before = panel.as_("school").get(f"/replies/details/?id={reply}")
    after = act(panel, "school", "send", "replies", reply, status=200, partner_note="")
    for page in (before, after):
        assert all(words in page for words in said)
    assert f"协办意见还没有收齐：{HOUSING}" in after
    assert state(panel, "Reply", reply) == "拟稿"


def test_a_returned_reply_says_why_and_begins_where_the_route_says(panel: Panel) -> None:
    for resumes, again in ((False, "复核"), (True, "督查审核")):
        if resumes:
            with panel.truth() as session:
                session.query(models.ReviewRoute).one().resumes = True
                session.commit()
        else:
            a_route(panel, *S1)
            reply = a_draft(panel, task(panel, SCHOOL, "主办"))
            act(panel, "school", "send", "replies", reply, partner_note="不等")
            act(panel, "school", "pass", "replies", reply)
            act(panel, "school-leader", "pass", "replies", reply)
        answers = {"return_reason": "针对性不强", "note": "第二条没有答"}
        if not resumes:
            page = act(panel, "office", "send_back", "replies", reply, status=200)
            assert "请填写退回原因。" in page
        act(panel, "office", "send_back", "replies", reply, **answers)
        assert state(panel, "Reply", reply) == "退回"
        assert "第二条没有答" in panel.as_("school").get(f"/replies/details/?id={reply}")
        act(panel, "school", "send", "replies", reply, partner_note="不等")
        assert state(panel, "Reply", reply) == again
        if not resumes:
            act(panel, "school", "pass", "replies", reply)
            act(panel, "school-leader", "pass", "replies", reply)
    assert panel.count("ReviewStep", result="退回") == 2


def test_what_was_sent_is_taken_back_until_somebody_has_acted(panel: Panel) -> None:
    a_route(panel, *S1[1:])
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "school", "unsend", "replies", reply)
    assert state(panel, "Reply", reply) == "拟稿"
    assert panel.count("ReviewStep", step="拟稿", result="撤回") == 1  # both stay to be read
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "school-leader", "pass", "replies", reply)
    assert "没有撤回送审" in act(panel, "school", "unsend", "replies", reply)


def test_a_signature_on_paper_is_recorded_for_the_signer_and_shown_as_that(panel: Panel) -> None:
    a_route(panel, *S1[1:])
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(
        panel,
        "school",
        "send",
        "replies",
        reply,
        partner_note="不等",
    )
    answers = {"signed_name": "韦局长", "acted_at": "2024-04-15"}
    page = act(panel, "school", "record_signature", "replies", reply, status=200, **answers)
    assert "还没有扫描件" in page
    a_scan(panel, reply)
    early = {**answers, "acted_at": "2024-04-09"}
    page = act(panel, "school", "record_signature", "replies", reply, status=200, **early)
    assert "签批日期 2024-04-09 不能早于交办日期 2024-04-10" in page
    act(panel, "school", "record_signature", "replies", reply, **answers)
    assert state(panel, "Reply", reply) == "督查审核"
    with panel.truth() as session:
        step = session.query(models.ReviewStep).filter_by(result="通过").one()
        assert (step.signed_name, step.user.username) == ("韦局长", "school")
    assert "韦局长" in panel.as_("office").get(f"/replies/details/?id={reply}")


def test_a_sent_reply_is_not_edited_but_corrected_with_a_reason(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    office = panel.as_("office")
    seen = office.get(f"/replies/edit/?id={reply}").split('name="seen" value="')[1].split('"')[0]
    sent = {
        "assignment_id": task(panel, SCHOOL, "主办"),
        "kind": "答复",
        "round": "1",
        "body": "改了",
    }
    page = office.post(f"/replies/edit/?id={reply}", 200, seen=seen, **sent)
    assert "请退回，或用“更正”并写明原因" in page
    with panel.truth() as session:
        letter = session.query(models.AnswerCategory.id).filter_by(letter="B").scalar()
    act(
        panel,
        "office",
        "correct",
        "replies",
        reply,
        answer_category_id=letter,
        document_no="",
        title="",
        note="应为B类",
    )
    assert state(panel, "Reply", reply, "answer_category_id") == letter
    assert state(panel, "Reply", reply) == "督查审核"
    blank = {"answer_category_id": "", "document_no": "", "title": "", "note": "再想想"}
    page = act(panel, "office", "correct", "replies", reply, status=200, **blank)
    assert "答复要有答复类别" in page
    assert "应为B类" in panel.as_("school").get(f"/replies/details/?id={reply}")


def test_an_issued_reply_is_taken_back_until_somebody_has_it(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "office", "pass", "replies", reply)
    act(panel, "school", "issue", "replies", reply, issued_on="2024-04-15")
    act(panel, "school", "unissue", "replies", reply)
    assert state(panel, "Reply", reply) == "通过"


def test_a_partner_opinion_goes_the_same_way(panel: Panel) -> None:
    opinion = a_draft(panel, task(panel, HOUSING, "协办"), kind="协办意见")
    act(panel, "housing", "send", "replies", opinion)
    act(panel, "office", "pass", "replies", opinion)
    act(panel, "housing", "issue", "replies", opinion, issued_on="2024-04-15")
    assert state(panel, "Assignment", task(panel, HOUSING, "协办")) == "已完成"


def test_a_signature_on_paper_may_be_older_than_the_sending(panel: Panel) -> None:
    """The leader signs on Friday, the liaison enters both on Monday."""
    a_route(panel, *S1[1:])
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    a_scan(panel, reply)
    answers = {"signed_name": "韦局长", "acted_at": "2024-04-12"}
    act(panel, "school", "record_signature", "replies", reply, **answers)
    assert state(panel, "Reply", reply) == "督查审核"
    assert logged(panel, "replies", reply)[-1] == "代录签批（补录）"
    assert "没有撤回送审" in act(panel, "school", "unsend", "replies", reply)


def test_what_is_for_one_row_is_not_done_on_several(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    replies = [a_draft(panel, mine, title="原题"), a_draft(panel, mine, round=2, title="原题")]
    for reply in replies:
        act(panel, "school", "send", "replies", reply, partner_note="不等")
    sent = {"rowid": replies, "sure": "1", "note": "改", "title": "", "document_no": ""}
    page = panel.as_("office").post("/replies/act/?act=correct", 400, **sent)
    assert "“更正”要一条一条地办。" in page
    assert panel.count("Reply", title="原题") == 2
    assert "正式答复所选" not in panel.as_("school").get("/replies/")


def test_several_sent_at_once_keep_what_each_says_of_its_partners(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    said = a_draft(panel, mine, partner_note="协办单位出差")
    silent = a_draft(panel, mine, round=2)
    page = act(panel, "school", "send", "replies", said, silent, partner_note="")
    assert "已送审 1 条" in page
    assert f"协办意见还没有收齐：{HOUSING}" in page
    assert state(panel, "Reply", said, "partner_note") == "协办单位出差"
    assert state(panel, "Reply", silent) == "拟稿"


def test_what_may_be_explained_is_told_before_the_click(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    page = panel.as_("school").get(f"/replies/details/?id={reply}")
    assert f"协办意见还没有收齐：{HOUSING}" in page
    assert "act=send&" in page


def test_a_route_that_changes_takes_along_what_is_on_its_way(panel: Panel) -> None:
    a_route(panel, *S1[1:])
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    assert state(panel, "Reply", reply) == "分管审核"
    line = panel.id_of("ReviewRouteStep", step="分管审核")
    panel.as_("office").post(f"/review_route_steps/delete/?id={line}", id=line, confirmed="1")
    assert state(panel, "Reply", reply) == "督查审核"


def test_a_step_may_be_signed_by_others_for_key_items(panel: Panel) -> None:
    a_route(panel, ("主要审签", "承办单位领导"), ("主要审签", "督办领导"))
    with panel.truth() as session:
        first, second = session.query(models.ReviewRouteStep).order_by("position")
        first.items, second.items = "非重点件", "重点件"
        session.commit()
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    assert "没有可以通过的" in act(panel, "supervisor", "pass", "replies", reply, status=200)
    act(panel, "school-leader", "pass", "replies", reply)
    assert state(panel, "Reply", reply) == "通过"


def test_a_kind_of_reply_without_a_line_of_its_own_is_the_offices(panel: Panel) -> None:
    a_route(panel, ("督查审核", "交办督查"))
    with panel.truth() as session:
        session.query(models.ReviewRouteStep).one().kind = "答复"
        session.commit()
    opinion = a_draft(panel, task(panel, HOUSING, "协办"), kind="协办意见")
    act(panel, "housing", "send", "replies", opinion)
    act(panel, "office", "pass", "replies", opinion)
    assert state(panel, "Reply", opinion) == "通过"


def test_the_last_signature_dates_the_approval(panel: Panel) -> None:
    a_route(panel, S1[1])
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    a_scan(panel, reply)
    answers = {"signed_name": "韦局长", "acted_at": "2024-04-12"}
    act(panel, "school", "record_signature", "replies", reply, **answers)
    assert state(panel, "Reply", reply) == "通过"
    assert state(panel, "Reply", reply, "approved_on") == date(2024, 4, 12)
    sent = {"issued_on": "2024-04-11", "document_no": ""}
    page = act(panel, "school", "issue", "replies", reply, status=200, **sent)
    assert "答复日期 2024-04-11 不能早于审核通过日期 2024-04-12" in page
    act(panel, "office", "issue", "replies", reply, **sent)  # the office enters what was so
    assert state(panel, "Reply", reply, "issued_on") == date(2024, 4, 11)


def test_a_reply_of_a_task_that_ended_goes_no_further(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    drafted = a_draft(panel, mine)
    act(panel, "office", "take_back", "assignments", mine, end_reason="重复交办")
    sent = {"submitted_on": "2024-04-15", "partner_note": "不等"}
    page = act(panel, "office", "send", "replies", drafted, status=200, **sent)
    assert "任务已经结束" in page
    assert state(panel, "Reply", drafted) == "拟稿"


def test_what_is_to_be_returned_is_not_sent_for_review(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    drafted = a_draft(panel, mine)
    words = {"kind": "退办", "reason": "不属本单位职责", "suggested_unit_id": unit(panel, HOUSING)}
    act(panel, "school", "ask_return", "assignments", mine, **words)
    page = act(panel, "school", "send", "replies", drafted, status=200, partner_note="不等")
    assert "正在申请退办" in page


def test_a_reply_of_an_item_that_was_withdrawn_waits_for_nobody(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    first = item(panel, "001")
    with panel.truth() as session:
        session.get_one(models.Proposal, first).withdrawn_on = TODAY
        session.commit()
    office = panel.as_("office")
    assert f"id={reply}" not in office.get("/replies/?waits=pass")
    assert "1 条不能通过" in act(panel, "office", "pass", "replies", reply, status=200)


def test_the_office_returns_what_waits_for_somebody_who_is_not_there(panel: Panel) -> None:
    a_route(panel, ("主要审签", "督办领导"), ("督查审核", "交办督查"))
    reply = a_draft(panel, task(panel, HOUSING, "主办"))
    act(panel, "housing", "send", "replies", reply)
    assert state(panel, "Reply", reply) == "主要审签"
    told = {"return_reason": "其他", "note": "没有督办领导，改走流程"}
    act(panel, "office", "send_back", "replies", reply, **told)
    assert state(panel, "Reply", reply) == "退回"


def test_a_route_asks_for_a_step_once(panel: Panel) -> None:
    a_route(panel, *S1[1:])
    with panel.truth() as session:
        key = session.query(models.ReviewRoute.id).scalar()
    line = {"review_route_id": key, "position": "9", "kind": "全部", "recorder": "不代录"}
    twice = {**line, "step": "分管审核", "signer": "承办单位领导"}
    page = panel.as_("office").post("/review_route_steps/new/", 200, items="重点件", **twice)
    assert "这套流程里同样的答复已有这个环节" in page
    for position, items in (("8", "重点件"), ("9", "非重点件")):
        other = {**line, "position": position, "step": "主要审签", "signer": "承办单位领导"}
        panel.as_("office").post("/review_route_steps/new/", items=items, **other)


def a_colleague(panel: Panel, name: str, like: str) -> None:
    """A second account of the same role and unit."""
    with panel.truth() as session:
        first = session.query(models.User).filter_by(username=like).one()
        known = {"role": first.role, "unit_id": first.unit_id, "must_change_password": False}
        session.add(models.User(username=name, full_name=f"同事·{name}", **known))
        session.commit()


def test_who_drafted_or_sent_a_reply_does_not_pass_it(panel: Panel) -> None:
    """S1: 拟稿、复核、审核、审签 are another one's each."""
    a_colleague(panel, "school-2", "school")
    a_route(panel, *S1, own_drafts=False)
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), drafter="承办单位联络员·school")
    act(panel, "school-2", "send", "replies", reply, partner_note="不等")
    for author in ("school", "school-2"):  # one has drafted it, the other has sent it
        told = act(panel, author, "pass", "replies", reply, status=200)
        assert "逐级审签要由别人审" in told
        assert "待我审签的答复</span><b>0</b>" in panel.as_(author).get("/")
    a_colleague(panel, "school-3", "school")
    act(panel, "school-3", "pass", "replies", reply)
    assert state(panel, "Reply", reply) == "分管审核"


def test_a_route_may_let_one_person_draft_and_pass(panel: Panel) -> None:
    a_route(panel, *S1, own_drafts=True)
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "school", "pass", "replies", reply)
    assert state(panel, "Reply", reply) == "分管审核"


def test_a_unit_with_one_person_is_told_before_it_sends(panel: Panel) -> None:
    a_route(panel, *S1, own_drafts=False)
    with panel.truth() as session:
        for line in session.query(models.ReviewRouteStep):
            line.recorder = "不代录"
        session.commit()
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    page = panel.as_("school").get(f"/replies/details/?id={reply}")
    assert "这几步现在没有人能办：复核（承办单位联络员）" in page
    a_colleague(panel, "school-2", "school")
    assert "这几步现在没有人能办" not in panel.as_("school").get(f"/replies/details/?id={reply}")
