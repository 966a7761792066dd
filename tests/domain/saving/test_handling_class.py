"""分类办理 (S4): an item of a project names its 专班, one of an institution the reform that it joins."""

import pytest

from tests.ground.acting import item, state
from tests.ground.district import Panel
from tests.ground.forming import change

PROJECT, INSTITUTION = "项目推进类", "体制机制类"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"handling_class": PROJECT}, "请写明工作专班"),
        ({"handling_class": INSTITUTION}, "请写明纳入哪项改革事项"),
        ({"task_force": "电梯专班"}, "工作专班只用于项目推进类的件"),
        (
            {"handling_class": PROJECT, "task_force": "电梯专班", "reform": "物业改革"},
            "改革事项只用于体制机制类的件",
        ),
    ],
)
def test_a_class_and_what_it_names_go_together(
    panel: Panel, said: dict[str, str], why: str
) -> None:
    assert why in change(panel, "office", "proposals", item(panel, "002"), status=200, **said)


def test_an_item_is_handled_by_a_task_force_or_joins_a_reform(panel: Panel) -> None:
    key = item(panel, "002")
    change(panel, "office", "proposals", key, handling_class=PROJECT, task_force="电梯专班")
    assert state(panel, "Proposal", key, "task_force") == "电梯专班"
    words = {"handling_class": INSTITUTION, "task_force": "", "reform": "物业管理改革"}
    change(panel, "office", "proposals", key, **words)
    assert state(panel, "Proposal", key, "reform") == "物业管理改革"
    listed = panel.as_("office").get(f"/proposals/?handling_class={INSTITUTION}")
    assert "共 1 条" in listed
