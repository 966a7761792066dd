"""What a picker offers in a form: what saving would take, told apart; a filter offers everything."""

from typing import Any
from urllib.parse import urlencode

import pytest

from domain import models
from tests.admin.tables.test_admin_forms import field, seen
from tests.domain.storing.test_row_names import a_second_a
from tests.ground.district import Panel, Person


def offered(person: Person, table: str, name: str, query: str = "", **more: Any) -> list[str]:
    """What the picker of a column offers, in a form for a new row unless `of` says another."""
    said = {"name": name, "query": query, "of": "new"} | {
        key.replace("__", "."): value for key, value in more.items()
    }
    rows = person.json(f"/{table}/ajax/lookup/?{urlencode(said)}")
    return [row["text"] for row in rows]


def tasks(panel: Panel, unit: str) -> dict[str, int]:
    """The tasks of a unit, by role."""
    key = panel.id_of("Unit", short_name=unit)
    roles = ("主办", "协办") if unit == "住房和城乡建设局" else ("主办",)
    return {role: panel.id_of("Assignment", unit_id=key, role=role) for role in roles}


@pytest.fixture
def reply_task(panel: Panel) -> int:
    """教育局's task in an item of the 人大 meeting; the 政协 meeting has an A of its own."""
    a_second_a(panel)
    return tasks(panel, "教育局")["主办"]


def test_a_reply_is_offered_the_categories_of_its_own_meeting(
    panel: Panel, reply_task: int
) -> None:
    school, own = panel.as_("school"), "A类 A类（鱼峰区第一届人大第五次会议）"
    asked = {"given__assignment_id": reply_task}
    assert offered(school, "replies", "answer_category_id", "A类", **asked) == [own]
    assert len(offered(school, "replies", "answer_category_id", **asked)) == 3
    assert (
        len(offered(school, "replies", "answer_category_id", "A类")) == 2
    )  # no task is chosen yet


def test_who_types_a_letter_without_choosing_means_that_of_the_meeting(
    panel: Panel, reply_task: int
) -> None:
    panel.as_("school").post(
        "/replies/new/", assignment_id=reply_task, kind="答复", round="1",
        answer_category_id="", answer_category_id__text="A类",
    )  # fmt: skip
    own = panel.id_of("AnswerCategory", letter="A", meeting_id=panel.id_of("Meeting", body="人大"))
    assert panel.count("Reply", assignment_id=reply_task, answer_category_id=own) == 1


def test_a_stored_reply_is_offered_the_categories_of_its_meeting_too(
    panel: Panel, reply_task: int
) -> None:
    with panel.truth() as session:
        reply = models.Reply(assignment_id=reply_task)
        session.add(reply)
        session.commit()
        key = reply.id
    school = panel.as_("school")
    assert f"name=answer_category_id&of={key}" in school.get(f"/replies/edit/?id={key}")
    assert len(offered(school, "replies", "answer_category_id", "A", of=key)) == 1


def test_an_item_is_merged_into_one_of_its_own_meeting(panel: Panel) -> None:
    office, other = panel.as_("office"), panel.id_of("Meeting", body="政协")
    assert len(offered(office, "proposals", "merged_into_id")) == 3
    assert offered(office, "proposals", "merged_into_id", given__meeting_id=other) == []


def test_a_liaison_plans_its_own_tasks_and_not_its_partners(panel: Panel) -> None:
    school = panel.as_("school")
    for table in ("handling_plans", "ledger_entries", "replies"):
        assert offered(school, table, "assignment_id") == [
            "鱼峰区教育局主办 建议001号 关于增设校门口斑马线的建议"
        ]
    assert len(offered(panel.as_("office"), "handling_plans", "assignment_id")) == 3


def test_a_filter_offers_partners_tasks_as_the_list_shows_them(panel: Panel) -> None:
    found = panel.as_("school").json("/handling_plans/ajax/lookup/?name=assignment_id")
    assert len(found) == 2


