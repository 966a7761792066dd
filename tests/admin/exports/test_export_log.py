"""Whatever leaves the panel leaves a row for the auditor: who, when, what, narrowed how, how many rows."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from admin.exports import exporting
from domain import models
from tests.admin.exports.test_export_screens import ask, long_lists, work  # noqa: F401
from tests.admin.imports.test_import_screens import CONGRESS, NEW, STRANGE, preview, workbook
from tests.ground.district import MORNING, Panel
from tests.ground.exporting import run_export

Line = tuple[str, str, str, str, int]


def lines(panel: Panel) -> list[Line]:
    """(actor, way, item, narrowed, rows) of everything on record, oldest first."""
    with panel.truth() as session:
        log = models.ExportLog
        asked = select(log.actor_name, log.way, log.item, log.narrowed, log.row_count)
        return [tuple(row) for row in session.execute(asked.order_by(log.id))]  # type: ignore[misc]


def test_a_small_list_is_on_record_with_its_filters_and_rows(panel: Panel) -> None:
    panel.as_("office").client.get("/exports/list/proposals?state=登记&q=图书馆")
    panel.as_("school").client.get("/exports/list/assignments")
    assert lines(panel) == [
        ("交办督查·office", "列表", "建议提案", "筛选：办理状态：登记；查找“图书馆”", 1),
        ("承办单位联络员·school", "列表", "承办任务", "全部", 2),
    ]
    with panel.truth() as session:
        first = session.scalars(select(models.ExportLog).order_by(models.ExportLog.id)).first()
        assert (first.happened_at, first.address) == (MORNING, "127.0.0.1")
        assert first.user.username == "office"


def test_a_report_is_on_record_with_its_meeting(panel: Panel) -> None:
    meeting = panel.id_of("Meeting", name=CONGRESS)
    answer = panel.as_("office").client.get(f"/reports/file/?report=分工方案&meeting={meeting}")
    assert answer.status_code == 200
    ((actor, way, item, narrowed, count),) = lines(panel)
    assert (actor, way, narrowed, count) == ("交办督查·office", "报表", CONGRESS, 2)
    assert "分工方案" in item


def test_a_long_list_is_on_record_when_it_has_been_written(
    panel: Panel,
    long_lists: None,  # noqa: F811
) -> None:
    run = ask(panel, "office", "/exports/list/proposals?kind=建议")
    assert lines(panel) == []
    work(panel, run)
    assert lines(panel) == [("交办督查·office", "后台", "建议提案", "筛选：类型：建议", 3)]


def test_the_command_is_on_record_in_the_name_it_was_used_in(panel: Panel, tmp_path: Path) -> None:
    for options in (["--as", "school"], ["--meeting", CONGRESS]):
        out = ["建议提案", "--out", str(tmp_path / "out.xlsx"), *options]
        assert run_export(panel.app, *out).exit_code == 0
    assert lines(panel) == [
        ("承办单位联络员·school", "命令", "建议提案", "", 1),
        ("命令", "命令", "建议提案", CONGRESS, 3),
    ]


def test_a_fetched_attachment_is_on_record_with_what_it_hangs_on(panel: Panel) -> None:
    item, office = panel.id_of("Proposal", number="001"), panel.as_("office")
    sent = {"files": (BytesIO(b"%PDF-1.7\n%%EOF\n"), "原件.pdf")}
    office.client.post(f"/files/add/proposal_id/{item}", data=sent)
    with office.client.get(f"/files/{panel.id_of('Attachment')}") as answer:
        assert answer.status_code == 200
    assert lines(panel) == [
        ("交办督查·office", "附件", "原件.pdf", "建议001号 关于增设校门口斑马线的建议", 0)
    ]


def test_the_files_of_an_import_are_on_record_with_their_meeting_and_rows(panel: Panel) -> None:
    preview(panel, NEW, STRANGE)
    office = panel.as_("office").client
    for door in ("original", "workbook"):
        assert office.get(f"/import/1/{door}/", buffered=True).status_code == 200
    of = f"导入分工方案：{CONGRESS}"
    assert lines(panel) == [
        ("交办督查·office", "导入", "分工方案.xlsx", of, 2),
        ("交办督查·office", "导入", "分工方案（标注）.xlsx", of, 2),
    ]


def test_the_file_of_a_table_is_on_record_with_the_tables_name(panel: Panel) -> None:
    content = workbook(["鱼峰区园林局", "区园林局"], header=["单位全称", "单位简称"])
    sent = {"file": (BytesIO(content), "单位.xlsx")}
    office = panel.as_("office").client
    assert office.post("/import/table/units/", data=sent).status_code == 302
    assert office.get("/import/1/original/", buffered=True).data == content
    assert lines(panel) == [("交办督查·office", "导入", "单位.xlsx", "导入承办单位", 0)]


@pytest.mark.parametrize("door", ["/exports/list/proposals", "/import/1/original/"])
def test_what_cannot_be_put_on_record_does_not_go_out(
    panel: Panel, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    preview(panel, NEW)

    def refuse(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(exporting, "record", refuse)
    answer = panel.as_("office").client.get(door)
    assert answer.status_code == 500
    assert answer.content_type.startswith("text/html")


def test_the_auditor_reads_the_record_and_nobody_writes_it(panel: Panel) -> None:
    panel.as_("office").client.get("/exports/list/proposals")
    page = panel.as_("auditor").get("/export_log/")
    assert "交办督查·office" in page and "建议提案" in page
    assert "今天的导出" in panel.as_("auditor").get("/")
    for name in ("office", "admin", "school"):
        panel.as_(name).get("/export_log/", 404)
    panel.as_("auditor").post("/export_log/new/", 403, item="x")
    key = panel.id_of("ExportLog")
    panel.as_("auditor").post("/export_log/delete/", 403, id=str(key), confirmed="1")
    assert panel.count("ExportLog") == 1
