"""Importing on the screen, through the real app: drop, look, correct, confirm, get the workbook back, undo."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Connection, Engine, select, text, update

from admin.frame.db import db
from domain import models
from domain.imports.marking.turn import alone_in
from domain.sheets.grid import UnreadableFile
from domain.sheets.preflight import MAX_BYTES
from jobs.queue.execution import Workplace, execute
from jobs.queue.kinds import KINDS
from jobs.runs import runs
from jobs.work.kept_files import as_read
from tests.ground.district import MORNING, PEOPLE, Panel
from tests.ground.plans import SAMPLES
from tests.ground.waiting import PATIENCE_S, wait_until

CONGRESS = "鱼峰区第一届人大第五次会议"
HEADER = ["建议编号", "建议标题", "领衔代表", "主办单位", "协办单位", "办理时限"]
NEW = [
    "004",
    "关于整治背街小巷的建议",
    "覃丽",
    "鱼峰区教育局",
    "鱼峰区住房和城乡建设局",
    "2024-06-05",
]
CHANGED = [
    "002",
    "关于老旧小区加装电梯的建议",
    "韦强",
    "鱼峰区住房和城乡建设局",
    "鱼峰区教育局",
    "2024-06-05",
]
STRANGE = ["005", "关于增加公共厕所的建议", "覃丽", "教体局", "", "2024-06-05"]
BAD_DATE = ["006", "关于公交线路的建议", "覃丽", "鱼峰区教育局", "", "2024-02-31"]


def workbook(*rows: list[str], header: list[str] = HEADER) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "方案"
    page.append(["代表建议分工方案"])
    page.merge_cells("A1:F1")
    for row in (header, *rows):
        page.append(row)
    page.column_dimensions["B"].width = 55
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(
    panel: Panel, content: bytes, name: str = "分工方案.xlsx", person: str = "office"
) -> str:
    """Send a file; the page that it leads to."""
    sent = {
        "meeting": str(panel.id_of("Meeting", name=CONGRESS)),
        "file": (io.BytesIO(content), name),
    }
    someone = panel.as_(person)
    answer = someone.client.post("/import/", data=sent)
    assert answer.status_code == 302, answer.get_data(as_text=True)[-500:]
    return someone.get(answer.location)


def work(panel: Panel) -> list[str]:
    """Do what waits, as a worker does; the states the runs ended in."""
    with panel.app.app_context():
        place = Workplace(
            db.engine, panel.app.extensions["settings"], lambda: MORNING, "test", KINDS
        )
        with panel.truth() as session:
            waiting = session.scalars(select(models.JobRun.id).filter_by(state="等待")).all()
        for run_id in waiting:
            execute(place, run_id)
    with panel.truth() as session:
        runs = session.scalars(select(models.JobRun).order_by(models.JobRun.id))
        return [run.state for run in runs if run.id in waiting]


def preview(panel: Panel, *rows: list[str], **more: Any) -> str:
    """Upload rows and have them looked at; the page then."""
    assert "正在读取并逐行核对" in upload(panel, workbook(*rows, **more))
    assert work(panel) == ["完成"]
    return panel.as_("office").get("/import/1/")


def press(panel: Panel, door: str, **sent: str) -> str:
    """Press a button of the import, let the program work, and look again."""
    panel.as_("office").post(f"/import/1/{door}/", **sent)
    work(panel)
    return panel.as_("office").get("/import/1/")


def state(panel: Panel) -> Any:
    with panel.truth() as session:
        return session.get(models.Import, 1)


def numbers(panel: Panel) -> list[str]:
    with panel.truth() as session:
        return sorted(session.scalars(select(models.Proposal.number)))


def test_a_preview_shows_every_row_with_its_outcome_and_writes_nothing(panel: Panel) -> None:
    page = preview(panel, NEW, CHANGED, STRANGE, BAD_DATE)
    for chip in ("全部<b>4</b>", "新增<b>1</b>", "更新<b>1</b>", "未变<b>0</b>", "无效<b>2</b>"):
        assert chip in page
    assert "第6行“办理时限”：“2024-02-31”不是日期" in page
    assert "<b>协办单位</b> <del>（空）</del> → <ins>鱼峰区教育局</ins>" in page
    assert numbers(panel) == ["001", "002", "003"] and state(panel).state == "待确认"


def test_rows_to_look_at_twice_are_pointed_out_and_can_be_seen_alone(panel: Panel) -> None:
    page = preview(panel, NEW, [CHANGED[0], "关于公交线路的建议", *CHANGED[2:]])
    assert "有 1 行可以写入，但请先看一眼" in page and "提醒<b>1</b>" in page
    assert "编号相同而标题不同，请确认是同一件" in page and "确认导入" in page
    page = panel.as_("office").get("/import/1/?outcome=提醒")
    assert "关于公交线路的建议" in page and NEW[1] not in page
    assert "请先看一眼" not in press(panel, "apply", only_valid="0", checked="1")


RENAMED = [CHANGED[0], "关于公交线路的建议", *CHANGED[2:]]


def test_who_gives_an_item_another_title_says_that_he_has_looked(panel: Panel) -> None:
    page = preview(panel, NEW, RENAMED)
    assert "已核对 1 行编号相同而标题不同的件，确认覆盖" in page
    page = panel.as_("office").post("/import/1/apply/", only_valid="0")
    assert "有 1 行编号相同而标题不同，没有写入" in page and state(panel).state == "待确认"
    assert "已写入 2 行" in press(panel, "apply", only_valid="0", checked="1")
    assert panel.count("Proposal", title="关于公交线路的建议") == 1


def test_nobody_is_asked_where_nothing_is_doubtful(panel: Panel) -> None:
    assert "已核对" not in preview(panel, NEW, CHANGED)
    assert "已写入 2 行" in press(panel, "apply", only_valid="0")


def test_rows_with_another_title_are_skipped_and_taken_in_again(panel: Panel) -> None:
    assert "跳过标题不同的 1 行" in preview(panel, NEW, RENAMED)
    page = press(panel, "skip", skip="1")
    assert "第4行“建议标题”：编号相同而标题不同，已按您的选择跳过。" in page
    assert "只导入有效行（1）" in page and "已核对" not in page and "不再跳过" in page
    assert "更新<b>1</b>" in press(panel, "skip", skip="0")
    press(panel, "skip", skip="1")
    assert "已写入 1 行" in press(panel, "apply", only_valid="1")
    assert panel.count("Proposal", number="002", title=CHANGED[1]) == 1


def test_a_deadline_that_is_already_past_is_told_before_it_is_written(panel: Panel) -> None:
    page = preview(panel, NEW, [*CHANGED[:5], "2024-04-12"])
    assert "第4行“办理时限”：办理时限 2024-04-12 已经过去，导入后即为逾期。" in page
    assert "办理时限已经过去、导入后即为逾期 1 行" in page and "提醒<b>1</b>" in page
    assert "已写入 2 行" in press(panel, "apply", only_valid="0")
    upload(panel, workbook([*CHANGED[:5], "2024-04-12"]))
    work(panel)
    assert "已经过去" not in panel.as_("office").get("/import/2/")


def test_a_preview_shows_who_signed_a_row_so_that_a_misread_name_is_seen(panel: Panel) -> None:
    header = [*HEADER[:3], "联名代表", *HEADER[3:]]
    alone = ["007", NEW[1], "韦小强", "", *NEW[3:]]
    page = preview(panel, [*NEW[:3], "黄 梅、陆华", *NEW[3:]], alone, header=header)
    assert "覃丽 等 3 人" in page and 'title="领衔：覃丽；联名：黄梅、陆华"' in page
    assert "<small>联名</small> 黄梅、陆华" in page and '<td class="people">韦小强</td>' in page


def test_lines_that_were_taken_for_no_item_are_shown(panel: Panel) -> None:
    total, note = ["合计", "2件"], ["说明：请各单位抓紧办理。"]
    page = preview(panel, NEW, total, note)
    assert "另有 2 行没有当作一件" in page
    shown = page.split("left-out")[1].split("</details>")[0]
    assert '<td class="place">4</td><td class="as-words"><span>合计　2件</span></td>' in shown
    assert '<td class="place">5</td>' in shown and note[0] in shown
    assert "合计　2件" in press(panel, "apply", only_valid="0")


def test_nothing_is_said_of_left_out_lines_where_there_are_none(panel: Panel) -> None:
    assert "没有当作一件" not in preview(panel, NEW)


def test_the_chips_filter_the_rows(panel: Panel) -> None:
    preview(panel, NEW, BAD_DATE)
    page = panel.as_("office").get("/import/1/?outcome=无效")
    assert BAD_DATE[1] in page and NEW[1] not in page


def test_all_rows_right_are_written_and_lead_to_their_items(panel: Panel) -> None:
    assert "确认导入" in preview(panel, NEW, CHANGED)
    page = press(panel, "apply", only_valid="0")
    item = panel.id_of("Proposal", number="004")
    assert "已写入 2 行：新增 1，更新 1" in page and f"/proposals/details/?id={item}" in page
    assert panel.count("Assignment", proposal_id=item) == 2
    assert state(panel).state == "已写入" and state(panel).applied_at == MORNING


def test_the_same_file_again_changes_nothing(panel: Panel) -> None:
    preview(panel, NEW, CHANGED)
    press(panel, "apply", only_valid="0")
    upload(panel, workbook(NEW, CHANGED))
    work(panel)
    page = panel.as_("office").get("/import/2/")
    assert "未变<b>2</b>" in page and "文件里的 2 行系统里都已经有了" in page


def test_where_nothing_is_to_be_written_nobody_is_asked_to_confirm(panel: Panel) -> None:
    preview(panel, NEW, CHANGED)
    press(panel, "apply", only_valid="0")
    upload(panel, workbook(NEW, CHANGED))
    work(panel)
    with panel.truth() as session:
        assert session.get(models.Import, 2).state == "无需写入"
    office = panel.as_("office")
    page = office.get("/import/2/")
    assert "确认导入" not in page and ">放弃<" not in page and "重新核对" in page
    office.post("/import/2/apply/", only_valid="0")
    assert work(panel) == []
    assert panel.count("Import", state="待确认") == 0  # what the front page counts


def test_a_file_that_needed_no_writing_is_looked_at_again_when_the_data_changed(
    panel: Panel,
) -> None:
    preview(panel, NEW, CHANGED)
    press(panel, "apply", only_valid="0")
    upload(panel, workbook(NEW, CHANGED))
    work(panel)
    with panel.truth() as session:
        item = session.scalars(select(models.Proposal).filter_by(number=NEW[0])).one()
        item.title = "改过的标题"
        session.commit()
    panel.as_("office").post("/import/2/again/")
    assert work(panel) == ["完成"]
    assert "更新<b>1</b>" in panel.as_("office").get("/import/2/")


def test_a_column_left_unread_is_told_until_a_person_has_looked(panel: Panel) -> None:
    header = ["建议编号", "建议标题", "领衔代表", "主办单位", "还有谁", "办理时限"]
    page = preview(panel, NEW, CHANGED, header=header)
    assert "“还有谁”像是单位（如“鱼峰区住房和城乡建设局”）" in page and "请逐列核对" in page
    table = state(panel).sheets[0]["tables"][0]["fingerprint"]
    names = ("number", "title", "lead", "lead_unit", "", "due_on")
    page = press(
        panel, "columns", table=table, **{f"column.{i}": name for i, name in enumerate(names)}
    )
    assert "像是单位" not in page and "确认导入" in page


def test_columns_given_for_a_file_that_needed_no_writing_are_remembered_too(panel: Panel) -> None:
    preview(panel, NEW)
    press(panel, "apply", only_valid="0")
    header = ["编号", "反映事项", "领衔代表", "主办单位", "协办单位", "办理时限"]
    upload(panel, workbook(NEW, header=header))
    work(panel)
    with panel.truth() as session:
        table = session.get(models.Import, 2).sheets[0]["tables"][0]["fingerprint"]
    names = ("number", "title", "lead", "lead_unit", "co_unit", "due_on")
    picks = {f"column.{index}": name for index, name in enumerate(names)}
    panel.as_("office").post("/import/2/columns/", table=table, **picks)
    assert work(panel) == ["完成"]
    with panel.truth() as session:
        assert session.get(models.Import, 2).state == "无需写入"
    assert panel.count("ImportMapping", fingerprint=table) == 1


def test_with_a_wrong_row_all_or_nothing_writes_nothing(panel: Panel) -> None:
    page = preview(panel, NEW, BAD_DATE)
    assert "disabled" in page and "只导入有效行（1）" in page
    page = press(panel, "apply", only_valid="0")
    assert "有 1 行不能导入，全部没有写入" in page
    assert numbers(panel) == ["001", "002", "003"] and state(panel).state == "待确认"


def test_only_the_usable_rows_are_written_if_one_says_so(panel: Panel) -> None:
    preview(panel, NEW, BAD_DATE)
    page = press(panel, "apply", only_valid="1")
    assert "已写入 1 行" in page and "有 1 行没有写入" in page
    assert numbers(panel) == ["001", "002", "003", "004"]


def test_an_unknown_unit_is_chosen_once_and_remembered_as_an_alias(panel: Panel) -> None:
    page = preview(panel, STRANGE, [*STRANGE[:0], "007", *STRANGE[1:]])
    assert "不认识的单位写法" in page and '“教体局”<span class="quiet">　2 行' in page
    school = str(panel.id_of("Unit", name="鱼峰区教育局"))
    page = press(panel, "units", written__0="教体局", other__0=school, keep__0="1")
    assert "新增<b>2</b>" in page and "不认识的单位写法" not in page
    assert panel.count("UnitAlias", alias="教体局") == 0
    press(panel, "apply", only_valid="0")
    assert panel.count("UnitAlias", alias="教体局", unit_id=int(school)) == 1
    press(panel, "undo")
    assert panel.count("UnitAlias", alias="教体局") == 0


def test_a_wrongly_chosen_unit_is_seen_and_chosen_anew(panel: Panel) -> None:
    preview(panel, STRANGE)
    wrong = str(panel.id_of("Unit", name="鱼峰区住房和城乡建设局"))
    page = press(panel, "units", written__0="教体局", other__0=wrong, keep__0="1")
    assert "“教体局” → 鱼峰区住房和城乡建设局" in page and "重新选" in page
    page = press(panel, "unchoose", written="教体局")
    assert "→ 鱼峰区住房和城乡建设局" not in page and "不认识的单位写法" in page
    school = str(panel.id_of("Unit", name="鱼峰区教育局"))
    assert "“教体局” → 鱼峰区教育局" in press(panel, "units", written__0="教体局", other__0=school)
    page = press(panel, "apply", only_valid="0")
    assert "“教体局” → 鱼峰区教育局" in page and "重新选" not in page
    assert panel.count("UnitAlias", alias="教体局") == 0


def test_an_alias_chosen_for_an_import_that_is_given_up_is_not_kept(panel: Panel) -> None:
    preview(panel, STRANGE)
    school = str(panel.id_of("Unit", name="鱼峰区教育局"))
    press(panel, "units", written__0="教体局", other__0=school, keep__0="1")
    panel.as_("office").post("/import/1/drop/")
    assert "不认识的单位写法" in second_upload(panel, STRANGE)


def test_a_choice_may_be_for_this_file_alone(panel: Panel) -> None:
    preview(panel, STRANGE)
    school = str(panel.id_of("Unit", name="鱼峰区教育局"))
    page = press(panel, "units", written__0="教体局", unit__0=school)
    assert "新增<b>1</b>" in page and panel.count("UnitAlias", alias="教体局") == 0
    page = press(panel, "apply", only_valid="0")
    assert "已写入 1 行" in page


def test_a_choice_of_no_unit_is_said(panel: Panel) -> None:
    preview(panel, STRANGE)
    page = panel.as_("office").post("/import/1/units/", written__0="教体局")
    assert "没有选择单位" in page
    panel.as_("office").post("/import/1/units/", 404, written__0="教体局", other__0="999")


ODD = ["编码甲", "说法乙", "领衔代表", "归口丙", "协办单位", "办理时限"]
OWN = ("number", "title", "lead", "lead_unit", "co_unit", "due_on")


def point_out(panel: Panel, columns: tuple[str, ...]) -> str:
    """Say what the columns of the first import are, and look at it again."""
    table = state(panel).sheets[0]["tables"][0]["fingerprint"]
    return press(
        panel, "columns", table=table, **{f"column__{n}": c for n, c in enumerate(columns)}
    )


def second_upload(panel: Panel, *rows: list[str], header: list[str] = HEADER) -> str:
    upload(panel, workbook(*rows, header=header), name="第二批.xlsx")
    work(panel)
    return panel.as_("office").get("/import/2/")


def test_a_corrected_column_is_remembered_for_this_header_once_it_is_written(panel: Panel) -> None:
    preview(panel, NEW, header=ODD)
    page = point_out(panel, OWN)
    assert "新增<b>1</b>" in page and "按这次指定的列读取" in page
    assert panel.count("ImportMapping") == 0
    press(panel, "apply", only_valid="0")
    page = second_upload(panel, CHANGED, header=ODD)
    assert (
        "更新<b>1</b>" in page and "识别把握" not in page.split('id="columns"')[1].split("</h2>")[0]
    )
    assert "这份表头按上次（交办督查·office 2024-04-15）指定的列读取" in page
    press(panel, "undo")
    assert panel.count("ImportMapping") == 0


def test_a_choice_that_was_never_written_is_nobody_elses(panel: Panel) -> None:
    preview(panel, NEW)
    assert "协办" not in point_out(panel, (*OWN[:4], "", "due_on")).split('class="units"')[1][:200]
    panel.as_("office").post("/import/1/drop/")
    page = second_upload(panel, NEW)
    assert "<small>协办</small> 鱼峰区住房和城乡建设局" in page and "指定的列" not in page


def test_a_remembered_choice_is_forgotten_at_the_press_of_a_button(panel: Panel) -> None:
    preview(panel, NEW)
    point_out(panel, (*OWN[:4], "", "due_on"))
    press(panel, "apply", only_valid="0")
    page = second_upload(panel, ["009", *NEW[1:]])
    assert "指定的列读取" in page and "改回自动识别" in page and "<small>协办</small>" not in page
    table = state(panel).sheets[0]["tables"][0]["fingerprint"]
    panel.as_("office").post("/import/2/forget/", table=table)
    work(panel)
    page = panel.as_("office").get("/import/2/")
    assert "<small>协办</small> 鱼峰区住房和城乡建设局" in page and "指定的列" not in page
    assert panel.count("ImportMapping") == 0


def test_two_columns_cannot_both_be_the_title(panel: Panel) -> None:
    preview(panel, NEW)
    table = state(panel).sheets[0]["tables"][0]["fingerprint"]
    page = panel.as_("office").post(
        "/import/1/columns/", table=table, column__0="title", column__1="title"
    )
    assert "“标题”选了两列" in page and panel.count("ImportMapping") == 0


def test_the_users_own_workbook_comes_back_marked(panel: Panel) -> None:
    preview(panel, NEW, STRANGE, BAD_DATE)
    answer = panel.as_("office").client.get("/import/1/workbook/", buffered=True)
    page = openpyxl.load_workbook(io.BytesIO(answer.data))["方案"]
    assert page["A1"].value == "代表建议分工方案" and page.column_dimensions["B"].width == 55
    red = {cell.coordinate: cell.comment.text for row in page for cell in row if cell.comment}
    assert set(red) == {"D4", "F5"} and "“教体局”不在单位名册中" in red["D4"]
    assert page["F5"].fill.fgColor.rgb == "00FFC7CE" and page["A4"].fill.fill_type is None


def marked(panel: Panel, key: int = 1) -> bytes:
    answer = panel.as_("office").client.get(f"/import/{key}/workbook/", buffered=True)
    return bytes(answer.data)


def test_what_is_wrong_stands_beside_each_row_and_is_printed(panel: Panel) -> None:
    preview(panel, NEW, [*STRANGE[:5], "2024-02-31"])
    page = openpyxl.load_workbook(io.BytesIO(marked(panel)))["方案"]
    assert [page.cell(row, 7).value for row in (1, 2, 3)] == [None, "问题", None]
    said = page["G4"].value.split("\n")
    assert len(said) == 2 and "“教体局”不在单位名册中" in said[0] and "不是日期" in said[1]
    assert page.page_setup.fitToWidth == 1 and page.sheet_properties.pageSetUpPr.fitToPage
    assert page["G4"].alignment.wrap_text and page.row_dimensions[4].height > 30


def test_a_marked_workbook_is_read_as_the_one_that_was_sent_and_marked_anew(panel: Panel) -> None:
    preview(panel, NEW, STRANGE)
    first = state(panel).sheets[0]["tables"][0]
    book = openpyxl.load_workbook(io.BytesIO(marked(panel)))
    book["方案"]["D4"], book["方案"]["F3"] = "鱼峰区教育局", "2024-02-31"
    stream = io.BytesIO()
    book.save(stream)
    upload(panel, stream.getvalue())
    work(panel)
    assert "无效<b>1</b>" in panel.as_("office").get("/import/2/")
    with panel.truth() as session:
        second = session.get(models.Import, 2).sheets[0]["tables"][0]
    assert [c["column"] for c in second["columns"]] == [c["column"] for c in first["columns"]]
    assert second["fingerprint"] == first["fingerprint"]
    page = openpyxl.load_workbook(io.BytesIO(marked(panel, 2)))["方案"]
    assert page["G4"].value is None and "不是日期" in page["G3"].value and page.max_column == 7


@pytest.mark.parametrize(
    "path", sorted(p for p in SAMPLES.iterdir() if p.suffix != ".json"), ids=lambda p: p.name
)
def test_every_kind_of_file_comes_back_marked(panel: Panel, path: Path) -> None:
    upload(panel, path.read_bytes(), path.name)
    work(panel)
    with panel.truth() as session:
        bad = session.scalars(select(models.ImportRow).filter_by(import_id=1, outcome="无效")).all()
    answer = panel.as_("office").client.get("/import/1/workbook/", buffered=True)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    comments = [c.comment.text for page in book for row in page for c in row if c.comment]
    assert bad and len(comments) >= min(len(bad), 1)
    beside = [str(line[-1].value) for page in book for line in page.iter_rows()]
    assert "问题" in beside
    for row in bad:
        assert any(row.errors[0]["message"] in text for text in comments)
        assert any(row.errors[0]["message"] in text for text in beside)


def test_the_writing_takes_the_file_as_the_preview_read_it(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview(panel, NEW)
    kept = as_read(panel.app.extensions["settings"].data_dir, 1)
    assert kept.exists()

    def read_again(*_: object) -> None:
        raise AssertionError("the file was read a second time")

    monkeypatch.setattr("domain.plans.kept.read_grids_once", read_again)
    press(panel, "apply", only_valid="0")
    assert panel.count("Proposal", number=NEW[0]) == 1
    assert not kept.exists()


def test_the_log_names_who_had_the_file_written(panel: Panel) -> None:
    preview(panel, NEW)
    press(panel, "apply", only_valid="0")
    made = {"table_name": "proposals", "actor_name": "交办督查·office（导入写入）"}
    assert panel.count("ChangeLog", action="新增", **made) == 1
    assert "交办督查·office（导入写入）" in panel.as_("auditor").get("/change_log/?q=office")


def test_while_one_marked_copy_is_made_nobody_starts_another(panel: Panel) -> None:
    """Each takes a process and much memory, and people click again while they wait."""
    preview(panel, BAD_DATE)
    office = panel.as_("office")
    with alone_in(panel.app.extensions["settings"].data_dir / "uploads"):
        assert office.client.get("/import/1/workbook/").location.endswith("/import/1/")
    assert "标注后的原表正在生成，请稍候再点" in office.get("/import/1/")
    answer = office.client.get("/import/1/workbook/", buffered=True)
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames == ["方案"]


def test_an_import_is_taken_back_and_what_was_changed_since_is_kept_and_named(panel: Panel) -> None:
    preview(panel, NEW, ["008", *NEW[1:]])
    press(panel, "apply", only_valid="0")
    item = panel.id_of("Proposal", number="008")
    with panel.truth() as session:
        session.get(models.Proposal, item).note = "后来改的"
        session.commit()
    page = press(panel, "undo")
    assert "已撤销" in page and "删除建议提案 1 条" in page and "以下 2 项保留" in page
    assert f"建议008号 {NEW[1]}" in page and "还有提出人用到它" in page
    assert numbers(panel) == ["001", "002", "003", "008"]
    assert f'<li><a href="/proposals/details/?id={item}">建议008号 {NEW[1]}</a>' in page
    rows = page.split('id="rows"')[1]
    assert f'<a href="/proposals/details/?id={item}">{NEW[1]}</a>' in rows, "it is still there"
    assert rows.count("/proposals/details/") == 1, "the other one is gone"


def test_an_import_by_command_tells_so_and_is_taken_back_on_the_screen(panel: Panel) -> None:
    preview(panel, NEW)
    press(panel, "apply", only_valid="0")
    with panel.truth() as session:
        row = session.get_one(models.Import, 1)
        row.uploaded_by_id, row.stored_name = (
            None,
            "",
        )  # as jobs/commands/direct_imports.py begins one
        session.commit()
    office = panel.as_("office")
    page = office.get("/import/1/")
    assert "分工方案.xlsx" in page and "命令 2024-04-15 09:00 导入，没有保留原文件" in page
    assert "撤销本次导入" in page and "下载原文件" not in page
    assert "<td>命令</td>" in office.get("/import/")
    assert "这次导入已经撤销" in press(panel, "undo") and "004" not in numbers(panel)


def test_a_kept_item_is_named_as_it_is_called_now_and_as_it_was_imported(panel: Panel) -> None:
    preview(panel, NEW)
    press(panel, "apply", only_valid="0")
    with panel.truth() as session:
        item = session.get(models.Proposal, panel.id_of("Proposal", number="004"))
        item.title = "关于背街小巷长效管理的建议"
        session.commit()
    page = press(panel, "undo")
    assert f"建议004号 关于背街小巷长效管理的建议（导入时：建议004号 {NEW[1]}）" in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("方案.pdf", b"%PDF-1.4", "这是 PDF 文件"),
        ("方案.xlsx", b"PK\x03\x04broken", "损坏"),
        ("方案.xlsx", b"", "文件是空的"),
    ],
)
def test_a_file_that_is_no_plan_is_said_in_a_sentence(
    panel: Panel, name: str, content: bytes, sentence: str
) -> None:
    upload(panel, content, name)
    assert work(panel) == ["失败"]
    page = panel.as_("office").get("/import/1/")
    assert sentence in page and "再读一次" in page and "换一个文件" in page
    assert state(panel).state == "失败"
    assert sentence in panel.as_("office").get("/import/")


def test_a_workbook_without_any_header_fails_and_says_what_to_write(panel: Panel) -> None:
    upload(panel, workbook(["甲", "乙"], header=["姓名", "电话"]))
    assert work(panel) == ["失败"]
    page = panel.as_("office").get("/import/1/")
    assert "没有在文件里找到分工方案" in page and "请在表格的第一行写上列名" in page
    assert "换一个文件" in page and state(panel).state == "失败"


def test_a_header_in_unknown_words_can_still_be_pointed_out(panel: Panel) -> None:
    page = preview(panel, NEW, header=["甲", "乙", "丙", "丁", "戊", "己"])
    assert "没有在文件里找到分工方案" in page and "请在下面为表头指定各列" in page
    assert "按这样的列重新核对" in page and "确认导入" not in page
    table = state(panel).sheets[0]["tables"][0]["fingerprint"]
    names = ("number", "title", "lead", "lead_unit", "co_unit", "due_on")
    picked = {f"column__{n}": name for n, name in enumerate(names)}
    assert "新增<b>1</b>" in press(panel, "columns", table=table, **picked)


def test_a_table_without_rows_fails_with_a_sentence(panel: Panel) -> None:
    book = openpyxl.Workbook()
    book.active.append(["单位全称", "单位性质"])
    page = upload_table(panel, "units", book)
    assert "第1行是表头，下面没有数据。" in page and state(panel).state == "失败"


def test_a_file_is_too_large_where_the_page_says_it_is(panel: Panel) -> None:
    office = panel.as_("office")
    assert f"不超过 {MAX_BYTES // 2**20} MB" in office.get("/import/")
    sent = {
        "meeting": str(panel.id_of("Meeting", name=CONGRESS)),
        "file": (io.BytesIO(b"x" * (MAX_BYTES + 1)), "方案.xlsx"),
    }
    answer = office.client.post("/import/", data=sent, follow_redirects=True)
    told = answer.get_data(as_text=True)
    assert f"超过 {MAX_BYTES // 2**20} MB" in told and panel.count("Import") == 0


def test_how_sure_the_program_is_explains_itself(panel: Panel) -> None:
    page = preview(panel, NEW)
    assert "识别把握 100%，一般不用改" in page
    assert "低于 60% 时，请逐列看选得对不对" in page
    odd = ["甲", "建议标题", "丙", "丁", "协办单位", "己"]
    upload(panel, workbook(NEW, header=odd))
    work(panel)
    assert "%，请逐列核对" in panel.as_("office").get("/import/2/")


def test_an_undone_import_says_that_its_rows_are_of_then(panel: Panel) -> None:
    preview(panel, NEW)
    written = press(panel, "apply", only_valid="0")
    assert "导入时的结果" in written and written.index("确定撤销") < written.index('id="rows"')
    page = press(panel, "undo")
    assert "这次导入已经撤销" in page and "下面各行是导入时的结果" in page
    assert '<span class="chip red">已撤销</span>' in page
    assert (
        '<span class="chip plain">新增</span>' in page and '<span class="chip green">' not in page
    )
    assert "确定撤销" not in page


def test_a_broken_run_says_so_and_starts_again(panel: Panel, monkeypatch: Any) -> None:
    preview(panel, NEW)
    panel.as_("office").post("/import/1/apply/", only_valid="0")
    monkeypatch.setitem(KINDS, "导入写入", replace(KINDS["导入写入"], run=lambda context: 1 / 0))
    assert work(panel) == ["失败"]
    page = panel.as_("office").get("/import/1/")
    assert "没有写入任何内容" in page and "后台任务出错" in page and "重新开始" in page
    monkeypatch.undo()
    assert "已写入 1 行" in press(panel, "restart")


def test_one_may_leave_a_broken_run_and_stand_at_the_preview_again(
    panel: Panel, monkeypatch: Any
) -> None:
    preview(panel, NEW)
    panel.as_("office").post("/import/1/apply/", only_valid="0")
    monkeypatch.setitem(KINDS, "导入写入", replace(KINDS["导入写入"], run=lambda context: 1 / 0))
    work(panel)
    assert "确认导入" in panel.as_("office").post("/import/1/back/")
    assert state(panel).state == "待确认"


def test_a_preview_that_was_refused_once_never_comes_back_over_a_written_import(
    panel: Panel, monkeypatch: Any
) -> None:
    def cannot_read(*_given: Any) -> None:
        raise UnreadableFile("读取这个文件超过了 30 秒。")

    with monkeypatch.context() as broken:
        broken.setattr("domain.plans.importing.read_plan_once", cannot_read)
        upload(panel, workbook(NEW))
        assert work(panel) == ["失败"]
    press(panel, "again")
    press(panel, "apply", only_valid="0")
    attempts = {kind.name: kind.attempts for kind in KINDS.values()}
    with panel.app.app_context():
        runs.retry_failed(db.engine, attempts, MORNING + 2 * runs.RETRY_AFTER)
    assert work(panel) == [] and state(panel).state == "已写入"


def test_a_run_that_comes_late_leaves_the_import_as_it_is(panel: Panel) -> None:
    """Its worker was thought dead; the import has been looked at again and written meanwhile."""
    preview(panel, NEW)
    first = state(panel).job_run_id
    press(panel, "again")
    press(panel, "apply", only_valid="0")
    with panel.truth() as session:
        session.get(models.JobRun, first).state = "等待"
        session.commit()
    assert work(panel) == ["失败"]
    with panel.truth() as session:
        assert "这次导入后来另外办过了" in session.get(models.JobRun, first).error
    assert state(panel).state == "已写入"
    assert "已写入 1 行：新增 1" in panel.as_("office").get("/import/1/")


def test_pressing_twice_writes_once(panel: Panel) -> None:
    preview(panel, NEW)
    panel.as_("office").post("/import/1/apply/", only_valid="0")
    page = panel.as_("office").post("/import/1/apply/", only_valid="0")
    assert "这次导入现在是“写入中”，不能这样做" in page
    assert work(panel) == ["完成"] and panel.count("JobRun", kind="导入写入") == 1


def test_a_confirmed_preview_that_no_longer_holds_writes_nothing_and_is_shown_anew(
    panel: Panel,
) -> None:
    preview(panel, NEW)
    with panel.truth() as session:
        meeting = session.scalars(select(models.Meeting).filter_by(name=CONGRESS)).one()
        session.add(
            models.Proposal(meeting=meeting, kind="建议", number="004", title="别人刚登记的件")
        )
        session.commit()
    page = press(panel, "apply")
    assert "预览以后数据有变化，没有写入" in page
    assert "更新<b>1</b>" in page
    with panel.truth() as session:
        stored = session.scalars(select(models.Proposal.title).filter_by(number="004")).one()
    assert stored == "别人刚登记的件"


def test_an_edit_that_the_preview_did_not_show_is_not_reverted(panel: Panel) -> None:
    """The row is 更新 before and after the edit; only what it would replace has become another."""
    preview(panel, CHANGED)
    with panel.truth() as session:
        edited = session.scalars(select(models.Proposal).filter_by(number="002")).one()
        edited.title = "关于办公室刚改过标题的建议"
        session.commit()
    page = press(panel, "apply")
    assert "预览以后数据有变化，没有写入" in page and "刚改过标题" in page
    assert state(panel).state == "待确认"
    with panel.truth() as session:
        stored = session.scalars(select(models.Proposal).filter_by(number="002")).one()
        assert stored.title == "关于办公室刚改过标题的建议"
        assert [task.unit.name for task in stored.assignments] == ["鱼峰区住房和城乡建设局"]
    assert "已写入 1 行" in press(panel, "apply", checked="1")


def never_give_in(connection: Connection) -> None:
    """Of two who wait for each other, let the other one be told."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL deadlock_timeout = '1h'"))


