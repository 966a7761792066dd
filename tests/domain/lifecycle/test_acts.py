"""签收 with one click: from the list, from the task's page, by the liaison of the unit alone."""

from datetime import date

from domain import models
from tests.ground.district import MORNING, Panel


def task(panel: Panel, unit: str, role: str) -> int:
    return panel.id_of("Assignment", unit_id=panel.id_of("Unit", name=unit), role=role)


def test_a_liaison_signs_for_several_tasks_at_once(panel: Panel) -> None:
    housing = panel.as_("housing")
    mine = [task(panel, "鱼峰区住房和城乡建设局", role) for role in ("主办", "协办")]
    assert "签收所选" in housing.get("/assignments/")
    assert "已签收 2 条" in housing.post("/assignments/action/", action="sign", rowid=mine)
    signer = panel.id_of("User", username="housing")
    signed = panel.count(
        "Assignment", signed_on=MORNING.date(), signed_by_id=signer, state="办理中"
    )
    assert signed == 2


def test_a_liaison_signs_on_the_tasks_page_and_the_button_goes(panel: Panel) -> None:
    school, mine = panel.as_("school"), task(panel, "鱼峰区教育局", "主办")
    assert 'value="sign"' in school.get(f"/assignments/details/?id={mine}")
    page = school.post("/assignments/action/", action="sign", rowid=mine)
    assert "已签收 1 条" in page
    assert 'value="sign"' not in page


def test_signing_twice_changes_nothing(panel: Panel) -> None:
    school, mine = panel.as_("school"), task(panel, "鱼峰区教育局", "主办")
    with panel.truth() as session:
        session.get_one(models.Assignment, mine).signed_on = date(2024, 4, 11)
        session.commit()
    page = school.post("/assignments/action/", action="sign", rowid=mine)
    assert "1 条不需要签收" in page
    assert panel.count("Assignment", signed_on=date(2024, 4, 11)) == 1


def test_a_liaison_cannot_sign_for_a_partner_it_may_read(panel: Panel) -> None:
    school, partner = panel.as_("school"), task(panel, "鱼峰区住房和城乡建设局", "协办")
    assert 'value="sign"' not in school.get(f"/assignments/details/?id={partner}")
    page = school.post("/assignments/action/", action="sign", rowid=partner)
    assert (
        "没有签收；“鱼峰区住房和城乡建设局协办 建议001号 关于增设校门口斑马线的建议”不由您签收"
        in page
    )
    assert panel.count("Assignment", signed_on=None) == 3


def test_who_ticks_all_signs_his_own_and_reads_which_were_passed_over(panel: Panel) -> None:
    school, mine = panel.as_("school"), task(panel, "鱼峰区教育局", "主办")
    partner = task(panel, "鱼峰区住房和城乡建设局", "协办")
    page = school.post("/assignments/action/", action="sign", rowid=[partner, mine])
    assert (
        "已签收 1 条；“鱼峰区住房和城乡建设局协办 建议001号 关于增设校门口斑马线的建议”不由您签收"
        in page
    )
    assert panel.count("Assignment", id=mine, signed_on=MORNING.date()) == 1
    assert panel.count("Assignment", id=partner, signed_on=None) == 1
    page = school.post("/assignments/action/", action="sign", rowid=[partner, mine])
    assert "没有签收；1 条不需要签收；“鱼峰区住房和城乡建设局协办" in page


def test_a_liaison_cannot_sign_for_a_task_that_is_not_there_for_it(panel: Panel) -> None:
    foreign = task(panel, "鱼峰区住房和城乡建设局", "主办")
    panel.as_("school").post("/assignments/action/", action="sign", rowid=foreign, status=404)
    assert panel.count("Assignment", signed_on=None) == 3


def test_the_office_does_not_sign_for_units(panel: Panel) -> None:
    office = panel.as_("office")
    assert "签收所选" not in office.get("/assignments/")
    office.post(
        "/assignments/action/", action="sign",
        rowid=task(panel, "鱼峰区教育局", "主办"), status=400,
    )  # fmt: skip
    assert panel.count("Assignment", signed_on=None) == 3


def test_a_partner_that_drafts_before_signing_can_still_sign(panel: Panel) -> None:
    housing, mine = panel.as_("housing"), task(panel, "鱼峰区住房和城乡建设局", "协办")
    housing.post("/replies/new/", assignment_id=mine, kind="协办意见", round="1", state="拟稿")
    assert panel.count("Assignment", id=mine, state="办理中", signed_on=None) == 1
    assert 'value="sign"' in housing.get(f"/assignments/details/?id={mine}")
    assert "已签收 1 条" in housing.post("/assignments/action/", action="sign", rowid=mine)
    assert panel.count("Assignment", id=mine, signed_on=MORNING.date()) == 1


def test_a_returned_task_is_not_signed_for(panel: Panel) -> None:
    school, mine = panel.as_("school"), task(panel, "鱼峰区教育局", "主办")
    with panel.truth() as session:
        session.get_one(models.Assignment, mine).state = "已退办"
        session.commit()
    assert 'value="sign"' not in school.get(f"/assignments/details/?id={mine}")
