"""One page for one item: whose turn it is, how far each unit is, what has happened; to each what is his to see."""

import re
from collections import Counter
from datetime import date, datetime
from typing import Any

from sqlalchemy import event

from admin.frame.db import db
from domain import models
from domain.rules_of_saving import RULES
from domain.storing.write_rules import WriteRule, held_to
from tests.domain.texts.test_typed_text import import_rows
from tests.ground.acting import HOUSING, SCHOOL, a_draft, a_route, act, item, state, task, unit
from tests.ground.district import Panel


def page_of(panel: Panel, who: str, number: str = "001") -> str:
    return panel.as_(who).get(f"/proposals/details/?id={item(panel, number)}")


def turns(page: str) -> list[str]:
    found = re.search(r'<ul class="turn-list">(.*?)</ul>', page, re.S)
    return re.findall(r"<li>(.*?)</li>", found[1].replace("<b>", "").replace("</b>", "")) if found else []  # fmt: skip


def told(page: str) -> list[str]:
    found = re.search(r'<ol class="timeline">(.*?)</ol>', page, re.S)
    lines = re.findall(r"<li>(.*?)</li>", found[1], re.S) if found else []
    return [re.sub(r"\s+", " ", re.sub("<[^>]+>", "", line)).strip() for line in lines]


def test_the_page_says_whose_turn_it_is_at_every_step(panel: Panel) -> None:
    a_route(panel, ("分管审核", "承办单位领导"), ("督查审核", "交办督查"))
    mine = task(panel, SCHOOL, "主办")
    assert turns(page_of(panel, "office")) == [
        f"{SCHOOL} 承办单位联络员：签收",
        f"{HOUSING} 承办单位联络员：签收",
    ]
    act(panel, "school", "sign", "assignments", mine)
    assert turns(page_of(panel, "office"))[0] == f"{SCHOOL} 承办单位联络员：办理、拟稿"
    reply = a_draft(panel, mine)
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    assert turns(page_of(panel, "office"))[0] == f"{SCHOOL} 承办单位领导：分管审核"
    act(panel, "school-leader", "pass", "replies", reply)
    assert turns(page_of(panel, "school"))[0] == "交办督查：督查审核"
    act(panel, "office", "send_back", "replies", reply, return_reason="其他", note="写具体")
    assert turns(page_of(panel, "office"))[0] == f"{SCHOOL} 承办单位联络员：修改后再送审"


def test_an_item_without_a_main_unit_waits_for_the_office(panel: Panel) -> None:
    assert turns(page_of(panel, "office", "003")) == ["交办督查：交办主办单位"]
    act(panel, "office", "take_back", "assignments", task(panel, SCHOOL, "主办"), end_reason="重复")
    assert turns(page_of(panel, "office"))[0] == "交办督查：交办主办单位"