def waiting_for_a_lock(engine: Engine) -> int:
    """How many wait in this PostgreSQL database for what another transaction holds."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with engine.connect() as connection:
        return int(connection.scalar(text(asked)) or 0)


def test_a_plan_and_a_person_who_wait_for_each_other_both_get_done(panel: Panel) -> None:
    """The plan takes the task and then the item, the person the other way round: the plan begins again."""
    preview(panel, [*CHANGED[:3], CHANGED[4], CHANGED[3], CHANGED[5]])
    panel.as_("office").post("/import/1/apply/", only_valid="0")
    holds_the_item = threading.Event()

    def edit() -> None:
        item, task = models.table_of("proposals"), models.table_of("assignments")
        with panel.app.app_context(), db.engine.begin() as connection:
            never_give_in(connection)
            mine = connection.scalar(select(item.c.id).where(item.c.number == "002"))
            connection.execute(update(item).where(item.c.id == mine).values(tracker="覃丽"))
            holds_the_item.set()
            # On SQLite one writes at a time: the plan waits before it holds anything.
            if connection.dialect.name == "postgresql":
                wait_until(lambda: waiting_for_a_lock(db.engine), "the plan does not wait")
            of_it = task.c.proposal_id == mine
            connection.execute(update(task).where(of_it).values(handler="黄山"))

    with ThreadPoolExecutor(1) as people:
        person = people.submit(edit)
        assert holds_the_item.wait(PATIENCE_S)
        assert work(panel) == ["完成"]
        person.result()
    with panel.truth() as session:
        item = session.scalars(select(models.Proposal).filter_by(number="002")).one()
        roles = {task.unit.name: (task.role, task.handler) for task in item.assignments}
        assert item.tracker == "覃丽"
    assert roles == {"鱼峰区教育局": ("主办", ""), "鱼峰区住房和城乡建设局": ("协办", "黄山")}


def test_a_due_date_before_the_day_of_handing_over_is_told_as_the_rows_own_fault(
    panel: Panel,
) -> None:
    """Without a date at the meeting, new items are handed over today."""
    page = preview(panel, [*NEW[:5], "2024-04-01"])
    assert "无效<b>1</b>" in page and "失败<b>0</b>" in page
    assert "早于交办日期2024-04-15" in page


def test_an_import_that_is_given_up_writes_nothing_and_stays_listed(panel: Panel) -> None:
    preview(panel, NEW)
    page = panel.as_("office").post("/import/1/drop/")
    assert "没有写入任何内容" in page and "已放弃" in page and "分工方案.xlsx" in page
    assert numbers(panel) == ["001", "002", "003"]


def test_the_number_of_a_run_is_told_to_the_script(panel: Panel) -> None:
    upload(panel, workbook(NEW))
    assert panel.as_("office").json("/import/1/progress/") == {
        "state": "等待",
        "done": 0,
        "total": 0,
    }
    work(panel)
    assert panel.as_("office").json("/import/1/progress/")["state"] == "完成"


def test_many_rows_are_paged(panel: Panel) -> None:
    rows = [[f"{n:03}", *NEW[1:]] for n in range(100, 350)]
    page = preview(panel, *rows)
    assert "第 1–100 行，共 250 行" in page and "下一页" in page
    page = panel.as_("office").get("/import/1/?page=3")
    assert "第 201–250 行，共 250 行" in page and "349" in page
    assert "第 201–250 行" in panel.as_("office").get("/import/1/?page=99")


@pytest.mark.parametrize("person", [name for name in PEOPLE if name != "office"])
def test_imports_are_the_offices_alone(panel: Panel, person: str) -> None:
    preview(panel, NEW)
    someone = panel.as_(person)
    for door in ("", "1/", "1/progress/", "1/original/", "1/workbook/"):
        someone.get(f"/import/{door}", 404)
    for door in (
        "",
        "1/units/",
        "1/columns/",
        "1/forget/",
        "1/apply/",
        "1/skip/",
        "1/undo/",
        "1/drop/",
        "1/again/",
        "1/restart/",
        "1/back/",
    ):
        someone.post(f"/import/{door}", 404)
    assert "导入分工方案" not in someone.get("/")
    assert state(panel).state == "待确认"


def test_an_original_comes_back_as_it_was(panel: Panel) -> None:
    content = workbook(NEW)
    upload(panel, content)
    assert panel.as_("office").client.get("/import/1/original/", buffered=True).data == content


def test_without_a_file_one_is_told(panel: Panel) -> None:
    meeting = str(panel.id_of("Meeting", name=CONGRESS))
    assert "没有选择文件" in panel.as_("office").post("/import/", meeting=meeting)
    assert panel.count("Import") == 0


def exported(panel: Panel, table: str, question: str = "") -> openpyxl.Workbook:
    """What the export button of a list gives the office."""
    answer = panel.as_("office").client.get(f"/exports/list/{table}{question}", buffered=True)
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def upload_table(panel: Panel, table: str, book: openpyxl.Workbook) -> str:
    """Drop a table's workbook and have it looked at."""
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    someone = panel.as_("office")
    answer = someone.client.post(
        f"/import/table/{table}/", data={"file": (stream, f"{table}.xlsx")}
    )
    assert answer.status_code == 302
    work(panel)
    return someone.get(answer.location)


