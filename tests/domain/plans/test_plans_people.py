"""People are people: what else stands in their cells never becomes a deputy, and never vanishes without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.plans.recognising.signatures import signatures_of
from tests.domain.plans.test_plans_facts import one, told
from tests.ground.plans import error_columns, messages, read_file


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("韦小满等12名代表", "韦小满"),
        ("蒙一舟、罗一帆等15名代表联名", "蒙一舟 罗一帆"),
        ("韦小满（等十五名代表联名）", "韦小满"),
        ("覃 大 河\u3000蒙  舟", "覃大河 蒙舟"),
        ("韦\u3000\u3000芳、覃大河", "韦芳 覃大河"),
        ("韦 小满", "韦小满"),
        ("欧 阳 春 晓", "欧阳春晓"),
        ("韦春\n明\n覃大河", "韦春明 覃大河"),
        ("韦小满和覃大河", "韦小满 覃大河"),
        ("韦小满 及 覃大河、莫小溪与罗一帆", "韦小满 覃大河 莫小溪 罗一帆"),
        ("李和平", "李和平"),
        ("李和平和王与明", "李和平 王与明"),
        ("民盟鱼峰区总支和韦小满", "民盟鱼峰区总支 韦小满"),
        ("蒙一舟/罗一帆\\兰天明", "蒙一舟 罗一帆 兰天明"),
        ("韦小满.覃大河", "韦小满 覃大河"),
        ("阿卜杜.拉赫曼", "阿卜杜·拉赫曼"),
        ("领衔代表：韦小满", "韦小满"),
        ("Abdul Rahman", "Abdul Rahman"),
        ("李会、黄社", "李会 黄社"),
        ("欧阳 小满、司马 光", "欧阳小满 司马光"),
        ("1.韦小满 2.覃大河", "韦小满 覃大河"),
        ("(1)韦小满\n(2)覃大河", "韦小满 覃大河"),
        ("①韦小满②覃大河", "韦小满 覃大河"),
        ("韦小满+覃大河", "韦小满 覃大河"),
        ("韦小满—覃大河", "韦小满 覃大河"),
        ("韦小满 代表", "韦小满"),
    ],
)
def test_names_are_told_apart_however_they_are_joined(text: str, people: str) -> None:
    wanted = (people,) if people.isascii() else tuple(people.split())
    said = signatures_of(text)
    assert said.names == wanted
    assert not (said.beside or said.odd or said.unclear)


@pytest.mark.parametrize(
    ("text", "name", "beside"),
    [
        ("韦小满（女、壮族）", "韦小满", "女 壮族"),
        ("韦小满，女，壮族，教师", "韦小满", "女 壮族 教师"),
        ("韦小满 男 苗族 中共党员", "韦小满", "男 苗族 中共党员"),
        ("覃大河13977200001", "覃大河", "13977200001"),
        ("韦小满（0772-3150000）", "韦小满", "0772-3150000"),
        ("区环卫所韦小满等11人", "韦小满", "区环卫所"),
        ("区电视台 莫小溪", "莫小溪", "区电视台"),
        ("区二中 莫小溪", "莫小溪", "区二中"),
        ("市二中教师韦小满", "韦小满", "市二中教师"),
        ("韦小满书记", "韦小满", "书记"),
        ("★韦小满", "韦小满", "★"),
        ("韦小满*", "韦小满", "*"),
        ("韦小满：0772-3150000", "韦小满", "0772-3150000"),
        ("韦小满（区工商联副主席，民盟）", "韦小满", "区工商联副主席 民盟"),
    ],
)
def test_what_is_no_name_is_told_and_no_person(text: str, name: str, beside: str) -> None:
    said = signatures_of(text)
    assert said.names == (name,)
    assert said.beside == tuple(beside.split())


@pytest.mark.parametrize(
    ("text", "delegation"),
    [
        ("兰天明（第三代表团）", "第三代表团"),
        ("兰天明代表（鱼峰团）", "鱼峰团"),
        ("第三代表团 兰天明", "第三代表团"),
        ("第三代表团兰天明", "第三代表团"),
        ("兰天明（教育界，女）", "教育界"),
        ("兰天明第三代表团", "第三代表团"),
        ("第三代表团（兰天明）", "第三代表团"),
    ],
)
def test_a_delegation_beside_a_name_is_the_persons(text: str, delegation: str) -> None:
    said = signatures_of(text)
    assert (said.names, said.delegations) == (("兰天明",), (("兰天明", delegation),))


def test_a_delegation_alone_signs_itself() -> None:
    assert signatures_of("第三代表团").names == ("第三代表团",)


@pytest.mark.parametrize("name", ["韦小满覃大河", "韦小满2", "韦女英", "蒙一舟·罗一帆", "某代表甲"])
def test_a_name_that_hardly_is_one_is_doubted_at_its_cell(tmp_path: Path, name: str) -> None:
    row = one(tmp_path, joint=name)
    assert row.joint == (name,)
    (doubt,) = row.doubts
    assert (doubt.kind, doubt.column, doubt.cell) == ("odd_name", "joint", "E2")
    assert doubt.message.startswith(f"第2行“附议代表”：“{name}”不像一个人的姓名")


@pytest.mark.parametrize(
    "word", ["同上", "本人", "见附件", "全体代表", "委员", "韦某某", "韦XX", "十一"]
)
def test_what_people_write_in_the_place_of_a_name_is_doubted(word: str) -> None:
    assert signatures_of(word).odd == signatures_of(word).names != ()


def test_a_circled_number_behind_a_name_tells_it_from_another() -> None:
    assert signatures_of("韦小满①").namesakes == (("韦小满", "1"),)


def test_what_is_read_past_is_told_with_the_cell_and_where_to_keep_it(tmp_path: Path) -> None:
    row = one(tmp_path, lead="韦小满（女，13977200000）")
    assert (row.lead, row.joint) == ("韦小满", ())
    sentence = (
        "第2行“领衔代表”：“韦小满（女，13977200000）”里的“{}”不是人名，没有导入；"
        "要留下的，请在“代表委员”里登记。"
    )
    assert told(row) == [sentence.format("女")]
    assert [about.doubt.message for about in row.about] == [sentence.format("13977200000")]


def test_the_leads_delegation_is_the_items_where_no_column_says_it(tmp_path: Path) -> None:
    row = one(tmp_path, lead="兰天明（第三代表团）", joint="覃大河（鱼峰团）")
    assert row.delegation == "第三代表团"
    assert row.delegations == (("兰天明", "第三代表团"), ("覃大河", "鱼峰团"))


def test_characters_that_may_be_one_name_or_two_make_no_person(tmp_path: Path) -> None:
    row = one(tmp_path, joint="陈 安 文 方 白")
    assert row.joint == ()
    assert error_columns(row) == ["joint"]


def test_a_csv_of_people_is_read_like_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(
        "建议编号,标题,领衔代表,主办单位\n"
        '005,关于修缮村道的建议,"韦小满（女、壮族）和覃大河13977200001",区住建局\n',
        encoding="gb18030",
    )
    plan = read_file(path)
    assert (plan.rows[0].lead, plan.rows[0].joint) == ("韦小满", ("覃大河",))
    assert not messages(plan)
    assert "“女、壮族、13977200001”不是人名" in told(plan.rows[0])[0]
