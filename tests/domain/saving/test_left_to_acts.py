"""A file brings what was done before the panel was there; what acts are at in the panel, it does not decide."""

from typing import Any

import pytest

from tests.domain.texts.test_typed_text import import_rows
from tests.ground.acting import HOUSING, SCHOOL, a_draft, act, state, task, unit
from tests.ground.district import Panel

LEAD = f"{SCHOOL}主办 建议001号 关于增设校门口斑马线的建议"
REPLY = ["承办任务", "答复种类", "轮次"]


def refused(panel: Panel, table: str, head: list[str], row: list[Any]) -> str:
    """What the row of the file is told."""
    (step,) = import_rows(panel, table, head, row).steps
    assert step.outcome == "invalid"
    return step.errors[0].message


@pytest.fixture
def sent(panel: Panel) -> int:
    reply = a_draft(panel, task(panel, SCHOOL, "主办"))
    act(panel, "school", "send", "replies", reply, partner_note="不等")
    return reply


@pytest.mark.parametrize(("label", "day"), [
    ("报审日期", "2024-04-11"), ("审核通过日期", "2024-04-15"), ("答复日期", "2024-04-15"),
])  # fmt: skip
def test_a_file_decides_no_review_that_is_under_way(
    panel: Panel, sent: int, label: str, day: str
) -> None:
    said = refused(panel, "replies", [*REPLY, label], [LEAD, "答复", "1", day])
    assert f"“{label}”：承办单位联络员·school已于 2024-04-15 在系统里办了“送审”" in said
    assert "请到这一条的页面上办理" in said
    assert state(panel, "Reply", sent) == "督查审核"


def test_a_file_takes_no_step_of_a_review_that_is_under_way(panel: Panel, sent: int) -> None:
    head = ["答复", "环节", "结果", "时间"]
    row = [f"答复（第1轮）{LEAD}", "督查审核", "通过", "2024-04-15 08:00"]
    assert "“答复”：" in refused(panel, "review_steps", head, row)
    assert state(panel, "Reply", sent) == "督查审核"


def test_a_file_ends_no_task_on_which_the_unit_is_at_work(panel: Panel, sent: int) -> None:
    head = ["编号", "结束日期", "结束方式", "结束理由"]
    said = refused(panel, "assignments", head, [task(panel, SCHOOL, "主办"), "2024-04-15", "撤办", "导入"])  # fmt: skip
    assert "在系统里办了“送审”" in said
    assert state(panel, "Assignment", task(panel, SCHOOL, "主办")) == "审核中"


def test_a_file_decides_no_request_that_waits_in_the_panel(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    words = {"kind": "退办", "reason": "不属职责", "suggested_unit_id": unit(panel, HOUSING)}
    act(panel, "school", "ask_return", "assignments", mine, **words)
    request = panel.id_of("ReturnRequest")
    head = ["编号", "审核结果", "审核日期"]
    said = refused(panel, "return_requests", head, [request, "同意", "2024-04-15"])
    assert "“审核结果”：" in said
    assert "在系统里办了“申请退办”" in said
    assert state(panel, "Assignment", mine) == "退办中"


def test_a_file_brings_no_request_to_a_task_that_was_signed_for_in_the_panel(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    act(panel, "school", "sign", "assignments", mine)
    head = ["承办任务", "申请类型", "理由", "申请日期", "审核结果", "审核日期"]
    row = [LEAD, "退办", "不属职责", "2024-04-12", "同意", "2024-04-15"]
    assert "在系统里办了“签收”" in refused(panel, "return_requests", head, row)
    assert state(panel, "Assignment", mine) == "办理中"


def test_a_task_that_was_handed_over_in_the_panel_may_be_signed_for_by_a_file(panel: Panel) -> None:
    """The units sign a list on paper: nothing that anybody does in the panel is decided by it."""
    told = {"unit_id": unit(panel, SCHOOL), "role": "主办", "handed_over_on": "2024-04-11"}
    third = panel.id_of("Proposal", number="003")
    act(panel, "office", "hand_over", "proposals", third, **told)
    mine = panel.id_of("Assignment", proposal_id=third)
    done = import_rows(panel, "assignments", ["编号", "签收日期"], [mine, "2024-04-12"])
    assert [step.errors for step in done.steps] == [[]]
    assert state(panel, "Assignment", mine) == "办理中"


def test_other_columns_of_a_row_that_is_under_way_may_come_by_a_file(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    act(panel, "school", "sign", "assignments", mine)
    head, row = ["编号", "签收日期", "办理人员"], [mine, "2024-04-15", "莫"]  # the day as it is
    assert [step.errors for step in import_rows(panel, "assignments", head, row).steps] == [[]]
    assert state(panel, "Assignment", mine, "handler") == "莫"


def test_what_a_file_has_brought_another_one_may_mend(panel: Panel) -> None:
    mine, head = task(panel, HOUSING, "主办"), ["编号", "签收日期"]
    for day in ("2024-04-11", "2024-04-12"):
        done = import_rows(panel, "assignments", head, [mine, day])
        assert [step.errors for step in done.steps] == [[]]
    assert str(state(panel, "Assignment", mine, "signed_on")) == "2024-04-12"
    assert panel.count("ChangeLog", table_name="assignments", act="补录") >= 2
    assert panel.count("Assignment", id=mine, signed_by_id=None) == 1
