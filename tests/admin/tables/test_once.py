"""A form for a new row makes one row, however often it is sent."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from domain import models
from tests.admin.tables.test_admin_forms import field, item
from tests.ground.district import MORNING, Panel, Person

PATH = "/supervision_notes/new/"


def note(person: Person, **sent: Any) -> dict[str, Any]:
    """What a form that the person has just opened sends."""
    found = re.search(r'name="form\.word" value="([^"]+)"', person.get(PATH))
    assert found
    return {"form__word": found.group(1), "proposal_id": item(person.panel), "author": "区长",
            "written_on": "2024-04-12", "content": "抓紧", "then": "show", **sent}  # fmt: skip


@pytest.fixture
def office(panel: Panel) -> Person:
    return panel.as_("office")


def test_a_form_that_is_sent_twice_makes_one_row_and_leads_to_it_twice(
    panel: Panel, office: Person
) -> None:
    sent = note(office)
    assert "已保存" in office.post(PATH, **sent)
    page = office.post(PATH, **sent)
    assert "只新增了这一条" in page and "抓紧" in page
    assert panel.count("SupervisionNote") == 1
    assert panel.count("ChangeLog", table_name="supervision_notes") == 1


def test_two_forms_with_the_same_words_make_two_rows(panel: Panel, office: Person) -> None:
    for _ in range(2):
        office.post(PATH, **note(office, then="another"))
    assert panel.count("SupervisionNote") == 2


def test_a_form_that_was_changed_before_it_was_sent_again_makes_its_own_row(
    panel: Panel, office: Person
) -> None:
    sent = note(office)
    office.post(PATH, **sent)
    office.post(PATH, **{**sent, "content": "再抓紧"})
    assert panel.count("SupervisionNote") == 2


def test_a_refused_form_is_saved_once_it_is_right(panel: Panel, office: Person) -> None:
    sent = note(office, author="")
    page = office.post(PATH, status=200, **sent)
    assert "请填写批示人。" in field(page, "author")
    assert f'name="form.word" value="{sent["form__word"]}"' in page
    office.post(PATH, **{**sent, "author": "区长"})
    assert panel.count("SupervisionNote") == 1


def test_a_double_click_reaches_two_processes_and_makes_one_row(panel: Panel) -> None:
    panel.as_("office").get(PATH)
    people = [panel.as_("office") for _ in range(4)]
    sent = {name.replace("__", "."): value for name, value in note(people[0]).items()}
    with ThreadPoolExecutor(len(people)) as threads:
        answers = list(threads.map(lambda person: person.client.post(PATH, data=sent), people))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    assert panel.count("SupervisionNote") == 1


def test_what_one_person_sent_is_not_anothers(panel: Panel, office: Person) -> None:
    sent = note(office)
    office.post(PATH, **sent)
    panel.as_("supervisor").post(PATH, **sent)
    assert panel.count("SupervisionNote") == 2


def test_a_row_that_was_deleted_again_does_not_come_back(panel: Panel, office: Person) -> None:
    sent = note(office)
    office.post(PATH, **sent)
    key = panel.id_of("SupervisionNote")
    office.post(f"/supervision_notes/delete/?id={key}", confirmed="y", id=key)
    assert "没有再新增" in office.post(PATH, **sent)
    assert panel.count("SupervisionNote") == 0


def test_marks_are_kept_for_a_day(panel: Panel, office: Person) -> None:
    office.post(PATH, **note(office))
    with panel.truth() as session:
        table = models.table_of("sent_forms")
        old = MORNING - timedelta(days=1, minutes=1)
        session.connection().execute(update(table).values(sent_at=old))
        session.commit()
    office.post(PATH, **note(office))
    assert panel.count("SentForm") == 1


def test_only_forms_that_can_make_rows_carry_a_word(panel: Panel, office: Person) -> None:
    office.post(PATH, **note(office))
    stored = panel.id_of("SupervisionNote")
    assert "form.word" not in office.get(f"/supervision_notes/edit/?id={stored}")
    assert "form.word" in office.get(f"/proposals/edit/?id={item(panel)}")
