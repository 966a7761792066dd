"""The same plan in every kind of file that offices send, told by its content whatever it is called."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from docx import Document

from domain.plans.recognising.outcomes import Plan
from domain.sheets.child import read_grids
from domain.sheets.preflight import inspect
from tests.ground.places import ROOT
from tests.ground.plans import error_columns, read_file, units_of, workbook

FILES = ROOT / "tests" / "ground" / "plan_files"
HEADER = ["序号", "建议编号", "案由", "领衔代表", "主办单位", "协办单位", "办理时限"]
FIRST = [
    "1",
    "第007号",
    "关于推进托育服务的建议",
    "雷立新",
    "区教育局",
    "区财政局\n区民政局",
    "2024年6月5日",
]
SECOND = ["2", "闭字1号", "关于完善养老服务的建议", "王　芳", "区教育局", "区财政局", "6月5日前"]


def check(plan: Plan) -> None:
    """Both items with all their facts."""
    first, second = plan.rows[:2]
    assert (first.number, first.kind, first.lead) == ("007", "建议", "雷立新")
    assert units_of(first) == [
        ("鱼峰区教育局", "主办"),
        ("鱼峰区财政局", "协办"),
        ("鱼峰区民政局", "协办"),
    ]
    assert (second.number, second.lead, second.due_on) == ("闭字1", "王芳", date(2024, 6, 5))
    assert units_of(second) == [("鱼峰区教育局", "主办"), ("鱼峰区财政局", "协办")]
    assert not first.errors
    assert not second.errors


def as_csv(delimiter: str = ",") -> str:
    return "\r\n".join(
        delimiter.join(f'"{value}"' if "\n" in value else value for value in row)
        for row in (HEADER, FIRST, SECOND)
    )


@pytest.mark.parametrize("name", ["plan.xls", "plan.ods"])
def test_an_old_workbook_and_an_open_document_with_merges_and_an_error_cell(name: str) -> None:
    plan = read_file(FILES / name)
    check(plan)
    assert [row.row for row in plan.rows] == [3, 4, 5]
    assert error_columns(plan.rows[2]) == ["co_unit"]
    assert (
        plan.rows[2].errors[0].message
        == "第5行“协办单位”：“#N/A”是公式的错误值，请改成正确的内容。"
    )
    assert plan.sheets[1].skipped == "是隐藏的，没有读取"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(as_csv().encode(encoding))
    check(read_file(path))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_text_with_any_delimiter_and_line_breaks_in_quotes(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(as_csv(delimiter), encoding="utf-8", newline="")
    plan = read_file(path)
    check(plan)
    assert [row.row for row in plan.rows] == [2, 3]


def test_a_word_document_with_a_heading_merged_cells_and_two_tables(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("鱼峰区落实柳州市政协十三届四次会议提案承办分工方案")
    table = document.add_table(rows=0, cols=5)
    for values in (
        ["提案号", "提案题目", "第一提案人", "主办单位", "协办单位"],
        ["007", "关于推进托育服务的提案", "雷立新", "区教育局", "区财政局"],
        ["008", "关于完善养老服务的提案", "王　芳", "", "区民政局"],
    ):
        for cell, value in zip(table.add_row().cells, values, strict=True):
            cell.text = value
    table.cell(1, 3).merge(table.cell(2, 3))
    document.add_paragraph("附：代表建议")
    other = document.add_table(rows=0, cols=3)
    for values in (["建议号", "案由", "主办单位"], ["001", "关于修路的建议", "区住建局"]):
        for cell, value in zip(other.add_row().cells, values, strict=True):
            cell.text = value
    document.save(str(tmp_path / "plan.docx"))
    plan = read_file(tmp_path / "plan.docx")
    assert [(row.sheet, row.row, row.kind, row.number) for row in plan.rows] == [
        ("表1", 2, "提案", "007"),
        ("表1", 3, "提案", "008"),
        ("表2", 2, "建议", "001"),
    ]
    assert units_of(plan.rows[1]) == [("鱼峰区教育局", "主办"), ("鱼峰区民政局", "协办")]


def test_a_web_page_called_xls_with_spans_and_line_breaks(tmp_path: Path) -> None:
    page = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>代表建议</title>
    <style>td {mso-number-format:"\\@"}</style></head><body><table border=1>
    <tr><td colspan=5 align=center>2024年代表建议交办表</td></tr>
    <tr><th rowspan=2>编号</th><th rowspan=2>案由</th><th rowspan=2>领衔人</th><th colspan=2>承办单位</th></tr>
    <tr><th>主办</th><th>协办</th></tr>
    <tr><td>&nbsp;007&nbsp;</td><td>关于推进托育<br>服务的建议</td><td>雷立新</td>
    <td rowspan=2>区教育局</td><td>区财政局<br>区民政局</td></tr>
    <tr><td>闭字1号</td><td>关于完善养老服务的建议</td><td>王　芳</td><td>区财政局</td></tr>
    </table></body></html>"""
    path = tmp_path / "plan.xls"
    path.write_bytes(page.encode("gb18030"))
    plan = read_file(path)
    assert [(row.row, row.number, row.title) for row in plan.rows] == [
        (4, "007", "关于推进托育服务的建议"),
        (5, "闭字1", "关于完善养老服务的建议"),
    ]
    assert units_of(plan.rows[0])[1:] == [("鱼峰区财政局", "协办"), ("鱼峰区民政局", "协办")]
    assert units_of(plan.rows[1]) == [("鱼峰区教育局", "主办"), ("鱼峰区财政局", "协办")]


def test_the_xml_of_excel_2003(tmp_path: Path) -> None:
    def row(values: list[str], index: str = "") -> str:
        cells = "".join(f'<Cell><Data ss:Type="String">{value}</Data></Cell>' for value in values)
        return f"<Row{index}>{cells}</Row>"

    page = (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="建议"><Table>'
        + row(HEADER) + row(FIRST, ' ss:Index="3"') + row(SECOND)
        + "</Table></Worksheet></Workbook>"
    )  # fmt: skip
    path = tmp_path / "plan.xls"
    path.write_text(page, encoding="utf-8")
    plan = read_file(path)
    check(plan)
    assert [row.row for row in plan.rows] == [3, 4]


@pytest.mark.parametrize("name", ["plan.xls", "plan.et", "plan.csv", "plan", "plan.docx"])
def test_a_workbook_is_known_by_its_content_whatever_its_name(tmp_path: Path, name: str) -> None:
    made = workbook(tmp_path / "made.xlsx", [HEADER, FIRST, SECOND])
    path = tmp_path / name
    path.write_bytes(made.read_bytes())
    assert inspect(path) == "xlsx"
    check(read_file(path))


def test_rows_are_numbered_as_excel_shows_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "plan.xlsx", [[], [], [], HEADER, FIRST])
    assert [row.row for row in read_file(path).rows] == [5]
    assert len(read_grids(path)[0].cells) == 5


def test_ten_thousand_rows_are_all_read(tmp_path: Path) -> None:
    rows = [
        [str(n), f"第{n:05}号", f"关于第{n}个小区的建议", "雷立新", "区教育局", "区财政局", ""]
        for n in range(1, 10_001)
    ]
    plan = read_file(workbook(tmp_path / "plan.xlsx", [HEADER, *rows]))
    assert len(plan.rows) == 10_000
    assert not any(row.errors for row in plan.rows)
