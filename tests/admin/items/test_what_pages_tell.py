"""What people look for on a page and would have to ask for otherwise: who leads, what the item says, why nothing is
deleted, what is to be done with what came back.
"""

from datetime import date

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, a_draft, a_route, act, item, task
from tests.ground.district import Panel


def tell_item(panel: Panel, body: str) -> None:
    first = item(panel, "001")
    with panel.truth() as session:
        session.get_one(models.Proposal, first).body = body
        session.commit()


def test_a_partner_reads_who_leads_on_the_page_of_its_task_and_of_the_item(panel: Panel) -> None:
    housing, key = panel.as_("housing"), task(panel, HOUSING, "协办")
    for page in (
        housing.get(f"/assignments/details/?id={key}"),
        housing.get(f"/proposals/details/?id={item(panel, '001')}"),
    ):
        part = page[page.index('id="units-of-item"') :]
        assert f"<b>主办</b>：{SCHOOL}" in part
        assert f"<b>协办</b>：{HOUSING}" in part


def test_the_progress_tells_who_sees_every_task_already(panel: Panel) -> None:
    page = panel.as_("office").get(f"/proposals/details/?id={item(panel, '001')}")
    assert 'id="progress"' in page
    assert 'id="units-of-item"' not in page


def test_what_the_item_says_is_folded_on_the_pages_of_its_tasks_and_replies(panel: Panel) -> None:
    tell_item(panel, "校门口车多，请画斑马线。")
    school, lead = panel.as_("school"), task(panel, SCHOOL, "主办")
    reply = a_draft(panel, lead)
    for page in (
        school.get(f"/assignments/details/?id={lead}"),
        school.get(f"/replies/details/?id={reply}"),
    ):
        folded = page[page.index("<summary>建议提案的原文</summary>") :]
        assert "校门口车多，请画斑马线。" in folded
        assert "建议提案的摘要" not in page  # an empty one


def test_what_others_hang_on_is_not_offered_for_deletion_and_says_why(panel: Panel) -> None:
    a_route(panel, ("督查审核", "交办督查"))
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    office, page = panel.as_("office"), f"/replies/details/?id={reply}"
    assert f"/replies/delete/?id={reply}" in office.get(page)
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    kept = office.get(page)
    assert f"/replies/delete/?id={reply}" not in kept
    assert "不提供删除：这份答复有审核环节，要留作记录，不能删除；写错的，改好再送审。" in kept


def test_a_reply_that_came_back_says_so_among_what_waits(panel: Panel) -> None:
    a_route(panel, ("督查审核", "交办督查"))
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    words = {"return_reason": "针对性不强", "note": "请写具体"}
    act(panel, "office", "send_back", "replies", reply, **words)
    front = panel.as_("school").get("/")
    assert "退回来的，改后再送审" in front[front.index('id="waiting"') :]


def test_a_new_task_is_offered_the_items_under_way_alone(panel: Panel) -> None:
    first, second, third = (item(panel, number) for number in ("001", "002", "003"))
    with panel.truth() as session:
        session.get_one(models.Proposal, second).withdrawn_on = date(2024, 4, 12)
        session.get_one(models.Proposal, third).merged_into_id = first
        session.commit()
    found = panel.as_("office").json("/assignments/ajax/lookup/?name=proposal_id&of=new")
    texts = " ".join(row["text"] for row in found)
    assert "建议001号" in texts
    assert "建议002号" not in texts
    assert "建议003号" not in texts


def test_a_date_that_was_agreed_is_offered_to_the_unit_that_takes_over(panel: Panel) -> None:
    lead = task(panel, SCHOOL, "主办")
    with panel.truth() as session:
        known = session.query(models.Deadline).filter_by(assignment_id=lead, milestone="答复")
        line = known.one_or_none() or models.Deadline(assignment_id=lead, milestone="答复")
        line.due_on, line.origin, line.extension_reason = date(2024, 8, 8), "手工", "领导同意"
        session.add(line)
        session.commit()
    page = panel.as_("office").get(f"/assignments/details/?id={lead}")
    form = page[page.index("act=reassign") :]
    assert 'value="2024-08-08"' in form
    assert "领导同意" in form


def test_a_step_that_nobody_can_take_is_told_and_does_not_hold_the_reply_up(panel: Panel) -> None:
    """住建局 has no leader's account, and nobody records what he signs on paper."""
    a_route(panel, ("分管审核", "承办单位领导"), ("督查审核", "交办督查"))
    with panel.truth() as session:
        for line in session.query(models.ReviewRouteStep):
            line.recorder = "不代录"
        leader = session.query(models.User).filter_by(username="school-leader").one()
        leader.is_active = True
        session.commit()
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    page = f"/replies/details/?id={reply}"
    assert "现在没有人能办" not in panel.as_("school").get(page)
    with panel.truth() as session:
        session.query(models.User).filter_by(username="school-leader").one().is_active = False
        session.commit()
    told = panel.as_("school").get(page)
    assert "这几步现在没有人能办：分管审核（承办单位领导）。" in told
    assert "已送审" in act(panel, "school", "send", "replies", reply, partner_note="不等")


def test_a_key_item_without_a_supervisor_is_told_before_its_reply_is_sent(panel: Panel) -> None:
    a_route(panel, ("督办审签", "督办领导"))
    first = item(panel, "001")
    with panel.truth() as session:
        for line in session.query(models.ReviewRouteStep):
            line.recorder = "不代录"
        row = session.get_one(models.Proposal, first)
        row.key_kind, row.supervisor_id = "领导督办", None
        session.commit()
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    told = panel.as_("school").get(f"/replies/details/?id={reply}")
    assert "督办审签（督办领导）" in told


def test_the_task_of_a_withdrawn_item_offers_no_new_rows_and_takes_none(panel: Panel) -> None:
    mine = task(panel, HOUSING, "主办")
    path, office = f"/assignments/details/?id={mine}", panel.as_("office")
    new = ("handling_plans", "ledger_entries", "commitments", "replies")
    assert all(f"/{table}/new/?assignment_id={mine}" in office.get(path) for table in new)
    gone = {"withdrawn_on": "2024-04-15", "withdrawal_reason": "代表来函"}
    act(panel, "office", "withdraw", "proposals", item(panel, "002"), **gone)
    for who in ("office", "housing"):
        page = panel.as_(who).get(path)
        assert not any(f"/{table}/new/" in page for table in new)
    entry = {"happened_on": "2024-04-15", "stage": "办前", "activity": "其他", "summary": "走访"}
    told = office.post("/ledger_entries/new/", 200, assignment_id=mine, **entry)
    assert "本件已经撤回，办理终止" in told
    assert panel.count("LedgerEntry") == 0
