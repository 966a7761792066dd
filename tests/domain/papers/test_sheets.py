"""A spreadsheet as a template: rows repeated with all that hangs on them, values typed, hostile files refused."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula

from domain.papers.marks import BadMark, Filled, Value
from domain.papers.percent import Percent
from domain.papers.sheets import fill, wanted_of
from domain.sheets.grid import UnreadableFile


def template(draw: Callable[[Any], None]) -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    page.title = "进度表"
    draw(page)
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def filled_page(draw: Callable[[Any], None], filled: Filled) -> Any:
    return load_workbook(BytesIO(fill(template(draw), filled))).worksheets[0]


def values(page: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in page.iter_rows()]


def rows(*texts: Any, name: str = "案由") -> list[Filled]:
    return [Filled({"序号": n, name: text}) for n, text in enumerate(texts, 1)]


def list_of_items(page: Any) -> None:
    """A title, two heads, one row that is repeated, a sum, a signature."""
    page["A1"] = "{{会议}}办理情况（{{日期}}）"
    page.merge_cells("A1:C1")
    for place, head in (("A2", "序号"), ("B2", "案由"), ("C2", "件数")):
        page[place] = head
    page["A3"], page["B3"], page["C3"] = (
        "{{#建议提案}}{{序号}}",
        "{{案由}}",
        "{{件数}}{{/建议提案}}",
    )
    page["A4"], page["C4"] = "合计", "=SUM(C3:C3)"
    page["A5"] = "填报人："


def items(*counts: int) -> Filled:
    its = [Filled({"序号": n, "案由": f"第{n}件", "件数": c}) for n, c in enumerate(counts, 1)]
    return Filled({"会议": "五次会议", "日期": date(2024, 4, 1)}, {"建议提案": its})


def test_a_template_says_its_marks_with_the_cells_in_which_they_stand() -> None:
    wanted = wanted_of(template(list_of_items))
    assert set(wanted.marks) == {"会议", "日期"}
    assert wanted.marks["会议"].where == "进度表!A1"
    assert list(wanted.blocks["建议提案"].marks) == ["序号", "案由", "件数"]
    assert wanted.blocks["建议提案"].marks["件数"].where == "进度表!C3"


def test_a_row_is_repeated_and_what_stands_below_moves_down() -> None:
    page = filled_page(list_of_items, items(3, 4, 5))
    assert values(page) == [
        ["五次会议办理情况（2024年4月1日）", None, None],
        ["序号", "案由", "件数"],
        [1, "第1件", 3],
        [2, "第2件", 4],
        [3, "第3件", 5],
        ["合计", None, "=SUM(C3:C5)"],
        ["填报人：", None, None],
    ]
    assert [str(block) for block in page.merged_cells.ranges] == ["A1:C1"]


def test_a_block_without_rows_keeps_one_blank_row_for_its_sums() -> None:
    page = filled_page(list_of_items, items())
    assert values(page)[2:4] == [[None, None, None], ["合计", None, "=SUM(C3:C3)"]]


def test_values_are_dates_numbers_and_shares_and_texts_never_formulas() -> None:
    def draw(page: Any) -> None:
        for place, name in enumerate(("日期", "率", "长号", "式", "减", "词"), 1):
            page.cell(1, place).value = f"{{{{{name}}}}}"
        page["G1"] = "办复率{{率}}"

    said: dict[str, Value] = {
        "日期": date(2024, 4, 1),
        "率": Percent("92.31"),
        "长号": 450203199001011234,
        "式": "=1+1",
        "减": "-2+3",
        "词": "a\x00b_x0041_",
    }
    page = filled_page(draw, Filled(said))
    day, share, number, formula, minus, text, among = page[1]
    assert (day.value.date(), day.number_format) == (date(2024, 4, 1), "yyyy-mm-dd")
    assert (share.value, share.number_format) == (0.9231, "0.00%")
    assert (number.value, number.data_type) == ("450203199001011234", "s")
    assert (formula.value, formula.data_type, formula.quotePrefix) == ("=1+1", "s", True)
    assert (minus.data_type, minus.quotePrefix) == ("s", True)
    assert text.value == "ab_x005F_x0041_", "as a spreadsheet program reads it: ab_x0041_"
    assert among.value == "办复率92.31%"


def test_the_format_of_a_cell_is_kept_where_it_has_one() -> None:
    def draw(page: Any) -> None:
        page["A1"], page["B1"] = "{{日期}}", "{{率}}"
        page["A1"].number_format, page["B1"].number_format = 'yyyy"年"m"月"', "0%"

    page = filled_page(draw, Filled({"日期": date(2024, 4, 1), "率": Percent("92.31")}))
    assert page["A1"].number_format == 'yyyy"年"m"月"'
    assert page["B1"].number_format == "0%"


def test_formats_heights_notes_and_merged_cells_are_repeated_with_their_row() -> None:
    thin = Side(style="thin")

    def draw(page: Any) -> None:
        page["A1"] = "{{#行}}{{序号}}"
        page["B1"] = "{{案由}}{{/行}}"
        page["A1"].font = Font(name="仿宋", size=12, bold=True)
        page["A1"].comment = Comment("填号", "办公室")
        page.merge_cells("B1:D1")
        for column in range(2, 5):
            page.cell(1, column).border = Border(bottom=thin)
        page.row_dimensions[1].height = 33

    page = filled_page(draw, Filled(blocks={"行": rows("甲", "乙")}))
    for row in (1, 2):
        assert (page.cell(row, 1).font.name, page.cell(row, 1).font.sz) == ("仿宋", 12)
        assert page.row_dimensions[row].height == 33
        assert page.cell(row, 4).border.bottom.style == "thin"
    assert {str(block) for block in page.merged_cells.ranges} == {"B1:D1", "B2:D2"}
    assert [bool(page.cell(row, 1).comment) for row in (1, 2)] == [True, False]


def test_a_row_grows_with_a_long_text() -> None:
    def draw(page: Any) -> None:
        page["A1"] = "{{#行}}{{案由}}{{/行}}"
        page["A1"].alignment = Alignment(wrap_text=True)
        page.column_dimensions["A"].width = 20

    page = filled_page(draw, Filled(blocks={"行": rows("短", "长" * 60)}))
    assert page.row_dimensions[2].height > 3 * (page.row_dimensions[1].height or 15)


def test_formulas_of_a_repeated_row_stay_in_their_own_row() -> None:
    def draw(page: Any) -> None:
        page["A1"] = 100
        page["A2"], page["B2"] = "{{#行}}{{件数}}{{/行}}", "=A2/$A$1+进度表!A2"
        page["B3"] = "=MAX(A2)"

    page = filled_page(draw, Filled(blocks={"行": rows(3, 4, name="件数")}))
    assert [page.cell(row, 2).value for row in (2, 3)] == [
        "=A2/$A$1+进度表!A2",
        "=A3/$A$1+进度表!A3",
    ]
    assert page["B4"].value == "=MAX(A2:A3)"


def test_blocks_stand_in_blocks_and_below_each_other() -> None:
    def draw(page: Any) -> None:
        page["A1"] = "{{#单位}}"
        page["A2"] = "{{名称}}"
        page["A3"], page["B3"] = "{{#任务}}{{序号}}", "{{案由}}（{{名称}}）{{/任务}}"
        page["A4"] = "=COUNT(A3:A3)"
        page["A5"] = "{{/单位}}"
        page["A6"] = "{{#其他}}{{序号}}{{/其他}}"

    tasks = {"甲局": rows("一", "二"), "乙局": rows("三")}
    units = [Filled({"名称": name}, {"任务": its}) for name, its in tasks.items()]
    page = filled_page(draw, Filled(blocks={"单位": units, "其他": rows("", "")}))
    assert values(page) == [
        ["甲局", None],
        [1, "一（甲局）"],
        [2, "二（甲局）"],
        ["=COUNT(A2:A3)", None],
        ["乙局", None],
        [1, "三（乙局）"],
        ["=COUNT(A6:A6)", None],
        [1, None],
        [2, None],
    ]


def test_what_hangs_on_rows_moves_with_them() -> None:
    def draw(page: Any) -> None:
        list_of_items(page)
        page.print_title_rows, page.print_area = "1:2", "A1:C5"
        page.freeze_panes = "A3"
        page.auto_filter.ref = "A2:C3"
        red = PatternFill("solid", bgColor="FFFFC7CE")
        rule: Any = CellIsRule  # declared without types
        page.conditional_formatting.add(
            "C3:C3", rule(operator="greaterThan", formula=["$C$4"], fill=red)
        )
        choice = DataValidation(type="list", formula1='"是,否"')
        choice.add("B3")
        page.add_data_validation(choice)

    page = filled_page(draw, items(1, 2, 3))
    assert page.print_title_rows == "$1:$2"
    assert page.print_area == "'进度表'!$A$1:$C$7"
    assert page.auto_filter.ref == "A2:C5"
    [formats] = list(page.conditional_formatting)
    assert str(formats.sqref) == "C3:C5"
    assert formats.rules[0].formula == ["$C$6"]
    assert str(page.data_validations.dataValidation[0].sqref) == "B3:B5"


def test_sums_on_another_sheet_follow() -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.title = "进度表"
    list_of_items(page)
    book.create_sheet("汇总")["A1"] = "=SUM(进度表!C3:C3)"
    out = load_workbook(BytesIO(fill(saved(book), items(1, 2))))
    assert out["汇总"]["A1"].value == "=SUM(进度表!C3:C4)"


@pytest.mark.parametrize(
    ("cells", "where", "says"),
    [
        ({"B3": "{{案由"}, "进度表!B3", "成对"),
        ({"A1": "{{}}"}, "进度表!A1", "没有写"),
        ({"A2": "{{#行}}", "A3": "{{案由}}"}, "进度表!A2", "没有结束"),
        ({"A2": "{{/行}}"}, "进度表!A2", "之前没有"),
        ({"A2": "{{#甲}}{{/甲}}", "B2": "{{#乙}}{{/乙}}"}, "进度表!B2", "并排"),
        ({"A1": '="{{案由}}"'}, "进度表!A1", "公式里"),
        ({"A1": '=WEBSERVICE("http://a/")'}, "进度表!A1", "打开别的"),
        ({"A1": '=HYPERLINK("http://a/","x")'}, "进度表!A1", "打开别的"),
        ({"A1": "=cmd|'/c calc'!A1"}, "进度表!A1", "打开别的"),
        ({"A1": "=[1]Sheet1!A1"}, "进度表!A1", "打开别的"),
    ],
)
def test_a_bad_mark_is_named_with_its_place(cells: dict[str, str], where: str, says: str) -> None:
    def draw(page: Any) -> None:
        for place, text in cells.items():
            page[place] = text

    with pytest.raises(BadMark) as bad:
        wanted_of(template(draw))
    assert bad.value.where == where
    assert says in bad.value.why


def test_array_formulas_are_refused() -> None:
    def draw(page: Any) -> None:
        page["A1"] = ArrayFormula("A1:A2", "=B1:B2")

    with pytest.raises(BadMark, match="数组公式"):
        wanted_of(template(draw))


def test_a_chart_is_refused_for_it_would_be_lost() -> None:
    with pytest.raises(UnreadableFile, match="图表或图片"):
        wanted_of(template(lambda page: page.add_chart(BarChart(), "D1")))


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("xl/vbaProject.bin", "宏"),
        ("xl/externalLinks/externalLink1.xml", "别的文件"),
        ("xl/embeddings/oleObject1.bin", "嵌入"),
        ("xl/connections.xml", "数据连接"),
        ("xl/pivotTables/pivotTable1.xml", "透视表"),
    ],
)
def test_parts_that_act_or_reach_outside_are_refused_by_name(part: str, says: str) -> None:
    stream = BytesIO(template(list_of_items))
    with ZipFile(stream, "a") as archive:
        archive.writestr(part, b"x")
    with pytest.raises(UnreadableFile, match=says):
        wanted_of(stream.getvalue())


def test_a_zip_bomb_is_refused_before_anything_opens_it() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    with pytest.raises(UnreadableFile, match="太大"):
        wanted_of(stream.getvalue())


def test_a_broken_workbook_and_another_kind_of_file_are_sentences() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<broken")
    for content in (stream.getvalue(), b"", b"a,b\n1,2\n", b"%PDF-1.7"):
        with pytest.raises(UnreadableFile):
            wanted_of(content)


def test_an_attribute_path_is_only_a_name_that_nothing_knows() -> None:
    def draw(page: Any) -> None:
        page["A1"] = "{{案由.__class__.__mro__}}"

    assert list(wanted_of(template(draw)).marks) == ["案由.__class__.__mro__"]
    with pytest.raises(BadMark, match="没有内容可填"):
        fill(template(draw), Filled({"案由": "x"}))


def test_an_empty_block_within_another_says_nothing_of_the_row_around() -> None:
    def draw(page: Any) -> None:
        page["A1"], page["B1"] = "{{#件}}{{序号}}", "{{案由}}"
        page["C1"], page["D1"] = "{{#台账}}{{序号}}", "{{案由}}{{/台账}}{{/件}}"

    its = [
        Filled({"序号": 7, "案由": "甲"}, {"台账": rows("一", "二")}),
        Filled({"序号": 8, "案由": "乙"}),
    ]
    page = filled_page(draw, Filled(blocks={"件": its}))
    assert values(page) == [
        [7, "甲", 1, "一"],
        [7, "甲", 2, "二"],
        [8, "乙", None, None],
    ]


def test_a_sentence_without_rows_is_gone() -> None:
    def draw(page: Any) -> None:
        page["A1"] = "{{#方案}}方案：{{案由}}。{{/方案}}"
        page["A2"] = "台账"

    assert values(filled_page(draw, Filled())) == [["台账"]]
    assert values(filled_page(draw, Filled(blocks={"方案": rows("走访")}))) == [
        ["方案：走访。"],
        ["台账"],
    ]
