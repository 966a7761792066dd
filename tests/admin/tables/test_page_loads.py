"""How many pages a person loads for the jobs of every day: those he opens, and those that his forms lead to."""

from io import BytesIO
from typing import Any

import pytest

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, a_draft, a_route, act, item, state, task, unit
from tests.ground.district import Panel
from tests.ground.doors.formreading import fields_of

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


class Counting:
    """Somebody at the browser; a page that a form leads to is loaded as one that is opened."""

    def __init__(self, panel: Panel, name: str) -> None:
        self.client, self.loads = panel.as_(name).client, 0

    def open(self, path: str) -> str:
        self.loads += 1
        answer = self.client.get(path)
        assert answer.status_code == 200
        return str(answer.get_data(as_text=True))

    def send(self, path: str, **sent: Any) -> str:
        data = {name.replace("__", "."): value for name, value in sent.items()}
        answer = self.client.post(path, data=data)
        assert answer.status_code == 302, answer.get_data(as_text=True)[-600:]
        return self.open(answer.location)


def scan(name: str = "签章.pdf") -> tuple[BytesIO, str]:
    return BytesIO(PDF), name


def a_reply(panel: Panel, page: str, **more: Any) -> dict[str, Any]:
    with panel.truth() as session:
        letter = session.query(models.AnswerCategory.id).filter_by(letter="A").scalar()
    words = {"body": "已办。", "answer_category_id": letter}
    return {**fields_of(page), "assignment_id": task(panel, HOUSING, "主办"), **words, **more}


def test_a_reply_is_drafted_with_its_scan_and_sent_in_two(panel: Panel) -> None:
    a_route(panel, ("督查审核", "交办督查"), needs_file=True)
    housing = Counting(panel, "housing")
    page = housing.open(f"/replies/new/?assignment_id={task(panel, HOUSING, '主办')}")
    assert "保存并送审" in page
    page = housing.send(
        "/replies/new/", **a_reply(panel, page, form__files=scan(), then="act.send")
    )
    assert "已送审：答复（第1轮）" in page
    assert housing.loads == 2
    assert panel.count("Attachment", file_name="签章.pdf") == 1
    assert state(panel, "Reply", panel.id_of("Reply")) == "督查审核"


def test_what_is_missing_is_said_and_the_draft_is_there(panel: Panel) -> None:
    a_route(panel, ("督查审核", "交办督查"), needs_file=True)
    housing = Counting(panel, "housing")
    page = housing.send("/replies/new/", **a_reply(panel, "", then="act.send"))
    assert "已保存：" in page and "还没有送审：还没有附件" in page
    reply = panel.id_of("Reply")
    assert state(panel, "Reply", reply) == "拟稿"
    page = housing.open(f"/replies/edit/?id={reply}")
    again = {**fields_of(page), "form__files": scan(), "then": "act.send"}
    assert "已送审" in housing.send(f"/replies/edit/?id={reply}", **again)
    assert state(panel, "Reply", reply) == "督查审核"


def test_pressed_twice_the_reply_is_made_and_sent_once(panel: Panel) -> None:
    housing = Counting(panel, "housing")
    sent = a_reply(panel, housing.open("/replies/new/"), then="act.send")
    housing.send("/replies/new/", **sent)
    page = housing.send("/replies/new/", **sent)
    assert "只新增了这一条" in page
    assert panel.count("Reply") == 1
    assert panel.count("ReviewStep", result="提交") == 1


