"""What a person writes around the rows of a table is no row; its dates are read as those of plans are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain import models
from domain.sheets.child import read_grids
from domain.tables.importing import import_table, open_table
from domain.tables.values import read_value
from domain.texts.numbers import Unclear
from tests.domain.texts.test_typed_text import import_rows
from tests.ground.district import Panel

HEADER = [
    "会议\n名称",
    "会议机构",
    "层级",
    "届",
    "次",
    "年度",
    "默认类型",
    "开幕日期",
    "闭幕日期",
    "交办日期",
]
ROW = [
    "柳州市第十六届人大第四次会议",
    "人大",
    "市级",
    16,
    4,
    2031,
    "建议",
    "2028年9月4日",
    "2028.9.7",
    "",
]


@pytest.mark.parametrize(
    "below",
    [
        ["注：以上日期以正式通知为准。"],
        ["说明：1.日期以通知为准。"],
        ["合计", "1次"],
        ["", "", "共1条"],
        ["制表人：韦小满", "", "审核人：覃大河", "", "日期：6月5日"],
        ["联系电话：0772-3150000"],
    ],
)
def test_notes_and_totals_are_no_rows_but_shown(panel: Panel, below: list[Any]) -> None:
    done = import_rows(panel, "meetings", HEADER, ROW, below)
    assert [step.outcome for step in done.steps] == ["new"]
    assert [row for row, _ in done.sheet.left_out] == [2]
    assert done.as_json("x.xlsx")["left_out"][0]["row"] == 3


def test_a_row_that_only_begins_like_a_total_is_a_row(panel: Panel) -> None:
    row = ["合计", *ROW[1:]]
    done = import_rows(panel, "meetings", HEADER, row)
    assert [step.name.split("　")[0] for step in done.steps] == ["合计"]
    assert not done.sheet.left_out


def test_the_note_of_a_csv_is_left_out_too(panel: Panel, tmp_path: Path) -> None:
    path = tmp_path / "meetings.csv"
    lines = [HEADER, ROW, ["注：以正式通知为准。"]]
    text = "\n".join(",".join(str(cell).replace("\n", "") for cell in line) for line in lines)
    path.write_text(text, encoding="utf-8")
    with panel.truth() as session:
        words = models.schema.tables["meetings"]
        done = import_table(session, open_table(session, words, read_grids(path)))
    assert [step.outcome for step in done.steps] == ["new"]
    assert [text for _, text in done.sheet.left_out] == ["注：以正式通知为准。"]


@pytest.mark.parametrize(
    "written",
    ["2028-03-01", "2028年3月1日", "2028.3.1", "2028/3/1", "二〇二八年三月一日", "20280301",
     20280301, 46813, "2028年3月1日前", "２０２８年３月１日"],
)  # fmt: skip
def test_a_table_reads_every_date_that_plans_read(written: object) -> None:
    column = models.schema.tables["meetings"].columns["opened_on"]
    assert read_value(column, written) == date(2028, 3, 1)


@pytest.mark.parametrize("written", ["3月1日", "3月底前", "年底前"])
def test_a_date_of_a_table_needs_its_year(written: str) -> None:
    column = models.schema.tables["meetings"].columns["opened_on"]
    with pytest.raises(Unclear, match="没有写年份，请写成 2024-06-05"):
        read_value(column, written)
