"""Who did it stands in the row without anybody typing it."""

from datetime import date

from domain import models
from tests.district import Panel


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
    panel.as_("school").post(
        "/return_requests/new/", assignment_id=task(panel), kind="退办",
        reason="道路标线不属本单位职责", asked_on="2024-04-12",
    )  # fmt: skip
    asker, office = (panel.id_of("User", username=name) for name in ("school", "office"))
    assert panel.count("ReturnRequest", asked_by_id=asker, decided_by_id=None) == 1
    page = panel.as_("office").get("/return_requests/edit/?id=1")
    panel.as_("office").post(
        "/return_requests/edit/?id=1", seen=page.split('name="seen" value="')[1].split('"')[0],
        assignment_id=task(panel), kind="退办", reason="道路标线不属本单位职责",
        asked_on="2024-04-12", decision="不同意", decided_on="2024-04-15",
    )  # fmt: skip
    assert panel.count("ReturnRequest", asked_by_id=asker, decided_by_id=office) == 1


def test_a_later_edit_does_not_make_somebody_else_the_signer(panel: Panel) -> None:
    with panel.truth() as session:
        session.get_one(models.Assignment, task(panel)).signed_on = date(2024, 4, 11)
        session.commit()
    page = panel.as_("school").get(f"/assignments/edit/?id={task(panel)}")
    panel.as_("school").post(
        f"/assignments/edit/?id={task(panel)}",
        seen=page.split('name="seen" value="')[1].split('"')[0],
        signed_on="2024-04-11", handler="莫晓玲",
    )  # fmt: skip
    assert panel.count("Assignment", handler="莫晓玲", signed_by_id=None) == 1
