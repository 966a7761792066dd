"""What a new form begins with because the row above it says so: nobody types the same names twice ([承接])."""

import pytest

from domain import models
from domain.access import scopes
from domain.actors import Actor
from tests.admin.tables.test_admin_forms import field
from tests.ground.district import Panel

NAMES = {"leader": "韦副局长", "office": "基教科", "handler": "小覃"}


@pytest.fixture
def task(panel: Panel) -> int:
    """The task of 教育局, with who deals with it filled in."""
    school = panel.id_of("Unit", short_name="教育局")
    key = panel.id_of("Assignment", unit_id=school, role="主办")
    with panel.truth() as session:
        for name, value in NAMES.items():
            setattr(session.get(models.Assignment, key), name, value)
        session.commit()
    return key


@pytest.mark.parametrize("name", ["school", "office"])
def test_a_plan_of_handling_begins_with_who_deals_with_the_task(
    panel: Panel, task: int, name: str
) -> None:
    page = panel.as_(name).get(f"/handling_plans/new/?assignment_id={task}")
    for column, value in NAMES.items():
        assert f'value="{value}"' in field(page, column)
    promise = panel.as_(name).get(f"/commitments/new/?assignment_id={task}")
    assert f'value="{NAMES["leader"]}"' in field(promise, "leader")
    assert f'value="{NAMES["handler"]}"' in field(promise, "handler")


def test_what_the_address_says_and_what_was_sent_stays(panel: Panel, task: int) -> None:
    school = panel.as_("school")
    path = f"/handling_plans/new/?assignment_id={task}"
    assert 'value="老李"' in field(school.get(f"{path}&handler=老李"), "handler")
    page = school.post(path, status=200, assignment_id=task, leader="", office="", handler="")
    for column, value in NAMES.items():
        assert value not in field(page, column)
    assert "请填写分管领导。" in page


def test_a_form_that_hangs_on_nothing_yet_begins_empty(panel: Panel, task: int) -> None:
    page = panel.as_("school").get("/handling_plans/new/")
    assert not [value for value in NAMES.values() if value in page]


def test_a_foreign_task_gives_no_name_away(panel: Panel, task: int) -> None:
    with panel.truth() as session:
        foreign = models.Assignment(
            proposal_id=panel.id_of("Proposal", number="003"),
            unit_id=panel.id_of("Unit", short_name="教育局"), role="主办", handler="别人的人",
        )  # fmt: skip
        session.add(foreign)
        session.commit()
        key = foreign.id
    assert "别人的人" not in panel.as_("housing").get(f"/handling_plans/new/?assignment_id={key}")


def test_a_column_that_the_person_may_not_read_above_gives_nothing(
    panel: Panel, task: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = scopes.hidden_columns

    def more_hidden(actor: Actor, table: str) -> frozenset[str]:
        return hidden(actor, table) | ({"leader"} if table == "assignments" else frozenset())

    monkeypatch.setattr(scopes, "hidden_columns", more_hidden)
    page = panel.as_("school").get(f"/handling_plans/new/?assignment_id={task}")
    assert NAMES["leader"] not in page
    assert f'value="{NAMES["handler"]}"' in field(page, "handler")


def test_an_item_begins_as_its_meetings_kind(panel: Panel) -> None:
    for body, kind in (("人大", "建议"), ("政协", "提案")):
        key = panel.id_of("Meeting", body=body)
        page = field(panel.as_("office").get(f"/proposals/new/?meeting_id={key}"), "kind")
        assert f'<option selected value="{kind}">' in page


def test_a_score_begins_with_the_points_of_its_rule_and_the_unit_of_its_task(
    panel: Panel, task: int
) -> None:
    with panel.truth() as session:
        rule = models.ScoreRule(year=2024, name="未按时答复", points=2.5)
        session.add(rule)
        session.commit()
        key = rule.id
    asked = f"/score_entries/new/?score_rule_id={key}&assignment_id={task}"
    page = panel.as_("office").get(asked)
    assert 'value="2.5"' in field(page, "points")
    assert 'value="鱼峰区教育局"' in field(page, "unit_id")
