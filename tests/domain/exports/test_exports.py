"""What leaves as .xlsx: values survive, nothing becomes a formula, nothing breaks a file, memory stays flat."""

import gc
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.exports.heights import HIGHEST_POINTS, LINE_POINTS, PADDING_POINTS
from domain.exports.looks import HEADER_POINTS, HEADER_ROW, NOTES_POINTS, TITLE_POINTS
from domain.exports.values import CUT, LONGEST_TEXT, clean_text
from domain.exports.workbook import (
    ExportSheet,
    SheetColumn,
    TooManyRows,
    sheet_name,
    write_file,
    write_workbook,
)

MORNING = datetime(2024, 4, 10, 9)
LEADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "=cmd|' /C calc'!A0",
    "'=1",
    "#N/A",
    "=",
    "{=1}",
]


def sheet_of(rows: Any, *kinds: str, **more: Any) -> ExportSheet:
    columns = [SheetColumn(f"列{place}", kind) for place, kind in enumerate(kinds or ("text",), 1)]
    known = {"name": "建议提案", "title": "建议提案", "notes": "全部", "author": "张三"}
    return ExportSheet(columns=columns, rows=rows, made_at=MORNING, **{**known, **more})


def written(rows: Any, *kinds: str, **more: Any) -> BytesIO:
    stream = BytesIO()
    write_workbook(stream, sheet_of(rows, *kinds, **more))
    stream.seek(0)
    return stream


def by_openpyxl(stream: BytesIO) -> list[list[Any]]:
    page = openpyxl.load_workbook(BytesIO(stream.getvalue())).active
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=HEADER_ROW + 1)]


def by_calamine(stream: BytesIO) -> list[list[Any]]:
    book = python_calamine.load_workbook(BytesIO(stream.getvalue()))
    return book.get_sheet_by_index(0).to_python()[HEADER_ROW:]


@pytest.mark.parametrize("text", LEADS)
def test_a_text_that_looks_like_a_formula_stays_a_text(text: str) -> None:
    stream = written([[text]])
    cell = openpyxl.load_workbook(stream).active.cell(HEADER_ROW + 1, 1)
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    assert by_calamine(stream) == [[text]]


def test_a_formula_in_the_title_or_a_header_stays_a_text() -> None:
    page = openpyxl.load_workbook(written([["x"]], name="=1", title="=1+1", notes="=2")).active
    assert [page.cell(row, 1).data_type for row in (1, 2, HEADER_ROW)] == ["s", "s", "s"]


@given(st.text(st.characters(codec=None, exclude_categories=())), st.sampled_from(["", *LEADS]))
@settings(max_examples=400, deadline=None)
def test_no_text_whatever_breaks_the_file_or_changes_on_the_way(tail: str, lead: str) -> None:
    text = lead + tail
    stream = written([[text, "邻"]], "text", "text")
    expected = clean_text(text)
    assert by_calamine(stream) == [[expected, "邻"]]
    # openpyxl leaves Excel's own escapes as they are written.
    assert by_openpyxl(stream)[0][0] in (expected or None, expected.replace("_x", "_x005F_x"))


@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=0xD7FF, exclude_categories=("Cc", "Cs")))
)
@settings(max_examples=200, deadline=None)
def test_ordinary_text_is_kept_to_the_letter(text: str) -> None:
    assert clean_text(text) == text
    assert by_calamine(written([[text, "邻"]], "text", "text")) == [[text, "邻"]]


def test_control_characters_and_halves_of_characters_are_left_out() -> None:
    assert clean_text("甲\x00乙\x0b\ufffe丙\ud83d") == "甲乙丙\ufffd"
    assert clean_text("甲\r\n乙\r丙") == "甲\n乙\n丙"


def test_a_text_that_looks_like_an_escape_of_excel_is_kept() -> None:
    assert by_calamine(written([["_x0041_ 与 _x005F_"]])) == [["_x0041_ 与 _x005F_"]]


@pytest.mark.parametrize(
    "text",
    [
        "<r><t>改</t></r>",
        "<r></r>",
        "_x0041_x0042_",
        "a_x0041_x0042_x0043_",
        "<r>_x0041_x0042_</r>",
    ],
)
def test_a_text_that_the_library_would_take_for_its_own_marks_is_kept(text: str) -> None:
    stream = written([[text, "邻"]], "text", "text", title=text, notes=text)
    assert by_calamine(stream) == by_openpyxl(stream) == [[text, "邻"]]
    assert openpyxl.load_workbook(stream).active["A1"].value == text


def test_a_text_longer_than_a_cell_ends_in_a_note_that_it_does() -> None:
    text = by_calamine(written([["长" * 40_000]]))[0][0]
    assert len(text) == LONGEST_TEXT and text.endswith(CUT)
    wide = by_calamine(written([["😀" * 20_000]]))[0][0]
    assert len(wide.encode("utf-16-le")) // 2 <= LONGEST_TEXT and wide.endswith(CUT)


