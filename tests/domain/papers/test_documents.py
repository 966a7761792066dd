"""A Word template filled in: marks however they are cut, blocks wherever they stand, everything else as it was."""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.shared import Pt, RGBColor
from hypothesis import given
from hypothesis import strategies as st

from domain.papers.documents import fill, fill_all, wanted_of
from domain.papers.marks import BadMark, Filled, Value
from domain.papers.percent import Percent
from domain.papers.word.template import DocumentTemplate
from tests.domain.papers.written import (
    cells,
    changed,
    filled_in,
    of_paragraphs,
    part,
    row,
    saved,
    texts,
)

LINE = (
    "关于{{ 案由 }}，由{{#承办任务 承办方式=主办}}{{序号}}.{{承办单位.单位简称}}、{{/承办任务}}办。"
)
UNITS = [row(**{"承办单位.单位简称": name}) for name in ("区教育局", "区住建局")]
ANSWERED = Filled({"案由": "校门口的路"}, {"承办任务 承办方式=主办": UNITS})
WRITTEN = "关于校门口的路，由1.区教育局、2.区住建局、办。"
NAMES = ("案由", "序号", "承办单位.单位简称")
DOCUMENT = "word/document.xml"
BETWEEN = (
    "",
    '<w:proofErr w:type="spellStart"/>',
    '<w:bookmarkStart w:id="1" w:name="a"/><w:bookmarkEnd w:id="1"/>',
    "<w:r><w:lastRenderedPageBreak/></w:r>",
    "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>",
)
"""What word processors leave between the runs of a text."""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return of_paragraphs(tmp_path_factory.mktemp("plain"), "一")


@given(
    cuts=st.sets(st.integers(1, len(LINE) - 1)),
    between=st.lists(st.sampled_from(BETWEEN), min_size=len(LINE), max_size=len(LINE)),
)
def test_however_a_line_is_cut_into_runs_it_is_filled_alike(
    plain: Path, cuts: set[int], between: list[str]
) -> None:
    pieces = [LINE[start:end] for start, end in pairwise([0, *sorted(cuts), len(LINE)])]
    runs = (
        f'<w:r><w:t xml:space="preserve">{piece}</w:t></w:r>{beside}'
        for piece, beside in zip(pieces, between, strict=False)
    )
    document = part(plain, DOCUMENT).replace("<w:r><w:t>一</w:t></w:r>", "".join(runs))
    template = changed(plain, {DOCUMENT: document})
    opened = DocumentTemplate(template)
    assert [mark.name for mark in opened.marks if not mark.sign] == [*NAMES]
    made = zipfile.ZipFile(io.BytesIO(opened.fill(ANSWERED))).read(DOCUMENT).decode()
    assert "".join(re.findall("<w:t[^>]*>([^<]*)", made)) == WRITTEN


def test_a_mark_has_the_format_of_its_first_brace_and_leaves_its_neighbours_theirs(
    tmp_path: Path,
) -> None:
    document = Document()
    paragraph = document.add_paragraph()
    paragraph.add_run("编号{").bold = True
    paragraph.add_run("{案").italic = True
    paragraph.add_run("号}}号").font.size = Pt(22)
    found = filled_in(saved(document, tmp_path), Filled({"案号": "12"})).paragraphs[0].runs
    assert [(run.text, run.bold, run.italic, run.font.size) for run in found] == [
        ("编号", True, None, None),
        ("12", True, None, None),
        ("号", None, None, Pt(22)),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2024, 4, 10), "2024年4月10日"),
        (datetime(2024, 4, 10, 9, 5), "2024年4月10日 09:05"),
        (12, "12"),
        (Decimal("92.47"), "92.47"),
        (Percent("92.50"), "92.50%"),
        (2.0, "2"),
        (0.5, "0.5"),
        (None, ""),
        ("<甲> & {{案号}}\x0b", "<甲> & {{案号}}"),
        ("一\t二", "一\t二"),
    ],
)
def test_a_value_is_written_as_people_write_it(tmp_path: Path, value: Value, text: str) -> None:
    template = of_paragraphs(tmp_path, "〔{{案由}}〕")
    assert texts(filled_in(template, Filled({"案由": value}))) == [f"〔{text}〕"]


def test_lines_become_paragraphs_of_the_same_style_where_the_mark_stands_alone(
    tmp_path: Path,
) -> None:
    document = Document()
    document.add_paragraph("{{正文}}", style="Quote")
    document.add_paragraph("附注：{{正文}}")
    made = filled_in(
        saved(document, tmp_path), Filled({"正文": "一、路。\r\n\r\n　　二、灯。\n三、树。\n"})
    )
    assert texts(made) == [
        "一、路。",
        "二、灯。",
        "三、树。",
        "附注：一、路。\n\n　　二、灯。\n三、树。",
    ]
    assert [p.style.name for p in made.paragraphs] == ["Quote", "Quote", "Quote", "Normal"]