@pytest.mark.parametrize("table", ["units", "deputies", "proposals", "assignments", "meetings"])
def test_a_list_taken_out_and_brought_back_changes_nothing(panel: Panel, table: str) -> None:
    book = exported(panel, table)
    rows = book.active.max_row - 3
    page = upload_table(panel, table, book)
    assert rows and f"未变<b>{rows}</b>" in page and "系统里都已经有了" in page


def test_a_table_is_changed_and_added_to_by_its_own_workbook(panel: Panel) -> None:
    book = exported(panel, "units")
    page = book.active
    header = [cell.value for cell in page[3]]
    page.cell(4, header.index("单位简称") + 1).value = "区教育局"
    page.append(["鱼峰区档案馆", "档案馆", "其他", "是"])
    shown = upload_table(panel, "units", book)
    assert "新增<b>1</b>" in shown and "更新<b>1</b>" in shown
    assert "<b>单位简称</b> <del>教育局</del> → <ins>区教育局</ins>" in shown
    assert panel.count("Unit", name="鱼峰区档案馆") == 0
    shown = press(panel, "apply", only_valid="0")
    assert (
        "已写入 2 行" in shown
        and f"/units/details/?id={panel.id_of('Unit', name='鱼峰区档案馆')}" in shown
    )
    assert "删除承办单位 1 条" in press(panel, "undo")
    assert panel.count("Unit", name="鱼峰区档案馆") == 0


