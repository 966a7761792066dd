"""Units, roles, numbers, dates and names as people write them in cells."""

from __future__ import annotations

from datetime import date

import pytest

from domain.plans.recognising import vocabulary
from domain.plans.recognising.assignees import CellReader
from domain.plans.recognising.signatures import people_of
from domain.plans.recognising.units import UnitBook, UnitEntry
from domain.texts import dates, numbers
from domain.texts.numbers import Unclear
from tests.ground.plans import demo_units

EDUCATION, FINANCE, CIVIL = "鱼峰区教育局", "鱼峰区财政局", "鱼峰区民政局"
OFFICE = "区委区政府督查和绩效考评办公室"


def named(text: str) -> list[tuple[str, str | None]]:
    """Units with the roles that the cell itself gives them; nothing may be unknown."""
    reading = CellReader(demo_units()).read(text)
    assert not reading.unknown, reading.unknown
    return [(demo_units().by_id[one.unit_id].name, one.role) for one in reading.named]


def unknown(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (one.written, one.why, one.suggestions)
        for one in CellReader(demo_units()).read(text).unknown
    ]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("区教育局", [EDUCATION]),
        ("鱼峰区教育局", [EDUCATION]),
        ("柳州市鱼峰区教育局", [EDUCATION]),
        ("教育局", [EDUCATION]),
        ("区 教 育 局", [EDUCATION]),
        ("　区教育局\n", [EDUCATION]),
        ("区委、区政府督查绩效办、区教育局", [OFFICE, EDUCATION]),
        ("区行政审批局（区大数据发展局）、区财政局", ["鱼峰区行政审批局", FINANCE]),
        ("区教育局,区财政局，区民政局；", [EDUCATION, FINANCE, CIVIL]),
        ("区教育局/区财政局", [EDUCATION, FINANCE]),
        ("区教育局 区财政局\n区民政局", [EDUCATION, FINANCE, CIVIL]),
        ("区教育局和区财政局", [EDUCATION, FINANCE]),
        ("1.区教育局 2.区财政局", [EDUCATION, FINANCE]),
        ("①区教育局②区财政局", [EDUCATION, FINANCE]),
        ("区发展和改革局", ["鱼峰区发展和改革局"]),
        (
            "天马街道办、雒容镇政府、鱼峰区白沙镇",
            ["天马街道办事处", "雒容镇人民政府", "白沙镇人民政府"],
        ),
        ("公安局鱼峰分局", ["柳州市公安局鱼峰分局"]),
        ("区委组织部、鱼峰区委宣传部", ["中共鱼峰区委组织部", "中共鱼峰区委宣传部"]),
        ("无", []),
        ("——", []),
    ],
)
def test_a_unit_is_known_by_every_way_to_write_it(text: str, units: list[str]) -> None:
    assert [name for name, _ in named(text)] == units


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("主办：区教育局；协办：区财政局、区民政局", "主协协"),
        ("主办单位:区教育局\n协办单位:区财政局，区民政局", "主协协"),
        ("区教育局（主办）、区财政局（协办）、区民政局（协办）", "主协协"),
        ("（牵头单位：区教育局，配合单位：区财政局、区民政局）", "主协协"),
        ("牵头区教育局 配合区财政局、区民政局", "主协协"),
        ("区教育局牵头，区财政局、区民政局配合", "主协协"),
        ("由区教育局牵头，区财政局和区民政局协助", "主协协"),
        ("区教育局（协办：区财政局、区民政局）", "？协协"),
        ("区教育局(区财政局、区民政局配合)", "？协协"),
        ("分办：区教育局、区财政局、区民政局", "分分分"),
        ("区教育局、区财政局、区民政局分别办理", None),
        ("独办：区教育局 会办：区财政局 参办：区民政局", "主协协"),
        ("承办单位：区教育局；会办单位：区财政局、区民政局", "主协协"),
        ("牵头责任单位：区教育局；配合责任单位：区财政局、区民政局", "主协协"),
        ("区教育局（主）、区财政局（协）、区民政局(会)", "主协协"),
        ("区教育局（牵）\n（3件）、区财政局（协）、区民政局（配）", "主协协"),
        ("区教育局（分）（共2件） 区财政局（分） 区民政局（分）", "分分分"),
    ],
)
def test_role_words_are_understood_in_front_behind_and_in_brackets(
    text: str, wanted: str | None
) -> None:
    if wanted is None:
        assert unknown(text)
        return
    roles = {"主": "主办", "协": "协办", "分": "分办", "？": None}
    expected = [
        (name, roles[role]) for name, role in zip((EDUCATION, FINANCE, CIVIL), wanted, strict=True)
    ]
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "written", "suggestion"),
    [
        ("区教肓局", "区教肓局", EDUCATION),
        ("区教育局基教科", "区教育局基教科", EDUCATION),
        ("区教育局（基教科）", "区教育局(基教科)", EDUCATION),
        ("区教育局等部门", "区教育局等部门", EDUCATION),
        ("区教肓局（主办）", "区教肓局", EDUCATION),
        ("区教肓局主办", "区教肓局", EDUCATION),
        ("区教肓局（主）", "区教肓局", EDUCATION),
    ],
)
def test_a_likeness_is_only_ever_a_suggestion(text: str, written: str, suggestion: str) -> None:
    ((found, why, suggestions),) = unknown(text)
    assert (found, suggestions[0]) == (written, suggestion)
    assert why == "不在单位名册中，是不是“区教育局”？"


