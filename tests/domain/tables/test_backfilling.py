"""What happened before the panel was there comes by a workbook: states follow, and the change log says 补录."""

from datetime import date
from typing import Any

from domain import models
from domain.sheets.grid import Grid
from domain.tables.importing import import_table, open_table
from tests.domain.texts.test_typed_text import import_rows
from tests.ground.acting import HOUSING, SCHOOL, item, state, task
from tests.ground.district import Panel

MEETING = "鱼峰区第一届人大第五次会议"
ITEM = "建议001号 关于增设校门口斑马线的建议"
LEAD = f"{SCHOOL}主办 {ITEM}"


def brought(panel: Panel, table: str, *rows: list[Any]) -> None:
    """Import these rows, the header first; every one of them is taken."""
    done = import_rows(panel, table, *rows)
    assert [step.errors for step in done.steps] == [[] for _ in rows[1:]]


def acts_logged(panel: Panel, *tables: str) -> set[str]:
    """The acts that the change log names for rows of these tables, since the district was built."""
    with panel.truth() as session:
        log = models.ChangeLog
        since = (log.table_name.in_(tables), log.actor_name != "建立测试区")
        return {act for (act,) in session.query(log.act).filter(*since)}


def test_tasks_come_with_the_days_on_which_they_were_signed_for(panel: Panel) -> None:
    mine = task(panel, SCHOOL, "主办")
    head = ["建议提案", "承办单位", "承办方式", "签收日期"]
    brought(panel, "assignments", head, [ITEM, SCHOOL, "主办", "2024-04-11"])
    assert state(panel, "Assignment", mine, "signed_on") == date(2024, 4, 11)
    assert state(panel, "Assignment", mine) == "办理中"
    assert state(panel, "Assignment", mine, "signed_by_id") is None  # a file names nobody
    assert state(panel, "Proposal", item(panel, "001")) == "办理"
    assert acts_logged(panel, "assignments", "proposals") == {"补录"}


def test_what_the_same_session_writes_later_is_not_entered_afterwards(panel: Panel) -> None:
    words = models.schema.tables["assignments"]
    rows = [["建议提案", "承办单位", "承办方式", "签收日期"], [ITEM, SCHOOL, "主办", "2024-04-11"]]
    with panel.truth() as session:
        import_table(session, open_table(session, words, [Grid(None, list(rows))]))
        session.add(models.Unit(name="鱼峰区气象局"))
        session.commit()
    assert acts_logged(panel, "assignments") == {"补录"}
    assert acts_logged(panel, "units") == {""}


def test_tasks_come_with_how_they_ended(panel: Panel) -> None:
    partner = panel.id_of("Assignment", role="协办")
    head = ["建议提案", "承办单位", "承办方式", "结束日期", "结束方式", "结束理由"]
    row = [ITEM, HOUSING, "协办", "2024-04-12", "撤办", ""]
    done = import_rows(panel, "assignments", head, row)
    assert "改派、撤办要写明理由。" in done.steps[0].errors[0].message
    brought(panel, "assignments", head, [*row[:5], "不涉及本单位"])
    assert state(panel, "Assignment", partner) == "已撤办"
    assert acts_logged(panel, "assignments") == {"补录"}


def test_replies_come_with_their_days_and_stand_where_these_say(panel: Panel) -> None:
    head = [
        "承办任务",
        "答复种类",
        "轮次",
        "答复类别",
        "正文",
        "报审日期",
        "审核通过日期",
        "答复日期",
    ]
    first, second, third = "2024-04-11", "2024-04-12", "2024-04-13"
    said = [LEAD, "答复", "1", f"A类 A类（{MEETING}）", "已办。"]
    ways = [("督查审核", "审核中", [first, "", ""]), ("通过", "审核中", [first, second, ""]),
            ("已答复", "已答复", [first, second, third])]  # fmt: skip
    mine = task(panel, SCHOOL, "主办")
    for reply_state, task_state, days in ways:
        brought(panel, "replies", head, said + days)
        assert panel.count("Reply", state=reply_state, round=1) == 1
        assert state(panel, "Assignment", mine) == task_state
    assert panel.count("Reply") == 1
    assert state(panel, "Assignment", mine, "finished_on") == date(2024, 4, 13)
    assert acts_logged(panel, "replies", "assignments", "proposals") == {"补录"}


def test_a_file_with_days_does_not_rewrite_what_was_sent(panel: Panel) -> None:
    head = ["承办任务", "答复种类", "轮次", "正文", "报审日期"]
    brought(panel, "replies", head, [LEAD, "答复", "1", "已办。", "2024-04-11"])
    done = import_rows(panel, "replies", head, [LEAD, "答复", "1", "改了。", "2024-04-11"])
    assert "已经送审，不能直接修改" in done.steps[0].errors[0].message
    assert panel.count("Reply", body="已办。") == 1


def test_requests_come_with_their_decisions(panel: Panel) -> None:
    head = ["承办任务", "申请类型", "理由", "申请日期", "审核结果", "审核日期"]
    mine = task(panel, SCHOOL, "主办")
    row = [LEAD, "退办", "不属本单位职责", "2024-04-11", "待定", ""]
    brought(panel, "return_requests", head, row)
    assert state(panel, "Assignment", mine) == "退办中"
    with panel.truth() as session:
        session.delete(session.query(models.ReturnRequest).one())
        session.commit()
    brought(panel, "return_requests", head, [*row[:4], "同意", "2024-04-12"])
    assert state(panel, "Assignment", mine) == "已退办"
    assert state(panel, "Proposal", item(panel, "001")) == "交办"  # its partner has it still
    assert acts_logged(panel, "assignments") == {"补录"}


def test_a_workbook_without_what_acts_write_is_no_backfilling(panel: Panel) -> None:
    head = ["建议提案", "承办单位", "承办方式", "办理人员"]
    brought(panel, "assignments", head, [ITEM, SCHOOL, "主办", "莫晓玲"])
    assert state(panel, "Assignment", task(panel, SCHOOL, "主办"), "handler") == "莫晓玲"
    assert acts_logged(panel, "assignments") == {""}