def test_a_block_over_paragraphs_is_repeated_and_its_own_lines_go(tmp_path: Path) -> None:
    template = of_paragraphs(
        tmp_path, "前", "{{#诉求}}", "{{序号}}．{{诉求内容}}", "答：{{答}}", "{{/诉求}}", "后"
    )
    points = [row(诉求内容="修路", 答="已修"), row(诉求内容="种树", 答=None)]
    made = filled_in(template, Filled(blocks={"诉求": points}))
    assert texts(made) == ["前", "1．修路", "答：已修", "2．种树", "答：", "后"]


def test_the_marks_of_a_block_may_stand_in_its_first_and_last_paragraph(tmp_path: Path) -> None:
    template = of_paragraphs(
        tmp_path, "{{#诉求}}{{序号}}．{{诉求内容}}", "答：{{答}}{{/诉求}}", "后"
    )
    points = [row(诉求内容="修路", 答="已修"), row(诉求内容="种树", 答="在种")]
    made = filled_in(template, Filled(blocks={"诉求": points}))
    assert texts(made) == ["1．修路", "答：已修", "2．种树", "答：在种", "后"]


def test_blocks_may_follow_and_hold_each_other_on_the_same_lines(tmp_path: Path) -> None:
    template = of_paragraphs(
        tmp_path, "{{#甲}}{{#乙}}", "{{名}}", "{{/乙}}{{/甲}}{{#丙}}", "丙{{序号}}", "{{/丙}}", "后"
    )
    inner = [row(名="一"), row(名="二")]
    filled = Filled(blocks={"甲": [row({"乙": inner}), row({"乙": []})], "丙": [row(), row()]})
    assert texts(filled_in(template, filled)) == ["一", "二", "丙1", "丙2", "后"]


def test_an_empty_block_leaves_no_paragraph(tmp_path: Path) -> None:
    template = of_paragraphs(
        tmp_path,
        "{{#联名}}{{姓名}}、{{/联名}}",
        "{{#诉求}}",
        "一",
        "{{/诉求}}",
        "甲{{#联名}}、{{姓名}}{{/联名}}",
    )
    assert texts(filled_in(template, Filled(blocks={"联名": [], "诉求": []}))) == ["甲"]


def test_a_block_serves_as_a_condition(tmp_path: Path) -> None:
    template = of_paragraphs(
        tmp_path, "{{案由}}{{#重点}}（重点件，{{#督办}}{{姓名}}{{/督办}}督办）{{/重点}}。"
    )
    key = row({"督办": [row(姓名="王区长")]})
    shown = [
        texts(filled_in(template, Filled({"案由": "路"}, {"重点": rows}))) for rows in ([key], [])
    ]
    assert shown == [["路（重点件，王区长督办）。"], ["路。"]]


@pytest.mark.parametrize(
    ("line", "filled_line"),
    [
        ("其中{{#单位}}{{名}}{{数}}件、{{/单位}}。", "其中甲2件、乙1件。"),
        ("（{{#单位}}{{名}}，{{/单位}}）", "（甲，乙）"),
        ("{{#单位}}{{名}}；{{/单位}}", "甲；乙"),
        ("{{#单位}}{{名}}、{{/单位}}{{#无}}{{名}}、{{/无}}。", "甲、乙。"),
        ("{{#单位}}{{名}}、{{/单位}}丙。", "甲、乙、丙。"),
        ("{{#单位}}{{名}}，{{/单位}}都办。", "甲，乙，都办。"),
        ("{{#单位}}{{名}}{{/单位}}、。", "甲乙、。"),
    ],
)
def test_a_list_in_a_line_ends_without_its_separator(
    tmp_path: Path, line: str, filled_line: str
) -> None:
    rows = [row(名="甲", 数=2), row(名="乙", 数=1)]
    made = filled_in(of_paragraphs(tmp_path, line), Filled(blocks={"单位": rows, "无": []}))
    assert texts(made) == [filled_line]


def _table(folder: Path, *lines: list[str]) -> Path:
    document = Document()
    table = document.add_table(rows=0, cols=len(lines[0]))
    for line in lines:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = text
    document.add_paragraph("后")
    return saved(document, folder)


