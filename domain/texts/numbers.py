"""The number of an item out of whatever a person wrote: its significant form, or why it has none.

`Unclear` carries the rest of a Chinese sentence: what is wrong with the value and how to write it.
"""

from __future__ import annotations

import datetime
import re

from domain.texts.text import is_blank, squeeze

_LIST_MARKS = re.compile(r"[、，,;；/／|]")
_NUMBER_FRAME = re.compile(
    r"^(?:NO\.?|(?:[省市区县])?(?:人大|政协)?(?:代表|委员)?(?:建议|议案|提案)?第?)(.+?)"
    r"(?:号(?:代表|委员)?(?:建议案|建议|议案|提案|意见)?|\.)?$",
    re.I,
)
_NUMBER = re.compile(
    r"(?=.{0,29}\d)(?!.*(?:关于|的))(?:[\u4e00-\u9fff]?[0-9A-Za-z()\-]|[\u4e00-\u9fff]{1,8}(?=[\d(])){1,30}"
)


class Unclear(ValueError):
    """A value that cannot be read; str() is what a person should know about it."""


def number_of(value: object) -> str:
    """The significant form: 第001号 -> 001, 人大闭字1号建议 -> 闭字1, 20250688.0 -> 20250688. '' for blank."""
    if isinstance(value, datetime.date):
        raise Unclear("被表格软件变成了日期，请把单元格改成文本格式后重新填写编号")
    if isinstance(value, float):
        raise Unclear("不是编号，请写成 005 或 第005号")
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 30:
        return value  # nearly all of them
    text = squeeze(str(value)).strip("\"'“”‘’")
    if is_blank(text):
        return ""
    if len(text) > 60:
        raise Unclear("不是编号，请写成 005 或 第005号")
    text = re.sub(r"[“”\"'‘’]", "", text)
    text = re.sub(r"^(\d+)\.0+$", r"\1", text)
    text = re.sub(r"^.*(?:届|次|会议|会)第(?=\d)", "", text)
    if _LIST_MARKS.search(text) or text.count("号") > 1:
        raise Unclear("一格里写了几个编号，请每个编号各写一行；并案的先分别导入，再在系统里并案")
    match = _NUMBER_FRAME.fullmatch(text)
    number = match.group(1) if match else text
    if not _NUMBER.fullmatch(number):
        raise Unclear("不是编号，请写成 005 或 第005号")
    return number


def looks_like_number(value: object) -> bool:
    """Whether the value is short and can be read as a number of an item."""
    try:
        return bool(number_of(value)) and len(str(value)) <= 24
    except Unclear:
        return False