def test_a_file_that_is_refused_keeps_the_form_and_leaves_nothing(panel: Panel) -> None:
    person = panel.as_("housing")
    data = a_reply(panel, "", form__files=(BytesIO(b"MZ"), "病毒.exe"))
    data = {name.replace("__", "."): value for name, value in data.items()}
    answer = person.client.post("/replies/new/", data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "是程序文件，不能上传" in page
    assert "请重新选择" in page
    assert "已办。" in page
    assert panel.count("Reply") == panel.count("Attachment") == 0


def test_who_may_attach_nothing_is_not_asked_for_files(panel: Panel) -> None:
    assert 'name="form.files"' in panel.as_("office").get("/replies/new/")
    assert 'name="form.files"' not in panel.as_("office").get("/units/new/")
    page = panel.as_("office").get("/replies/new/")
    assert "保存并送审" not in page  # a unit's reply waits for its liaison


def test_a_reply_is_signed_and_returned_in_two(panel: Panel) -> None:
    replies = [a_draft(panel, task(panel, SCHOOL, "主办"), round=n) for n in (1, 2)]
    act(panel, "school", "send", "replies", *replies, partner_note="不等")
    told: dict[str, Any] = {"return_reason": "其他", "note": "写具体"}
    for reply, name, words in zip(
        replies, ("pass", "send_back"), ({"note": ""}, told), strict=True
    ):
        office = Counting(panel, "office")
        assert f"act={name}&" in office.open(f"/replies/details/?id={reply}")
        office.send(f"/replies/act/?act={name}", rowid=reply, sure="1", **words)
        assert office.loads == 2
    assert [state(panel, "Reply", reply) for reply in replies] == ["通过", "退回"]


def test_a_return_is_granted_with_the_new_unit_in_two(panel: Panel) -> None:
    mine = task(panel, HOUSING, "主办")
    words = {"kind": "退办", "reason": "不属职责", "suggested_unit_id": unit(panel, SCHOOL)}
    act(panel, "housing", "ask_return", "assignments", mine, **words)
    request, office = panel.id_of("ReturnRequest"), Counting(panel, "office")
    page = office.open(f"/return_requests/details/?id={request}")
    assert "act=grant_return" in page
    answers = {"unit_id": unit(panel, SCHOOL), "decided_on": "2024-04-15"}
    answers["handed_over_on"] = "2024-04-15"
    office.send("/return_requests/act/?act=grant_return", rowid=request, sure="1", **answers)
    assert office.loads == 2
    assert panel.count("Assignment", proposal_id=item(panel, "002"), state="待签收") == 1


def test_an_item_with_two_signers_and_two_units_is_registered_in_two(panel: Panel) -> None:
    office = Counting(panel, "office")
    page = office.open("/proposals/new/")
    with panel.truth() as session:
        meeting = session.query(models.Meeting.id).filter_by(body="人大").scalar()
        deputies = [key for (key,) in session.query(models.Deputy.id).order_by(models.Deputy.id)]
    sent = {"meeting_id": meeting, "kind": "建议", "number": "009", "title": "关于路灯的建议"}
    for n, (deputy, role) in enumerate(zip(deputies, ("领衔", "联名"), strict=True)):
        sent |= {f"sponsors.{n}.deputy_id": deputy, f"sponsors.{n}.role": role}
    for n, (name, role) in enumerate(((SCHOOL, "主办"), (HOUSING, "协办"))):
        sent |= {f"assignments.{n}.unit_id": unit(panel, name), f"assignments.{n}.role": role}
    office.send("/proposals/new/", **{**fields_of(page), **sent})
    assert office.loads == 2
    key = item(panel, "009")
    assert (
        panel.count("Sponsor", proposal_id=key) == panel.count("Assignment", proposal_id=key) == 2
    )


def test_a_meeting_with_two_deputies_and_two_bodies_is_written_down_in_two(panel: Panel) -> None:
    school = Counting(panel, "school")
    page = school.open(f"/ledger_entries/new/?assignment_id={task(panel, SCHOOL, '主办')}")
    with panel.truth() as session:
        session.add(models.Sponsor(proposal_id=item_of(session), deputy_id=2, role="联名"))
        session.commit()
    sent = {"happened_on": "2024-04-14", "stage": "办前", "activity": "联系代表委员"}
    sent |= {"contact_mode": "座谈会", "summary": "面商"}
    for n in (0, 1):
        sent[f"ledger_deputies.{n}.deputy_id"] = str(n + 1)
        sent[f"ledger_invitees.{n}.body_name"] = f"第{n}机构"
    school.send("/ledger_entries/new/", **{**fields_of(page), **sent})
    assert school.loads == 2
    assert panel.count("LedgerDeputy") == panel.count("LedgerInvitee") == 2


def item_of(session: Any) -> int:
    return int(session.query(models.Proposal.id).filter_by(number="001").scalar())


@pytest.mark.parametrize("words", ["签收", "鱼教函1号", "写具体", "退回 1 次"])
def test_everything_about_an_item_is_on_one(panel: Panel, words: str) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"), document_no="鱼教函1号")
    act(panel, "school", "sign", "assignments", task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "office", "send_back", "replies", reply, return_reason="其他", note="写具体")
    assert words in Counting(panel, "office").open(f"/proposals/details/?id={item(panel, '001')}")
