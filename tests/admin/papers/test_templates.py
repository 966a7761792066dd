"""An office's own templates: handed in, used, refused with the places of what is wrong, taken back; and the command."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from admin.papers.offering import EXAMPLES
from domain import models
from domain.papers.paper import PER
from domain.schema.file import SCHEMA_FILE
from seeds.papers.register import SHIPPED
from tests.ground.district import MORNING, Panel
from tests.ground.exporting import run_export

CONGRESS = "鱼峰区第一届人大第五次会议"
ITEMS = {
    "A1": "{{届次会议}}",
    "A2": "{{#建议提案 排序=案号}}{{案号}}",
    "B2": "{{案由}}{{/建议提案}}",
}


def template(cells: dict[str, str], draw: Callable[[Any], None] = lambda page: None) -> BytesIO:
    book, stream = Workbook(), BytesIO()
    page = book.worksheets[0]
    page.title = "表"
    for place, text in cells.items():
        page[place] = text
    draw(page)
    book.save(stream)
    stream.seek(0)
    return stream


def hand_in(panel: Panel, cells: dict[str, str], status: int = 302, **sent: str) -> str:
    """What the office is told that hands in a template, of ``paper`` or as a new one."""
    paper = sent.pop("paper", "")
    form: dict[str, Any] = {"name": "清单", "per": "会议", **sent}
    form["file"] = (template(cells), "清单.xlsx")
    office = panel.as_("office")
    url = f"/papers/template/?paper={paper}" if paper else "/papers/template/"
    return office.post(url, status, **form)


def fetched(panel: Panel, who: str, **asked: Any) -> list[list[Any]]:
    answer = panel.as_(who).client.get("/papers/file/", query_string=asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)[-800:]
    page = load_workbook(BytesIO(answer.data)).worksheets[0]
    return [[cell.value for cell in row] for row in page]


def test_the_page_lists_the_papers_and_gives_one_as_a_file_on_record(panel: Panel) -> None:
    page = panel.as_("office").get("/papers/")
    assert all(name in page for name in SHIPPED)
    meeting = panel.id_of("Meeting", name=CONGRESS)
    rows = fetched(panel, "office", paper="办理进度表", meeting=meeting)
    assert rows[0][0] == f"{CONGRESS}代表建议办理进度表"
    assert [row[1] for row in rows[4:7]] == ["001", "002", "003"]
    with panel.truth() as session:
        log = session.scalars(select(models.ExportLog)).one()
        assert (log.way, log.item, log.narrowed) == ("报表", "办理进度表", CONGRESS)
        assert (log.row_count, log.user.username) == (3, "office")


def test_what_is_not_chosen_is_said_on_the_page(panel: Panel) -> None:
    page = panel.as_("office").get("/papers/file/?paper=办理进度表&unit=&item=7", 400)
    assert "“办理进度表”要先选：会议。" in page
    assert 'value="7"' in page, "what was typed is still there"


def test_a_new_paper_is_a_file(panel: Panel) -> None:
    page = hand_in(panel, ITEMS, about="报市里的")
    assert "从现在起用这份模板" in page
    assert "表!B2" in page and "案由" in page
    meeting = panel.id_of("Meeting", name=CONGRESS)
    rows = fetched(panel, "office", paper="清单", meeting=meeting)
    assert rows == [
        [CONGRESS, None],
        ["001", "关于增设校门口斑马线的建议"],
        ["002", "关于老旧小区加装电梯的建议"],
        ["003", "关于延长图书馆开放时间的建议"],
    ]
    assert [row[0] for row in fetched(panel, "school", paper="清单", meeting=meeting)] == [
        CONGRESS,
        "001",
    ]
    with panel.truth() as session:
        row = session.scalars(select(models.PaperTemplate)).one()
        assert (row.name, row.per, row.about, row.file_name) == (
            "清单", "会议", "报市里的", "清单.xlsx",
        )  # fmt: skip
        assert (row.uploaded_at, row.uploaded_by.username) == (MORNING, "office")
        logged = select(models.ChangeLog).filter_by(table_name="paper_templates")
        assert session.scalars(logged).one().action == "新增"


def test_a_shipped_paper_is_replaced_and_comes_back(panel: Panel) -> None:
    meeting = panel.id_of("Meeting", name=CONGRESS)
    shipped = fetched(panel, "office", paper="办理进度表", meeting=meeting)
    hand_in(panel, ITEMS, paper="办理进度表")
    assert fetched(panel, "office", paper="办理进度表", meeting=meeting)[0] == [CONGRESS, None]
    hand_in(panel, {"A1": "第二份"}, paper="办理进度表")
    assert fetched(panel, "office", paper="办理进度表", meeting=meeting) == [["第二份"]]
    assert panel.count("PaperTemplate") == 1
    files = list((panel.app.extensions["settings"].data_dir / "uploads").glob("??/*"))
    assert len(files) == 1, "the file that was replaced is gone"
    office = panel.as_("office")
    start = office.client.get("/papers/template/file/?paper=办理进度表&shipped=1")
    assert "办理进度表" in str(load_workbook(BytesIO(start.data)).worksheets[0]["A1"].value)
    assert "改回了系统自带" in office.post("/papers/template/drop/?paper=办理进度表")
    assert fetched(panel, "office", paper="办理进度表", meeting=meeting) == shipped
    assert panel.count("PaperTemplate") == 0


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"B3": "{{案尤}}"}, "表!B3：没有“案尤”这个标记"),
        ({"B3": "{{届次会议.名字}}"}, "表!B3：“届次会议”没有“名字”这一栏"),
        ({"A1": "{{办复律}}"}, "是不是“办复率”"),
        ({"A1": "{{#建议题案}}{{/建议题案}}"}, "没有叫“建议题案”的块，是不是“建议提案”"),
        (
            {"A1": "{{#建议提案 办理状太=办结}}{{/建议提案}}"},
            "没有“办理状太”这项条件，是不是“办理状态”",
        ),
        ({"A1": "{{#建议提案 办理状态=好}}{{/建议提案}}"}, "没有“好”这一项"),
        ({"A1": "{{#承办任务 已办付}}{{/承办任务}}"}, "是不是“已办复”"),
        ({"A1": "{{#承办任务 排序=案号}}{{/承办任务}}"}, "“承办任务”没有“案号”这一栏"),
        ({"A1": "{{#按承办单位}}{{承办单位}}{{/按承办单位}}"}, "不知道该列哪些"),
        ({"A1": "{{#按承办单位 排序=快}}{{件数}}{{/按承办单位}}"}, "没有叫“快”的数"),
        ({"A1": "{{#建议提案}}{{#催办}}{{/催办}}{{/建议提案}}", "A2": "{{x.y}}"}, "表!A2"),
        ({"A1": "{{#意见反馈}}{{#设置}}{{/设置}}{{/意见反馈}}"}, "不挂在外面那个块"),
        ({"A1": "{{数 没有的表}}"}, "后面要写一张表的名称"),
        ({"A1": "{{标题.__class__}}"}, "没有“标题.__class__”这个标记"),
        ({"A1": "{{#用户}}{{密码摘要}}{{/用户}}"}, "没有“密码摘要”"),
        ({"A1": "{{#用户}}{{邮箱}}{{/用户}}"}, "“邮箱”，您的角色看不到"),
        ({"A1": "{{#导出记录}}{{/导出记录}}"}, "没有叫“导出记录”的块"),
        ({"A1": '="{{标题}}"'}, "公式里不能写标记"),
        ({"A1": "{{期间}}"}, "没有“期间”这个标记"),
    ],
)
def test_a_bad_mark_is_named_with_its_place_and_nothing_is_kept(
    panel: Panel, cells: dict[str, str], says: str
) -> None:
    page = hand_in(panel, cells, 400)
    assert says in page
    assert 'value="清单"' in page
    assert panel.count("PaperTemplate") == 0
    assert not list((panel.app.extensions["settings"].data_dir / "uploads").glob("??/*"))


def test_all_bad_marks_are_told_at_once(panel: Panel) -> None:
    page = hand_in(panel, {"A1": "{{甲}}", "B2": "{{乙}}", "C3": "{{#丙}}{{/丙}}"}, 400)
    assert all(place in page for place in ("表!A1", "表!B2", "表!C3"))


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": ""}, "请写报表名称"),
        ({"name": "长" * 41}, "不超过 40 字"),
        ({"per": "年"}, "按什么出"),
        ({"name": "满意度"}, "已经有叫“满意度”的报表"),
    ],
)
def test_a_new_paper_needs_a_name_of_its_own(panel: Panel, sent: dict[str, str], says: str) -> None:
    assert says in hand_in(panel, ITEMS, 400, **sent)


def test_what_is_no_workbook_is_refused_with_a_sentence(panel: Panel) -> None:
    office = panel.as_("office")
    for content in (b"%PDF-1.7", b"", b"a,b\n"):
        form = {"name": "清单", "per": "会议", "file": (BytesIO(content), "清单.xlsx")}
        assert "没有收下" in office.post("/papers/template/", 400, **form)
    assert "请选择一个文件" in office.post("/papers/template/", 400, name="清单", per="会议")


def test_templates_are_the_offices_alone(panel: Panel) -> None:
    hand_in(panel, ITEMS)
    for who in ("school", "school-leader", "congress", "deputy", "supervisor", "admin", "auditor"):
        person = panel.as_(who)
        person.get("/papers/template/?paper=清单", 404)
        person.get("/papers/template/file/?paper=清单", 404)
        person.post("/papers/template/", 404, name="别的", per="会议")
        person.post("/papers/template/drop/?paper=清单", 404)
    assert panel.count("PaperTemplate") == 1


def test_a_column_that_the_asker_may_not_read_is_refused_by_name(panel: Panel) -> None:
    hand_in(panel, {"A1": "{{#建议提案}}{{备注}}", "B1": "{{案号}}{{/建议提案}}"})
    meeting = panel.id_of("Meeting", name=CONGRESS)
    assert fetched(panel, "school", paper="清单", meeting=meeting) == [[None, "001"]]
    page = panel.as_("congress").get(f"/papers/file/?paper=清单&meeting={meeting}", 400)
    assert "表!A1：“建议提案”的“备注”，您的角色看不到，不能写进报表。" in page


def test_a_template_whose_file_is_lost_is_a_sentence(panel: Panel) -> None:
    hand_in(panel, ITEMS)
    for path in (panel.app.extensions["settings"].data_dir / "uploads").glob("??/*"):
        path.unlink()
    meeting = panel.id_of("Meeting", name=CONGRESS)
    office = panel.as_("office")
    assert "找不到了" in office.get(f"/papers/file/?paper=清单&meeting={meeting}", 400)
    assert "找不到了" in office.get("/papers/template/?paper=清单")


def test_the_page_of_marks_lists_what_may_be_written(panel: Panel) -> None:
    page = panel.as_("office").get("/papers/marks/")
    assert "{{填报单位}}" in page and "{{办复率}}" in page and "{{#承办任务}}" in page
    assert "{{备注}}" in page and "已办复" in page and "按承办单位" in page
    assert all(mark in page for mark in EXAMPLES)
    assert "密码摘要" not in page


def test_a_meeting_leads_to_its_papers(panel: Panel) -> None:
    meeting = panel.id_of("Meeting", name=CONGRESS)
    assert f"/papers/?meeting={meeting}" in panel.as_("office").get(
        f"/meetings/details/?id={meeting}"
    )


def test_what_a_paper_is_made_per_is_said_alike_in_schema_and_program() -> None:
    from domain.schema.file import read_schema

    column = read_schema(SCHEMA_FILE).tables["paper_templates"].columns["per"]
    assert column.choices == tuple(PER)


def test_the_command_makes_papers_and_lists_them(panel: Panel, tmp_path: Path) -> None:
    hand_in(panel, ITEMS)
    app: Flask = panel.app
    names = {line.split("\t")[0] for line in run_export(app, "--list").output.splitlines()}
    assert {"分工方案", "清单", *SHIPPED} <= names
    out = tmp_path / "清单.xlsx"
    done = run_export(app, "清单", "--out", str(out), "--meeting", CONGRESS, "--as", "school")
    assert (done.exit_code, done.output) == (0, f"已导出 1 行：{out}\n")
    assert load_workbook(out).worksheets[0]["A2"].value == "001"
    done = run_export(
        app,
        "全程办理台账",
        "--out",
        str(tmp_path / "a.xlsx"),
        "--meeting",
        CONGRESS,
        "--item",
        "第002号",
    )
    assert done.exit_code == 0, done.output
    done = run_export(app, "单位办理台账", "--out", str(tmp_path / "b.xlsx"), "--unit", "教育局")
    assert done.exit_code == 0, done.output
    with panel.truth() as session:
        log = models.ExportLog
        taken = session.execute(
            select(log.actor_name, log.way, log.item, log.narrowed).order_by(log.id)
        )
        assert [tuple(row) for row in taken] == [
            ("承办单位联络员·school", "命令", "清单", CONGRESS),
            ("命令", "命令", "全程办理台账", "建议002号 关于老旧小区加装电梯的建议"),
            ("命令", "命令", "单位办理台账", "鱼峰区教育局"),
        ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["办理进度表", "--out", "x.xlsx"], "要先选：会议"),
        (["办理进度表", "--out", "x.docx", "--meeting", CONGRESS], "请把文件名写成 x.xlsx"),
        (["催办记录", "--out", "x.xlsx", "--as", "congress"], "没有叫“催办记录”"),
        (["办理进度表"], "--out"),
    ],
)
def test_the_command_says_what_is_wrong(
    panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_export(panel.app, *arguments)
    assert done.exit_code != 0
    assert says in done.output and "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []
