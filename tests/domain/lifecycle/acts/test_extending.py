"""延期: asked with a reason, granted or refused; by the office for many at once (S3); the day before is kept."""

from datetime import date
from typing import Any

from domain import models
from tests.ground.acting import HOUSING, SCHOOL, act, answered, item, state, task
from tests.ground.district import Panel

WHY = "要等市里批复"


def a_date(panel: Panel, milestone: str = "答复", unit: str = SCHOOL, role: str = "主办") -> int:
    with panel.truth() as session:
        words = {"milestone": milestone, "due_on": date(2024, 6, 5), "origin": "规则"}
        line = models.Deadline(assignment_id=task(panel, unit, role), **words)
        session.add(line)
        session.commit()
        return int(line.id)


def day(panel: Panel, line: int, column: str = "due_on") -> Any:
    return state(panel, "Deadline", line, column)


def ask(panel: Panel, line: int, to: str = "2024-07-20", status: int = 302) -> str:
    told = {"wanted_on": to, "reason": WHY}
    return act(panel, "school", "ask_extension", "deadlines", line, status=status, **told)


def the_request(panel: Panel) -> int:
    return panel.id_of("ExtensionRequest", decision="待定")


def test_a_later_day_is_granted_and_the_one_before_kept(panel: Panel) -> None:
    line = a_date(panel)
    before = day(panel, line)
    assert "同意以前仍按原到期日" in ask(panel, line)
    assert day(panel, line) == before
    assert WHY in panel.as_("office").get("/extension_requests/?waits=grant_extension")
    act(panel, "office", "grant_extension", "extension_requests", the_request(panel))
    assert day(panel, line) == date(2024, 7, 20)
    assert (day(panel, line, "extended_from_on"), day(panel, line, "origin")) == (before, "延期")
    assert day(panel, line, "extension_reason") == WHY


def test_the_change_log_says_who_moved_a_date(panel: Panel) -> None:
    line = a_date(panel)
    before = day(panel, line)
    told = {"due_on": "2024-10-20", "extension_reason": WHY}
    act(panel, "office", "extend", "deadlines", line, **told)
    act(panel, "office", "unextend", "deadlines", line)
    with panel.truth() as session:
        log = session.query(models.ChangeLog).filter_by(table_name="deadlines", row_id=line)
        entries = log.order_by(models.ChangeLog.id).all()
    moved = [
        (e.act, e.changes["due_on"], e.user_id == panel.id_of("User", username="office"))
        for e in entries
    ]
    there, back = [before.isoformat(), "2024-10-20"], ["2024-10-20", before.isoformat()]
    assert moved == [("延期", there, True), ("取消延期", back, True)]


def test_the_office_may_grant_another_day(panel: Panel) -> None:
    line = a_date(panel)
    ask(panel, line)
    told = {"granted_on": "2024-06-30"}
    act(panel, "office", "grant_extension", "extension_requests", the_request(panel), **told)
    assert day(panel, line) == date(2024, 6, 30)


def test_a_refusal_says_why_and_moves_nothing(panel: Panel) -> None:
    line = a_date(panel)
    before = day(panel, line)
    ask(panel, line)
    key = the_request(panel)
    page = act(panel, "office", "refuse_extension", "extension_requests", key, status=200)
    assert "请填写审核意见" in page
    told = {"decision_note": "时间够用"}
    act(panel, "office", "refuse_extension", "extension_requests", key, **told)
    assert day(panel, line) == before
    assert "时间够用" in panel.as_("school").get(f"/extension_requests/details/?id={key}")
    ask(panel, line)  # it may ask again


def test_one_asks_once_for_a_day_that_lies_ahead(panel: Panel) -> None:
    line = a_date(panel)
    assert "要晚于今天" in ask(panel, line, "2024-04-01", status=200)
    assert "要晚于原到期日" in ask(panel, line, "2024-05-01", status=200)
    ask(panel, line)
    assert "有延期申请等着审核" in ask(panel, line, status=200)
    key = the_request(panel)
    act(panel, "school", "withdraw_extension", "extension_requests", key)
    ask(panel, line)


