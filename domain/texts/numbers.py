"""The number of an item out of whatever a person wrote: its significant form, or why it has none.

Two numbers in one cell are never one number. White space is taken away only after that is settled. What tells them:

* a comma, stroke, dot, line break, 及 和 与 并 至 到 ~ — -- or a space stands between two parts that each hold a digit,
  but for a space after what only leads to a number (2024年 第12号, 15届5次 第12号);
* a bracket with another number stands behind one: 926（并927）; a year in it does not count;
* one hyphen joins two numbers that rise (805-806, 809-11, 闭字5-7): that is a range. It is no range where the first is
  a year (2024-819), where they do not rise (12-5) or where the second has zeros in front and another length (15-023).
  More hyphens are part of the number (15-5-023), unless all parts are alike long, have three digits and rise.

Chinese numerals are the number where nothing else stands there (`numerals`): 第八一七号, 第一百二十三号, 〇二五.

`Unclear` carries the rest of a Chinese sentence: what is wrong with the value and how to write it.
"""

from __future__ import annotations

import datetime
import re
from itertools import pairwise

from domain.texts.numerals import NUMERALS, in_digits
from domain.texts.text import clean, half_width, is_blank, squeeze

_FRAME = re.compile(
    r"^(?:NO\.?|(?:[省市区县])?(?:人大|政协)?(?:代表|委员)?(?:建议|议案|提案|社情民意(?:信息)?|专线电话件?)?第?)(.+?)"
    r"(?:号(?:代表|委员)?(?:建议案|建议|议案|提案|意见|社情民意|专线电话件?)?|\.)?$",
    re.I,
)
_NUMBER = re.compile(
    r"(?=.{0,29}\d)(?!.*(?:关于|的))(?:[\u4e00-\u9fff]?[0-9A-Za-z()\-]|[\u4e00-\u9fff]{1,8}(?=[\d(])){1,30}"
)
_HYPHENS = re.compile(r"\s*[-\u2010-\u2013\u2212\uff0d]\s*")
_DASH = re.compile(r"\s*-{2,}\s*|(?<=\d)\s*[一ー]\s*(?=\d)")
"""What is typed for a dash: two hyphens, the numeral 一, the Japanese ー."""
_ZEROS_APART = re.compile(r"(?<!\d)(0+)[^\S\n]+(?=\d)")
_SIGNS = "、，,;；/／|\\\\+&\n~～—―─∕⁄·•‖〜∼"
_WORDS = "及和与并至到同含合暨跟或加连兼带另"
_BETWEEN = re.compile(rf"[{_SIGNS}]|[{_WORDS}](?=[^{_WORDS}]*\d)|(?<=[\d号])\s+(?=[^\s\d]*\d)")
_SPAN = re.compile(r"[~～—―─〜∼至到]")
_BEHIND = re.compile(r"(?<=[\d号])\((?!(?:19|20)\d\d年?\))([^()]*\d[^()]*)\)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_EXPONENT = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_DAY = re.compile(r"(?:19|20)\d\d/\d{1,2}/\d{1,2}|\d{1,2}月\d{1,2}日")
_MARKS = "★☆▲△●○◆◇■□※*＊#＃✓✔√①-⑳⑴-⒇⒈-⒛⓪-⓿❶-❿⁰¹²³⁴-⁹⁽⁾₀-₉"
_MARK = re.compile(rf"^[{_MARKS}\s]+|[{_MARKS}\s]+$")
_AHEAD = re.compile(r"^(重点(?:督办)?(?:建议|提案|议案|件)?)\s*(?=第?[\d０-９])")
_NOTE = re.compile(r"\s*[(（]([^()（）\d]*[\u4e00-\u9fff][^()（）\d]*)[)）]\s*$")


class Unclear(ValueError):
    """A value that cannot be read; str() is what a person should know about it."""


NO_NUMBER = "不是编号，请写成 005 或 第005号"


def number_of(value: object) -> str:
    """The significant form: 第001号 -> 001, 人大闭字1号建议 -> 闭字1, 20250688.0 -> 20250688. '' for blank."""
    if isinstance(value, datetime.date):
        raise Unclear("被表格软件变成了日期，请把单元格改成文本格式后重新填写编号")
    if isinstance(value, float):
        raise Unclear(NO_NUMBER)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 30:
        return value  # nearly all of them
    text = clean(value).strip("\"'“”‘’")
    if is_blank(text):
        return ""
    if len(text) > 60:
        raise Unclear(NO_NUMBER)
    if _EXPONENT.fullmatch(text):
        raise Unclear("被表格软件写成了科学记数法，请把单元格改成文本格式后重新填写编号")
    if _DAY.fullmatch(text):
        raise Unclear("被表格软件变成了日期，请把单元格改成文本格式后重新填写编号")
    _refuse_marks(text)
    text = _HYPHENS.sub("-", _DASH.sub("—", re.sub(r"[“”\"'‘’]", "", half_width(text))))
    return _single(_ZEROS_APART.sub(r"\1", re.sub(r"^(\d+)\.0+$", r"\1", text)))


def without_marks(value: object) -> tuple[object, str]:
    """The value without stars, note numbers and a note in brackets, and those: ★814（重点） is 814 with ★、重点."""
    if not isinstance(value, str) or (value.isalnum() and value.isascii()):
        return value, ""
    text, found = clean(value), []
    while match := _MARK.search(text) or _NOTE.search(text) or _AHEAD.search(text):
        if not (rest := text.replace(match[0], "", 1)) or not re.search(r"\d", rest):
            break
        text = rest
        found.append((match[0] if match.re is _MARK else match[1]).strip())
    return text if any(found) else value, "、".join(filter(None, found))


def looks_like_number(value: object) -> bool:
    """Whether the value is short and can be read as a number of an item."""
    try:
        return bool(number_of(without_marks(value)[0])) and len(str(value)) <= 24
    except Unclear:
        return False


def _refuse_marks(text: str) -> None:
    """Half the width, 805① would be 8051."""
    without, marks = without_marks(text)
    if marks:
        raise Unclear(f"里除了编号还有“{marks}”，请写成 {without}，其余的写到备注里")


def _single(text: str) -> str:
    if behind := _BEHIND.search(text):
        raise _several(text, [_BEHIND.sub("", text), behind[1]])
    every = [part for part in _BETWEEN.split(text) if squeeze(part)]
    parts = [part for part in every if re.search(r"\d", part)]
    if len(parts) > 1:
        raise _several(text, parts)
    if parts and every[-1] != parts[0]:  # 814a、b
        raise Unclear(NO_NUMBER)
    if text.count("号") > 1:
        raise _several(text, re.findall(rf"[^号{_SIGNS}]*[\d{NUMERALS}][^号]*号", text))
    text = squeeze(parts[0] if parts else text)
    number = _significant(text)
    number = in_digits(number, f"{number}号" in text) or number
    if not _NUMBER.fullmatch(number):
        raise Unclear(NO_NUMBER)
    _refuse_range(number)
    return number


def _significant(text: str) -> str:
    text = re.sub(rf"^.*(?:届|次|会议|会)第(?=[\d{NUMERALS}])", "", text)
    match = _FRAME.fullmatch(text)
    return match.group(1) if match else text


def _several(text: str, parts: list[str]) -> Unclear:
    named = [_significant(re.sub("[合并含同]+案?|案$|[()]", "", squeeze(part))) for part in parts]
    if len(named) == 2 and _SPAN.search(text):
        return _range(*named)
    listed = "、".join(named)
    if "并" in text:
        return Unclear(
            f"里有几个编号（{listed}），是并案的话，请每个编号各写一行，并入的件在“并入”列写主案的编号"
        )
    return Unclear(
        f"一格里写了几个编号（{listed}），请每个编号各写一行；并案的，并入的件在“并入”列写主案的编号"
    )


def _range(first: str, last: str) -> Unclear:
    one = f"；年份和编号连写的，请写成 ({first}){last}" if _YEAR.fullmatch(first) else ""
    return Unclear(
        f"是从 {first} 到 {last} 的一段编号，请每个编号各写一行{one}；并案的，并入的件在“并入”列写主案的编号"
    )


def _refuse_range(number: str) -> None:
    """See the rule above: what a hyphen joins is a range or belongs to the number by its nature."""
    parts = re.sub(r"^\D*", "", number).split("-")
    if len(parts) < 2 or not all(part.isdecimal() for part in parts):
        return
    if len(parts) == 2 and (last := _end_of_range(*parts)):
        raise _range(parts[0], last)
    if len(parts) > 2 and _is_run(parts):
        raise _several(number, parts)


def _end_of_range(first: str, last: str) -> str:
    """The number that a range ends with, '' where it is none: 809-811 and 809-11 end with 811."""
    if _YEAR.fullmatch(first) and len(last) != 4:
        return ""
    if last.startswith("0") and len(last) != len(first):
        return ""
    whole = first[: -len(last)] + last if 2 < len(first) > len(last) else last
    return whole if int(whole) > int(first) else ""


def _is_run(parts: list[str]) -> bool:
    widths = {len(part) for part in parts}
    return (
        len(widths) == 1 and min(widths) >= 3 and all(int(a) < int(b) for a, b in pairwise(parts))
    )
