"""Workbooks by other programs than Excel: the second look finds what the first has read, or the file is refused."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from domain.sheets.child import read_grids
from domain.sheets.grid import UnreadableFile
from domain.sheets.readers import workbooks, xlsx_scan
from tests.domain.sheets.made import one_grid, repacked, zipped

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A number shown as 005 and an error: what only the second look sees."""
    book = Workbook()
    book.active.append(["编号", "案由"])
    book.active.append([5, "#N/A"])
    book.active["A2"].number_format = "000"
    book.active["B2"].data_type = "e"
    book.save(tmp_path / "made.xlsx")
    return tmp_path / "made.xlsx"


def looks_right(path: Path) -> None:
    grid = one_grid(path)
    assert grid.cells[1][0] == "005"
    assert grid.problems[1, 1].text == "#N/A"


def test_parts_named_with_backslashes(made: Path, tmp_path: Path) -> None:
    names = [RELATIONS, BOOK, SHEET, "xl/styles.xml", "xl/sharedStrings.xml"]
    changes = {name: name.replace("/", "\\") for name in names}
    looks_right(repacked(made, tmp_path / "plan.xlsx", changes))


def test_a_sheet_in_other_capitals_than_its_relation(made: Path, tmp_path: Path) -> None:
    path = repacked(made, tmp_path / "plan.xlsx", {SHEET: "xl/Worksheets/Sheet1.xml"})
    looks_right(path)


def test_a_workbook_that_is_not_called_workbook(made: Path, tmp_path: Path) -> None:
    changes: dict[str, str | tuple[str, str]] = {
        BOOK: "xl/workbook2.xml",
        RELATIONS: "xl/_rels/workbook2.xml.rels",
        "_rels/.rels": ("xl/workbook.xml", "xl/workbook2.xml"),
        "[Content_Types].xml": ("/xl/workbook.xml", "/xl/workbook2.xml"),
    }
    looks_right(repacked(made, tmp_path / "plan.xlsx", changes))


def test_parts_that_begin_with_a_slash(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        names = archive.namelist()
    looks_right(repacked(made, tmp_path / "plan.xlsx", {name: f"/{name}" for name in names}))


def test_a_workbook_in_a_folder_of_its_own(made: Path, tmp_path: Path) -> None:
    changes: dict[str, str | tuple[str, str]] = {
        BOOK: "xl/workbook9.xml",
        RELATIONS: "xl/_rels/workbook9.xml.rels",
        "_rels/.rels": ("xl/workbook.xml", "/xl/workbook9.xml"),
    }
    path = repacked(made, tmp_path / "plan.xlsx", changes)
    relative = {"xl/_rels/workbook9.xml.rels": ("/xl/worksheets/", "worksheets/")}
    looks_right(repacked(path, tmp_path / "relative.xlsx", relative))


def test_a_workbook_whose_sheets_the_second_look_cannot_find_is_not_believed(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_scan, "scan", lambda path: ({}, False))
    with pytest.raises(UnreadableFile, match="内部结构"):
        workbooks.read_xlsx(made)


def test_a_sheet_whose_rows_stand_in_two_parts_is_refused(made: Path, tmp_path: Path) -> None:
    two = '</sheetData><sheetData><row r="3"><c r="A3"><v>6</v></c></row></sheetData>'
    path = repacked(made, tmp_path / "plan.xlsx", {SHEET: ("</sheetData>", two)})
    with pytest.raises(UnreadableFile, match=r"sheetData.*已损坏"):
        read_grids(path)


def test_a_sheet_in_utf_16_is_refused_and_not_taken_for_empty(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[SHEET] = parts[SHEET].decode().encode("utf-16")
    zipped(tmp_path / "plan.xlsx", parts)
    with pytest.raises(UnreadableFile, match="编码不常见"):
        read_grids(tmp_path / "plan.xlsx")


def test_a_bare_number_in_a_workbook_from_1904_is_a_day_of_that_calendar(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = datetime.datetime(1904, 1, 1)
    book.active.append(["日期", 43986, 5, "文字"])
    book.save(tmp_path / "plan.xlsx")
    grid = one_grid(tmp_path / "plan.xlsx")
    assert [grid.day(value) for value in grid.cells[0]] == ["日期", 45448, 5, "文字"]


def test_a_bare_number_of_the_usual_calendar_stays(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append([45448])
    book.save(tmp_path / "plan.xlsx")
    grid = one_grid(tmp_path / "plan.xlsx")
    assert grid.day(grid.cells[0][0]) == 45448
