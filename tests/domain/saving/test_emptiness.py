"""A reply leaves its draft with something in it: a text, a document number or a file."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from domain import models
from domain.sheets.grid import Grid
from domain.storing.session import ActorSession, system_session
from domain.tables.importing import import_table, open_table
from tests.admin.files.test_attachments import PDF, send
from tests.admin.tables.test_admin_forms import field, seen, task_of
from tests.ground.acting import act
from tests.ground.district import Panel
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import a_task, an_item

SAID = "“正文”：离开拟稿的答复要有内容：请填正文或文号，或先上传附件。"
MISSING = "还没有内容：请填正文或文号，或上传附件。"
NOT_WAITING = {"partner_note": "不等"}


def a_draft(panel: Panel, **more: Any) -> int:
    """A reply of 教育局 that says nothing and has its letter."""
    known = {"kind": "答复", "answer_category_id": panel.id_of("AnswerCategory", letter="A")}
    reply = models.Reply(assignment_id=task_of(panel, "主办"), **{**known, **more})
    with panel.truth() as session:
        session.add(reply)
        session.flush()
        key = int(reply.id)
        session.commit()
    return key


def fill_in(panel: Panel, reply: int, status: int, **sent: str) -> str:
    """The unit fills in the reply's form."""
    school, path = panel.as_("school"), f"/replies/edit/?id={reply}"
    letter = panel.id_of("AnswerCategory", letter="A")
    known = {"assignment_id": task_of(panel, "主办"), "kind": "答复", "round": "1"}
    known["answer_category_id"] = letter
    return school.post(path, status=status, seen=seen(school.get(path)), **{**known, **sent})


def send_on(panel: Panel, who: str, reply: int, status: int = 302) -> str:
    """The unit, or the office for it, sends the reply for review."""
    return act(panel, who, "send", "replies", reply, status=status, **NOT_WAITING)


@pytest.mark.parametrize("who", ["school", "office"])
def test_an_empty_reply_goes_nowhere(panel: Panel, who: str) -> None:
    reply = a_draft(panel)
    assert MISSING in send_on(panel, who, reply, 200)
    assert panel.count("Reply", state="拟稿", submitted_on=None) == 1
    assert panel.count("ReviewStep") == 0


@pytest.mark.parametrize("content", [{"body": "已办。"}, {"document_no": "鱼教函〔2024〕1号"}])
def test_a_text_or_a_number_is_enough(panel: Panel, content: dict[str, str]) -> None:
    reply = a_draft(panel)
    fill_in(panel, reply, 302, **content)
    send_on(panel, "school", reply)
    assert panel.count("Reply", state="督查审核") == 1


def test_blanks_are_no_text(panel: Panel) -> None:
    assert MISSING in send_on(panel, "school", a_draft(panel, body="  "), 200)
    assert panel.count("Reply", state="拟稿") == 1


def test_a_liaison_drafts_first_and_attaches_the_letter_then(panel: Panel) -> None:
    school, task = panel.as_("school"), task_of(panel, "主办")
    letter = panel.id_of("AnswerCategory", letter="A")
    draft = {"assignment_id": task, "kind": "答复", "round": "1", "answer_category_id": letter}
    school.post("/replies/new/", **draft)
    reply = panel.id_of("Reply", state="拟稿")
    send(panel, "school", "reply_id", reply, ("答复.pdf", PDF))
    send_on(panel, "school", reply)
    assert panel.count("Reply", state="督查审核") == 1


def test_the_only_content_of_a_reply_on_its_way_is_not_taken_from_it(panel: Panel) -> None:
    reply = a_draft(panel)
    send(panel, "school", "reply_id", reply, ("答复.pdf", PDF))
    file = panel.id_of("Attachment", reply_id=reply)
    send_on(panel, "school", reply)
    told = {"return_reason": "其他", "note": "写具体些"}
    act(panel, "office", "send_back", "replies", reply, **told)
    page = panel.as_("school").post(f"/files/{file}/delete")
    assert "除了这个附件没有别的内容，不能删除它" in page
    assert panel.count("Attachment") == 1
    fill_in(panel, reply, 302, body="已办。")
    assert SAID not in fill_in(panel, reply, 302, body="")
    fill_in(panel, reply, 302, body="已办。")
    panel.as_("school").post(f"/files/{file}/delete")
    assert panel.count("Attachment") == 0
    assert SAID in field(fill_in(panel, reply, 200, body=""), "body")
    assert panel.count("Reply", state="退回", body="已办。") == 1


def test_nobody_passes_what_has_become_empty(panel: Panel) -> None:
    reply = a_draft(panel, submitted_on=date(2024, 4, 12), state="督查审核")
    page = act(panel, "office", "pass", "replies", reply, status=200)
    assert "还没有内容：请先填正文或文号，或上传附件，再审核。" in page
    assert panel.count("ReviewStep") == 0
    assert panel.count("Reply", state="督查审核", approved_on=None) == 1


def test_what_was_empty_before_can_still_be_completed(panel: Panel) -> None:
    reply = a_draft(panel, state="通过", approved_on=date(2024, 4, 12))
    office, path = panel.as_("office"), f"/replies/edit/?id={reply}"
    known = {"assignment_id": task_of(panel, "主办"), "kind": "答复", "round": "1",
             "answer_category_id": panel.id_of("AnswerCategory", letter="A")}  # fmt: skip
    office.post(path, seen=seen(office.get(path)), reported_on="2024-04-15", **known)
    assert panel.count("Reply", reported_on=date(2024, 4, 15), state="通过") == 1


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Any) -> Any:
    with system_session(engine, "测试", lambda: datetime(2024, 4, 15, 9)) as session:
        yield session


DAYS = ("报审日期", "审核通过日期", "答复日期")


@pytest.mark.parametrize("day", DAYS)
def test_an_import_brings_no_day_on_which_nothing_was_sent(session: ActorSession, day: str) -> None:
    task = a_task(session, an_item(session))
    rows = [
        ["承办任务", "答复种类", "轮次", day, "答复类别", "文号", "正文"],
        [str(task), "答复", "1", "2024-04-12", "A类", "", ""],
        [str(task), "答复", "2", "2024-04-12", "A类", "鱼教函〔2024〕1号", ""],
        [str(task), "答复", "3", "", "A类", "", ""],
        [str(task), "答复", "4", "2024-04-12", "A类", "", "已办。"],
    ]
    file = open_table(session, models.schema.tables["replies"], [Grid("Sheet1", rows)])
    found = import_table(session, file)
    assert [step.outcome for step in found.steps] == ["invalid", "new", "new", "new"]
    (error,) = found.steps[0].errors
    assert "第2行“正文”" in error.message and "离开拟稿的答复要有内容" in error.message
    states = {"报审日期": "主要审签", "审核通过日期": "通过", "答复日期": "已答复"}
    stored = session.execute(select(models.Reply.round, models.Reply.state))
    assert dict(stored.all()) == {2: states[day], 3: "拟稿", 4: states[day]}
