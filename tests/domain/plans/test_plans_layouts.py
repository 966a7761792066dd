"""Plans as other offices lay them out: each a small real workbook, read as an upload is."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from domain.plans.recognising.reading import read_plan
from tests.ground.plans import (
    CONFERENCE,
    CONGRESS,
    Rows,
    demo_units,
    error_columns,
    messages,
    read,
    read_file,
    units_of,
    workbook,
)

A, B, C = "区教育局", "区财政局", "区民政局"
A_FULL, B_FULL, C_FULL = "鱼峰区教育局", "鱼峰区财政局", "鱼峰区民政局"
T1, T2, T3 = "关于推进托育服务的建议", "关于完善养老服务的建议", "关于整治河道的建议"
BOTH = [(A_FULL, "主办"), (B_FULL, "协办")]


def test_the_export_of_suggestions_with_stage_and_handing_unit(tmp_path: Path) -> None:
    header = [
        "案号",
        "领衔人",
        "案由",
        "性质类别",
        "当前环节",
        "交办单位",
        "主办单位",
        "协办单位",
        "类别标记",
    ]
    plan = read(
        tmp_path, [header, ["012", "雷立新", T1, "科教文卫", "办理", "市政府督查室", A, B, "A"]]
    )
    (row,) = plan.rows
    assert (row.number, row.lead, row.title, row.category) == ("012", "雷立新", T1, "科教文卫")
    assert units_of(row) == BOTH


def test_the_long_export_of_proposals_is_not_misled_by_similar_headers(tmp_path: Path) -> None:
    header = [
        "登记号", "案号", "性质", "提案分类", "提案人", "附议人", "委组", "界别", "案由", "性质类别", "交办单位",
        "主办单位", "协办单位", "主办答复时间", "文号", "签发人", "办理工作", "办理结果", "办理面商形式", "面商人",
        "采纳情况", "落实情况", "反馈意见全文",
    ]  # fmt: skip
    values = {
        "登记号": 9001, "案号": 20240012, "性质": "一般提案", "提案分类": "个人提案", "提案人": "覃建华",
        "附议人": "农立新，廖思远",
        "界别": "教育界", "案由": "关于加快医保经办服务下沉的提案", "性质类别": "城建城管", "主办单位": A,
        "协办单位": f"{B},{C}",
        "主办答复时间": datetime(2024, 5, 20), "文号": "鱼教函〔2024〕5号", "签发人": "黄秀英", "办理结果": "已解决",
    }  # fmt: skip
    plan = read(tmp_path, [header, [values.get(name) for name in header]], meeting=CONFERENCE)
    (row,) = plan.rows
    assert (row.number, row.kind, row.joint, row.due_on) == (
        "20240012",
        "提案",
        ("农立新", "廖思远"),
        None,
    )
    assert (row.delegation, row.category, row.is_key) == ("教育界", "城建城管", False)
    assert units_of(row) == [*BOTH, (C_FULL, "协办")]


def test_a_unit_summary_with_a_block_of_main_and_a_block_of_partner_items(tmp_path: Path) -> None:
    header = ["案号", "领衔人/提案人", "案由", "当前环节", "主办单位", "协办单位"]
    rows: Rows = [
        [f"{A}主办件"], header, ["001", "雷立新", T1, "办理", A, B],
        [f"{A}协办件"], header, ["007", "蓝秀英", T2, "办理", C, A],
    ]  # fmt: skip
    plan = read(tmp_path, rows, ["A1:F1", "A4:F4"])
    assert [(row.row, row.number) for row in plan.rows] == [(3, "001"), (6, "007")]
    assert units_of(plan.rows[1]) == [(C_FULL, "主办"), (A_FULL, "协办")]


def test_a_list_with_operations_and_choices_columns(tmp_path: Path) -> None:
    header = [
        "",
        "选择",
        "建议编号",
        "题目",
        "领衔代表",
        "类型",
        "要求结办日期",
        "主办单位",
        "办理类型",
    ]
    plan = read(
        tmp_path, [header, [1, None, "第3号", T1, "雷立新", "议案", "2024-08-31", A, "主办"]]
    )
    (row,) = plan.rows
    assert (row.number, row.kind, row.due_on) == ("3", "议案", date(2024, 8, 31))
    assert units_of(row) == [(A_FULL, "主办")]


def test_without_a_number_column_each_row_says_so(tmp_path: Path) -> None:
    header = [
        "序号",
        "选择",
        "标题",
        "领衔代表",
        "类型",
        "要求结办日期",
        "主办单位",
        "人数",
        "状态",
        "操作",
    ]
    plan = read(tmp_path, [header, [1, None, T1, "雷立新", "建议", None, A, 3, "已交办", None]])
    assert error_columns(plan.rows[0]) == ["number"]
    assert "没有编号（案号）这一列" in messages(plan)[0]


def test_the_number_may_stand_before_the_title(tmp_path: Path) -> None:
    header = ["建议名称", "主办单位"]
    plan = read(tmp_path, [header, ["16.关于扶持工业园区的建议", A], ["135.关于修路的建议", B]])
    assert [(row.number, row.title) for row in plan.rows] == [
        ("16", "关于扶持工业园区的建议"),
        ("135", "关于修路的建议"),
    ]


def test_serial_flow_and_proposal_number_side_by_side(tmp_path: Path) -> None:
    header = [
        "流水号",
        "提案号/意见号",
        "提案题目",
        "创建时间",
        "提案状态",
        "立案状态",
        "承办单位",
        "协办单位",
        "复函意见稿",
    ]
    plan = read(
        tmp_path,
        [header, [88001, "0023", T1, "2024-01-15", "已转交", "立案", A, B, None]],
        meeting=CONFERENCE,
    )
    assert plan.rows[0].number == "0023"
    assert units_of(plan.rows[0]) == BOTH


def test_the_same_header_twice_holds_two_joint_sponsors(tmp_path: Path) -> None:
    header = [
        "序号",
        "提案编号",
        "提案名称",
        "提案单位",
        "提案人姓名",
        "附议人姓名",
        "附议人姓名",
        "提案委员会意见",
        "主办单位",
        "协办单位",
    ]
    plan = read(
        tmp_path,
        [header, [1, "T5", T1, "第一支部", "雷立新", "韦子豪", "蓝秀英", "同意立案", A, B]],
        meeting=CONFERENCE,
    )
    (row,) = plan.rows
    assert (row.lead, row.joint) == ("雷立新", ("韦子豪", "蓝秀英"))


def test_three_header_rows_with_merged_parents(tmp_path: Path) -> None:
    rows: Rows = [
        ["建议办理任务分解表"],
        ["序号", "建议基本情况", None, None, "责任单位", None, "备注"],
        [None, "编号", "案由", "提出人", "主办单位", "协办单位", None],
        [None, None, None, "领衔", None, None, None],
        [1, "005", T1, "雷立新", A, B, None],
    ]
    merges = ["A1:G1", "A2:A4", "B2:D2", "E2:F2", "G2:G4", "B3:B4", "C3:C4", "E3:E4", "F3:F4"]
    plan = read(tmp_path, rows, merges)
    (row,) = plan.rows
    assert plan.sheets[0].tables[0].header_rows == (1, 2, 3)
    assert (row.number, row.lead, units_of(row)) == ("005", "雷立新", BOTH)


def test_supervision_table_with_units_under_one_parent(tmp_path: Path) -> None:
    rows: Rows = [
        ["建议号", "建议题目", "计划完成时间", "责任领导", "责任单位", None],
        [None, None, None, None, "主办单位", "协办单位"],
        ["第1211号", T1, "6月底前", "雷立新", A, B],
    ]
    plan = read(tmp_path, rows, ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1"])
    (row,) = plan.rows
    assert (row.due_on, row.leader, units_of(row)) == (date(2024, 6, 30), "雷立新", BOTH)


def test_two_header_rows_without_merges_as_text_exports_have_them(tmp_path: Path) -> None:
    lines = [
        "编号,案由,提出人,,承办单位,",
        ",,领衔,附议,主办,协办",
        f"1,{T1},雷立新,韦子豪,{A},{B}",
    ]
    path = tmp_path / "plan.csv"
    path.write_text("\r\n".join(lines), encoding="utf-8-sig")
    (row,) = read_plan(path, CONGRESS, demo_units()).rows
    assert (row.lead, row.joint, units_of(row)) == ("雷立新", ("韦子豪",), BOTH)


def test_headers_with_line_breaks_spaces_full_width_and_stars(tmp_path: Path) -> None:
    header = [
        "序　号",
        "建议\n编号＊",
        "案　　由",
        "领 衔\n代 表",
        "主办\r\n单位：",
        "协办单位（会办）",
        "办理时限\n（2024年）",
    ]
    plan = read(tmp_path, [header, [1, "００７", T1, "雷立新", A, B, "６月５日前"]])
    (row,) = plan.rows
    assert (row.number, row.due_on, units_of(row)) == ("007", date(2024, 6, 5), BOTH)


def test_title_rows_notes_and_a_reporting_line_above_the_header(tmp_path: Path) -> None:
    rows: Rows = [
        ["附件10"],
        ["鱼峰区落实市政协十三届四次会议提案承办分工方案"],
        ["填报单位：区政府办公室", None, "联系人：雷立新", "2024年4月10日"],
        [None, "单位：件"],
        ["提案号", "案由", "提案者", "承办单位"],
        ["033", T1, "蓝秀英", A],
    ]
    plan = read(tmp_path, rows, ["A2:D2"])
    assert [(row.row, row.kind) for row in plan.rows] == [(6, "提案")]


def test_sections_totals_page_headers_and_footnotes_are_no_items(tmp_path: Path) -> None:
    header = ["序号", "建议编号", "案由", "领衔代表", "主办单位", "协办单位"]
    rows: Rows = [
        header, ["一、城建类（2件）"], [1, "001", T1, "雷立新", A, B], [2, "002", T2, "韦子豪", B, None],
        [None, "小计", "2件"],
        header, ["二、民生类（1件）"], [3, "003", T3, "蓝秀英", C, None], ["合计：3件"], ["共3件"],
        ["注：1.主办单位请于交办后10日内报送办理方案。"], ["2.协办意见4月30日前报送。"],
        ["填表人：雷立新", None, "审核人：韦子豪", None, "联系电话：0772-1234567"],
    ]  # fmt: skip
    plan = read(tmp_path, rows, ["A2:F2", "A7:F7"])
    assert [(row.row, row.number) for row in plan.rows] == [(3, "001"), (4, "002"), (8, "003")]
    assert messages(plan) == []
    assert {one.row for one in plan.left_out} >= {2, 5, 7, 9, 10, 11, 12, 13}


def test_a_row_that_numbers_the_columns_is_no_item(tmp_path: Path) -> None:
    header = ["编号", "标题", "主办单位", "协办单位"]
    plan = read(tmp_path, [header, [1, 2, 3, 4], ["001", T1, A, B]])
    assert [row.row for row in plan.rows] == [3]


def test_an_item_over_several_rows_gathers_its_units(tmp_path: Path) -> None:
    header = ["序号", "编号", "标题", "领衔代表", "主办单位", "协办单位"]
    rows: Rows = [
        header,
        [1, "001", T1, "雷立新", A, B],
        [None, None, None, None, None, C],
        [2, "002", T2, "蓝秀英", B, None],
    ]
    plan = read(tmp_path, rows)
    assert [(row.row, units_of(row)) for row in plan.rows] == [
        (2, [*BOTH, (C_FULL, "协办")]),
        (4, [(B_FULL, "主办")]),
    ]


def test_an_item_over_merged_rows_gathers_its_units(tmp_path: Path) -> None:
    header = ["编号", "标题", "领衔代表", "主办单位", "协办单位"]
    rows: Rows = [
        header,
        ["001", T1, "雷立新", A, B],
        [None, None, None, None, C],
        ["002", T2, "蓝秀英", B, A],
    ]
    plan = read(tmp_path, rows, ["A2:A3", "B2:B3", "C2:C3", "D2:D3"])
    assert [(row.row, units_of(row)) for row in plan.rows] == [
        (2, [*BOTH, (C_FULL, "协办")]),
        (4, [(B_FULL, "主办"), (A_FULL, "协办")]),
    ]


def test_one_unit_a_row_with_its_role_word(tmp_path: Path) -> None:
    header = ["编号", "标题", "责任单位"]
    rows: Rows = [
        header,
        ["001", T1, f"{A}（牵头）"],
        [None, None, f"{B}（配合）"],
        ["002", T2, f"主办：{C}"],
    ]
    plan = read(tmp_path, rows)
    assert [units_of(row) for row in plan.rows] == [BOTH, [(C_FULL, "主办")]]


def test_blocks_by_unit_with_the_unit_as_heading(tmp_path: Path) -> None:
    header = ["编号", "标题", "领衔代表", "协办单位"]
    rows: Rows = [
        header,
        [f"一、{A}（2件）"],
        ["001", T1, "雷立新", B],
        ["002", T2, "韦子豪", None],
        [f"二、{C}（1件）"],
        ["003", T3, "蓝秀英", None],
    ]
    header_without = ["编号", "标题", "领衔代表"]
    plan = read(tmp_path, [header_without, *[row[:3] for row in rows[1:]]], ["A2:C2", "A5:C5"])
    assert [units_of(row) for row in plan.rows] == [
        [(A_FULL, "主办")],
        [(A_FULL, "主办")],
        [(C_FULL, "主办")],
    ]
    assert messages(plan) == []


def test_values_merged_down_are_filled_and_unmerged_blanks_are_not(tmp_path: Path) -> None:
    header = ["主办单位", "编号", "标题", "办理时限"]
    rows: Rows = [
        header,
        [A, "001", T1, "2024.6.5"],
        [None, "002", T2, None],
        [None, "003", T3, None],
    ]
    plan = read(tmp_path, rows, ["A2:A3", "D2:D4"])
    assert [row.due_on for row in plan.rows] == [date(2024, 6, 5)] * 3
    assert [error_columns(row) for row in plan.rows] == [[], [], ["lead_unit"]]


def test_one_title_merged_over_two_numbers_makes_two_items(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        [["编号", "标题", "主办单位"], ["001", T1, A], ["002", None, None]],
        ["B2:B3", "C2:C3"],
    )
    assert [(row.number, row.title) for row in plan.rows] == [("001", T1), ("002", T1)]


def test_hidden_and_explaining_sheets_are_left_out_with_a_reason(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = workbook(
        tmp_path / "plan.xlsx", [["编号", "标题", "主办单位"], ["001", T1, A]], sheet="建议"
    )
    book = load_workbook(path)
    book.create_sheet("填表说明")["A1"] = "一、本表由区政府办填写。"
    hidden = book.create_sheet("旧版")
    hidden.append(["编号", "标题", "主办单位"])
    hidden.append(["009", T2, B])
    hidden.sheet_state = "hidden"
    book.create_sheet("空表")
    book.save(path)
    plan = read_plan(path, CONGRESS, demo_units())
    assert [row.number for row in plan.rows] == ["001"]
    assert {sheet.sheet: sheet.skipped for sheet in plan.sheets} == {
        "建议": "",
        "填表说明": "没有找到表头",
        "旧版": "是隐藏的，没有读取",
        "空表": "是空的",
    }


@pytest.mark.parametrize(
    ("header", "values", "reason"),
    [
        (["单位编号", "单位名称", "待承办提案", "办理中提案", "合计"], ["1", A, 2, 3, 9], "没有"),
        (["承办单位名称", "主办件数", "主办提案号", "协办件数", "协办提案号"], [A, 2, "001,002", 1, "003"], "没有"),
        (["姓名", "手机号", "界别", "单位及职务", "备注"], ["雷立新", "13800000000", "教育界", "校长", None], "没有"),
        (["主办部门", "主办件数", "已办结件数", "办结率", "处理工作日"], [A, 3, 2, 0.66, 20], "没有"),
        (["提案号", "案由", "提案人", "界别", "状态"], ["001", T1, "雷立新", "教育界", "待审"], "没有承办单位"),
    ],
)  # fmt: skip
def test_other_tables_of_the_office_are_not_taken_for_plans(
    tmp_path: Path, header: list[object], values: list[object], reason: str
) -> None:
    plan = read(tmp_path, [header, values, values])
    assert plan.rows == ()
    assert reason in plan.sheets[0].skipped


def test_kinds_from_a_column_win_over_sheet_and_meeting(tmp_path: Path) -> None:
    header = ["编号", "类别", "标题", "主办单位"]
    plan = read(
        tmp_path,
        [header, ["1", "议案", T1, A], ["2", "代表建议", T2, A], ["3", None, T3, A]],
        sheet="建议",
    )
    assert [row.kind for row in plan.rows] == ["议案", "建议", "建议"]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("专线电话件", "专线电话件"),
        ("代表委员专线电话", "专线电话件"),
        ("社情民意", "社情民意"),
        ("社情民意信息", "社情民意"),
    ],
)
def test_calls_and_public_opinion_are_kinds_by_column_sheet_and_title(
    tmp_path: Path, written: str, kind: str
) -> None:
    """S2: a 天津 district had 专线电话件 among its items, and a system of its CPPCC for 社情民意."""
    header, row = ["编号", "标题", "主办单位"], ["1", T1, A]
    column = read(tmp_path, [["类型", *header], [written, *row]])
    sheet = read(tmp_path, [header, row], sheet=written)
    title = read(tmp_path, [[f"2024年{written}办理分工表"], header, row])
    assert [plan.rows[0].kind for plan in (column, sheet, title)] == [kind] * 3


def test_a_call_is_numbered_and_signed_as_other_items_are(tmp_path: Path) -> None:
    header = ["社情民意编号", "社情民意标题", "反映人", "主办单位"]
    plan = read(tmp_path, [header, ["社情民意第12号", T1, "雷立新", A]])
    row = plan.rows[0]
    assert (row.number, row.title, row.lead) == ("12", T1, "雷立新")


def test_a_category_column_of_answer_letters_is_not_a_content_category(tmp_path: Path) -> None:
    header = ["编号", "类别", "标题", "主办单位"]
    plan = read(tmp_path, [header, ["1", "A", T1, A], ["2", "B类", T2, A]])
    assert [row.category for row in plan.rows] == [None, None]


def test_a_title_naming_both_kinds_leaves_it_to_the_items(tmp_path: Path) -> None:
    rows: Rows = [
        ["议案建议汇总"],
        ["案号", "案由", "领衔人", "主办单位", "性质类别"],
        ["1", "关于立法的议案", "雷立新", A, "社会法制"],
        ["2", T1, "蓝秀英", A, "科教文卫"],
    ]
    plan = read(tmp_path, rows)
    assert [row.kind for row in plan.rows] == ["议案", "建议"]


def test_a_proposal_titled_as_a_suggestion_stays_a_proposal(tmp_path: Path) -> None:
    plan = read(tmp_path, [["编号", "标题", "主办单位"], ["1", T1, A]], meeting=CONFERENCE)
    assert plan.rows[0].kind == "提案"


def test_numbers_shown_with_leading_zeros_keep_them(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = workbook(tmp_path / "plan.xlsx", [["编号", "标题", "主办单位"], [5, T1, A], [12, T2, A]])
    book = load_workbook(path)
    book.active["A2"].number_format = "000"
    book.active["A3"].number_format = '"第"000"号"'
    book.save(path)
    assert [row.number for row in read_plan(path, CONGRESS, demo_units()).rows] == ["005", "012"]


def test_the_table_may_begin_anywhere_on_the_sheet(tmp_path: Path) -> None:
    rows: Rows = [
        [],
        [],
        [None, None, "编号", "标题", "主办单位"],
        [None, None, "001", T1, "区教肓局"],
    ]
    plan = read(tmp_path, rows)
    (row,) = plan.rows
    assert (row.row, row.errors[0].cell) == (4, "E4")


def test_a_correction_of_columns_is_remembered_by_the_header(tmp_path: Path) -> None:
    rows: Rows = [["编号", "内容提要", "人员", "具体由谁办"], ["001", T1, "雷立新", A]]
    path = workbook(tmp_path / "plan.xlsx", rows)
    first = read_plan(path, CONGRESS, demo_units())
    print_ = first.sheets[0].tables[0].fingerprint
    chosen = {print_: {0: "number", 1: "title", 2: "lead", 3: "lead_unit"}}
    spaced = workbook(
        tmp_path / "again.xlsx", [["编 号", "内容\n提要", "人员", "具体由谁办"], rows[1]]
    )
    (row,) = read_plan(spaced, CONGRESS, demo_units(), chosen).rows
    assert (row.number, row.lead, units_of(row)) == ("001", "雷立新", [(A_FULL, "主办")])


def test_columns_under_unknown_headers_are_found_by_what_stands_in_them(tmp_path: Path) -> None:
    header = ["编号", "反映的问题", "主要承办方"]
    plan = read(tmp_path, [header, ["001", T1, A], ["002", T2, B], ["003", T3, C]])
    assert [row.title for row in plan.rows] == [T1, T2, T3]
    scores = {c.canonical: c.score for c in plan.sheets[0].tables[0].columns}
    assert scores["title"] < 60 < scores["number"]


def test_error_cells_and_long_numbers_are_errors_with_their_cell(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    rows: Rows = [
        ["编号", "标题", "主办单位", "协办单位", "办理时限"],
        ["001", T1, A, None, None],
        [123456789012345678, T2, A, B, None],
    ]
    path = workbook(tmp_path / "plan.xlsx", rows)
    book = load_workbook(path)
    book.active["D2"] = "#N/A"
    book.active["D2"].data_type = "e"
    book.active["E2"] = "=TODAY()"
    book.save(path)
    plan = read_plan(path, CONGRESS, demo_units())
    found = {error.cell: error.message for row in plan.rows for error in row.errors}
    assert found["D2"] == "第2行“协办单位”：“#N/A”是公式的错误值，请改成正确的内容。"
    assert "没有保存结果的公式" in found["E2"]
    assert "数字超过15位" in found["A3"]


@pytest.mark.parametrize(
    "formula", ["<f>A1</f><v></v>", "<f>A1</f><v/>", "<f>A1</f>", "<f/><v> </v>"]
)
def test_a_formula_without_a_result_is_never_a_blank(tmp_path: Path, formula: str) -> None:
    """As openpyxl, LibreOffice and others leave it; here it is the only odd cell of the sheet."""
    rows: Rows = [
        ["编号", "标题", "主办单位", "协办单位"],
        ["001", T1, A, "协办"],
        ["002", T2, A, B],
    ]
    path = workbook(tmp_path / "plan.xlsx", rows)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    cell = re.compile(r'<c r="D2"[^>]*>.*?</c>')
    assert cell.search(parts[sheet])
    parts[sheet] = cell.sub(f'<c r="D2">{formula}</c>', parts[sheet])
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    first, second = read_file(path, CONGRESS).rows
    assert error_columns(first) == ["co_unit"] and "没有保存结果的公式" in first.errors[0].message
    assert units_of(second) == BOTH


def test_units_under_a_header_of_two_rows_keep_their_roles(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        [
            ["编号", "标题", "承办单位", None, "时限"],
            [None, None, "主", "协", None],
            ["001", T1, A, B, "6月5日前"],
            ["002", T2, A, B, "6月5日前"],
        ],
        ["A1:A2", "B1:B2", "C1:D1", "E1:E2"],
    )
    assert [units_of(row) for row in plan.rows] == [BOTH, BOTH]


def test_a_column_of_units_or_dates_that_nobody_reads_is_told_and_makes_the_table_unsure(
    tmp_path: Path,
) -> None:
    header = ["编号", "标题", "主办单位", "还有谁", "最晚", "联系电话", "交办日期"]
    rows = [["001", T1, A, B, "2024年6月5日", "3851234", "2024-04-10"]]
    rows += [["002", T2, A, C, "6月5日前", "3851235", "2024-04-10"]]
    plan = read(tmp_path, [header, *rows])
    (table,) = plan.sheets[0].tables
    assert [(u.index, u.label, u.holds, u.sample) for u in table.unread] == [
        (3, "还有谁", "单位", B),
        (4, "最晚", "日期", "2024年6月5日"),
    ]
    assert table.score <= 50
    named = dict(enumerate(["number", "title", "lead_unit", "co_unit", "due_on"]))
    path = tmp_path / "plan.xlsx"
    again = read_plan(path, CONGRESS, demo_units(), {table.fingerprint: named})
    (table,) = again.sheets[0].tables
    assert (table.unread, table.score > 60) == ((), True)
    assert units_of(again.rows[0]) == BOTH


def test_how_many_items_a_unit_has_is_no_part_of_its_name(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        [
            ["责任单位", "编号", "标题"],
            ["区教育局\n（3件）", "001", T1],
            [None, "002", T2],
            [None, "003", T3],
        ],
        ["A2:A4"],
    )
    assert [units_of(row) for row in plan.rows] == [[(A_FULL, "主办")]] * 3


def test_sheets_are_named_in_sentences_when_there_are_several(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = workbook(
        tmp_path / "plan.xlsx", [["编号", "标题", "主办单位"], ["001", T1, A]], sheet="建议"
    )
    book = load_workbook(path)
    second = book.create_sheet("提案")
    second.append(["编号", "标题", "主办单位"])
    second.append(["001", None, A])
    book.save(path)
    plan = read_plan(path, CONGRESS, demo_units())
    assert [(row.kind, row.number) for row in plan.rows] == [("建议", "001"), ("提案", "001")]
    assert messages(plan) == ["工作表“提案”第2行“标题”：没有填写，请填上标题（案由）。"]


def test_a_unit_column_without_role_words_holds_the_main_unit(tmp_path: Path) -> None:
    header = ["编号", "标题", "承办单位"]
    plan = read(
        tmp_path, [header, ["001", T1, A], ["002", T2, "区教肓局"], ["003", T3, f"{A}、{B}"]]
    )
    assert units_of(plan.rows[0]) == [(A_FULL, "主办")]
    assert [error_columns(row) for row in plan.rows] == [[], ["lead_unit"], ["lead_unit"]]


def test_several_units_without_a_word_of_who_leads_are_not_guessed(tmp_path: Path) -> None:
    header = ["编号", "标题", "责任单位"]
    plan = read(tmp_path, [header, ["001", T1, f"主办：{A}；协办：{B}"], ["002", T2, f"{A}、{B}"]])
    assert units_of(plan.rows[0]) == BOTH
    assert error_columns(plan.rows[1]) == ["unit"]
    assert "没有写明谁主办谁协办" in messages(plan)[0]
