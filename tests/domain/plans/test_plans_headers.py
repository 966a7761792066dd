"""A header of several rows: each row qualifies what stands above it, with merged cells or without."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.plans.recognising import vocabulary
from tests.ground.plans import Rows, messages, read, read_file, units_of

HOUSING, EDUCATION, FINANCE = "鱼峰区住房和城乡建设局", "鱼峰区教育局", "鱼峰区财政局"
TOWN = "雒容镇人民政府"
TITLE = "关于修缮村道的建议"

THREE: Rows = [
    ["序号", "编号", "标题", "责任单位", "", "", "办理时限"],
    ["", "", "", "主办", "协办", "", ""],
    ["", "", "", "", "区直部门", "镇街", ""],
    [1, "005", TITLE, "区住建局", "区教育局、区财政局", "雒容镇", "6月5日前"],
]
MERGES = ["A1:A3", "B1:B3", "C1:C3", "D1:F1", "D2:D3", "E2:F2", "G1:G3"]
ALL = [(HOUSING, "主办"), (EDUCATION, "协办"), (FINANCE, "协办"), (TOWN, "协办")]


@pytest.mark.parametrize("merges", [MERGES, MERGES[3:4], []], ids=["merged", "a little", "plain"])
def test_three_rows_give_all_partners(tmp_path: Path, merges: list[str]) -> None:
    plan = read(tmp_path, THREE, merges)
    assert [(row.row, row.number) for row in plan.rows] == [(4, "005")]
    assert units_of(plan.rows[0]) == ALL
    assert not messages(plan)
    assert not plan.left_out


def test_three_rows_of_a_csv_give_all_partners(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    lines = (",".join(str(value) for value in row) for row in THREE)
    path.write_text("\n".join(lines), encoding="utf-8")
    (row,) = read_file(path).rows
    assert units_of(row) == ALL


@pytest.mark.parametrize("parts", [("市级", "区级"), ("党群口", "经济口"), ("城区", "片区")])
def test_the_lowest_row_may_divide_by_any_words(tmp_path: Path, parts: tuple[str, str]) -> None:
    rows = [*THREE[:2], ["", "", "", "", *parts, ""], THREE[3]]
    plan = read(tmp_path, rows)
    assert units_of(plan.rows[0]) == ALL
    assert not plan.left_out


def test_a_first_row_of_units_alone_is_no_part_of_the_header(tmp_path: Path) -> None:
    rows = [*THREE[:2], ["", "", "", "", "区教育局", "区财政局", ""], THREE[3]]
    plan = read(tmp_path, rows)
    assert plan.sheets[0].tables[0].header_rows == (0, 1)


def test_the_main_unit_may_stand_in_either_of_two_columns(tmp_path: Path) -> None:
    rows = [
        ["编号", "标题", "责任单位", "", "", ""],
        ["", "", "主办", "", "协办", ""],
        ["", "", "区直部门", "镇街", "区直部门", "镇街"],
        ["005", TITLE, "区住建局", "", "", "雒容镇"],
        ["006", "关于增设站点的建议", "", "雒容镇", "区教育局", ""],
        ["007", "关于校门口安全的建议", "区教育局", "雒容镇", "", ""],
    ]
    first, second, third = read(tmp_path, rows, ["C1:F1", "C2:D2", "E2:F2"]).rows
    assert units_of(first) == [(HOUSING, "主办"), (TOWN, "协办")]
    assert units_of(second) == [(TOWN, "主办"), (EDUCATION, "协办")]
    assert "都是主办" in third.errors[0].message


def test_a_division_by_place_may_stand_above_the_role(tmp_path: Path) -> None:
    rows = [
        ["编号", "标题", "承办单位", "", "", ""],
        ["", "", "区直部门", "", "镇街", ""],
        ["", "", "主办", "协办", "主办", "协办"],
        ["005", TITLE, "区住建局", "区教育局", "", "雒容镇"],
    ]
    (row,) = read(tmp_path, rows, ["C1:F1", "C2:D2", "E2:F2"]).rows
    assert units_of(row) == [(HOUSING, "主办"), (EDUCATION, "协办"), (TOWN, "协办")]


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        (("责任单位", "协办", "区直部门"), "co_unit"),
        (("责任单位", "协办", "责任部门"), "co_unit"),
        (("承办单位", "区直部门", "主办"), "lead_unit"),
        (("办理分工", "责任单位", "分办"), "each_unit"),
        (("提案人", "其他", "姓名"), "joint"),
    ],
)
def test_each_row_of_a_header_qualifies_what_stands_above(
    path: tuple[str, ...], canonical: str
) -> None:
    found = vocabulary.of_path(path)
    assert found is not None
    assert found[0] == canonical


def test_an_answers_column_under_a_unit_header_stays_strange() -> None:
    assert vocabulary.of_path(("责任单位", "协办", "联系电话")) is None
