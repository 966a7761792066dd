"""Two numbers in one cell are never one number; what is one number by its nature stays whole."""

from __future__ import annotations

import pytest

from domain.texts.numbers import Unclear, looks_like_number, number_of, without_marks


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("805\n806", "805、806"),
        ("807 808", "807、808"),
        ("807\u3000808", "807、808"),
        ("第807号 第808号", "807、808"),
        ("闭字1 闭字2", "闭字1、闭字2"),
        ("817、\n818", "817、818"),
        ("805，806", "805、806"),
        ("805；806", "805、806"),
        ("第0487号/第0485号", "0487、0485"),
        ("805及806", "805、806"),
        ("805和806", "805、806"),
        ("805与806", "805、806"),
        ("805-806-807", "805、806、807"),
        ("926（927）", "926、927"),
        ("第805号第806号", "805、806"),
        ("805加806", "805、806"),
        ("805·806", "805、806"),
        ("805∕806", "805、806"),
        ("926（含927）", "926、927"),
        ("005【006】", "005、006"),
    ],
)
def test_several_numbers_in_one_cell_are_told_with_their_parts(written: str, parts: str) -> None:
    with pytest.raises(Unclear, match=f"写了几个编号（{parts}），请每个编号各写一行"):
        number_of(written)


@pytest.mark.parametrize(
    "written", ["926（并927）", "926并927", "926(合并927)", "926、927并案", "第926号（并927号）"]
)
def test_items_handled_as_one_are_told_how_to_be_written(written: str) -> None:
    with pytest.raises(
        Unclear, match="926、927），是并案的话，请每个编号各写一行，并入的件在“并入”列写主案的编号"
    ):
        number_of(written)


@pytest.mark.parametrize(
    "written",
    [
        *("809-811", "809~811", "809～811", "809至811", "809到811", "809—811", "809 – 811"),
        *("第809-811号", "809-11", "809--811", "809一811", "809〜811", "809ー811"),
    ],
)
def test_a_range_is_told_with_its_ends(written: str) -> None:
    with pytest.raises(Unclear, match="是从 809 到 811 的一段编号，请每个编号各写一行"):
        number_of(written)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("15-5-023", "15-5-023"),
        ("15 - 5 - 023", "15-5-023"),
        ("15\u20115\u2011023", "15-5-023"),
        ("闭字2024-7", "闭字2024-7"),
        ("2024-819", "2024-819"),
        ("2024-人-924", "2024-人-924"),
        ("15-023", "15-023"),
        ("12-5", "12-5"),
        ("023-1", "023-1"),
    ],
)
def test_a_number_with_a_hyphen_by_its_nature_stays_whole(written: str, number: str) -> None:
    assert number_of(written) == number


@pytest.mark.parametrize("written", ["814a、b", "926/教育", "805等", "805，略"])
def test_what_follows_a_number_is_not_dropped(written: str) -> None:
    with pytest.raises(Unclear, match="不是编号"):
        number_of(written)


@pytest.mark.parametrize(
    ("written", "why"),
    [("1.20E+02", "科学记数法"), ("2024/1/5", "变成了日期"), ("1月5日", "变成了日期")],
)
def test_what_a_program_made_of_a_number_is_told_by_its_name(written: str, why: str) -> None:
    with pytest.raises(Unclear, match=why):
        number_of(written)


def test_a_year_before_a_number_as_long_is_told_with_a_way_to_write_it() -> None:
    with pytest.raises(Unclear, match=r"请写成 \(2024\)2031"):
        number_of("2024-2031")
    assert number_of("(2024)2031") == "(2024)2031"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("第 6750 号", "6750"),
        ("2024年 第12号", "2024年第12"),
        ("市十五届五次 第12号", "12"),
        ("建议\n805", "805"),
        ("人大和政协第5号", "5"),
        ("005、", "005"),
        ("〔2024〕12号", "(2024)12"),
        ("12（2024）", "12(2024)"),
        ("\u200b\ufeff941\u2060", "941"),
        ("⼈⼤闭字1号", "闭字1"),
    ],
)
def test_what_only_stands_around_a_number_makes_no_second_one(written: str, number: str) -> None:
    assert number_of(written) == number


@pytest.mark.parametrize(
    ("written", "number", "marks"),
    [
        ("★812", "812", "★"),
        ("813*", "813", "*"),
        ("814（重点）", "814", "重点"),
        ("805①", "805", "①"),
        ("第806号²", "第806号", "²"),
        ("★ 814（领导督办）", "814", "★、领导督办"),
        ("＊814", "814", "＊"),
        ("重点814", "814", "重点"),
        ("重点建议第814号", "第814号", "重点建议"),
        ("2024-819", "2024-819", ""),
        ("(2024)12", "(2024)12", ""),
    ],
)
def test_marks_and_notes_never_become_digits(written: str, number: str, marks: str) -> None:
    plain, found = without_marks(written)
    assert plain == number
    assert found == marks
    assert looks_like_number(written)
    if marks:
        with pytest.raises(Unclear, match="里除了编号还有"):
            number_of(written)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("第八一七号", "817"),
        ("第〇二五号建议", "025"),
        ("〇二五", "025"),
        ("零二五", "025"),
        ("第一百二十三号", "123"),
        ("第 一百零五 号", "105"),
        ("一千〇五十", "1050"),
        ("第一百十号", "110"),
        ("第十二号", "12"),
        ("第五号", "5"),
        ("壹佰贰拾叁", "123"),
        ("市十五届五次会议第一百二十三号", "123"),
    ],
)
def test_a_number_in_chinese_numerals_is_that_number(written: str, number: str) -> None:
    assert number_of(written) == number
    assert looks_like_number(written)


@pytest.mark.parametrize(
    "written",
    ["一", "十二", "二十", "第三", "一、", "一百二", "第一百二号", "第两百号", "第十十号", "百二十",
     "第一百零零五号", "八一七、八一八", "八一七至八一九", "第一批", "闭字第十二号"],
)  # fmt: skip
def test_numerals_that_are_not_plainly_one_number_are_told(written: str) -> None:
    with pytest.raises(Unclear):
        number_of(written)


def test_two_numbers_in_chinese_numerals_are_named() -> None:
    with pytest.raises(Unclear, match="一格里写了几个编号（八一七、八一八）"):
        number_of("第八一七号、第八一八号")


@pytest.mark.parametrize("value", [*range(1, 400, 7), 1000, 1001, 1010, 1100, 2005, 9999])
def test_every_number_written_out_is_read_back(value: int) -> None:
    places = ((1000, "千"), (100, "百"), (10, "十"), (1, ""))
    written, is_gap = "", False
    for place, name in places:
        digit = value // place % 10
        if digit:
            written += "零" * (is_gap and bool(written)) + "零一二三四五六七八九"[digit] + name
        is_gap = not digit
    assert number_of(f"第{written}号") == str(value)