def test_an_edit_that_the_preview_of_a_table_did_not_show_is_not_reverted(panel: Panel) -> None:
    book = exported(panel, "units")
    page = book.active
    header = [cell.value for cell in page[3]]
    name = page.cell(4, 1).value
    page.cell(4, header.index("单位简称") + 1).value = "区教育局"
    upload_table(panel, "units", book)
    with panel.truth() as session:
        session.scalars(select(models.Unit).filter_by(name=name)).one().short_name = "教体局"
        session.commit()
    shown = press(panel, "apply", only_valid="0")
    assert "预览以后数据有变化" in shown and "<del>教体局</del> → <ins>区教育局</ins>" in shown
    assert panel.count("Unit", short_name="教体局") == 1


def test_columns_of_a_table_that_are_not_imported_are_named_before_and_after_writing(
    panel: Panel,
) -> None:
    book = exported(panel, "proposals")
    page = book.active
    page.cell(3, page.max_column + 1).value = "领导意见"
    page.cell(4, [cell.value for cell in page[3]].index("标题") + 1).value = "关于某事的建议"
    strange = "“领导意见”不是“建议提案”的列，不导入"
    derived = "“办理状态”由系统填写，不导入。"
    beside = "“主办单位”“领衔”“最近到期”“逾期自然日”取自别的表，不导入。"
    shown = upload_table(panel, "proposals", book)
    assert all(told in shown for told in (strange, derived, beside))
    assert "识别把握" not in shown
    shown = press(panel, "apply", only_valid="0")
    assert "已写入 1 行" in shown and all(told in shown for told in (strange, derived, beside))