def test_a_bureau_of_the_city_is_not_taken_for_the_districts() -> None:
    assert unknown("市教育局")[0][0] == "市教育局"
    assert unknown("柳州市财政局")[0][0] == "柳州市财政局"


def test_a_name_that_two_units_share_is_nobodys() -> None:
    book = UnitBook(
        [UnitEntry(1, "鱼峰区文化局", ("文旅局",)), UnitEntry(2, "鱼峰区旅游局", ("文旅局",))]
    )
    (doubt,) = CellReader(book).read("文旅局").unknown
    assert doubt.why == "可以指几个单位，请写全称"
    assert doubt.suggestions == ("鱼峰区文化局", "鱼峰区旅游局")


def test_a_closed_unit_gets_nothing_new() -> None:
    book = UnitBook(
        [UnitEntry(1, "鱼峰区粮食局", (), is_active=False), UnitEntry(2, "鱼峰区粮食和储备局", ())]
    )
    (doubt,) = CellReader(book).read("鱼峰区粮食局").unknown
    assert doubt.why == "已经停用，请改写现在的承办单位"
    assert doubt.suggestions == ("鱼峰区粮食和储备局",)


def test_a_county_writes_its_units_with_or_without_its_own_name() -> None:
    units = [
        UnitEntry(n, f"彭水县{name}")
        for n, name in enumerate(("教育委员会", "财政局", "民政局"), 1)
    ]
    book = UnitBook(units)
    assert book.find("县财政局") == book.find("财政局") == book.find("彭水县财政局") == {2}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("第001号", "001"),
        ("第 6750 号", "6750"),
        ("第００５号", "005"),
        ("20250688.0", "20250688"),
        ("闭字1号", "闭字1"),
        ("闭字1.", "闭字1"),
        ("人大闭字1号建议", "闭字1"),
        ("“135”号建议", "135"),
        ("市十五届五次第12号", "12"),
        ("政协提案第5号", "5"),
        ("No.12", "12"),
        ("建议005", "005"),
        ("2024-001", "2024-001"),
        ("15-5-023", "15-5-023"),
        ("(2024)12号", "(2024)12"),
        (20240002, "20240002"),
        ("", ""),
        ("—", ""),
    ],
)
def test_a_number_keeps_its_significant_form(text: object, number: str) -> None:
    assert numbers.number_of(text) == number


