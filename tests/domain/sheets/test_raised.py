"""A superscript is no digit of the number before it: 805 with a raised 1 is not 8051, whoever wrote the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from domain.sheets.readers import biff_texts
from domain.texts.numbers import without_marks
from tests.domain.plans.test_plans_facts import one
from tests.domain.sheets.made import html, ods, one_grid, xml2003
from tests.domain.sheets.test_word_text import read_cell, run

SHOWN = "805¹"


def test_in_a_workbook_beside_struck_text(tmp_path: Path) -> None:
    book = Workbook()
    raised, struck = InlineFont(vertAlign="superscript"), InlineFont(strike=True)
    book.active["A1"] = CellRichText("805", TextBlock(raised, "1"))
    book.active["A2"] = CellRichText("805", TextBlock(struck, "6"), TextBlock(raised, "(1)"))
    book.active["A3"] = CellRichText("500m", TextBlock(raised, "2"), "的广场")
    path = tmp_path / "plan.xlsx"
    book.save(path)
    grid = one_grid(path)
    assert grid.cells == [[SHOWN], ["805⁽¹⁾"], ["500m²的广场"]]
    assert {place: one.text for place, one in grid.remarks.items()} == {(1, 0): "6"}


def test_in_an_old_workbook() -> None:
    runs = biff_texts.runs_of([("805", None), ("1", 6)], lambda _: False, lambda f: f == 6, False)
    assert runs == biff_texts.Runs(SHOWN, "")
    assert biff_texts.runs_of([("805", None), ("1", 6)], bool, lambda _: False, True) is not None


@pytest.mark.parametrize("place", ["super 58%", "33% 58%"])
def test_in_an_open_document(tmp_path: Path, place: str) -> None:
    style = (
        '<style:style style:name="T1" style:family="text">'
        f'<style:text-properties style:text-position="{place}"/></style:style>'
    )
    text = '<text:p>805<text:span text:style-name="T1">1</text:span></text:p>'
    cell = f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
    rows = f"<table:table-row>{cell}</table:table-row>"
    assert one_grid(ods(tmp_path / "plan.ods", rows, style)).cells == [[SHOWN]]


@pytest.mark.parametrize("tag", ["sup", "span style='vertical-align:super'"])
def test_in_a_web_page(tmp_path: Path, tag: str) -> None:
    rows = f"<tr><td>805<{tag}>1</{tag.split()[0]}></td></tr>"
    assert one_grid(html(tmp_path / "plan.xls", rows)).cells == [[SHOWN]]


def test_in_word(tmp_path: Path) -> None:
    content = run("805") + run("1", '<w:vertAlign w:val="superscript"/>')
    assert read_cell(tmp_path, content).cells == [[SHOWN]]


def test_in_xml_of_2003(tmp_path: Path) -> None:
    cell = '<Cell><ss:Data ss:Type="String">805<html:Sup>1</html:Sup></ss:Data></Cell>'
    assert one_grid(xml2003(tmp_path / "plan.xml", f"<Row>{cell}</Row>")).cells == [[SHOWN]]


def test_it_is_told_at_the_number_and_at_the_name(tmp_path: Path) -> None:
    assert without_marks("805⁽¹⁾") == ("805", "⁽¹⁾")
    row = one(tmp_path, lead="韦小满¹")
    assert row.lead == "韦小满"
    assert [doubt.kind for doubt in row.doubts] == ["namesake"]
