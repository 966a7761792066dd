"""What a Word document shows is what is read: no pinyin, no deleted text, the hyphens, the ticked boxes."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.plans.recognising.outcomes import Plan
from domain.sheets.child import read_grids
from domain.sheets.grid import Grid
from tests.domain.sheets.made import html, ods, one_grid, zipped
from tests.ground.plans import error_columns, read_file, units_of

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
HEAD = ["建议编号", "案由", "领衔代表", "主办单位"]
ITEM = ["001", "关于修路的建议", "韦赟", "区住建局"]


def run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(*content: str, properties: str = "") -> str:
    """Runs, or whole paragraphs and tables, in a cell."""
    inner = "".join(content)
    if not inner.startswith(("<w:p>", "<w:tbl>")):
        inner = f"<w:p>{inner}</w:p>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def texts(values: list[str]) -> str:
    return row(*(cell(run(value)) for value in values))


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl><w:p/>"


def document(folder: Path, *content: str, main: str = "word/document.xml") -> Path:
    body = f'<w:document xmlns:w="{_W}" xmlns:w14="{_W14}"><w:body>{"".join(content)}</w:body></w:document>'
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}" Target="{main}"/></Relationships>'
    )
    return zipped(folder / "plan.docx", {"_rels/.rels": relations, main: body})


def read_cell(folder: Path, *content: str) -> Grid:
    return one_grid(document(folder, table(row(cell(*content)))))


def plan_of(folder: Path, *content: str) -> Plan:
    return read_file(document(folder, *content))


RUBY = (
    "<w:r><w:ruby><w:rt><w:r><w:t>yūn</w:t></w:r></w:rt>"
    "<w:rubyBase><w:r><w:t>赟</w:t></w:r></w:rubyBase></w:ruby></w:r>"
)
SHOWN = [
    (run("15") + "<w:r><w:noBreakHyphen/><w:t>5</w:t></w:r>", "15-5"),
    (run("改") + "<w:r><w:softHyphen/></w:r>" + run("造"), "改造"),
    (run("韦") + RUBY, "韦赟"),
    (f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('新')}</w:moveTo>", "新"),
    (f"<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins>{run('新')}</w:ins>", "新"),
    ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("是"), "☑是"),
    ('<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r>' + run("否"), "☐否"),
    (
        '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{run('☒')}</w:sdtContent></w:sdt>",
        "☑",
    ),
    (f"<w:sdt><w:sdtContent>{run('区住建局')}</w:sdtContent></w:sdt>", "区住建局"),
    (
        "<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val='0'/><w:checked/>"
        "</w:checkBox></w:ffData></w:fldChar></w:r>",
        "☑",
    ),
    (run("一", '<w:strike w:val="0"/><w:vanish w:val="false"/>'), "一"),
]


@pytest.mark.parametrize(("content", "shown"), SHOWN)
def test_a_cell_is_read_as_it_is_shown(tmp_path: Path, content: str, shown: str) -> None:
    grid = read_cell(tmp_path, content)
    assert grid.cells == [[shown]]
    assert not grid.remarks


@pytest.mark.parametrize(
    ("looks", "why"),
    [("<w:vanish/>", "隐藏"), ("<w:strike/>", "删除线"), ("<w:dstrike/>", "删除线")],
)
def test_hidden_and_struck_text_is_left_out_and_told(tmp_path: Path, looks: str, why: str) -> None:
    grid = read_cell(tmp_path, run("区住建局") + run("区教育局", looks))
    assert grid.cells == [["区住建局"]]
    assert grid.remarks[0, 0].text == "区教育局"
    assert why in grid.remarks[0, 0].why


def test_pinyin_is_no_text_in_an_open_document_and_a_web_page(tmp_path: Path) -> None:
    ruby = "韦<text:ruby><text:ruby-base>赟</text:ruby-base><text:ruby-text>yūn</text:ruby-text></text:ruby>"
    text = (
        f'<table:table-cell office:value-type="string"><text:p>{ruby}</text:p></table:table-cell>'
    )
    rows = f"<table:table-row>{text}</table:table-row>"
    assert one_grid(ods(tmp_path / "plan.ods", rows)).cells == [["韦赟"]]
    page = "<tr><td>韦<ruby>赟<rp>(</rp><rt>yūn</rt><rp>)</rp></ruby></td></tr>"
    assert one_grid(html(tmp_path / "plan.xls", page)).cells == [["韦赟"]]


def test_a_row_and_a_cell_deleted_by_a_tracked_change_are_gone(tmp_path: Path) -> None:
    gone = row(cell(run("002")), properties="<w:del/>")
    cells = (cell(run("旧"), properties="<w:cellDel/>"), cell(run("001")))
    assert one_grid(document(tmp_path, table(gone, row(*cells)))).cells == [["001"]]


def test_a_plan_in_a_frame(tmp_path: Path) -> None:
    inner = table(texts(HEAD), texts(ITEM))
    plan = plan_of(tmp_path, table(row(cell(f"<w:p>{run('鱼峰区政协提案')}</w:p>", inner))))
    assert [(one.number, one.kind, one.lead) for one in plan.rows] == [("001", "提案", "韦赟")]


def test_a_list_of_units_set_as_a_small_table_in_a_cell(tmp_path: Path) -> None:
    units = "<w:tbl>" + texts(["主办：区住建局"]) + texts(["协办：区财政局"]) + "</w:tbl><w:p/>"
    item = row(*(cell(run(value)) for value in ITEM[:3]), cell(units))
    plan = plan_of(tmp_path, table(texts(HEAD), item))
    assert units_of(plan.rows[0]) == [("鱼峰区住房和城乡建设局", "主办"), ("鱼峰区财政局", "协办")]


def test_the_same_in_a_web_page(tmp_path: Path) -> None:
    units = "<table><tr><td>主办：区住建局</td></tr><tr><td>协办：区财政局</td></tr></table>"
    rows = "".join(
        "<tr>" + "".join(f"<td>{value}</td>" for value in values) + "</tr>"
        for values in (HEAD, [*ITEM[:3], units])
    )
    plan = read_file(html(tmp_path / "plan.xls", rows))
    assert [role for _, role in units_of(plan.rows[0])] == ["主办", "协办"]


PLACEHOLDER = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"


@pytest.mark.parametrize("inner", [run("单击此处输入文字。"), f"<w:p>{run('单击此处')}</w:p>"])
def test_what_a_content_control_asks_for_is_no_text(tmp_path: Path, inner: str) -> None:
    asking = PLACEHOLDER.format(inner)
    content = asking if inner.startswith("<w:p>") else f"<w:p>{run('韦赟')}{asking}</w:p>"
    assert read_cell(tmp_path, f"<w:p>{run('')}</w:p>", content).cells[0][0] in ("", "韦赟")


TICKED = [
    ("☑是 ☐否", True),
    ("□是 ☑否", False),
    ("是☑ 否☐", True),
    ("是□、否■", False),
    ("☑", True),
    ("□", False),
]


@pytest.mark.parametrize(("written", "is_key"), TICKED)
def test_of_boxes_the_ticked_one_is_read(tmp_path: Path, written: str, is_key: bool) -> None:
    item = texts([*ITEM[:3], "☐区教育局 ☑区住建局", written])
    [read] = plan_of(tmp_path, table(texts([*HEAD, "是否重点"]), item)).rows
    assert (read.is_key, read.errors) == (is_key, ())
    assert units_of(read) == [("鱼峰区住房和城乡建设局", "主办")]


def test_of_boxes_in_a_web_page_too(tmp_path: Path) -> None:
    box = "<label><input type=checkbox{}>{}</label>"
    boxes = box.format("", "区教育局") + " " + box.format(" checked", "区住建局")
    rows = "".join(
        "<tr>" + "".join(f"<td>{value}</td>" for value in values) + "</tr>"
        for values in (HEAD, [*ITEM[:3], boxes])
    )
    [read] = read_file(html(tmp_path / "plan.xls", rows)).rows
    assert units_of(read) == [("鱼峰区住房和城乡建设局", "主办")]


def test_boxes_without_a_tick_name_no_unit(tmp_path: Path) -> None:
    item = texts([*ITEM[:3], "☐区教育局 ☐区住建局"])
    [read] = plan_of(tmp_path, table(texts(HEAD), item)).rows
    assert error_columns(read) == ["lead_unit"]


NUMBERED = cell("<w:p><w:pPr><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr></w:p>")


def test_automatic_numbers_are_told(tmp_path: Path) -> None:
    item = row(NUMBERED, *(cell(run(value)) for value in ITEM[1:]))
    [read] = plan_of(tmp_path, table(texts(HEAD), item)).rows
    assert error_columns(read) == ["number"]
    assert "“自动编号”是 Word 自动生成的" in read.errors[0].message


def test_automatic_numbers_before_a_word_are_told(tmp_path: Path) -> None:
    numbered = NUMBERED.replace("</w:pPr></w:p>", f"</w:pPr>{run('号')}</w:p>")
    item = row(numbered, *(cell(run(value)) for value in ITEM[1:]))
    [read] = plan_of(tmp_path, table(texts(HEAD), item)).rows
    assert "“自动编号”是 Word 自动生成的" in read.errors[0].message


def test_an_automatic_serial_number_beside_the_real_one_is_nobodys_fault(tmp_path: Path) -> None:
    item = row(NUMBERED, *(cell(run(value)) for value in ITEM))
    [read] = plan_of(tmp_path, table(texts(["序号", *HEAD]), item)).rows
    assert (read.number, read.errors) == ("001", ())


def test_a_main_part_of_another_name(tmp_path: Path) -> None:
    path = document(tmp_path, table(texts(ITEM)), main="word/document2.xml")
    assert one_grid(path).cells == [ITEM]


SECOND = ["002", "关于修桥的建议", "覃大河", "区财政局"]


def test_a_table_that_goes_on_without_a_header(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, table(texts(HEAD), texts(ITEM)), table(texts(SECOND)))
    assert [(one.sheet, one.row, one.number) for one in plan.rows] == [
        ("表1", 2, "001"),
        ("表2", 1, "002"),
    ]
    assert [note.sentence for note in plan.sheets[1].notes] == [
        "“表2”没有表头，按前面“表1”的列读取，请核对。"
    ]


def test_and_over_three_pages(tmp_path: Path) -> None:
    third = ["003", *SECOND[1:]]
    pages = (table(texts(HEAD), texts(ITEM)), table(texts(SECOND)), table(texts(third)))
    assert [one.number for one in plan_of(tmp_path, *pages).rows] == ["001", "002", "003"]


@pytest.mark.parametrize(
    "other", [["填表人", "", "电话", ""], SECOND[:3], ["说明：以上各件请按时办结", "", "", ""]]
)
def test_another_table_is_not_taken_for_its_going_on(tmp_path: Path, other: list[str]) -> None:
    plan = plan_of(tmp_path, table(texts(HEAD), texts(ITEM)), table(texts(other)))
    assert [one.number for one in plan.rows] == ["001"]
    assert plan.sheets[1].skipped


def test_a_long_table_is_read_in_a_moment(tmp_path: Path) -> None:
    rows = [texts([f"{n:04}", *ITEM[1:]]) for n in range(1, 2_001)]
    assert len(read_grids(document(tmp_path, table(*rows)))[0].cells) == 2_000
