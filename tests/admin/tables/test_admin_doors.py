"""Details, deletion, pickers and error pages: what hangs on a row, what may go, what is offered, what is said."""

import re
from datetime import date, datetime

import pytest

from domain import models
from tests.admin.tables.test_admin_forms import task_of
from tests.ground.district import Panel, Person


@pytest.fixture
def office(panel: Panel) -> Person:
    return panel.as_("office")


def test_a_row_is_shown_in_full_with_what_hangs_on_it(panel: Panel, office: Person) -> None:
    page = office.get(f"/proposals/details/?id={panel.id_of('Proposal', number='001')}")
    assert "<h1>建议001号 关于增设校门口斑马线的建议</h1>" in page
    assert re.search(r"未填：.*摘要", page)
    for words in ("办理进度", "鱼峰区住房和城乡建设局", "提出人", "覃丽", "现场意见"):
        assert words in page
    assert "/proposals/act/?act=add_unit" in page


def test_many_children_are_not_all_loaded(panel: Panel, office: Person) -> None:
    key = panel.id_of("Unit", short_name="教育局")
    with panel.truth() as session:
        session.add_all(
            models.UnitContact(unit_id=key, duty="经办人", name=f"经办{n:03}") for n in range(60)
        )
        session.commit()
    page = office.get(f"/units/details/?id={key}")
    assert page.count(">经办人<") == 20
    assert "共 60 条" in page
    assert f"/unit_contacts/?unit_id={key}" in page


def test_a_foreign_name_is_not_told_through_a_link(panel: Panel) -> None:
    foreign = panel.id_of("Proposal", number="003")
    with panel.truth() as session:
        own = session.get(models.Proposal, panel.id_of("Proposal", number="002"))
        own.carried_from_id = foreign
        session.commit()
        key = own.id
    page = panel.as_("housing").get(f"/proposals/details/?id={key}")
    assert "（不在您的范围内）" in page
    assert "图书馆" not in page


def test_the_change_log_speaks_the_labels_of_the_changed_table(panel: Panel) -> None:
    with panel.truth() as session:
        user = session.get(models.User, panel.id_of("User", username="school"))
        user.email, user.full_name = "new@example.org", "新名字"
        session.commit()
    path = "/change_log/?table_name=users&action=修改"
    page = panel.as_("auditor").get(path)
    assert "姓名：承办单位联络员·school → 新名字" in page
    assert "邮箱：（空） → new@example.org" in page
    assert "new@example.org" not in panel.as_("office").get(path)


def test_deleting_asks_and_says_what_goes_along(panel: Panel, office: Person) -> None:
    key = panel.id_of("Proposal", number="003")
    office.post(
        "/sponsors/new/",
        proposal_id=key,
        deputy_id=panel.id_of("Deputy", body="人大"),
        role="领衔",
        position=0,
    )
    page = office.get(f"/proposals/delete/?id={key}")
    assert "提出人共 1 条：一并删除" in page
    assert panel.count("Proposal", id=key) == 1
    assert "已删除 1 条建议提案" in office.post("/proposals/delete/", id=key, confirmed="1")
    assert panel.count("Proposal", id=key) == 0
    assert panel.count("ChangeLog", table_name="proposals", action="删除", row_id=key) == 1


def test_what_is_held_stays_and_the_sentence_says_why(panel: Panel, office: Person) -> None:
    key = panel.id_of("Proposal", number="001")
    asked = office.get(f"/proposals/delete/?id={key}")
    assert "承办任务共 2 条：有它们在，不能删除" in asked
    assert 'class="button danger first"' not in asked
    page = office.post("/proposals/delete/", status=200, id=key, confirmed="1")
    assert "本件已交办给单位，不能删除。" in page
    assert panel.count("Proposal", id=key) == 1


def test_ticked_rows_go_all_or_none(panel: Panel, office: Person) -> None:
    keys = [panel.id_of("Proposal", number=number) for number in ("003", "001")]
    page = office.post("/proposals/action/", status=200, action="delete", rowid=keys)
    assert "建议003号" in page
    assert "现在不能删除" in page
    page = office.post("/proposals/action/", status=200, action="delete", rowid=keys, confirmed="1")
    assert "不能删除。" in page
    assert panel.count("Proposal") == 3
    office.post("/proposals/action/", action="delete", rowid=keys[:1], confirmed="1")
    assert panel.count("Proposal") == 2


def test_a_bulk_action_reaches_only_ones_own(panel: Panel) -> None:
    school = panel.as_("school")
    own, foreign = (panel.id_of("Proposal", number=number) for number in ("001", "002"))
    school.post("/proposals/action/", status=404, action="delete", rowid=[own, foreign])
    school.post("/proposals/action/", status=403, action="delete", rowid=own, confirmed="1")
    school.post("/proposals/action/", status=400, action="delete")
    school.post("/proposals/action/", status=400, action="explode", rowid=own)
    school.post("/proposals/action/", status=400, action="delete", rowid=["1"] * 201)
    assert panel.count("Proposal") == 3


def test_a_picker_offers_what_the_person_may_see(panel: Panel) -> None:
    path = "/ledger_entries/ajax/lookup/?name=assignment_id&query="
    offered = panel.as_("school").json(path)
    assert len(offered) == 2
    assert all("001号" in row["text"] for row in offered)
    assert len(panel.as_("office").json(path)) == 3
    found = panel.as_("office").json(path + "电梯")
    assert [row["text"] for row in found] == [
        "鱼峰区住房和城乡建设局主办 建议002号 关于老旧小区加装电梯的建议"
    ]


def test_a_picker_offers_twenty_at_most_whatever_is_asked(panel: Panel, office: Person) -> None:
    with panel.truth() as session:
        session.add_all(models.Unit(name=f"单位{n:02}") for n in range(30))
        session.commit()
    assert len(office.json("/assignments/ajax/lookup/?name=unit_id&query=单位&limit=999")) == 20


@pytest.mark.parametrize(
    "asked", ["", "?name=", "?name=nope", "?name=title", "?name=supervisor", "?name=id"]
)
def test_a_picker_of_nothing_is_not_there(office: Person, asked: str) -> None:
    office.json(f"/proposals/ajax/lookup/{asked}", status=404)


def test_a_picker_refuses_a_text_that_is_no_search(office: Person) -> None:
    assert "error" in office.json("/proposals/ajax/lookup/?name=meeting_id&query=%00", status=400)


def test_stock_doors_of_flask_admin_are_not_there(office: Person) -> None:
    for path in (
        "/proposals/ajax/update/",
        "/proposals/export/csv/",
        "/static/admin/admin/js/actions.js",
        "/admin/",
    ):
        assert office.client.get(path).status_code == 404
        assert office.client.post(path).status_code in (404, 405)


def test_error_pages_are_chinese_and_lead_home(office: Person) -> None:
    """Who is logged in goes on from the menu, whatever was refused."""
    for path in ("/nope", "/proposals/action/", "/proposals/details/?id=999", "/units/?x=1"):
        page = office.client.get(path).get_data(as_text=True)
        assert 'aria-label="主菜单"' in page and 'href="/assignments/"' in page
    for path, title in (("/nope", "没有这一页"), ("/proposals/action/", "不能这样打开")):
        page = office.client.get(path).get_data(as_text=True)
        assert f"<h1>{title}</h1>" in page
        assert 'href="/"' in page


def test_an_unforeseen_fault_shows_a_number_that_the_log_has(
    panel: Panel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    runs = []

    def fail(*_: object) -> None:
        runs.append(1)
        raise TypeError("secret detail")

    monkeypatch.setattr("admin.tables.table_view.draw_list", fail)
    page = panel.as_("office").get("/proposals/", status=500)
    number = re.search(r"故障编号：<b>(\w+)</b>", page)
    assert number
    assert number.group(1) in caplog.text
    assert "secret detail" not in page
    assert len(runs) == 1  # stock Flask-Admin would run the view twice


def test_every_post_wants_a_token(panel: Panel) -> None:
    panel.app.config["WTF_CSRF_ENABLED"] = True
    person, posts = panel.as_("office"), 0
    for rule in panel.app.url_map.iter_rules():
        if "POST" in rule.methods:
            path = panel.app.url_map.bind("localhost").build(
                rule.endpoint, dict.fromkeys(rule.arguments, 1), method="POST"
            )
            assert person.client.post(path, data={"id": 1}).status_code == 400, path
            posts += 1
    assert posts > 100


def test_the_main_unit_stands_above_its_partners_and_due_dates_run_forward(
    panel: Panel, office: Person
) -> None:
    key = panel.id_of("Proposal", number="001")
    with panel.truth() as session:
        lead = session.query(models.Assignment).filter_by(proposal_id=key, role="主办").one()
        partner = session.query(models.Assignment).filter_by(proposal_id=key, role="协办").one()
        lead.role = "分办"
        session.flush()
        partner.role = "主办"
        session.add_all(
            models.Deadline(assignment_id=lead.id, milestone=milestone, due_on=date(2024, 6, day))
            for milestone, day in (("答复", 5), ("签收", 1), ("办结", 9))
        )
        session.commit()
        task = lead.id
    page = office.get(f"/proposals/details/?id={key}")
    assert page.index("鱼峰区住房和城乡建设局") < page.index("鱼峰区教育局")
    page = office.get(f"/assignments/details/?id={task}")
    below = page[page.index("办理时限</h2>") :]
    assert re.findall(r"2024-06-\d\d", below) == ["2024-06-01", "2024-06-05", "2024-06-09"]


def test_a_unit_takes_its_draft_back_while_nobody_has_dealt_with_it(panel: Panel) -> None:
    school, task = panel.as_("school"), task_of(panel, "主办")
    school.post("/replies/new/", assignment_id=task, kind="答复", round="1", body="已办。")
    assert panel.count("Assignment", id=task, state="办理中") == 1
    reply = panel.id_of("Reply", assignment_id=task)
    door = f"/replies/delete/?id={reply}"
    assert door in school.get(f"/replies/details/?id={reply}")
    assert door not in panel.as_("school-leader").get(f"/replies/details/?id={reply}")
    for other, status in (("school-leader", 403), ("housing", 404), ("deputy", 404)):
        panel.as_(other).post(door, status=status, confirmed="1")
    school.post(door, confirmed="1")
    assert panel.count("Reply") == 0
    assert panel.count("Assignment", id=task, state="待签收") == 1
    assert panel.count("ChangeLog", table_name="replies", action="删除") == 1


@pytest.mark.parametrize("state", ["退回", "复核", "已答复"])
def test_a_draft_that_has_been_sent_on_stays(panel: Panel, state: str) -> None:
    known = {"assignment_id": task_of(panel, "主办"), "state": state, "body": "已办。"}
    with panel.truth() as session:
        letter = session.query(models.AnswerCategory).filter_by(letter="A").one()
        issued = {"answer_category_id": letter.id, "issued_on": date(2024, 4, 12)}
        session.add(models.Reply(**known, **issued))
        session.commit()
    door = f"/replies/delete/?id={panel.id_of('Reply', state=state)}"
    panel.as_("school").post(door, status=403, confirmed="1")
    assert panel.count("Reply", state=state) == 1


def test_a_draft_that_was_reviewed_stays(panel: Panel) -> None:
    with panel.truth() as session:
        reply = models.Reply(assignment_id=task_of(panel, "主办"), kind="答复", body="已办。")
        session.add(reply)
        session.commit()
        key = reply.id
        step = {"step": "复核", "result": "更正", "acted_at": datetime(2024, 4, 15, 8)}
        session.add(models.ReviewStep(reply_id=key, **step))
        session.commit()
    school = panel.as_("school")
    assert f"/replies/delete/?id={key}" not in school.get(f"/replies/details/?id={key}")
    school.post(f"/replies/delete/?id={key}", status=403, confirmed="1")
    school.post("/replies/action/", status=403, action="delete", rowid=key, confirmed="1")
    assert panel.count("Reply", id=key) == 1
