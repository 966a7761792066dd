"""The auditor reads where a change came from: which import, which background run; not what stood in the file."""

import io
import json
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from domain import models
from tests.admin.imports.test_import_screens import BAD_DATE, NEW, STRANGE, press, preview
from tests.ground.district import Panel


@pytest.fixture
def imported(panel: Panel) -> Panel:
    """The panel with one plan written: one row of it new, two invalid, with what the readers made of them."""
    preview(panel, NEW, BAD_DATE, STRANGE)
    press(panel, "apply", only_valid="1")
    with panel.truth() as session:
        row = session.get(models.Import, 1)
        row.undo_result, row.error = {"kept": ["某件的内容"]}, "第3行“某件的内容”写不进去"
        session.get(models.JobRun, row.job_run_id).error = "第3行“某件的内容”写不进去"
        session.commit()
    return panel


def written(panel: Panel) -> int:
    """The log's entry of the item that the import made."""
    log = models.ChangeLog
    with panel.truth() as session:
        made = log.table_name == "proposals", log.import_id.is_not(None)
        return session.scalars(select(log.id).where(*made)).one()


def test_the_auditor_reads_which_import_and_which_run_wrote_a_row(imported: Panel) -> None:
    auditor = imported.as_("auditor")
    page = auditor.get(f"/change_log/details/?id={written(imported)}")
    assert re.search(
        r'<a href="/imports/details/\?id=1"[^>]*>分工方案.xlsx 2024-04-15 09:00</a>', page
    )
    assert "导入写入 2024-04-15 09:00" in page
    assert "不在您的范围内" not in page
    told = auditor.get("/imports/details/?id=1")
    assert "建议004号 关于整治背街小巷的建议" in told  # what the import changed hangs below it


def test_the_auditor_reads_of_an_import_who_and_when_and_how_many_but_not_what(
    imported: Panel,
) -> None:
    auditor, run = imported.as_("auditor"), imported.id_of("JobRun", kind="导入写入")
    for path in (
        "/imports/details/?id=1",
        f"/job_runs/details/?id={run}",
        "/imports/",
        "/job_runs/",
    ):
        page = auditor.get(path)
        assert "某件的内容" not in page and "公共厕所" not in page and "识别结果" not in page, path
    assert "交办督查·office" in auditor.get("/imports/details/?id=1")
    for path in (
        "/import_rows/",
        "/import_mappings/",
        "/import/",
        "/import/1/",
        "/import/1/original/",
    ):
        auditor.get(path, 404)
    assert "打开这次导入" not in auditor.get("/imports/details/?id=1")


def test_nobody_meets_the_name_of_a_table_in_the_database(imported: Panel) -> None:
    """It is there for the program, and an address may still ask by it."""
    entry = written(imported)
    for name in ("office", "auditor"):
        person = imported.as_(name)
        page = person.get(f"/change_log/details/?id={entry}")
        assert "建议提案" in page and "proposals</" not in page
        assert "<dt>表</dt>" not in page
        listed = person.get("/change_log/?table_name=assignments&action=新增")
        assert "承办任务" in listed and 'value="table_name"' not in listed
        kept = '<input type="hidden" name="table_name" value="assignments">'
        assert listed.count('name="table_name"') == listed.count(kept) == 3  # in every form
        assert "建议004号 关于整治背街小巷的建议" in listed


def test_the_export_of_the_log_says_the_import(imported: Panel) -> None:
    asked = "/exports/list/change_log?columns=row_name,import_id,job_run_id&table_name=proposals"
    answer = imported.as_("auditor").client.get(asked)
    rows = load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)
    said = json.dumps(list(rows), ensure_ascii=False)
    assert "分工方案.xlsx" in said and "导入写入 2024-04-15 09:00" in said
