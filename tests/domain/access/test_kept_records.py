"""What counts is not deleted: the ledger on which a sent reply rests, steps of a review, requests, tasks that ended."""

from datetime import date

import pytest

from domain import models
from tests.domain.lifecycle.acts.test_planning import a_plan
from tests.ground.acting import HOUSING, SCHOOL, a_draft, act, task, unit
from tests.ground.district import Panel

ISSUED = "2024-04-15"


def an_entry(panel: Panel, task_id: int, day: date = date(2024, 4, 12)) -> int:
    with panel.truth() as session:
        words = {"stage": "办前", "activity": "其他", "summary": "走访"}
        entry = models.LedgerEntry(assignment_id=task_id, happened_on=day, **words)
        session.add(entry)
        session.commit()
        return entry.id


def an_issued_reply(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, HOUSING, "主办"))
    act(panel, "housing", "send", "replies", reply)
    act(panel, "office", "pass", "replies", reply)
    act(panel, "housing", "issue", "replies", reply, issued_on=ISSUED)


def delete(panel: Panel, who: str, table: str, key: int, status: int = 302) -> str:
    return panel.as_(who).post(f"/{table}/delete/", status, id=key, confirmed="1")


@pytest.mark.parametrize("who", ["housing", "office"])
def test_the_ledger_stays_that_a_sent_reply_rests_on(panel: Panel, who: str) -> None:
    entry = an_entry(panel, task(panel, HOUSING, "主办"))
    an_issued_reply(panel)
    page = panel.as_(who).get(f"/ledger_entries/details/?id={entry}")
    assert f"/ledger_entries/delete/?id={entry}" not in page
    assert "以前的台账留作依据" in delete(panel, who, "ledger_entries", entry, 403)
    ticked = {"action": "delete", "rowid": entry, "confirmed": "1"}
    panel.as_(who).post("/ledger_entries/action/", 403, **ticked)
    assert panel.count("LedgerEntry", id=entry) == 1


def test_a_slip_in_the_ledger_goes_before_the_reply_is_sent_and_after_it_was_issued(
    panel: Panel,
) -> None:
    mine = task(panel, HOUSING, "主办")
    slip, kept = an_entry(panel, mine), an_entry(panel, mine)
    delete(panel, "housing", "ledger_entries", slip)
    an_issued_reply(panel)
    with panel.truth() as session:
        session.query(models.Reply).one().issued_on = date(2024, 4, 13)
        session.commit()
    later = an_entry(panel, mine, date(2024, 4, 14))
    delete(panel, "housing", "ledger_entries", later)
    assert panel.count("LedgerEntry") == panel.count("LedgerEntry", id=kept) == 1


def test_a_reply_that_was_reviewed_is_not_deleted_with_its_steps(panel: Panel) -> None:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "office", "send_back", "replies", reply, return_reason="其他", note="写具体")
    page = delete(panel, "office", "replies", reply, 200)
    assert "这份答复有审核环节，要留作记录，不能删除" in page
    assert panel.count("ReviewStep", reply_id=reply) == 2
    draft = a_draft(panel, task(panel, HOUSING, "主办"))
    delete(panel, "office", "replies", draft)
    assert panel.count("Reply") == 1


def test_a_task_is_not_deleted_with_its_requests(panel: Panel) -> None:
    mine = task(panel, HOUSING, "协办")
    words = {"kind": "退办", "reason": "不属职责", "suggested_unit_id": unit(panel, SCHOOL)}
    act(panel, "housing", "ask_return", "assignments", mine, **words)
    request = panel.id_of("ReturnRequest")
    told = {"decision_note": "仍由你单位协办", "decided_on": ISSUED}
    act(panel, "office", "refuse_return", "return_requests", request, **told)
    page = delete(panel, "office", "assignments", mine, 200)
    assert "这项任务有退办申请，要留作记录，不能删除" in page
    assert panel.count("ReturnRequest") == panel.count("Assignment", id=mine) == 1


def test_a_task_that_has_ended_is_not_deleted(panel: Panel) -> None:
    mine, office = task(panel, HOUSING, "协办"), panel.as_("office")
    assert "/assignments/delete/" in office.get(f"/assignments/details/?id={mine}")
    act(panel, "office", "take_back", "assignments", mine, end_reason="重复")
    assert "/assignments/delete/" not in office.get(f"/assignments/details/?id={mine}")
    assert "已经结束的任务留作记录。" in delete(panel, "office", "assignments", mine, 403)
    assert panel.count("Assignment", id=mine) == 1


def test_the_files_of_a_plan_stay_once_it_is_filed(panel: Panel) -> None:
    plan = a_plan(panel, task(panel, SCHOOL, "主办"))
    with panel.truth() as session:
        known = {"content_type": "application/pdf", "byte_size": 9, "sha256": "0" * 64}
        more = {"stored_name": "ab/" + "c" * 32, "uploaded_at": session.now()}
        file = models.Attachment(handling_plan_id=plan, file_name="方案.pdf", **known, **more)
        session.add(file)
        session.commit()
        key = file.id
    act(panel, "school", "file_plan", "handling_plans", plan)
    page = f"/handling_plans/details/?id={plan}"
    for who in ("school", "office"):
        assert f"/files/{key}/delete" not in panel.as_(who).get(page)
        panel.as_(who).client.post(f"/files/{key}/delete")
        assert panel.count("Attachment") == 1
    act(panel, "school", "unfile_plan", "handling_plans", plan)
    panel.as_("school").post(f"/files/{key}/delete")
    assert panel.count("Attachment") == 0
