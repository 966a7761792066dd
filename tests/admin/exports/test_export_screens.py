"""The export button, the background run behind a long list, the page of reports: through the real app."""

import os
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from sqlalchemy import select

from admin.exports import exporting
from domain import models
from domain.exports.looks import HEADER_ROW
from domain.time.clock import shanghai_now
from jobs.queue.execution import Workplace, execute
from jobs.queue.kinds import KINDS
from jobs.work.kept_files import exports_folder, sweep_expired
from tests.ground.district import MORNING, PEOPLE, Panel

CONGRESS = "鱼峰区第一届人大第五次会议"


def fetch(panel: Panel, person: str, path: str) -> Any:
    return panel.as_(person).client.get(path, buffered=True)


def opened(answer: Any) -> tuple[str, list[Any], list[list[Any]]]:
    """The line of notes, the header and the rows of a downloaded workbook."""
    assert answer.status_code == 200, answer.get_data(as_text=True)[-500:]
    page = openpyxl.load_workbook(BytesIO(answer.data)).active
    lines = [[cell.value for cell in row] for row in page.iter_rows(min_row=HEADER_ROW)]
    return page["A2"].value, lines[0], lines[1:]


@pytest.mark.parametrize("person", PEOPLE)
def test_the_button_of_a_list_gives_the_rows_of_the_list(panel: Panel, person: str) -> None:
    for table in ("proposals", "assignments", "units", "users", "meetings"):
        listed = fetch(panel, person, f"/{table}/?size=200")
        answer = fetch(panel, person, f"/exports/list/{table}")
        assert answer.status_code == listed.status_code, table
        if listed.status_code == 200:
            _, _, rows = opened(answer)
            assert f"共 {len(rows)} 条" in listed.get_data(as_text=True), table


def test_filters_search_order_and_columns_are_those_of_the_screen(panel: Panel) -> None:
    question = "q=建议&handed_over_on.from=2024-04-01&sort=-number&columns=number,title,due_on"
    assert 'href="/exports/list/proposals?' in panel.as_("office").get(f"/proposals/?{question}")
    notes, header, rows = opened(fetch(panel, "office", f"/exports/list/proposals?{question}"))
    assert header == ["案号", "标题", "办理时限"]
    assert [row[0] for row in rows] == ["002", "001"]
    assert rows[1][2] == datetime(2024, 4, 12)
    assert (
        "交办日期 不早于 2024-04-01；查找“建议”　共 2 条" in notes
        and "导出人：交办督查·office" in notes
    )


def test_the_button_carries_the_question_of_the_list(panel: Panel) -> None:
    page = panel.as_("office").get("/proposals/?state=登记&sort=-number&size=20")
    assert f'href="/exports/list/proposals?state={quote("登记")}&sort=-number"' in page


def test_a_file_has_a_chinese_name_and_is_not_kept_by_anybody_between(panel: Panel) -> None:
    answer = fetch(panel, "office", "/exports/list/proposals")
    told = answer.headers["Content-Disposition"]
    assert told.startswith("attachment") and quote("建议提案_20240415.xlsx") in told
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "question", ["password_hash=x", "columns=password_hash", "sort=password_hash", "nonsense=1"]
)
def test_what_the_list_refuses_its_export_refuses(panel: Panel, question: str) -> None:
    assert fetch(panel, "admin", f"/exports/list/users?{question}").status_code == 400


def test_no_table_no_export(panel: Panel) -> None:
    assert fetch(panel, "office", "/exports/list/sqlite_master").status_code == 404
    assert fetch(panel, "school", "/exports/list/change_log").status_code == 404


@pytest.fixture
def long_lists(monkeypatch: Any) -> None:
    """Every list counts as long."""
    monkeypatch.setattr(exporting, "AT_ONCE", 0)


def ask(panel: Panel, person: str, path: str) -> int:
    """Ask for a background export; the number of its run."""
    assert "将在后台写成" in panel.as_(person).get(path)
    assert "排队等待" in panel.as_(person).post(path)
    return panel.id_of("JobRun", kind="导出", state="等待")


def work(panel: Panel, run_id: int, now: datetime = MORNING) -> None:
    """Do the run as a worker does."""
    with panel.app.app_context():
        engine, settings = exporting.edge.db.engine, panel.app.extensions["settings"]
        execute(Workplace(engine, settings, lambda: now, "test", KINDS), run_id)


def test_a_long_list_is_written_in_the_background_in_the_askers_own_scope(
    panel: Panel, long_lists: None
) -> None:
    run_id = ask(panel, "school", "/exports/list/proposals?q=建议&columns=number")
    assert "排队等待" in panel.as_("school").get(f"/exports/{run_id}")
    work(panel, run_id)
    assert "下载 Excel 文件" in panel.as_("school").get(f"/exports/{run_id}")
    found = panel.as_("school").get(f"/job_runs/details/?id={run_id}")
    assert f'href="/exports/{run_id}"' in found
    assert panel.as_("school").json(f"/exports/{run_id}/progress")["state"] == "完成"
    notes, header, rows = opened(fetch(panel, "school", f"/exports/{run_id}/file"))
    assert (header, rows) == (["案号"], [["001"]]) and "查找“建议”" in notes