def test_nothing_is_said_of_columns_where_all_are_imported(panel: Panel) -> None:
    assert "不导入" not in upload_table(panel, "units", exported(panel, "units"))


def test_a_wrong_cell_of_a_table_comes_back_red(panel: Panel) -> None:
    book = exported(panel, "units")
    book.active.append(["鱼峰区档案馆", "档案馆", "不存在的性质", "是"])
    assert "无效<b>1</b>" in upload_table(panel, "units", book)
    answer = panel.as_("office").client.get("/import/1/workbook/", buffered=True)
    page = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert [c.coordinate for row in page for c in row if c.comment] == [f"C{page.max_row}"]
    header = [cell.value for cell in page[3]]
    assert header[-1] == "问题" and "不存在的性质" in page.cell(page.max_row, len(header)).value


def test_a_list_offers_the_import_of_its_table_to_those_who_may(panel: Panel) -> None:
    assert 'href="/import/table/units/"' in panel.as_("office").get("/units/")
    assert "/import/" not in panel.as_("school").get("/units/")
    panel.as_("school").get("/import/table/units/", 404)


@pytest.mark.parametrize("table", ["users", "change_log", "imports", "attachments", "nonsense"])
def test_tables_of_accounts_and_of_the_program_are_not_imported(panel: Panel, table: str) -> None:
    panel.as_("office").get(f"/import/table/{table}/", 404)
    panel.as_("office").post(f"/import/table/{table}/", 404)
