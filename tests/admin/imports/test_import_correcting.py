"""Correcting a file in the preview: cells, also those it has no column for; taken back, logged, in the workbook."""

import html
import io
import re
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, update

from domain import models
from domain.imports import correcting
from jobs.work.kept_files import as_read
from tests.admin.imports.test_import_screens import (
    BAD_DATE,
    CHANGED,
    HEADER,
    NEW,
    numbers,
    press,
    preview,
    state,
    upload,
    work,
    workbook,
)
from tests.ground.district import Panel

UNNUMBERED = ["", *NEW[1:]]


def fields(page: str) -> dict[str, str]:
    """The fields of a page in which cells are corrected, with what stands in them."""
    found = re.findall(r'name="(cell:[^"]+)" value="([^"]*)"', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def correct(panel: Panel, **cells: str) -> str:
    """Type into cells ('A3') of the sheet 方案 and look again; columns the file has not are called by name."""
    sent = {}
    for name, text in cells.items():
        letters, row = re.fullmatch(r"([A-Za-z_]+?)_?(\d+)", name).groups()  # type: ignore[union-attr]
        sent[f"cell:{row}:{letters}:方案"] = text
    return press(panel, "correct", **sent)


def made(panel: Panel, number: str) -> Any:
    with panel.truth() as session:
        return session.scalars(select(models.Proposal).filter_by(number=number)).one()


def marked(panel: Panel) -> Any:
    """The sheet 方案 of the workbook that comes back."""
    with panel.as_("office").client.get("/import/1/workbook/") as answer:
        return openpyxl.load_workbook(io.BytesIO(answer.data))["方案"]


def test_a_missing_number_is_typed_into_the_preview_and_written(panel: Panel) -> None:
    page = preview(panel, UNNUMBERED, CHANGED)
    assert "没有填写，请填上原件的编号" in page and fields(page) == {"cell:3:A:方案": ""}
    page = correct(panel, A3="第004号")
    assert "无效<b>0</b>" in page and "预览里改正了 1 格" in page
    assert "<del>（空）</del> → <ins>第004号</ins>" in page and "2024" in page
    press(panel, "apply", only_valid="0")
    assert numbers(panel) == ["001", "002", "003", "004"]
    assert made(panel, "004").title == NEW[1]


def test_every_cell_that_is_wrong_can_be_corrected_at_once(panel: Panel) -> None:
    wrong = ["", "关于公交线路的建议", "覃丽", "教体局", "", "2024-02-31"]
    page = preview(panel, NEW, wrong)
    assert fields(page) == {
        "cell:4:A:方案": "",
        "cell:4:D:方案": "教体局",
        "cell:4:F:方案": "2024-02-31",
    }
    page = correct(panel, A4="006", D4="鱼峰区教育局", F4="2024年6月底")
    assert "无效<b>0</b>" in page and "新增<b>2</b>" in page
    press(panel, "apply", only_valid="0")
    assert str(made(panel, "006").due_on) == "2024-06-30"


def test_what_is_typed_is_read_by_the_rules_of_the_file(panel: Panel) -> None:
    preview(panel, BAD_DATE)
    page = correct(panel, F3="下个月")
    assert "第3行“办理时限”" in page and "下个月" in page and "无效<b>1</b>" in page
    assert correct(panel, F3="2024.6.28").count("无效<b>0</b>") == 1


def test_a_correction_is_taken_back(panel: Panel) -> None:
    preview(panel, BAD_DATE)
    correct(panel, F3="2024-06-28")
    page = press(panel, "uncorrect", cell="3:F:方案")
    assert "无效<b>1</b>" in page and "已改正" not in page
    correct(panel, F3="2024-06-28", B3="关于公交站的建议")
    assert "预览里改正了" not in press(panel, "uncorrect", all="1")


def test_typing_what_the_file_says_is_no_correction(panel: Panel) -> None:
    preview(panel, BAD_DATE)
    correct(panel, F3="2024-06-28")
    assert "已改正" not in correct(panel, F3="2024-02-31")
    same = {"cell:3:F:方案": "x", "was:3:F:方案": "x"}
    assert "没有改动" in panel.as_("office").post("/import/1/correct/", **same)
    assert state(panel).state == "待确认"


def test_a_row_is_opened_to_its_cells_as_the_file_has_them(panel: Panel) -> None:
    preview(panel, NEW, BAD_DATE)
    page = panel.as_("office").get("/import/1/row/4/?sheet=方案")
    assert "F4" in page and "办理时限" in page and "2024-02-31" in page
    assert "领衔代表" in page and "读作" in page and "提出人" in page
    assert fields(page)["cell:4:B:方案"] == BAD_DATE[1]
    assert panel.as_("office").client.get("/import/1/row/99/?sheet=方案").status_code == 404


def test_what_the_file_has_no_column_for_is_filled_in_for_one_row_alone(panel: Panel) -> None:
    header = [name for name in HEADER if name != "协办单位"]
    rows = [[*one[:4], one[5]] for one in (NEW, CHANGED)]
    preview(panel, *rows, header=header)
    page = correct(panel, kind_3="议案", co_unit_3="鱼峰区住房和城乡建设局")
    assert "无效<b>0</b>" in page and "协办</small> 鱼峰区住房和城乡建设局" in page
    press(panel, "apply", only_valid="0")
    item = made(panel, "004")
    assert item.kind == "议案"
    with panel.truth() as session:
        tasks = session.scalars(select(models.Assignment).filter_by(proposal_id=item.id)).all()
        assert sorted(task.role for task in tasks) == ["主办", "协办"]


def test_a_correction_whose_cell_is_not_there_any_more_does_nothing_and_says_so(
    panel: Panel,
) -> None:
    preview(panel, BAD_DATE)
    correct(panel, F3="2024-06-28")
    with panel.truth() as session:
        row = session.get_one(models.Import, 1)
        kept = row.corrections[correcting.CELLS]
        other = [{**kept[0], "原为": "2024-02-30"}, {**kept[0], "行": 77}]
        session.execute(
            update(models.table_of("imports")).values(corrections={correcting.CELLS: other})
        )
        session.commit()
    page = press(panel, "again")
    assert "有 2 处改正没有用上" in page and "无效<b>1</b>" in page
    assert "没有用上" not in press(panel, "uncorrect", all="1")


def test_a_correction_is_in_the_change_log_with_old_and_new(panel: Panel) -> None:
    preview(panel, BAD_DATE)
    correct(panel, F3="2024-06-28")
    assert state(panel).corrections[correcting.CELLS][0]["原为"] == "2024-02-31"
    press(panel, "apply", only_valid="0")
    with panel.truth() as session:
        found = session.scalars(select(models.ChangeLog).filter_by(table_name="imports")).one()
        assert "方案第3行F：2024-02-31 → 2024-06-28" in str(found.changes["corrections"])
        assert found.user_id and found.row_id == 1
    assert "已撤销" in press(panel, "undo")


def test_the_workbook_comes_back_with_what_was_corrected(panel: Panel) -> None:
    preview(panel, UNNUMBERED, BAD_DATE)
    correct(panel, A3="004", F4="还是不对", kind_3="议案")
    page = marked(panel)
    assert page["A3"].value == "004" and "改正为“004”" in page["A3"].comment.text
    assert page["A3"].fill.fgColor.rgb != page["F4"].fill.fgColor.rgb
    assert page["F4"].value == "还是不对" and "不是日期" in page["F4"].comment.text
    assert "“类型”原来空着" in "".join(str(cell.value) for cell in page[3])


def test_one_row_of_a_merged_block_is_corrected_alone(panel: Panel) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "方案"
    for row in (
        HEADER,
        [*NEW[:3], "教体局", "", ""],
        ["007", "关于路灯的建议", "覃丽", "", "", ""],
    ):
        sheet.append(row)
    sheet.merge_cells("D2:D3")
    stream = io.BytesIO()
    book.save(stream)
    upload(panel, stream.getvalue())
    assert work(panel) == ["完成"]
    assert "无效<b>2</b>" in panel.as_("office").get("/import/1/")
    page = correct(panel, D3="鱼峰区教育局")
    assert "无效<b>1</b>" in page and "新增<b>1</b>" in page
    came = marked(panel)
    assert (came["D2"].value, came["D3"].value) == ("教体局", "鱼峰区教育局")


def test_hidden_rows_are_left_out_with_one_click_and_read_again(panel: Panel) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(NEW, [NEW[0], *CHANGED[1:]])))
    book["方案"].row_dimensions[3].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    upload(panel, stream.getvalue())
    assert work(panel) == ["完成"]
    page = panel.as_("office").get("/import/1/")
    assert "<b>1 行</b>是隐藏的" in page and "重复" in page
    page = press(panel, "hidden", leave="1")
    assert "全部<b>1</b>" in page and "无效<b>0</b>" in page
    assert "隐藏的行，按您的选择没有导入" in page and NEW[1] in page
    page = press(panel, "hidden", leave="0")
    assert "全部<b>2</b>" in page


def test_the_cells_are_still_there_when_what_was_kept_is_gone(panel: Panel) -> None:
    preview(panel, BAD_DATE)
    folder = as_read(panel.app.extensions["settings"].data_dir, 1).parent
    for path in folder.iterdir():
        path.unlink()
    assert fields(panel.as_("office").get("/import/1/")) == {"cell:3:F:方案": "2024-02-31"}


@pytest.mark.parametrize("door", ["correct", "uncorrect", "names", "hidden"])
def test_a_written_import_is_not_corrected_any_more(panel: Panel, door: str) -> None:
    preview(panel, NEW)
    press(panel, "apply", only_valid="0")
    sent = {"cell:3:A:方案": "009", "name:覃丽": "x", "leave": "1"}
    page = panel.as_("office").post(f"/import/1/{door}/", **sent)
    assert "不能这样做" in page and numbers(panel) == ["001", "002", "003", "004"]


@pytest.mark.parametrize("door", ["correct", "uncorrect", "names", "hidden"])
def test_a_liaison_does_not_find_the_doors(panel: Panel, door: str) -> None:
    preview(panel, NEW)
    assert panel.as_("school").client.post(f"/import/1/{door}/").status_code == 404
    assert panel.as_("school").client.get("/import/1/row/3/?sheet=方案").status_code == 404
