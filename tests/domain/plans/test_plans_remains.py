"""What of a file was not read is told, and whether items seem to be lost with it."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from domain.plans.recognising.outcomes import Plan
from tests.ground.plans import Rows, read, read_file, units_of

HEADER = ["编号", "标题", "主办单位", "协办单位"]
ITEM = ["005", "关于修缮村道的建议", "区住建局", ""]
OTHER = ["006", "关于增设站点的建议", "区教育局", "区财政局"]


def said(plan: Plan) -> list[str]:
    return [part.sentence for part in plan.notes]


def with_sheets(path: Path, sheets: dict[str, Rows], hidden: str = "") -> Plan:
    """A workbook of these sheets, read as a plan."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
        page.sheet_state = "hidden" if name == hidden else "visible"
    book.save(path)
    return read_file(path)


def test_a_whole_plan_leaves_nothing_to_tell(tmp_path: Path) -> None:
    rows = [
        ["关于印发分工方案的通知"],
        HEADER,
        ITEM,
        [],
        OTHER,
        ["注：关于以上各件的办理，另行通知。"],
    ]
    plan = read(tmp_path, rows)
    assert [row.number for row in plan.rows] == ["005", "006"]
    assert not plan.notes


def test_a_block_that_is_not_quite_like_the_first_is_told_and_gives_it_no_partners(
    tmp_path: Path,
) -> None:
    rows = [[*HEADER, *HEADER[:-1], "备注"], [*ITEM, *OTHER]]
    plan = read(tmp_path, rows)
    assert [units_of(row) for row in plan.rows] == [[("鱼峰区住房和城乡建设局", "主办")]]
    (part,) = plan.notes
    assert part.loses_items
    assert "E列起并排的另一块没有读取" in part.sentence
    assert "关于增设站点的建议" in part.sentence


def test_titles_in_a_column_that_is_not_read_are_told(tmp_path: Path) -> None:
    rows = [[*HEADER, "另一件"], [*ITEM, "关于增设站点的建议"], [*OTHER, "关于整治河道的建议"]]
    plan = read(tmp_path, rows)
    (table,) = plan.sheets[0].tables
    assert [(one.label, one.holds) for one in table.unread] == [("另一件", "标题")]


def test_a_second_table_without_units_is_told(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ITEM,
        [],
        ["编号", "标题", "代表团", "领衔代表"],
        ["007", "关于校门口安全的建议", "鱼峰团", "韦小满"],
    ]
    plan = read(tmp_path, rows)
    assert [row.number for row in plan.rows] == ["005"]
    (part,) = plan.notes
    assert "第4行起的另一张表没有读取：没有承办单位（主办单位）列" in part.sentence
    assert part.loses_items


def test_a_short_title_is_one_too(tmp_path: Path) -> None:
    rows = [HEADER, ITEM, [], ["编号", "标题", "领衔代表"], ["007", "关于修桥的建议", "韦小满"]]
    assert [part.loses_items for part in read(tmp_path, rows).notes] == [True]


def test_items_on_a_hidden_sheet_are_told(tmp_path: Path) -> None:
    plan = with_sheets(
        tmp_path / "x.xlsx", {"方案": [HEADER, ITEM], "补充": [HEADER, OTHER]}, "补充"
    )
    (part,) = plan.notes
    assert part.sentence.startswith("工作表“补充”没有读取：是隐藏的，里面像是有建议提案")
    assert part.loses_items


def test_a_sheet_of_items_without_a_header_is_told(tmp_path: Path) -> None:
    plan = with_sheets(tmp_path / "x.xlsx", {"方案": [HEADER, ITEM], "续表": [OTHER]})
    assert [part.loses_items for part in plan.notes] == [True]


def test_a_sheet_of_instructions_is_told_but_loses_nothing(tmp_path: Path) -> None:
    sheets = {"方案": [HEADER, ITEM], "填表说明": [["请各单位认真填写。"]], "空": []}
    plan = with_sheets(tmp_path / "x.xlsx", sheets)
    assert said(plan) == ["工作表“填表说明”没有读取：没有找到表头。"]
    assert not plan.notes[0].loses_items


def test_a_title_in_another_column_is_told(tmp_path: Path) -> None:
    rows = [HEADER, ITEM, OTHER, ["", "", "关于校门口安全的建议", "区教育局"]]
    plan = read(tmp_path, rows)
    assert len(plan.rows) >= 2
    assert any(
        "第4行" in sentence
        for sentence in [*said(plan), *(e.message for r in plan.rows for e in r.errors)]
    )
