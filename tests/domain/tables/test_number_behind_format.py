"""A number whose format shows words beside it is imported as the number, whoever wrote the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from domain import models
from domain.sheets.child import read_grids
from domain.sheets.grid import Grid
from domain.tables.reading import read_sheet
from domain.tables.values import read_value
from domain.texts.numbers import Unclear
from tests.domain.sheets.made import ods, xml2003

MEETINGS = models.schema.tables["meetings"]
HEADER = ("会议名称", "届", "次", "年度")
FORMATS = ('"第"0"届"', '"第"00"次"', '0"年"')
VALUES = (16, 4, 2031)
SHOWN = ("第16届", "第04次", "2031年")


def read(grids: list[Grid]) -> dict[str, Any]:
    """What the first row under the header says, by column."""
    sheet = read_sheet(MEETINGS, grids)
    [row] = sheet.rows
    return {
        column.name: read_value(column, sheet.cell_of(row, place))
        for place, column in sheet.columns.items()
    }


def in_a_workbook(folder: Path) -> Path:
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(("某次会议", *VALUES))
    for column, code in enumerate(FORMATS, 2):
        book.active.cell(2, column).number_format = code
    book.save(folder / "x.xlsx")
    return folder / "x.xlsx"


def in_an_open_document(folder: Path) -> Path:
    def cell(text: str, number: int | None = None) -> str:
        kind = (
            'value-type="string"'
            if number is None
            else f'value-type="float" office:value="{number}"'
        )
        return f"<table:table-cell office:{kind}><text:p>{text}</text:p></table:table-cell>"

    head = "".join(map(cell, HEADER))
    row = cell("某次会议") + "".join(map(cell, SHOWN, VALUES))
    lines = f"<table:table-row>{head}</table:table-row><table:table-row>{row}</table:table-row>"
    return ods(folder / "x.ods", lines)


def in_the_xml_of_excel_2003(folder: Path) -> Path:
    styles = "".join(
        f'<Style ss:ID="s{at}"><NumberFormat ss:Format="{code.replace(chr(34), "&quot;")}"/></Style>'
        for at, code in enumerate(FORMATS)
    )
    head = "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in HEADER)
    row = '<Cell><Data ss:Type="String">某次会议</Data></Cell>' + "".join(
        f'<Cell ss:StyleID="s{at}"><Data ss:Type="Number">{value}</Data></Cell>'
        for at, value in enumerate(VALUES)
    )
    return xml2003(folder / "x.xls", f"<Row>{head}</Row><Row>{row}</Row>", styles)


@pytest.mark.parametrize(
    "make", [in_a_workbook, in_an_open_document, in_the_xml_of_excel_2003], ids=lambda f: f.__name__
)
def test_a_format_that_adds_words_changes_no_number(make: Any, tmp_path: Path) -> None:
    grids = read_grids(make(tmp_path))
    assert tuple(grids[0].cells[1][1:]) == SHOWN
    assert read(grids) == {"name": "某次会议", "term": 16, "session": 4, "year": 2031}


def test_words_that_were_typed_are_still_told(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(("某次会议", "第16届", 4, 2031))
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(Unclear):
        read(read_grids(tmp_path / "x.xlsx"))


def test_a_number_in_a_column_of_texts_stays_as_it_is_shown(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(HEADER)
    book.active.append((5, *VALUES))
    book.active["A2"].number_format = '"第"0"次会议"'
    book.save(tmp_path / "x.xlsx")
    assert read(read_grids(tmp_path / "x.xlsx"))["name"] == "第5次会议"