def test_dates_and_numbers_are_real_and_codes_are_text() -> None:
    row = [
        date(2024, 4, 10),
        datetime(2024, 4, 10, 8, 30),
        12,
        2.5,
        Decimal("3.50"),
        "001",
        True,
        None,
    ]
    kinds = ["date", "instant", "whole number", "number", "number", "code", "yes/no", "text"]
    page = openpyxl.load_workbook(written([row], *kinds)).active
    cells = [page.cell(HEADER_ROW + 1, place) for place in range(1, 9)]
    assert [cell.value for cell in cells] == [
        datetime(2024, 4, 10), datetime(2024, 4, 10, 8, 30), 12, 2.5, 3.5, "001", "是", None,
    ]  # fmt: skip
    assert [cell.is_date for cell in cells[:3]] == [True, True, False]


def test_long_numbers_keep_every_digit() -> None:
    assert by_openpyxl(
        written([[110101199003071234, Decimal("110101199003071234")]], "whole number", "number")
    ) == [["110101199003071234", "110101199003071234"]]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (Decimal("NaN"), None),
        (date(1850, 1, 1), "1850-01-01"),
        (datetime(1850, 1, 1, 8), "1850-01-01 08:00:00"),
        (
            datetime(2024, 4, 10, 9, tzinfo=timezone(timedelta(hours=8))),
            "2024-04-10 09:00:00+08:00",
        ),
        (timedelta(days=1), "1 day, 0:00:00"),
        (b"x", "b'x'"),
    ],
)
def test_what_a_sheet_cannot_hold_becomes_text_or_nothing(value: Any, expected: Any) -> None:
    assert by_openpyxl(written([[value, "邻"]], "text", "text")) == [[expected, "邻"]]


def test_the_sheet_is_titled_frozen_and_set_up_for_a4_landscape() -> None:
    book = openpyxl.load_workbook(
        written([["甲", date(2024, 4, 10)]], "text", "date", title="承办单位", notes="共 1 条")
    )
    page = book.active
    assert [page["A1"].value, page["A2"].value, page["B3"].value] == ["承办单位", "共 1 条", "列2"]
    assert page.freeze_panes == "A4" and page.print_title_rows == "$3:$3"
    assert sorted(map(str, page.merged_cells.ranges)) == ["A1:B1", "A2:B2"]
    setup = page.page_setup
    one = setup.fitToWidth or 1  # a file need not say what is the usual
    assert (setup.orientation, setup.paperSize, one, setup.fitToHeight) == (
        "landscape",
        9,
        1,
        0,
    )
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert (book.properties.creator, book.properties.created) == ("张三", MORNING)


def test_columns_and_rows_are_as_wide_and_high_as_they_are_given() -> None:
    stream = written([["一行"], ["长" * 30], ["长" * 3_000]], title="题" * 30)
    page = openpyxl.load_workbook(stream).active
    assert page.column_dimensions["A"].width == 14
    assert [page.row_dimensions[row].height for row in range(1, 7)] == [
        TITLE_POINTS * 7, NOTES_POINTS, HEADER_POINTS, 19.5, 5 * LINE_POINTS + PADDING_POINTS, HIGHEST_POINTS,
    ]  # fmt: skip


def test_a_list_without_rows_is_still_a_sheet_with_its_header() -> None:
    stream = written([])
    assert by_calamine(stream) == [] and openpyxl.load_workbook(stream).active["A3"].value == "列1"


@pytest.mark.parametrize(
    "name", ["a/b:c*?[1]\\", "'", "", "长" * 50, "😀" * 20, "长" * 30 + "'s", "甲\n乙"]
)
def test_any_name_becomes_a_name_that_a_worksheet_may_have(name: str) -> None:
    page = openpyxl.load_workbook(written([["x"]], name=name)).active
    assert page.title == sheet_name(name) and 0 < len(page.title.encode("utf-16-le")) <= 62


def test_memory_does_not_grow_with_the_rows(tmp_path: Any) -> None:
    def peak(count: int) -> int:
        rows = ([f"{n:03}", "关于加强老旧小区改造的建议", date(2024, 4, 10)] for n in range(count))
        tracemalloc.start()
        with (tmp_path / "out.xlsx").open("w+b") as file:
            assert write_workbook(file, sheet_of(rows, "code", "text", "date")) == count
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(20_000) < peak(2_000) + 1_000_000


def failing_after(count: int, fault: Exception) -> Iterator[list[str]]:
    yield from (["甲"] for _ in range(count))
    raise fault


@pytest.mark.parametrize("fault", [TooManyRows("太多"), OSError(28, "No space left on device")])
def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path, fault: Exception) -> None:
    with pytest.raises(type(fault)):
        write_file(tmp_path / "out.xlsx", sheet_of(failing_after(100, fault)))
    assert list(tmp_path.iterdir()) == []


class Disk(BytesIO):
    """A file that cannot grow while the disk is full."""

    is_full = True

    def write(self, data: Any) -> int:
        if self.is_full:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_a_full_disk_is_told_as_what_it_is() -> None:
    disk = Disk()
    with pytest.raises(OSError, match="No space left"):
        write_workbook(disk, sheet_of([["甲"]]))
    disk.is_full = False
    gc.collect()  # the library leaves its archive to Python to be closed, which writes once more


def test_more_rows_than_a_worksheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.exports.workbook.MAX_ROWS", 3)
    assert write_workbook(BytesIO(), sheet_of([["甲"]] * 3)) == 3
    with pytest.raises(TooManyRows, match="超过 3 行"):
        write_workbook(BytesIO(), sheet_of([["甲"]] * 4))