@pytest.mark.parametrize(
    "lines",
    [
        [["序号", "单位"], ["{{#任务}}{{序号}}", "{{单位}}{{/任务}}"], ["合计", "{{总数}}"]],
        [
            ["序号", "单位"],
            ["{{#任务}}", ""],
            ["{{序号}}", "{{单位}}"],
            ["{{/任务}}", ""],
            ["合计", "{{总数}}"],
        ],
    ],
)
def test_a_block_in_a_row_repeats_the_row(tmp_path: Path, lines: list[list[str]]) -> None:
    tasks = [row(单位="区教育局"), row(单位="区住建局")]
    template = _table(tmp_path, *lines)
    made = filled_in(template, Filled({"总数": 2}, {"任务": tasks}))
    assert cells(made.tables[0]) == [
        ["序号", "单位"],
        ["1", "区教育局"],
        ["2", "区住建局"],
        ["合计", "2"],
    ]
    made = filled_in(template, Filled({"总数": 0}, {"任务": []}))
    assert cells(made.tables[0]) == [["序号", "单位"], ["合计", "0"]]


def test_rows_of_rows_are_repeated_within_each(tmp_path: Path) -> None:
    template = _table(
        tmp_path,
        ["{{#单位}}{{名称}}", ""],
        ["{{#件}}{{案号}}", "{{案由}}{{/件}}"],
        ["小计", "{{件数}}{{/单位}}"],
    )
    items = [row(案号="1", 案由="路"), row(案号="2", 案由="灯")]
    units = [row({"件": items}, 名称="甲", 件数=2), row({"件": []}, 名称="乙", 件数=0)]
    made = filled_in(template, Filled(blocks={"单位": units}))
    assert cells(made.tables[0]) == [
        ["甲", ""], ["1", "路"], ["2", "灯"], ["小计", "2"], ["乙", ""], ["小计", "0"],
    ]  # fmt: skip


def test_what_a_row_does_not_say_is_looked_up_around_it(tmp_path: Path) -> None:
    template = of_paragraphs(
        tmp_path,
        "{{#单位}}{{名称}}：{{#件}}{{序号}}{{案由}}（{{名称}}，{{日期}}）{{/件}}。{{/单位}}",
    )
    unit = row({"件": [row(案由="路"), row(案由="灯", 名称="丙")]}, 名称="甲")
    made = filled_in(template, Filled({"日期": date(2024, 6, 5)}, {"单位": [unit]}))
    assert texts(made) == ["甲：1路（甲，2024年6月5日）2灯（丙，2024年6月5日）。"]


def test_a_table_whose_rows_are_all_gone_goes_too(tmp_path: Path) -> None:
    made = filled_in(
        _table(tmp_path, ["{{#任务}}{{单位}}", "{{/任务}}"]), Filled(blocks={"任务": []})
    )
    assert made.tables == []
    assert texts(made) == ["后"]


def test_a_table_in_a_block_is_repeated_with_it_and_stays_apart(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("{{#单位}}")
    document.add_table(1, 1).cell(0, 0).text = "{{名称}}"
    document.add_paragraph("{{/单位}}")
    template = saved(document, tmp_path)
    made = filled_in(template, Filled(blocks={"单位": [row(名称="甲"), row(名称="乙")]}))
    assert [cells(table) for table in made.tables] == [[["甲"]], [["乙"]]]


def test_a_block_in_a_cell_repeats_its_paragraphs_and_keeps_one(tmp_path: Path) -> None:
    template = _table(tmp_path, ["{{#联名}}\n{{姓名}}\n{{/联名}}", "{{#联名}}{{姓名}}{{/联名}}"])
    document = Document(str(template))
    cell = document.tables[0].cell(0, 0)
    cell.text = "{{#联名}}"
    cell.add_paragraph("{{姓名}}")
    cell.add_paragraph("{{/联名}}")
    template = saved(document, tmp_path)
    people = [row(姓名="张三"), row(姓名="李四")]
    assert cells(filled_in(template, Filled(blocks={"联名": people})).tables[0]) == [
        ["张三\n李四", "张三李四"]
    ]
    assert cells(filled_in(template, Filled(blocks={"联名": []})).tables[0]) == [["", ""]]


def test_headers_footers_and_text_boxes_are_filled(tmp_path: Path) -> None:
    document = Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{类别}}类"
    section.footer.paragraphs[0].text = "共{{件数}}件"
    document.add_paragraph("正文")._p.append(_box("{{密级}}"))
    made = filled_in(saved(document, tmp_path), Filled({"类别": "A", "件数": 3, "密级": "公开"}))
    assert made.sections[0].header.paragraphs[0].text == "A类"
    assert made.sections[0].footer.paragraphs[0].text == "共3件"
    assert [t.text for t in made.element.iter(f"{_W}t")] == ["正文", "公开"]


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _box(text: str) -> Any:
    run, picture, shape = OxmlElement("w:r"), OxmlElement("w:pict"), OxmlElement("w:txbxContent")
    paragraph, inner, letters = OxmlElement("w:p"), OxmlElement("w:r"), OxmlElement("w:t")
    letters.text = text
    for outer, held in (
        (run, picture),
        (picture, shape),
        (shape, paragraph),
        (paragraph, inner),
        (inner, letters),
    ):
        outer.append(held)
    return run


