"""Who did it stands in the row without anybody typing it."""

from datetime import date

from domain import models
from tests.ground.acting import a_draft, act
from tests.ground.district import MORNING, Panel


def task(panel: Panel) -> int:
    school = panel.id_of("Unit", name="鱼峰区教育局")
    return panel.id_of("Assignment", unit_id=school, role="主办")


def test_a_ledger_entry_names_the_liaison_who_recorded_it(panel: Panel) -> None:
    panel.as_("school").post(
        "/ledger_entries/new/", assignment_id=task(panel), happened_on="2024-04-12",
        stage="办前", activity="调查研究", summary="到校门口看了放学时段的车流",
    )  # fmt: skip
    author = panel.id_of("User", username="school")
    assert panel.count("LedgerEntry", recorded_by_id=author) == 1


def test_a_return_request_names_who_asked_and_then_who_decided(panel: Panel) -> None:
    housing = panel.id_of("Unit", name="鱼峰区住房和城乡建设局")
    act(
        panel, "school", "ask_return", "assignments", task(panel), kind="退办",
        reason="道路标线不属本单位职责", suggested_unit_id=housing,
    )  # fmt: skip
    asker, office = (panel.id_of("User", username=name) for name in ("school", "office"))
    assert panel.count("ReturnRequest", asked_by_id=asker, decided_by_id=None) == 1
    request = panel.id_of("ReturnRequest")
    words = {"decision_note": "属职责", "decided_on": "2024-04-15"}
    act(panel, "office", "refuse_return", "return_requests", request, **words)
    assert panel.count("ReturnRequest", asked_by_id=asker, decided_by_id=office) == 1


def test_a_reply_names_who_sent_it_who_passed_it_and_a_task_who_handed_it_over(
    panel: Panel,
) -> None:
    reply = a_draft(panel, task(panel))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    act(panel, "office", "pass", "replies", reply)
    school, office = (panel.id_of("User", username=name) for name in ("school", "office"))
    assert panel.count("ReviewStep", result="提交", user_id=school) == 1
    assert panel.count("ReviewStep", result="通过", user_id=office) == 1
    unit = panel.id_of("Unit", name="鱼峰区教育局")
    sent = {"proposal_id": panel.id_of("Proposal", number="003"), "unit_id": unit, "role": "主办"}
    panel.as_("office").post("/assignments/new/", **sent)
    known = {"assigned_by_id": office, "assigned_at": MORNING}
    assert panel.count("Assignment", **{**sent, **known}) == 1


def test_a_later_edit_does_not_make_somebody_else_the_signer(panel: Panel) -> None:
    with panel.truth() as session:
        session.get_one(models.Assignment, task(panel)).signed_on = date(2024, 4, 11)
        session.commit()
    page = panel.as_("school").get(f"/assignments/edit/?id={task(panel)}")
    panel.as_("school").post(
        f"/assignments/edit/?id={task(panel)}",
        seen=page.split('name="seen" value="')[1].split('"')[0], handler="莫晓玲",
    )  # fmt: skip
    assert panel.count("Assignment", handler="莫晓玲", signed_by_id=None) == 1


def test_a_new_record_is_of_today(panel: Panel) -> None:
    entry = panel.as_("school").get(f"/ledger_entries/new/?assignment_id={task(panel)}")
    assert 'value="2024-04-15"' in entry


def test_a_partners_opinion_stays_closed_to_the_deputy(panel: Panel) -> None:
    housing = panel.id_of("Unit", name="鱼峰区住房和城乡建设局")
    partner = panel.id_of("Assignment", unit_id=housing, role="协办")
    tasks = {"主办": task(panel), "协办": partner}
    with panel.truth() as session:
        letter = session.query(models.AnswerCategory).first()
        session.add_all(
            models.Reply(
                assignment_id=key, state="已答复", issued_on=date(2024, 4, 15),
                title=f"{role}单位的答复", kind="答复" if role == "主办" else "协办意见",
                answer_category=letter if role == "主办" else None)
            for role, key in tasks.items()
        )  # fmt: skip
        session.commit()
    page = panel.as_("deputy").get("/replies/?columns=title,kind")
    assert "主办单位的答复" in page
    assert "协办单位的答复" not in page