def test_what_happened_stands_day_by_day_with_who_did_it(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    act(panel, "office", "sign", "assignments", mine, signed_on="2024-04-11")
    act(panel, "school", "send", "replies", a_draft(panel, mine), partner_note="不等")
    lines = told(page_of(panel, "office"))
    assert lines[:2] == [f"2024-04-10 交办 {SCHOOL}主办", f"2024-04-10 交办 {HOUSING}协办"]
    assert lines[2] == f"2024-04-11 签收（补录） {SCHOOL}主办 交办督查·office"
    assert any(line.startswith("2024-04-15 报审 答复（第1轮）") for line in lines)
    assert any(
        "09:00 审核环节 拟稿提交" in line and "承办单位联络员·school" in line for line in lines
    )


def test_it_is_told_who_handed_the_item_over_and_from_which_day(panel: Panel) -> None:
    third, told_of = item(panel, "003"), {"unit_id": unit(panel, SCHOOL), "role": "主办"}
    act(panel, "office", "hand_over", "proposals", third, **told_of, handed_over_on="2024-04-12")
    assert told(page_of(panel, "office", "003")) == [
        f"2024-04-12 交办 {SCHOOL}主办 交办督查·office"
    ]


def test_what_is_handed_over_from_a_day_to_come_is_not_told_yet(panel: Panel) -> None:
    third, school = item(panel, "003"), unit(panel, SCHOOL)
    with panel.truth() as session:
        words = {"role": "主办", "handed_over_on": date(2024, 4, 16)}
        session.add(models.Assignment(proposal_id=third, unit_id=school, **words))
        session.commit()
    assert told(page_of(panel, "office", "003")) == []


def test_what_happened_on_one_day_stands_in_the_order_in_which_it_was_done(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    act(panel, "school", "sign", "assignments", mine)
    reply = a_draft(panel, mine)
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "office", "pass", "replies", reply)
    act(panel, "school", "issue", "replies", reply, issued_on="2024-04-15")
    lines = told(page_of(panel, "office"))
    done = [f"签收 {SCHOOL}", "拟稿提交", "督查审核通过", " 答复 答复"]
    places = [next(n for n, line in enumerate(lines) if deed in line) for deed in done]
    assert places == sorted(places), lines


def test_a_day_that_was_put_right_since_is_not_told_as_entered_afterwards(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    act(panel, "office", "sign", "assignments", mine, signed_on="2024-04-11")
    with panel.truth() as session:
        session.get_one(models.Assignment, mine).signed_on = date(2024, 4, 12)
        session.commit()
    assert f"2024-04-12 签收 {SCHOOL}主办 交办督查·office" in told(page_of(panel, "office"))


def test_what_a_file_brought_is_told_as_entered_afterwards_to_all(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    import_rows(panel, "assignments", ["编号", "签收日期"], [mine, "2024-04-11"])
    for who in ("office", "school", "deputy"):
        lines = told(page_of(panel, who))
        assert any(line.startswith("2024-04-11 签收（补录）") for line in lines), who


def test_a_person_out_of_sight_is_told_by_his_role(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "office", "send_back", "replies", reply, return_reason="其他", note="写具体")
    lines, page = (
        told(page_of(panel, "school")),
        panel.as_("school").get(f"/replies/details/?id={reply}"),
    )
    assert any("督查审核退回" in line and line.endswith("交办督查") for line in lines)
    assert "不在您的范围内" not in page
    assert "交办督查·office" not in page


def test_who_sees_less_is_told_less(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), body="只有主办知道的话")
    act(panel, "school", "sign", "assignments", task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    partner, deputy = page_of(panel, "housing"), page_of(panel, "deputy")
    assert f"{SCHOOL}主办" not in " ".join(told(partner))
    assert "审核环节" not in " ".join(told(partner) + told(deputy))
    assert "答复（第1轮）" not in deputy


def test_a_unit_that_has_ended_stands_last_and_struck_through(panel: Panel) -> None:
    act(
        panel, "office", "take_back", "assignments", task(panel, HOUSING, "协办"), end_reason="重复"
    )
    page = page_of(panel, "office")
    assert '<tr class="is-over">' in page
    assert page.index(SCHOOL) < page.index('<tr class="is-over">')


def test_progress_shows_the_day_done_or_due(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    with panel.truth() as session:
        late = {"milestone": "答复", "due_on": date(2024, 4, 12), "origin": "手工"}
        session.add(models.Deadline(assignment_id=mine, **late))
        session.commit()
    act(panel, "school", "sign", "assignments", mine)
    page = page_of(panel, "office")
    assert '<td class="done">04-15 ✓</td>' in page
    assert '<td class="late">04-12 前</td>' in page


def asked_for(panel: Panel, who: str, path: str) -> list[str]:
    """The statements that a page takes, the second time that it is opened."""
    person, asked = panel.as_(who), list[str]()
    person.get(path)
    with panel.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note := lambda *told: asked.append(told[2]))
    try:
        person.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return asked


def test_tables_in_which_an_item_has_no_rows_are_not_asked_for_them(panel: Panel) -> None:
    path = f"/proposals/details/?id={item(panel, '001')}"
    empty = re.compile(r"SELECT (urgings|supervision_notes|requests)\.")
    assert not [one for one in asked_for(panel, "office", path) if empty.match(one)]
    with panel.truth() as session:
        session.add(models.Request(proposal_id=item(panel, "001"), content="画斑马线"))
        lead, day = task(panel, SCHOOL, "主办"), date(2024, 4, 12)
        session.add(models.Urging(assignment_id=lead, content="请尽快办理", urged_on=day))
        session.commit()
    page = panel.as_("office").get(path)
    assert "画斑马线" in page and "请尽快办理" in page


def test_more_units_and_more_that_happened_are_no_more_questions(panel: Panel) -> None:
    mine = item(panel, "001")
    path = f"/proposals/details/?id={mine}"
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    before = {who: asked_for(panel, who, path) for who in ("office", "school")}
    with panel.truth() as session:
        someone = session.query(models.User.id).filter_by(username="office").scalar()
        for number in range(6):
            unit = models.Unit(name=f"第{number}局", short_name=f"{number}局")
            session.add(unit)
            session.flush()
            given = {"proposal_id": mine, "unit_id": unit.id, "role": "协办"}
            session.add(models.Assignment(**given, handed_over_on=date(2024, 4, 10)))
            said = {"step": "督查审核", "result": "更正", "user_id": someone}
            session.add(models.ReviewStep(reply_id=reply, acted_at=datetime(2024, 4, 16), **said))
        session.commit()
    for who, asked in before.items():
        now = asked_for(panel, who, path)
        assert len(now) == len(asked), (who, Counter(now) - Counter(asked))


def test_from_a_list_the_next_and_the_one_before(panel: Panel) -> None:
    office = panel.as_("office")
    listed = office.get("/proposals/?kind=建议&sort=number")
    links = re.findall(r'href="(/proposals/details/\?id=\d+&list=[^"]+)"', listed)
    middle = office.get(links[2].replace("&amp;", "&"))
    before, after = (
        re.search(rf'<a href="([^"]+)" rel="{rel}">', middle) for rel in ("prev", "next")
    )
    assert before and after
    assert "建议001号" in office.get(before[1])
    assert "建议003号" in office.get(after[1])
    assert 'rel="next"' not in office.get(after[1])
    assert "/proposals/?" in middle.split('class="crumbs"')[1][:120]


def test_a_question_that_makes_no_sense_by_now_leaves_the_page_as_it_is(panel: Panel) -> None:
    page = panel.as_("office").get(f"/proposals/details/?id={item(panel, '001')}&list=nonsense%3D1")
    assert "建议001号" in page
    assert 'rel="next"' not in page


# the front page


def test_what_waits_stands_first_soonest_due_first(panel: Panel) -> None:
    mine = [task(panel, HOUSING, role) for role in ("主办", "协办")]
    with panel.truth() as session:
        for key, day in zip(mine, (date(2024, 4, 20), date(2024, 4, 12)), strict=True):
            words = {"milestone": "签收", "due_on": day, "origin": "手工"}
            session.add(models.Deadline(assignment_id=key, **words))
        session.commit()
    page = panel.as_("housing").get("/")
    part = page[page.index('id="waiting"') :]
    assert part.index("2024-04-12") < part.index("2024-04-20")
    assert '<span class="late">2024-04-12</span>' in part


def test_a_number_opens_exactly_its_list(panel: Panel) -> None:
    page = panel.as_("housing").get("/")
    found = re.search(r'href="([^"]+)"><span>待签收</span><b>(\d+)</b>', page)
    assert found
    assert found[2] == "2"
    assert "共 2 条" in panel.as_("housing").get(found[1])
    panel.as_("housing").get("/assignments/?waits=hand_over", status=400)
    panel.as_("office").get("/assignments/?waits=sign", status=400)


def test_nothing_is_offered_that_would_be_refused(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    school = panel.as_("school")
    assert "act=deliver" not in school.get(f"/replies/details/?id={reply}")
    sent = {"mode": "当面", "sent_on": "2024-04-15"}
    page = act(panel, "office", "deliver", "replies", reply, status=200, **sent)
    assert "没有可以寄送的" in page
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "office", "pass", "replies", reply)
    act(panel, "school", "issue", "replies", reply, issued_on="2024-04-15")
    assert state(panel, "Reply", reply) == "已答复"
    assert "act=deliver" in school.get(f"/replies/details/?id={reply}")


class NoLedger(WriteRule):
    """Made up: nobody writes a ledger."""

    def concerns(self, table: str) -> bool:
        return table == "ledger_entries"

    def keeps_off(self, table: str, parent: Any) -> bool:
        return True


def test_no_row_is_offered_where_a_rule_would_refuse_each(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    path, office = f"/assignments/details/?id={mine}", panel.as_("office")
    assert "/ledger_entries/new/" in office.get(path)
    with held_to((*RULES, NoLedger())):
        assert "/ledger_entries/new/" not in office.get(path)


def test_what_was_taken_back_of_an_item_leaves_a_line(panel: Panel) -> None:
    key = item(panel, "002")
    told_of = {"withdrawn_on": "2024-04-14", "withdrawal_reason": "代表来函"}
    act(panel, "office", "withdraw", "proposals", key, **told_of)
    act(panel, "office", "restore", "proposals", key)
    assert told(page_of(panel, "office", "002"))[-1] == (
        "2024-04-15 09:00 取消撤件（原撤回日期 2024-04-14） 建议提案 交办督查·office"
    )


def test_an_item_that_was_merged_and_taken_out_again_says_so(panel: Panel) -> None:
    key = item(panel, "002")
    act(panel, "office", "merge", "proposals", key, merged_into_id=item(panel, "001"))
    act(panel, "office", "split", "proposals", key)
    what = [line.split(" ")[2] for line in told(page_of(panel, "office", "002"))]
    assert what[-2:] == ["并案", "解除并案"]