def test_no_unit_asks_for_another_ones_task(panel: Panel) -> None:
    told = {"wanted_on": "2024-07-20", "reason": WHY}
    line = a_date(panel)
    act(panel, "housing", "ask_extension", "deadlines", line, status=404, **told)
    assert panel.count("ExtensionRequest") == 0


def test_the_office_moves_all_matching_dates(panel: Panel) -> None:
    """S3: 所有办件延到10月20日."""
    told = {"due_on": "2024-10-20", "extension_reason": "市里统一安排"}
    keys = (a_date(panel), a_date(panel, "协办意见", HOUSING, "协办"))
    lines = {key: day(panel, key) for key in keys}
    act(panel, "office", "extend", "deadlines", *lines, **told)
    assert {day(panel, line) for line in lines} == {date(2024, 10, 20)}
    assert {line: day(panel, line, "extended_from_on") for line in lines} == lines
    first = next(iter(lines))
    act(panel, "office", "extend", "deadlines", first, **{**told, "due_on": "2024-10-31"})
    assert day(panel, first, "extended_from_on") == lines[first]  # the first of all
    act(panel, "office", "unextend", "deadlines", first)
    assert (day(panel, first), day(panel, first, "extended_from_on")) == (lines[first], None)


def test_the_time_to_give_a_task_back_is_not_extended(panel: Panel) -> None:
    line = a_date(panel, "签收")
    assert "不能延期" in ask(panel, line, status=200)


def test_the_dates_page_shows_what_was_asked_and_what_became_of_it(panel: Panel) -> None:
    line = a_date(panel)
    ask(panel, line)
    for who in ("school", "office"):
        page = panel.as_(who).get(f"/deadlines/details/?id={line}")
        assert WHY in page and "2024-07-20" in page and "待定" in page
    told = {"decision_note": "按期办"}
    act(panel, "office", "refuse_extension", "extension_requests", the_request(panel), **told)
    assert "按期办" in panel.as_("school").get(f"/deadlines/details/?id={line}")
    other = a_date(panel, "办理方案")
    assert WHY not in panel.as_("school").get(f"/deadlines/details/?id={other}")
    assert WHY not in panel.as_("congress").get(f"/deadlines/details/?id={line}")


def the_decision(panel: Panel) -> Any:
    with panel.truth() as session:
        request = session.query(models.ExtensionRequest).one()
        return request.decision, request.decided_on, request.decided_by_id


def test_a_request_lapses_once_the_step_is_done(panel: Panel) -> None:
    line = a_date(panel)
    ask(panel, line)
    reply = answered(panel)
    assert the_decision(panel) == ("失效", date(2024, 4, 15), None)
    assert "共 1 条" not in panel.as_("office").get("/extension_requests/?waits=grant_extension")
    assert "失效" in panel.as_("school").get(f"/deadlines/details/?id={line}")
    act(panel, "office", "unissue", "replies", reply)  # owed again: it may be asked for anew
    assert day(panel, line, "done_on") is None
    ask(panel, line)
    assert panel.count("ExtensionRequest", decision="待定") == 1


def test_a_request_lapses_with_its_task_and_its_item(panel: Panel) -> None:
    ask(panel, a_date(panel))
    gone = {"withdrawn_on": "2024-04-15", "withdrawal_reason": "代表来函"}
    act(panel, "office", "withdraw", "proposals", item(panel, "001"), **gone)
    assert the_decision(panel)[0] == "失效"


def test_a_request_stays_while_the_step_is_open(panel: Panel) -> None:
    ask(panel, a_date(panel))
    act(panel, "school", "sign", "assignments", task(panel, SCHOOL, "主办"))
    assert the_decision(panel) == ("待定", None, None)
