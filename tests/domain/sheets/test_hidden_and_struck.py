"""What is hidden or struck through is never taken, and never left out, without a word."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from domain.plans.recognising.remains import HIDDEN_ROW, LEFT_OUT_TEXT
from domain.sheets.readers import biff
from tests.domain.sheets.made import html, ods, one_grid, records, repacked, xml2003
from tests.ground.plans import read_file, units_of

HEAD = ["建议编号", "案由", "领衔代表", "主办单位", "协办单位"]
ITEMS = [
    ["001", "关于修路的建议", "韦赟", "区住建局", "区财政局"],
    ["002", "关于修桥的建议", "覃大河", "区财政局", "区民政局"],
    ["003", "关于修渠的建议", "莫小溪", "区民政局", "区财政局"],
]
STRUCK = Font(strike=True)


@pytest.fixture
def book() -> Workbook:
    book = Workbook()
    for line in (HEAD, *ITEMS):
        book.active.append(line)
    return book


@pytest.fixture
def page(book: Workbook) -> Worksheet:
    return book.active


def saved(book: Workbook, folder: Path) -> Path:
    book.save(folder / "plan.xlsx")
    return folder / "plan.xlsx"


def test_a_hidden_row_is_read_warned_of_and_counted(
    book: Workbook, page: Worksheet, tmp_path: Path
) -> None:
    page.row_dimensions[3].hidden = True
    plan = read_file(saved(book, tmp_path))
    assert [[one.kind for one in row.doubts] for row in plan.rows] == [[], [HIDDEN_ROW], []]
    assert "隐藏" in plan.rows[1].doubts[0].message
    assert plan.rows[1].doubts[0].cell == "B3"
    assert "有 1 行是隐藏的" in plan.notes[0].sentence


@pytest.mark.parametrize(
    ("height", "hidden"), [("0", {1}), ("0.0", {1}), ("0.75", set()), ("10.5", set())]
)
def test_a_row_of_no_height_is_hidden(
    book: Workbook, tmp_path: Path, height: str, hidden: set[int]
) -> None:
    rows = ('<row r="2"', f'<row ht="{height}" r="2"')
    made = repacked(
        saved(book, tmp_path), tmp_path / "low.xlsx", {"xl/worksheets/sheet1.xml": rows}
    )
    assert one_grid(made).hidden_rows == hidden


def test_a_hidden_column_never_wins_over_one_that_people_see(
    book: Workbook, page: Worksheet, tmp_path: Path
) -> None:
    page.insert_cols(4)
    for row, value in enumerate(["主办单位", "区教育局", "区教育局", "区教育局"], 1):
        page.cell(row, 4, value)
    page.column_dimensions["D"].hidden = True
    plan = read_file(saved(book, tmp_path))
    assert units_of(plan.rows[0]) == [("鱼峰区住房和城乡建设局", "主办"), ("鱼峰区财政局", "协办")]
    assert [note.sentence for note in plan.notes] == ["工作表“Sheet”隐藏的D列“主办单位”没有读取。"]


def test_nor_under_another_word_for_the_same(
    book: Workbook, page: Worksheet, tmp_path: Path
) -> None:
    page["D1"] = "承办单位"
    for row, value in enumerate(["主办单位", "区教育局", "区教育局", "区教育局"], 1):
        page.cell(row, 6, value)
    page.column_dimensions["F"].hidden = True
    plan = read_file(saved(book, tmp_path))
    assert units_of(plan.rows[0])[0] == ("鱼峰区住房和城乡建设局", "主办")


def test_a_hidden_column_without_a_rival_is_read_and_told(
    book: Workbook, page: Worksheet, tmp_path: Path
) -> None:
    page.column_dimensions["E"].hidden = True
    plan = read_file(saved(book, tmp_path))
    assert units_of(plan.rows[0])[1] == ("鱼峰区财政局", "协办")
    assert [note.sentence for note in plan.notes] == ["工作表“Sheet”隐藏的E列“协办单位”也读取了。"]


def test_a_sheet_that_hides_its_unused_rows_hides_no_item(
    book: Workbook, page: Worksheet, tmp_path: Path
) -> None:
    """zeroHeight is about rows without data ([MS-XLS] 2.4.87); one that holds cells is hidden by itself alone."""
    page.sheet_format.zeroHeight = True
    page.row_dimensions[3].hidden = True
    plan = read_file(saved(book, tmp_path))
    assert [[one.kind for one in row.doubts] for row in plan.rows] == [[], [HIDDEN_ROW], []]


def test_a_cell_struck_through_counts_as_empty_and_is_told(
    book: Workbook, page: Worksheet, tmp_path: Path
) -> None:
    page["E2"].font = STRUCK
    row = read_file(saved(book, tmp_path)).rows[0]
    assert units_of(row) == [("鱼峰区住房和城乡建设局", "主办")]
    [remark] = row.doubts
    assert (remark.kind, remark.column, remark.value, remark.cell) == (
        LEFT_OUT_TEXT,
        "co_unit",
        "区财政局",
        "E2",
    )
    assert remark.message == "第2行“协办单位”：“区财政局”有删除线，没有读取，请确认。"


def test_struck_pieces_of_a_cell_are_left_out_and_told(
    book: Workbook, page: Worksheet, tmp_path: Path
) -> None:
    struck = TextBlock(InlineFont(strike=True), "区教育局、")
    page["E2"] = CellRichText([struck, "区财政局"])
    row = read_file(saved(book, tmp_path)).rows[0]
    assert units_of(row)[1:] == [("鱼峰区财政局", "协办")]
    assert [one.value for one in row.doubts] == ["区教育局、"]


def test_pieces_that_are_not_struck_in_a_struck_cell_stay(
    book: Workbook, page: Worksheet, tmp_path: Path
) -> None:
    page["E2"] = CellRichText(["区教育局、", TextBlock(InlineFont(b=True), "区财政局")])
    page["E2"].font = STRUCK
    row = read_file(saved(book, tmp_path)).rows[0]
    assert units_of(row)[1:] == [("鱼峰区财政局", "协办")]


def test_an_item_struck_through_as_a_whole_is_left_out_and_shown(
    book: Workbook, page: Worksheet, tmp_path: Path
) -> None:
    for cell in page[3]:
        cell.font = STRUCK
    plan = read_file(saved(book, tmp_path))
    assert [(row.number, len(row.assignments)) for row in plan.rows] == [("001", 2), ("003", 2)]
    [line] = plan.left_out
    assert line.row == 3
    assert "关于修桥的建议”有删除线" in line.text


def test_its_units_left_standing_are_not_given_to_the_item_above(
    book: Workbook, page: Worksheet, tmp_path: Path
) -> None:
    for cell in page[3][:3]:
        cell.font = STRUCK
    plan = read_file(saved(book, tmp_path))
    assert units_of(plan.rows[0])[1:] == [("鱼峰区财政局", "协办")]
    assert plan.rows[1].errors
    assert len(plan.rows[1].doubts) == 3


def test_an_old_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    head = records(
        (0x0031, struct.pack("<HH", 200, 0)),
        (0x0031, struct.pack("<HH", 200, 8)),
        (0x00E0, struct.pack("<HH", 0, 0)),
        (0x00E0, struct.pack("<HH", 1, 0)),
    )
    book = head + records(
        (0x0085, struct.pack("<IHBB", len(head) + 18, 0, 2, 0) + b"ab"),
        (0x000A, b""),
        (0x007D, struct.pack("<HHHHHH", 3, 4, 0, 0, 1, 0)),
        (0x0208, struct.pack("<HHHHHHHH", 5, 0, 9, 0, 0, 0, 0x20, 0)),
        (0x007D, struct.pack("<HHHHHH", 5, 5, 0, 0, 0, 0)),
        (0x007D, struct.pack("<HHHHHH", 6, 6, 2048, 0, 0, 0)),
        (0x0208, struct.pack("<HHHHHHHH", 6, 0, 9, 300, 0, 0, 0, 0)),
        (0x0208, struct.pack("<HHHHHHHH", 7, 0, 9, 0x8000, 0, 0, 0, 0)),
        (0x00FD, struct.pack("<HHHI", 6, 1, 1, 0)),
        (0x00FD, struct.pack("<HHHI", 6, 2, 0, 0)),
        (0x000A, b""),
    )
    monkeypatch.setattr(biff, "_workbook", lambda data: book)
    marks = biff.scan(b"")[0]["ab"]
    assert (marks.hidden_rows, marks.hidden_columns) == ({5, 7}, {3, 4, 5})  # of no size, too
    assert marks.struck == {(6, 1): None}


def test_an_open_document(tmp_path: Path) -> None:
    struck = 'style:text-line-through-style="solid"'
    styles = "".join(
        f'<style:style style:name="{name}" style:family="{family}">'
        f"<style:text-properties {looks}/></style:style>"
        for name, family, looks in (
            ("ce1", "table-cell", struck),
            ("T1", "text", struck),
            ("T2", "text", 'text:display="none"'),
            ("ce2", "table-cell", 'style:text-line-through-style="none"'),
        )
    )
    columns = (
        '<table:table-column table:default-cell-style-name="ce2"/>'
        '<table:table-column table:default-cell-style-name="ce1"/>'
        '<table:table-column table:visibility="collapse"/>'
    )
    texts = ('甲<text:span text:style-name="T1">乙</text:span>', "丙", "丁", "戊")
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    rows = f'<table:table-row table:visibility="filter">{cells}</table:table-row>'
    grid = one_grid(ods(tmp_path / "plan.ods", rows, styles, columns))
    assert grid.cells == [["甲", "", "丁", "戊"]]
    assert {place: one.text for place, one in grid.remarks.items()} == {(0, 0): "乙", (0, 1): "丙"}
    assert (grid.hidden_rows, grid.hidden_columns) == ({0}, {2})


def test_the_xml_of_excel_2003(tmp_path: Path) -> None:
    styles = '<Style ss:ID="a"><Font ss:StrikeThrough="1"/></Style>'
    columns = '<Column ss:Index="2" ss:Hidden="1" ss:Span="1"/>'
    rows = (
        '<Row ss:Span="2"><Cell ss:StyleID="a"><Data ss:Type="String">甲</Data></Cell></Row>'
        '<Row ss:Hidden="1"><Cell><ss:Data ss:Type="String"><html:S>乙</html:S>丙</ss:Data></Cell></Row>'
    )
    grid = one_grid(xml2003(tmp_path / "plan.xls", rows, styles, columns))
    assert grid.cells == [[""], [], [], ["丙"]]
    assert {place: one.text for place, one in grid.remarks.items()} == {(0, 0): "甲", (3, 0): "乙"}
    assert (grid.hidden_rows, grid.hidden_columns) == ({3}, {1, 2})


def test_a_web_page(tmp_path: Path) -> None:
    rows = (
        "<tr><td>甲<s>乙</s></td><td style='display:none'>丙</td><td class=x>丁</td></tr>"
        "<tr style='display:none'><td>戊<span style='mso-hide:all'>己</span></td>"
        "<td style='display:none'>庚</td><td>辛</td></tr>"
    )
    grid = one_grid(html(tmp_path / "plan.xls", rows, ".x {text-decoration:line-through}"))
    assert grid.cells == [["甲", "丙", ""], ["戊", "庚", "辛"]]
    assert {place: one.text for place, one in grid.remarks.items()} == {
        (0, 0): "乙",
        (0, 2): "丁",
        (1, 0): "己",
    }
    assert (grid.hidden_rows, grid.hidden_columns) == ({1}, {1})


def test_a_column_of_no_width_is_hidden(book: Workbook, tmp_path: Path) -> None:
    columns = (
        "<sheetData>",
        '<cols><col min="5" max="5" width="0" customWidth="1"/></cols><sheetData>',
    )
    made = repacked(
        saved(book, tmp_path), tmp_path / "low.xlsx", {"xl/worksheets/sheet1.xml": columns}
    )
    assert one_grid(made).hidden_columns == {4}


def test_a_web_page_hides_by_its_columns_and_by_no_height(tmp_path: Path) -> None:
    rows = '<col><col span=2 style="display:none"><tr height=0><td>甲<td>乙<td>丙<td>丁</tr>'
    grid = one_grid(html(tmp_path / "plan.xls", rows))
    assert (grid.hidden_columns, grid.hidden_rows) == ({1, 2}, {0})


def test_a_column_of_no_width_in_xml_of_2003(tmp_path: Path) -> None:
    rows = '<Row><Cell><Data ss:Type="String">甲</Data></Cell></Row>'
    made = xml2003(tmp_path / "plan.xml", rows, columns='<Column ss:Width="0"/>')
    assert one_grid(made).hidden_columns == {0}


@pytest.mark.parametrize("looks", ['type="single"', 'style="solid"', 'type="double"'])
def test_pieces_struck_as_libreoffice_writes_them(tmp_path: Path, looks: str) -> None:
    style = (
        '<style:style style:name="T1" style:family="text">'
        f"<style:text-properties style:text-line-through-{looks}/></style:style>"
    )
    text = '<text:p>韦小满<text:span text:style-name="T1">覃大河</text:span></text:p>'
    cell = f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
    grid = one_grid(ods(tmp_path / "plan.ods", f"<table:table-row>{cell}</table:table-row>", style))
    assert (grid.cells, grid.remarks[0, 0].text) == ([["韦小满"]], "覃大河")


def test_a_number_of_which_an_open_document_shows_nothing_is_not_read(tmp_path: Path) -> None:
    cells = "".join(
        f'<table:table-cell office:value-type="float" office:value="{n}">{shown}</table:table-cell>'
        for n, shown in ((28, "<text:p/>"), (29, "<text:p>29</text:p>"), (30, ""))
    )
    grid = one_grid(ods(tmp_path / "plan.ods", f"<table:table-row>{cells}</table:table-row>"))
    assert grid.cells == [["", 29, 30]]
