"""A reply leaves its draft with something in it: a text, a document number or a file."""

from datetime import datetime
from typing import Any

import pytest

from domain import models
from domain.sheets.grid import Grid
from domain.storing.session import ActorSession, system_session
from domain.tables.importing import import_table, open_table
from tests.admin.files.test_attachments import PDF, send
from tests.admin.tables.test_admin_forms import field, seen, task_of
from tests.ground.district import Panel
from tests.ground.serving.contents import SEEDED, Contents
from tests.ground.tasks import a_task, an_item

SAID = "“正文”：离开拟稿的答复要有内容：请填正文或文号，或先上传附件。"
WAY = ("复核", "分管审核", "主要审签", "督办审签", "督查审核", "退回", "通过")


def a_draft(panel: Panel, **more: Any) -> int:
    with panel.truth() as session:
        reply = models.Reply(assignment_id=task_of(panel, "主办"), kind="答复", **more)
        session.add(reply)
        session.commit()
        return int(reply.id)


def send_on(panel: Panel, reply: int, status: int, **sent: str) -> str:
    """The office fills in the reply's form."""
    office, path = panel.as_("office"), f"/replies/edit/?id={reply}"
    known = {"assignment_id": task_of(panel, "主办"), "kind": "答复", "round": "1"}
    return office.post(path, status=status, seen=seen(office.get(path)), **{**known, **sent})


@pytest.mark.parametrize("state", WAY)
def test_an_empty_reply_goes_nowhere(panel: Panel, state: str) -> None:
    page = send_on(panel, a_draft(panel), 200, state=state)
    assert SAID in field(page, "body")
    assert panel.count("Reply", state="拟稿") == 1


@pytest.mark.parametrize("content", [{"body": "已办。"}, {"document_no": "鱼教函〔2024〕1号"}])
def test_a_text_or_a_number_is_enough(panel: Panel, content: dict[str, str]) -> None:
    send_on(panel, a_draft(panel), 302, state="督查审核", **content)
    assert panel.count("Reply", state="督查审核") == 1


def test_blanks_are_no_text(panel: Panel) -> None:
    assert SAID in send_on(panel, a_draft(panel), 200, state="复核", body="  ")


def test_a_liaison_drafts_first_and_attaches_the_letter_then(panel: Panel) -> None:
    school, task = panel.as_("school"), task_of(panel, "主办")
    school.post("/replies/new/", assignment_id=task, kind="答复", round="1")
    reply = panel.id_of("Reply", state="拟稿")
    send(panel, "school", "reply_id", reply, ("答复.pdf", PDF))
    send_on(panel, reply, 302, state="复核")
    assert panel.count("Reply", state="复核") == 1


def test_the_only_content_of_a_reply_on_its_way_is_not_taken_from_it(panel: Panel) -> None:
    reply = a_draft(panel)
    send(panel, "school", "reply_id", reply, ("答复.pdf", PDF))
    file = panel.id_of("Attachment", reply_id=reply)
    send_on(panel, reply, 302, state="退回")
    page = panel.as_("school").post(f"/files/{file}/delete")
    assert "除了这个附件没有别的内容，不能删除它" in page
    assert panel.count("Attachment") == 1
    send_on(panel, reply, 302, state="退回", body="已办。")
    assert SAID not in send_on(panel, reply, 302, state="退回", body="")
    send_on(panel, reply, 302, state="退回", body="已办。")
    panel.as_("school").post(f"/files/{file}/delete")
    assert panel.count("Attachment") == 0
    assert SAID in send_on(panel, reply, 200, state="退回", body="")


def test_a_leader_reviews_no_empty_draft(panel: Panel) -> None:
    reply = a_draft(panel)
    step = {"reply_id": reply, "step": "复核", "result": "通过", "acted_at": "2024-04-15T08:00"}
    leader = panel.as_("school-leader")
    page = leader.post("/review_steps/new/", status=200, **step)
    assert "“答复”：还没有内容：请先填正文或文号，或上传附件，再审核。" in field(page, "reply_id")
    assert panel.count("ReviewStep") == 0
    with panel.truth() as session:
        session.get(models.Reply, reply).body = "已办。"
        session.commit()
    leader.post("/review_steps/new/", **step)
    assert SAID in send_on(panel, reply, 200, state="拟稿", body="")


def test_what_was_empty_before_can_still_be_corrected(panel: Panel) -> None:
    reply = a_draft(panel, state="通过")
    send_on(panel, reply, 302, state="通过", signer="黄局长")
    assert panel.count("Reply", signer="黄局长", state="通过") == 1


@pytest.fixture
def contents() -> Contents:
    return SEEDED


@pytest.fixture
def session(engine: Any) -> Any:
    with system_session(engine, "测试", lambda: datetime(2024, 4, 15, 9)) as session:
        yield session


def test_an_import_writes_the_replies_that_say_something(session: ActorSession) -> None:
    task = a_task(session, an_item(session))
    rows = [
        ["承办任务", "轮次", "审核状态", "文号", "正文"],
        [str(task), "1", "通过", "", ""],
        [str(task), "2", "通过", "鱼教函〔2024〕1号", ""],
        [str(task), "3", "拟稿", "", ""],
        [str(task), "4", "复核", "", "已办。"],
    ]
    file = open_table(session, models.schema.tables["replies"], [Grid("Sheet1", rows)])
    found = import_table(session, file)
    assert [step.outcome for step in found.steps] == ["invalid", "new", "new", "new"]
    (error,) = found.steps[0].errors
    assert "第2行“正文”" in error.message and "离开拟稿的答复要有内容" in error.message