@pytest.mark.parametrize("person", [name for name in PEOPLE if name != "school"])
def test_a_background_export_is_nobody_elses(panel: Panel, long_lists: None, person: str) -> None:
    run_id = ask(panel, "school", "/exports/list/proposals")
    work(panel, run_id)
    for door in ("", "/progress", "/file"):
        assert fetch(panel, person, f"/exports/{run_id}{door}").status_code == 404
    panel.as_(person).post(f"/exports/{run_id}/restart", status=404)


def test_a_file_is_kept_for_seven_days(panel: Panel, long_lists: None) -> None:
    run_id = ask(panel, "office", "/exports/list/proposals")
    work(panel, run_id)
    with panel.truth() as session:
        run = session.get(models.JobRun, run_id)
        run.queued_at = run.finished_at = MORNING - timedelta(days=7, seconds=1)
        session.commit()
    assert "已经过期删除" in panel.as_("office").get(f"/exports/{run_id}/file", status=404)
    assert "已经过期删除" in panel.as_("office").get(f"/exports/{run_id}")


def test_expired_files_are_deleted(tmp_path: Path) -> None:
    folder = exports_folder(tmp_path)
    old, new = folder / "old.xlsx", folder / "new.xlsx"
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (time.time(), time.time() - 8 * 86400))
    sweep_expired(folder, shanghai_now())
    assert not old.exists() and new.exists()


def test_who_was_deactivated_meanwhile_gets_nothing(panel: Panel, long_lists: None) -> None:
    run_id = ask(panel, "school", "/exports/list/proposals")
    with panel.truth() as session:
        user = session.get(models.User, panel.id_of("User", username="school"))
        user.is_active = False
        session.commit()
    work(panel, run_id)
    with panel.truth() as session:
        run = session.get(models.JobRun, run_id)
        assert (run.state, run.error) == ("失败", "申请导出的用户已停用，没有导出。")


def test_a_failed_export_says_why_and_can_be_started_again(
    panel: Panel, long_lists: None, monkeypatch: Any
) -> None:
    run_id = ask(panel, "office", "/exports/list/proposals")
    broken = replace(KINDS["导出"], run=lambda context: 1 / 0)
    with panel.app.app_context():
        engine, settings = exporting.edge.db.engine, panel.app.extensions["settings"]
        execute(Workplace(engine, settings, lambda: MORNING, "test", {"导出": broken}), run_id)
    assert "没有导出成功：后台任务出错" in panel.as_("office").get(f"/exports/{run_id}")
    assert "排队等待" in panel.as_("office").post(f"/exports/{run_id}/restart")
    work(panel, run_id)
    assert "下载 Excel 文件" in panel.as_("office").get(f"/exports/{run_id}")


def test_the_reports_page_gives_the_plan_of_the_chosen_meeting(panel: Panel) -> None:
    meeting = panel.id_of("Meeting", name=CONGRESS)
    assert CONGRESS in panel.as_("office").get("/reports/")
    answer = fetch(panel, "office", f"/reports/file/?report=分工方案&meeting={meeting}")
    _, header, rows = opened(answer)
    assert header[1] == "建议编号" and [row[1] for row in rows] == ["001", "002"]
    assert quote("代表建议承办分工方案.xlsx") in answer.headers["Content-Disposition"]


def test_the_reports_page_is_only_for_those_with_a_report(panel: Panel) -> None:
    assert fetch(panel, "auditor", "/reports/").status_code == 404
    meeting = panel.id_of("Meeting", name=CONGRESS)
    assert (
        fetch(panel, "auditor", f"/reports/file/?report=分工方案&meeting={meeting}").status_code
        == 404
    )
    assert (
        fetch(panel, "office", f"/reports/file/?report=别的&meeting={meeting}").status_code == 404
    )


def test_a_day_is_a_day(panel: Panel) -> None:
    columns = "number,counts_from_on"
    _, header, rows = opened(
        fetch(panel, "office", f"/exports/list/proposals?number=001&columns={columns}")
    )
    assert dict(zip(header, rows[0], strict=True))["交办日期"].date() == date(2024, 4, 10)


def test_who_was_moved_to_another_unit_does_not_fetch_what_he_saw_there(
    panel: Panel, long_lists: None
) -> None:
    run_id = ask(panel, "school", "/exports/list/proposals?columns=number")
    work(panel, run_id)
    assert fetch(panel, "school", f"/exports/{run_id}/file").status_code == 200
    elsewhere = panel.id_of("Unit", name="鱼峰区住房和城乡建设局")
    with panel.truth() as session:
        user = session.scalars(select(models.User).filter_by(username="school")).one()
        user.unit_id = elsewhere
        session.commit()
    refused = fetch(panel, "school", f"/exports/{run_id}/file")
    assert refused.status_code == 403 and "请重新导出" in refused.get_data(as_text=True)