def test_what_is_no_mark_is_kept(tmp_path: Path) -> None:
    document = Document()
    run = document.add_paragraph(style="List Number").add_run("红字")
    run.font.color.rgb = RGBColor(255, 0, 0)
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "{{标题}}"
    document.core_properties.title = "答复"
    made = filled_in(saved(document, tmp_path), Filled({"标题": "台账"}))
    assert made.paragraphs[0].style.name == "List Number"
    assert made.paragraphs[0].runs[0].font.color.rgb == RGBColor(255, 0, 0)
    assert cells(made.tables[0]) == [["台账"] * 3, [""] * 3]
    assert made.core_properties.title == "答复"


def test_a_child_says_what_a_template_asks_for_and_what_is_wrong_with_it(tmp_path: Path) -> None:
    wanted = wanted_of(of_paragraphs(tmp_path, LINE).read_bytes())
    assert list(wanted.marks) == ["案由"]
    assert list(wanted.blocks["承办任务 承办方式=主办"].marks) == ["序号", "承办单位.单位简称"]
    with pytest.raises(BadMark, match=r"^第 1 段：.*没有成对"):
        wanted_of(of_paragraphs(tmp_path, "{{案由"))


def test_the_same_template_is_filled_again_and_again(tmp_path: Path) -> None:
    template = of_paragraphs(tmp_path, "{{案由}}{{#甲}}{{序号}}{{/甲}}")
    every = [Filled({"案由": name}, {"甲": [row()] * n}) for n, name in enumerate("路灯", 1)]
    made = fill_all(template, every)
    for n, data in enumerate(made):
        (tmp_path / f"{n}.docx").write_bytes(data)
    assert [texts(Document(str(tmp_path / f"{n}.docx"))) for n in (0, 1)] == [["路1"], ["灯12"]]


@pytest.mark.parametrize(
    ("paragraphs", "sentence"),
    [
        (["好", "{{案由"], "第 2 段：“{{”和“}}”没有成对"),
        (["{{#任务}}"], "第 1 段：{{#任务}} 没有结束"),
        (["甲{{#任务}}", "{{/任务}}"], "第 1 段：{{#任务}} 到结尾跨了几段"),
        (["{{#任务}}", "{{/任务}}乙"], "第 1 段：{{#任务}} 到结尾跨了几段"),
    ],
)
def test_a_bad_mark_is_told_with_its_paragraph(
    tmp_path: Path, paragraphs: list[str], sentence: str
) -> None:
    with pytest.raises(BadMark) as refusal:
        DocumentTemplate(of_paragraphs(tmp_path, *paragraphs))
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([["甲", "乙"], ["", "{{案由"]], "表 1 第 2 行第 2 列：“{{”和“}}”没有成对"),
        (
            [["{{#甲}}", "{{/甲}}{{#乙}}"], ["{{/乙}}", ""]],
            "表 1 第 1 行第 1 列：{{#甲}} 要重复整行",
        ),
    ],
)
def test_a_bad_mark_is_told_with_its_cell(
    tmp_path: Path, lines: list[list[str]], sentence: str
) -> None:
    with pytest.raises(BadMark) as refusal:
        DocumentTemplate(_table(tmp_path, *lines))
    assert str(refusal.value).startswith(sentence)


def test_a_block_may_not_begin_in_a_table_and_end_outside(tmp_path: Path) -> None:
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = "{{#任务}}"
    document.add_paragraph("{{/任务}}")
    with pytest.raises(BadMark, match="不在一处"):
        DocumentTemplate(saved(document, tmp_path))


@pytest.mark.parametrize("place", ["页眉", "页脚"])
def test_a_bad_mark_above_or_below_the_page_is_told(tmp_path: Path, place: str) -> None:
    document = Document()
    section = document.sections[0]
    (section.header if place == "页眉" else section.footer).paragraphs[0].text = "{{ }}"
    with pytest.raises(BadMark, match=f"^{place}："):
        DocumentTemplate(saved(document, tmp_path))


def test_a_mark_without_a_value_is_no_silent_gap(tmp_path: Path) -> None:
    with pytest.raises(BadMark, match=r"^第 1 段：“案由”没有内容可填"):
        fill(of_paragraphs(tmp_path, "{{案由}}"), Filled())