@pytest.mark.parametrize(
    "text",
    ["第0487号/第0485号", "1、2", "合计", "10件", 5.5, "关于第3个小区的建议", date(2024, 5, 1)],
)
def test_what_is_no_number_is_said_to_be_none(text: object) -> None:
    with pytest.raises(Unclear):
        numbers.number_of(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年6月5日", (6, 5)),
        ("2024.6.5", (6, 5)),
        ("2024-06-05", (6, 5)),
        ("2024/6/5", (6, 5)),
        ("6月5日前", (6, 5)),
        ("６月５日前", (6, 5)),
        ("6月5日前办结", (6, 5)),
        ("6月底", (6, 30)),
        ("2月底前", (2, 29)),
        ("2024年9月底前", (9, 30)),
        ("20240605", (6, 5)),
        (20240605, (6, 5)),
        (45448, (6, 5)),
        ("45448", (6, 5)),
        ("二〇二四年六月五日", (6, 5)),
        ("六月二十五日", (6, 25)),
        ("年底前", (12, 31)),
        ("2024-06-05 00:00:00", (6, 5)),
        (date(2024, 6, 5), (6, 5)),
    ],
)
def test_a_date_in_any_writing(text: object, day: tuple[int, int]) -> None:
    assert dates.date_of(text, 2024) == date(2024, *day)


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2026",
        "2024年2月30日",
        "2024年6月",
        "长期",
        "交办后3个月内",
        0,
        -5,
        1e10,
        date(1924, 6, 5),
    ],
)
def test_what_is_no_possible_date_is_said_to_be_none(text: object) -> None:
    with pytest.raises(Unclear):
        dates.date_of(text, 2024)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("韦春明 卢子豪", "韦春明 卢子豪"),
        ("王　芳", "王芳"),
        ("王　芳、李明华", "王芳 李明华"),
        ("王　芳　李　明", "王芳 李明"),
        ("欧阳　锋", "欧阳锋"),
        ("张 三 丰", "张三丰"),
        ("蓝振宇，蓝桂兰,阮晓东；张三\n李四", "蓝振宇 蓝桂兰 阮晓东 张三 李四"),
        ("雷立新等10名代表", "雷立新"),
        ("雷立新代表", "雷立新"),
        ("张三（鱼峰团）", "张三"),
        ("民盟鱼峰区总支", "民盟鱼峰区总支"),
        ("阿卜杜拉·买买提、古丽", "阿卜杜拉·买买提 古丽"),
        ("张三、张三", "张三"),
        ("无", ""),
    ],
)
def test_names_of_people_in_one_cell(text: str, people: str) -> None:
    assert people_of(text) == tuple(people.split())


@pytest.mark.parametrize(
    "label",
    [
        "主办答复时间",
        "协办意见",
        "主办提案号",
        "主办件数",
        "现承办单位",
        "建议承办单位",
        "类别标记",
        "联系电话",
        "文号",
        "序号",
        "办理结果",
        "办理面商形式",
        "提交时间",
        "交办日期",
        "经办人员",
        "主办单位联系人",
        "满意度评价",
        "提案委员会意见",
    ],
)
def test_headers_of_other_things_are_not_taken_for_ours(label: str) -> None:
    assert vocabulary.meaning(label) is None


@pytest.mark.parametrize(
    ("label", "canonical"),
    [
        ("开案案号", "number"),
        ("建议（议案）编号", "number"),
        ("提案号/意见号", "number"),
        ("案　由", "title"),
        ("提案题目", "title"),
        ("第一提案人", "lead"),
        ("领衔人/提案人", "lead"),
        ("附议代表", "joint"),
        ("建议代表团", "delegation"),
        ("委组", "delegation"),
        ("主办责任单位", "lead_unit"),
        ("牵头单位", "lead_unit"),
        ("我区主办单位", "lead_unit"),
        ("会办责任单位", "co_unit"),
        ("协（会）办单位", "co_unit"),
        ("分办单位", "each_unit"),
        ("责任单位", "unit"),
        ("鱼峰区承办单位", "unit"),
        ("要求结办日期", "due_on"),
        ("办结时限", "due_on"),
        ("计划完成时间", "due_on"),
        ("是否重点提案", "is_key"),
        ("区领导", "leader"),
        ("性质类别", "category"),
        ("备注", "note"),
        ("件别", "kind"),
        ("协同办理单位", "co_unit"),
        ("共同办理单位", "co_unit"),
        ("限期答复", "due_on"),
        ("限时办结", "due_on"),
        ("办结要求", "due_on"),
        ("其他联名人", "joint"),
        ("分管副县长", "leader"),
    ],
)
def test_the_fields_own_headers_are_known(label: str, canonical: str) -> None:
    found = vocabulary.meaning(label)
    assert found is not None
    assert found[0] == canonical


@pytest.mark.parametrize(
    ("upper", "lower", "canonical"),
    [
        ("承办单位", "主", "lead_unit"),
        ("承办单位", "协", "co_unit"),
        ("责任单位", "分", "each_unit"),
        ("提案人", "第一", "lead"),
        ("代表", "其他", "joint"),
    ],
)
def test_a_short_word_under_a_known_header_says_what_of_it(
    upper: str, lower: str, canonical: str
) -> None:
    assert vocabulary.of_path((upper, lower)) == (canonical, 90)
