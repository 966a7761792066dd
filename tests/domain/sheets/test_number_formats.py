"""What a sheet shows is what is read: 闭字0"号" shows 5 as 闭字5号, whoever wrote the file."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from openpyxl import Workbook

from domain.sheets.grid import Cell
from domain.sheets.readers import biff, formats
from tests.domain.sheets.made import html, ods, one_grid, records, xml2003

SHOWN = [
    ("000", 5, "005"),
    ('"第"000"号"', 5, "第005号"),
    ('闭字0"号"', 12, "闭字12号"),
    ('"闭字"General', 5, "闭字5"),
    ("闭字#", 5, "闭字5"),
    ("000-0000-0000", 13977200001, "139-7720-0001"),
    ("0000\\-000", 2024005, "2024-005"),
    ('[Red]"提"000;[Blue]-0', 7, "提007"),
    ('0"件";-0"件";"无"', 3, "3件"),
    ('"区"@', "住建局", "区住建局"),
    ('[>10]"甲"0;0', 12, "甲12"),
    ('[>10]"甲"0;"乙"0', 5, "乙5"),
    ('[=1]"A类";[=2]"B类";General', 2, "B类"),
    ('[<=9]"00"0;[>99]0"号";"0"0', 10, "010"),
    ('[>10]"甲"0', -12, -12),
]
AS_IT_IS = [
    ("General", 5),
    ("0", 5),
    ("#,##0", 12345),
    ("0.00", 5),
    ("0%", 1),
    ('"¥"#,##0', 12),
    ("yyyy-mm-dd", 45448),
    ('yyyy"年"m"月"', 45448),
    ("[DBNum1]General", 5),
    ("# ?/?", 5),
    ('[=1]"A类";[=2]"B类";General', 3),
    ('[>10]"甲"0', 5),
    ("000", 5.5),
    ("000", "005"),
]


@pytest.mark.parametrize(("code", "value", "shown"), SHOWN)
def test_a_format_adds_what_a_person_sees(code: str, value: Cell, shown: str) -> None:
    found = formats.parse(code)
    assert found
    assert found.shown(value) == shown


@pytest.mark.parametrize(("code", "value"), AS_IT_IS)
def test_amounts_dates_and_plain_numbers_stay_values(code: str, value: Cell) -> None:
    found = formats.parse(code)
    assert found is None or found.shown(value) == value


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        (";;;", 28, ""),
        (";;;", "秘密", ""),
        ('000;;"无"', 0, "无"),
        ('000;;"无"', 5, "005"),
        ("0;;", 0, ""),
    ],
)
def test_what_a_format_hides_is_not_read(code: str, value: Cell, shown: str) -> None:
    found = formats.parse(code)
    assert found
    assert found.shown(value) == shown


def test_a_zero_and_a_negative_number_have_sections_of_their_own() -> None:
    found = formats.parse('0"件";"欠"0"件";"没有"0')
    assert found
    assert [found.shown(value) for value in (3, -2, 0)] == ["3件", "欠2件", "没有0"]


def test_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    for row, (code, value, _) in enumerate(SHOWN, 1):
        book.active.cell(row, 1, value).number_format = code
    book.active.cell(len(SHOWN) + 1, 1, 5).number_format = "#,##0"
    book.save(tmp_path / "plan.xlsx")
    cells = one_grid(tmp_path / "plan.xlsx").cells
    assert [line[0] for line in cells] == [*(shown for _, _, shown in SHOWN), 5]


def test_an_old_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    code = '"闭字"0"号"'
    head = records(
        (0x041E, struct.pack("<HHB", 164, len(code), 1) + code.encode("utf-16-le")),
        (0x00E0, struct.pack("<HH", 0, 0)),
        (0x00E0, struct.pack("<HH", 0, 164)),
    )
    offset = len(head) + 4 + 10 + 4
    book = head + records(
        (0x0085, struct.pack("<IHBB", offset, 0, 2, 0) + b"ab"),
        (0x000A, b""),
        (0x027E, struct.pack("<HHHI", 1, 2, 1, 0)),
        (0x000A, b""),
    )
    monkeypatch.setattr(biff, "_workbook", lambda data: book)
    marks, _ = biff.scan(b"")
    assert marks["ab"].formats[1, 2].shown(5) == "闭字5号"


def test_an_open_document(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    pairs = [(5, "闭字5号"), (5, "005"), (2024005, "2024-005"), (12345, "12,345"), (5, "5.00")]
    row = "".join(cell.format(*pair) for pair in pairs)
    path = ods(tmp_path / "plan.ods", f"<table:table-row>{row}</table:table-row>")
    assert one_grid(path).cells == [["闭字5号", "005", "2024-005", 12345, 5]]


def test_the_xml_of_excel_2003_by_cell_row_and_column(tmp_path: Path) -> None:
    styles = (
        '<Style ss:ID="a"><NumberFormat ss:Format="000"/></Style>'
        '<Style ss:ID="b"><NumberFormat ss:Format="闭字0&quot;号&quot;"/></Style>'
        '<Style ss:ID="c"><NumberFormat ss:Format="Short Date"/></Style>'
    )
    number = '<Data ss:Type="Number">5</Data></Cell>'
    rows = (
        f'<Row><Cell ss:StyleID="a">{number}<Cell>{number}<Cell ss:StyleID="c">{number}</Row>'
        f'<Row ss:StyleID="b"><Cell>{number}</Row>'
    )
    columns = '<Column/><Column ss:StyleID="b"/>'
    path = xml2003(tmp_path / "plan.xls", rows, styles, columns)
    assert one_grid(path).cells == [["005", "闭字5号", 5], ["闭字5号"]]


def test_a_web_page_with_a_format_at_the_cell_or_in_a_class(tmp_path: Path) -> None:
    rows = (
        "<tr><td style='mso-number-format:\"000\"'>5</td><td class=xl65>5</td>"
        "<td style=\"mso-number-format:'\\0022闭字\\00220'\">5</td><td>5</td>"
        "<td style='mso-number-format:\"000\"'>第5号</td></tr>"
    )
    path = html(tmp_path / "plan.xls", rows, '.xl65 {mso-number-format:"000\\0022号\\0022";}')
    assert one_grid(path).cells == [["005", "005号", "闭字5", "5", "第5号"]]
