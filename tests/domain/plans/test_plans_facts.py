"""What stands in the cells of a plan is read as a person would read it, or the cell says why not."""

from __future__ import annotations

from pathlib import Path

from domain.plans.recognising.outcomes import Plan, PlanRow
from tests.ground.plans import error_columns, messages, read, read_file

HEADER = ("序号", "建议编号", "标题", "领衔代表", "附议代表", "主办单位", "备注")


def item(number: object, lead: object = "韦小满", joint: object = "", no: int = 1) -> list[object]:
    return [no, number, f"关于第{no}项民生实事的建议", lead, joint, "区住建局", ""]


def plan_of(folder: Path, *rows: list[object]) -> Plan:
    return read(folder, [HEADER, *rows])


def one(
    folder: Path, number: object = "005", lead: object = "韦小满", joint: object = ""
) -> PlanRow:
    """The only row of a plan with this item."""
    return plan_of(folder, item(number, lead, joint)).rows[0]


def told(row: PlanRow) -> list[str]:
    """What a person is to look at, without being an error."""
    return [doubt.message for doubt in row.doubts]


def test_a_row_with_two_numbers_is_no_item_and_says_which_they_are(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, item("805\n806"), item("807　808", no=2), item("809-811", no=3))
    assert [row.number for row in plan.rows] == [None, None, None]
    assert [error_columns(row) for row in plan.rows] == [["number"]] * 3
    assert "“805 806”一格里写了几个编号（805、806）" in messages(plan)[0]


def test_a_csv_tells_two_numbers_as_a_workbook_does(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(
        "建议编号,标题,主办单位\n926（并927）,关于修缮村道的建议,区住建局\n"
        "15-5-023,关于增设站点的建议,区住建局\n",
        encoding="utf-8",
    )
    plan = read_file(path)
    assert [row.number for row in plan.rows] == [None, "15-5-023"]
    assert "并入的件在“并入”列写主案的编号" in messages(plan)[0]


def test_a_mark_at_a_number_is_read_past_and_told_at_its_cell(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, item("★812"), item("813（重点）", no=2), item("814①", no=3))
    assert [row.number for row in plan.rows] == ["812", "813", "814"]
    assert not messages(plan)
    first, second, third = (row.doubts[0] for row in plan.rows)
    assert (first.kind, first.cell, first.value) == ("beside", "B2", "★")
    assert "“重点”没有导入；重点件请写在“是否重点”列" in second.message
    assert third.value == "①"


def test_characters_of_no_width_are_no_part_of_a_number(tmp_path: Path) -> None:
    assert one(tmp_path, number="\ufeff9\u200b41").number == "941"


def test_a_plan_out_of_a_pdf_is_read_as_it_looks(tmp_path: Path) -> None:
    header = ("序号", "建议编号", "标题", "领衔代表", "附议代表", "主办单位", "备注")
    rows = [
        header,
        [
            1,
            "131",
            "关于加强⽼旧⼩区⾬污分流的建议",
            "⾼⽴⽅",
            "⻢⼩⾬、⽅⼤⼭",
            "区⺠政局",
            "⻅附件",
        ],
    ]
    (row,) = read(tmp_path, rows).rows
    assert (row.title, row.lead, row.joint) == (
        "关于加强老旧小区雨污分流的建议",
        "高立方",
        ("马小雨", "方大山"),
    )
    assert [one.unit for one in row.assignments] == ["鱼峰区民政局"]
    assert row.note == "见附件"
    assert not row.errors
