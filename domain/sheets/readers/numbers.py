"""Cell values out of spreadsheet libraries into plain ones, and what would be lost on the way named as a problem."""

from __future__ import annotations

import datetime
import math
import re

from domain.sheets.grid import MAX_CELL_CHARACTERS, Cell, Problem

EXACT_DIGITS = 10**15
LOST_DIGITS = "数字超过15位，表格软件已丢失末尾几位，请把单元格改成文本格式后重新填写"
NO_DATE = "不是有效的日期，请写成 2024-06-05 的样子"
ERROR_VALUE = "是公式的错误值，请改成正确的内容"
NO_RESULT = "是没有保存结果的公式，请用 WPS 或 Excel 打开后保存一次"
STRUCK = "有删除线，没有读取"
UNSEEN = "的字和底色一样（如白字），打开文件看不见，也读取了"
HIDDEN = "是隐藏的文字，没有读取"
TOO_LONG = f"超过了 {MAX_CELL_CHARACTERS} 个字"


_RAISED = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")


def raised(text: str) -> str:
    """The text of a superscript: 805 with a raised 1 behind it is not 8051, and m with a raised 2 is m²."""
    return text.translate(_RAISED)


_AS_TEXT = re.compile(r'\s*="((?:[^"]|"")*)"\s*')


def without_formula(text: str) -> str:
    """="005" is how programs write a text that Excel should not take for a number: 005."""
    match = _AS_TEXT.fullmatch(text) if "=" in text[:2] else None
    return match[1].replace('""', '"') if match else text


def plain(value: object) -> Cell | Problem:
    """A value as a text, a whole number, a fraction or a date; a Problem when it cannot be trusted."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain_number(value)
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value if value.year > 1900 else Problem(value.isoformat(), NO_DATE)
    if isinstance(value, datetime.time | datetime.timedelta):
        return Problem(str(value), NO_DATE)
    return plain_text("" if value is None else str(value))


def plain_number(value: float) -> Cell | Problem:
    """Whole numbers as int; what has more than 15 digits or is not finite is a Problem."""
    if not math.isfinite(value):
        return Problem(str(value), "不是数字，请重新填写")
    if abs(value) >= EXACT_DIGITS:
        return Problem(f"{value:.0f}", LOST_DIGITS)
    return int(value) if value == int(value) else value


def plain_text(text: str) -> Cell | Problem:
    """The text without the characters that no database keeps (NUL and other controls)."""
    if len(text) > MAX_CELL_CHARACTERS:
        return Problem(text[:20] + "…", TOO_LONG)
    return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
