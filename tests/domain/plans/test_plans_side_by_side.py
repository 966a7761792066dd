"""Tables side by side on one sheet are read as a person reads them: each by itself, first the left one."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from domain.imports.corrections import CellPlace, Correction, Corrections
from domain.imports.marking.marks import Mark, marked_copy
from domain.plans.recognising.blocks import set_apart
from domain.plans.recognising.outcomes import MeetingFacts, Plan
from domain.plans.recognising.reading import plan_of
from domain.sheets.child import read_grids
from tests.ground.plans import Rows, demo_units, read, read_file, units_of

HEADER = ["编号", "标题", "主办单位", "协办单位"]
OTHER_WORDS = ["建议编号", "案由", "承办单位", "会办单位"]
ONE = ["005", "关于修缮村道的建议", "区住建局", ""]
TWO = ["006", "关于增设站点的建议", "区教育局", "区财政局"]
THREE = ["007", "关于整治河道的建议", "区民政局", ""]


def found(plan: Plan) -> list[tuple[str | None, int, str | None, list[tuple[str, str]]]]:
    """Sheet, row, number and units of every row, none of which is wrong."""
    assert [error.message for row in plan.rows for error in row.errors] == []
    return [(row.sheet, row.row, row.number, units_of(row)) for row in plan.rows]


HOUSING, SCHOOLS = (
    [("鱼峰区住房和城乡建设局", "主办")],
    [
        ("鱼峰区教育局", "主办"),
        ("鱼峰区财政局", "协办"),
    ],
)


@pytest.mark.parametrize("gap", [0, 1, 2])
@pytest.mark.parametrize("words", [HEADER, OTHER_WORDS], ids=["alike", "other words"])
def test_both_are_read_whatever_stands_between(tmp_path: Path, gap: int, words: list[str]) -> None:
    between = [""] * gap
    plan = read(tmp_path, [[*HEADER, *between, *words], [*ONE, *between, *TWO]])
    right = f"Sheet1（{'EFG'[gap]}列起）"
    assert found(plan) == [("Sheet1", 2, "005", HOUSING), (right, 2, "006", SCHOOLS)]
    assert [(note.sentence, note.loses_items) for note in plan.notes] == [
        (f"“{right}”与左边的表并排，当作另一张表分别读取，请核对。", False)
    ]


def test_of_a_csv_too(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    lines = [[*HEADER, "", *HEADER], [*ONE, "", *TWO], [*THREE, "", "", "", "", ""]]
    path.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    plan = read_file(path)
    assert [(row.sheet, row.number) for row in plan.rows] == [
        (None, "005"),
        (None, "007"),
        ("（F列起）", "006"),
    ]


def test_of_a_web_page_too(tmp_path: Path) -> None:
    path = tmp_path / "plan.xls"
    rows = ([*HEADER, "", *HEADER], [*ONE, "", *TWO])
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    table = "".join(f"<tr>{line}</tr>" for line in lines)
    path.write_text(f"<html><meta charset=utf-8><table>{table}</table></html>", encoding="utf-8")
    assert [row.number for row in read_file(path).rows] == ["005", "006"]


def test_three_blocks_and_titles_over_each_that_name_its_kind(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        [
            ["代表建议", "", "", "", "", "政协提案", "", "", "", "", "议案"],
            [*HEADER, "", *HEADER, "", *HEADER],
            [*ONE, "", *TWO, "", *THREE],
        ],
    )
    assert [(row.number, row.kind) for row in plan.rows] == [
        ("005", "建议"),
        ("006", "提案"),
        ("007", "议案"),
    ]


def test_a_shorter_block_and_its_columns_of_its_own(tmp_path: Path) -> None:
    left, right = ["序号", "案号", "标题", "主办单位", "备注"], ["案号", "标题", "主办单位"]
    rows: Rows = [
        [*left, "", *right],
        [
            1,
            "005",
            "关于修缮村道的建议",
            "区住建局",
            "甲",
            "",
            "006",
            "关于增设站点的建议",
            "区教育局",
        ],
        [2, "007", "关于整治河道的建议", "区民政局", "乙"],
        ["合计", "", "2件", "", "", "", "合计", "1件", ""],
    ]
    plan = read(tmp_path, rows)
    assert [(row.row, row.number, row.note) for row in plan.rows] == [
        (2, "005", "甲"),
        (3, "007", "乙"),
        (2, "006", None),
    ]


def test_a_blank_column_within_one_table_divides_nothing(tmp_path: Path) -> None:
    rows = [
        ["编号", "", "标题", "", "主办单位", "", "协办单位"],
        ["005", "", "关于修缮村道的建议", "", "区住建局", "", "区财政局"],
    ]
    (row,) = read(tmp_path, rows).rows
    assert [role for _, role in units_of(row)] == ["主办", "协办"]


def test_a_fault_names_the_part_and_the_cell(tmp_path: Path) -> None:
    rows = [[*HEADER, "", *HEADER], [*ONE, "", "007、008", *TWO[1:]]]
    (error,) = read(tmp_path, rows).rows[1].errors
    assert error.cell == "F2"
    assert error.message.startswith(
        "工作表“Sheet1（F列起）”第2行“编号”：“007、008”一格里写了几个编号"
    )


def test_a_cell_of_the_right_part_is_corrected_and_marked(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    book = Workbook()
    for line in ([*HEADER, "", *HEADER], [*ONE, "", "007、008", *TWO[1:]]):
        book.active.append(line)
    book.save(path)
    part = set_apart(read_grids(path))[1].sheet or ""
    said = Corrections((Correction(CellPlace(part, 2, "F"), "007"),))
    plan = plan_of(read_grids(path), MeetingFacts("建议", 2024), demo_units(), {}, said)
    assert [row.number for row in plan.rows] == ["005", "007"]
    marked_copy(path, [Mark(part, 2, "F2", "改正", (1,), "007")], tmp_path / "marked.xlsx")
    assert load_workbook(tmp_path / "marked.xlsx").active["F2"].value == "007"
