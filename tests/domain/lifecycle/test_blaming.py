"""An act on several rows that is refused for one says for which; nothing is done on the others."""

from datetime import date

from domain import models
from domain.access.rule import NotAllowed
from domain.lifecycle.acts.tasks.signing import SIGN
from domain.lifecycle.blaming import find_blamed
from tests.ground.acting import HOUSING, SCHOOL, act, item, task, unit
from tests.ground.district import MORNING, Panel


def test_a_unit_is_added_to_several_items_and_the_one_that_has_it_is_named(panel: Panel) -> None:
    items = [item(panel, "002"), item(panel, "001")]
    told = {"unit_id": unit(panel, SCHOOL), "role": "协办", "handed_over_on": "2024-04-15"}
    page = act(panel, "office", "add_unit", "proposals", *items, status=200, **told)
    assert "“建议001号 关于增设校门口斑马线的建议”：这个单位已经承办本件。一条也没有办" in page
    assert panel.count("Assignment") == 3


def test_several_are_signed_for_and_the_one_handed_over_later_is_named(panel: Panel) -> None:
    tasks = [task(panel, HOUSING, role) for role in ("主办", "协办")]
    with panel.truth() as session:
        session.get_one(models.Assignment, tasks[1]).handed_over_on = date(2024, 4, 14)
        session.commit()
    page = act(panel, "office", "sign", "assignments", *tasks, status=200, signed_on="2024-04-12")
    assert f"“{HOUSING}协办 建议001号 关于增设校门口斑马线的建议”：" in page
    assert "签收日期不能早于交办日期。一条也没有办；请去掉这一条再办。" in page
    assert panel.count("Assignment", signed_on=None) == 3


def test_of_one_row_alone_nothing_more_is_said(panel: Panel) -> None:
    told = {"unit_id": unit(panel, SCHOOL), "role": "协办", "handed_over_on": "2024-04-15"}
    page = act(panel, "office", "add_unit", "proposals", item(panel, "001"), status=200, **told)
    assert "这个单位已经承办本件。" in page
    assert "一条也没有办" not in page


def test_what_no_row_is_to_blame_for_blames_none(panel: Panel) -> None:
    tasks = [task(panel, HOUSING, role) for role in ("主办", "协办")]
    told = {"signed_on": MORNING.date()}
    with panel.truth() as session:
        assert find_blamed(session, SIGN, tasks, told, OSError("full")) is None
        assert find_blamed(session, SIGN, tasks[:1], told, NotAllowed("不行")) is None
