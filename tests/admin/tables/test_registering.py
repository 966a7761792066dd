"""Registering one item after the other: what stays, the next number, what is doubted, and who is likely."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from domain import models
from tests.admin.tables.test_admin_forms import field, item, seen, task_of
from tests.ground.district import MORNING, Panel, Person

PATH = "/proposals/new/"


@pytest.fixture
def office(panel: Panel) -> Person:
    return panel.as_("office")


def an_item(panel: Panel, **sent: Any) -> dict[str, Any]:
    meeting = panel.id_of("Meeting", body="人大")
    return {"meeting_id": meeting, "kind": "建议", "number": "009", "title": "关于路灯的建议",
            "area_role": "主办", "source": "闭会期间", "submitted_on": "2024-04-02",
            "handed_over_on": "2024-04-03", **sent}  # fmt: skip


def test_the_next_item_begins_with_meeting_kind_dates_and_the_next_number(
    panel: Panel, office: Person
) -> None:
    assert "保存并登记下一件" in office.get(PATH)
    page = office.post(PATH, **an_item(panel), then="another")
    assert "已保存：建议009号" in page and "新增建议提案" in page
    assert "鱼峰区第一届人大第五次会议" in field(page, "meeting_id")
    assert '<option selected value="建议">' in field(page, "kind")
    assert '<option selected value="闭会期间">' in field(page, "source")
    assert 'value="2024-04-02"' in field(page, "submitted_on")
    assert 'value="2024-04-03"' in field(page, "handed_over_on")
    assert 'value="010"' in field(page, "number")
    assert "路灯" not in field(page, "title")


def test_a_number_is_offered_as_soon_as_meeting_and_kind_are_known(
    panel: Panel, office: Person
) -> None:
    meeting = panel.id_of("Meeting", body="人大")
    assert 'value="004"' in field(office.get(f"{PATH}?meeting_id={meeting}"), "number")
    assert 'value=""' in field(office.get(PATH), "number")
    other = panel.id_of("Meeting", body="政协")
    assert 'value=""' in field(office.get(f"{PATH}?meeting_id={other}"), "number")
    assert 'value="7"' in field(office.get(f"{PATH}?meeting_id={meeting}&number=7"), "number")


def test_a_kind_of_the_other_body_is_doubted_once_and_saved_on_a_second_word(
    panel: Panel, office: Person
) -> None:
    sent = an_item(panel, kind="提案")
    page = office.post(PATH, status=200, **sent)
    said = "“提案”一般不在人大会议里（人大会议是建议、议案），请确认会议没有选错。"
    assert said in field(page, "kind") and said in page.split("data-unsaved")[0]
    assert "确认无误，保存" in page and not panel.count("Proposal", number="009")
    sure = re.search(r'name="form\.sure" value="(\w+)"', page)
    assert sure
    other = office.post(PATH, status=200, **sent | {"kind": "建议案"}, form__sure=sure[1])
    assert "“建议案”一般不在人大会议里" in other  # another doubt than the one that was confirmed
    assert "已保存" in office.post(PATH, **sent, form__sure=sure[1])
    assert panel.count("Proposal", number="009", kind="提案") == 1


def test_a_stored_kind_is_not_doubted_again(panel: Panel, office: Person) -> None:
    with panel.truth() as session:
        session.get_one(models.Proposal, item(panel)).kind = "提案"
        session.commit()
    path = f"/proposals/edit/?id={item(panel)}"
    sent = an_item(panel, number="001", kind="提案", due_on="2024-04-12")
    office.post(path, **sent, seen=seen(office.get(path)))
    again = sent | {"kind": "建议案", "seen": seen(office.get(path))}
    assert "一般不在人大会议里" in office.post(path, status=200, **again)


def offered(person: Person, path: str) -> list[tuple[str, str]]:
    """What a picker is offered: the heading and the name."""
    return [(row["group"], row["text"]) for row in person.json(path)]


@pytest.fixture
def signers(panel: Panel) -> None:
    """More people of the roll, so that a list by name would begin with others."""
    with panel.truth() as session:
        session.add_all(models.Deputy(name=f"安{n}", body="人大") for n in range(3))
        session.commit()


@pytest.mark.usefixtures("signers")
def test_who_signed_the_item_is_offered_first_to_whatever_hangs_on_it(
    panel: Panel, office: Person
) -> None:
    with panel.truth() as session:
        reply = models.Reply(assignment_id=task_of(panel, "主办"), kind="答复", body="已办。")
        session.add(reply)
        session.commit()
        key = reply.id
    for table in ("deliveries", "feedbacks"):
        path = f"/{table}/ajax/lookup/?name=deputy_id&of=new&given.reply_id={key}&query="
        found = offered(office, path)
        assert found[0] == ("提出人", "覃丽（人大）")
        assert {group for group, _ in found[1:]} == {"其他"}
        assert [name for _, name in found].count("覃丽（人大）") == 1
    path = f"/feedbacks/ajax/lookup/?name=deputy_id&of=new&given.reply_id={key}&query=安"
    assert {group for group, _ in offered(office, path)} == {""}  # none of the likely is called so
    assert {
        group for group, _ in offered(office, "/feedbacks/ajax/lookup/?name=deputy_id&query=")
    } == {""}


@pytest.mark.usefixtures("signers")
def test_a_row_in_the_form_of_its_parent_knows_what_is_above_it(
    panel: Panel, office: Person
) -> None:
    path = "/ledger_deputies/ajax/lookup/?name=deputy_id&of=new&query="
    task = task_of(panel, "主办")
    assert offered(office, f"{path}&above.assignment_id={task}")[0] == ("提出人", "覃丽（人大）")
    assert offered(office, path)[0][0] == ""
    with panel.truth() as session:
        entry = models.LedgerEntry(
            assignment_id=task,
            happened_on=MORNING.date(),
            stage="办中",
            activity="其他",
            summary="走访",
        )
        session.add(entry)
        session.commit()
        key = entry.id
    assert offered(office, f"{path}&given.ledger_entry_id={key}")[0][0] == "提出人"
    page = office.get(f"/ledger_entries/edit/?id={key}")
    assert f"given.ledger_entry_id={key}" in page


def test_what_is_likely_stays_within_the_scope(panel: Panel) -> None:
    """A liaison is offered nobody who signed an item that is not his unit's."""
    with panel.truth() as session:
        foreign = session.scalars(select(models.Assignment.id).filter_by(role="主办")).all()
    school = panel.as_("school")
    for task in foreign:
        path = (
            f"/ledger_deputies/ajax/lookup/?name=deputy_id&of=new&query=&above.assignment_id={task}"
        )
        assert "韦强" not in str(offered(school, path))
