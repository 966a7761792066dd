"""Characters that look like others, or like nothing, are stored as what a person sees."""

from __future__ import annotations

import unicodedata

import pytest

from domain.texts import text
from domain.texts.text import clean, half_width, squeeze


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("关于加强⽼旧⼩区⾬污分流的建议", "关于加强老旧小区雨污分流的建议"),
        ("⾼⽴⽅", "高立方"),
        ("⻢⼩⻛、⻓⻘、⻙⺠", "马小风、长青、韦民"),
        ("区⺠政局、区⽂旅局", "区民政局、区文旅局"),
        ("关于⻋站⻔前⻝品安全（二期）的建议", "关于车站门前食品安全（二期）的建议"),
    ],
)
def test_radicals_out_of_a_pdf_become_ordinary_characters(written: str, seen: str) -> None:
    assert clean(written) == seen
    assert squeeze(written) == squeeze(seen)
    assert half_width(written) == half_width(seen)


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad", "\u180e", "\ufe0f", "\u3164", "\U000e0101", "\u034f"]
)  # fmt: skip
def test_characters_without_width_are_dropped(hidden: str) -> None:
    assert clean(f"韦{hidden}小满{hidden}") == "韦小满"
    assert clean(f"{hidden}005") == "005"


def test_what_only_looks_like_a_form_for_typing_stays(subtests: pytest.Subtests) -> None:
    for same in ("“一村一品”（二期）", "①②", "㎡", "ＡＢ", "３号"):
        with subtests.test(same):
            assert clean(same) == same


def test_every_radical_of_the_table_is_one_and_becomes_none() -> None:
    for radical, character in text._RADICALS.items():
        assert unicodedata.name(chr(radical)).startswith("CJK RADICAL")
        assert unicodedata.name(chr(character)).startswith("CJK UNIFIED IDEOGRAPH")