def close_unit(panel: Panel, name: str) -> int:
    """Put a unit out of use; its id."""
    with panel.truth() as session:
        unit = session.get_one(models.Unit, panel.id_of("Unit", short_name=name))
        unit.is_active = False
        session.commit()
        return int(unit.id)


def test_a_unit_out_of_use_is_not_offered_and_not_taken(panel: Panel) -> None:
    office, closed = panel.as_("office"), close_unit(panel, "教育局")
    item = panel.id_of("Proposal", number="003")
    assert offered(office, "assignments", "unit_id") == ["鱼峰区住房和城乡建设局"]
    for said in ({"unit_id": closed}, {"unit_id": "", "unit_id__text": "鱼峰区教育局"}):
        page = office.post("/assignments/new/", status=200, proposal_id=item, role="主办", **said)
        assert "鱼峰区教育局”" in field(page, "unit_id")
    assert panel.count("Assignment", proposal_id=item) == 0
    assert 'value=""' in field(office.get(f"/assignments/new/?unit_id={closed}"), "unit_id")
    assert "鱼峰区教育局" in [
        row["text"] for row in office.json("/assignments/ajax/lookup/?name=unit_id&query=教育")
    ]  # a filter


def test_a_task_keeps_its_unit_that_went_out_of_use(panel: Panel) -> None:
    office, closed = panel.as_("office"), close_unit(panel, "教育局")
    task = tasks(panel, "教育局")["主办"]
    page = office.get(f"/assignments/edit/?id={task}")
    assert 'value="鱼峰区教育局"' in field(page, "unit_id")
    assert "鱼峰区教育局" in offered(office, "assignments", "unit_id", of=task)
    office.post(
        f"/assignments/edit/?id={task}", seen=seen(page), unit_id=closed, role="主办",
        handler="韦小虎", proposal_id=panel.id_of("Proposal", number="001"),
    )  # fmt: skip
    assert panel.count("Assignment", id=task, unit_id=closed, handler="韦小虎") == 1


def test_two_people_of_one_name_are_told_apart_by_their_units(panel: Panel) -> None:
    with panel.truth() as session:
        for number, unit in enumerate(("教育局", "住房和城乡建设局")):
            key = panel.id_of("Unit", short_name=unit)
            name = f"lan{number}"
            session.add(
                models.User(username=name, full_name="蓝小燕", role="承办单位联络员", unit_id=key)
            )
        session.commit()
    found = panel.as_("office").json("/proposals/ajax/lookup/?name=supervisor_id&query=蓝小燕")
    names = {row["text"] for row in found}
    assert names == {"蓝小燕 鱼峰区教育局", "蓝小燕 鱼峰区住房和城乡建设局"}


def test_nobody_probes_a_form_of_a_row_that_is_not_his(panel: Panel) -> None:
    foreign = tasks(panel, "住房和城乡建设局")["主办"]
    school = panel.as_("school")
    school.json(f"/assignments/ajax/lookup/?name=unit_id&of={foreign}", status=404)


def test_an_item_is_supervised_by_a_supervising_leader(panel: Panel) -> None:
    office, liaison = panel.as_("office"), panel.id_of("User", username="school")
    assert offered(office, "proposals", "supervisor_id") == ["督办领导·supervisor"]
    key = panel.id_of("Proposal", number="003")
    form = office.get(f"/proposals/edit/?id={key}")
    sent = {"seen": seen(form), "meeting_id": panel.id_of("Meeting", body="人大"), "kind": "建议"}
    page = office.post(
        f"/proposals/edit/?id={key}", status=200, number="003", title="关于延长图书馆开放时间的建议",
        supervisor_id=liaison, **sent,
    )  # fmt: skip
    assert "的角色不是“督办领导”，请另选一项。" in field(page, "supervisor_id")
    assert panel.count("Proposal", id=key, supervisor_id=None) == 1
