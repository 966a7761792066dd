"""A date in any writing that offices use: 2024.6.5, 6月5日前办结, 二〇二四年六月五日, 20240605, a serial of Excel.

`Unclear` carries the rest of a Chinese sentence: what is wrong with the value and how to write it. The days that a form
sends are read in `days`.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from domain.texts.numbers import Unclear
from domain.texts.text import clean, half_width, is_blank, squeeze

_FULL = re.compile(r"(\d{4})[年.\-/](\d{1,2})[月.\-/](\d{1,2})[日号]?")
_COMPACT = re.compile(r"(20\d{2})([01]\d)([0-3]\d)")
_MONTH_DAY = re.compile(r"(?:今年|本年)?(\d{1,2})月(\d{1,2})[日号]")
_MONTH_END = re.compile(r"(?:(\d{4})年)?(?:今年|本年)?(\d{1,2})月(?:份)?(?:底|末|月底)")
_YEAR_END = re.compile(r"(?:(\d{4})年|今年|本年|当年)?年?(?:底|末)")
_TAIL = re.compile(r"(?:之前|以前|前|内|止|为止)?(?:完成|办结|办复|答复|报送)?[。.]?$")
_CLOCK = re.compile(r"[T ]?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$")
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


NO_DATE = "不是日期，请写成 2024-06-05"


def date_of(value: object, year: int | None) -> datetime.date | None:
    """A date; `year` completes 6月5日前 and 6月底, which are Unclear without it, as is what is no possible date.

    None for blank.
    """
    if isinstance(value, datetime.date):
        return _sane(value)
    if isinstance(value, int | float):
        return _from_serial(float(value))
    return _date_from_text(clean(value), year)


@lru_cache(maxsize=2048)
def _date_from_text(value: str, year: int | None) -> datetime.date | None:
    if len(value) > 60:
        raise Unclear(NO_DATE)
    text = squeeze(_CLOCK.sub("", half_width(value).strip()))
    if is_blank(text):
        return None
    text = _CLOCK.sub("", text).removesuffix("00:00:00")
    if re.fullmatch(r"\d{5}(\.0)?", text):
        return _from_serial(float(text))
    text = re.sub(r"^(?:于|在|请于|务必于)", "", _TAIL.sub("", _arabic(text)))
    if match := _FULL.fullmatch(text) or _COMPACT.fullmatch(text):
        return _date(*map(int, match.groups()))
    if match := _MONTH_DAY.fullmatch(text):
        return _date(_stated(None, year), int(match[1]), int(match[2]))
    if match := _MONTH_END.fullmatch(text):
        return _last_day(_stated(match[1], year), int(match[2]))
    if match := _YEAR_END.fullmatch(text):
        return _date(_stated(match[1], year), 12, 31)
    raise Unclear(NO_DATE)


def _stated(written: str | None, year: int | None) -> int:
    if written is None and year is None:
        raise Unclear("没有写年份，请写成 2024-06-05")
    return int(written or year or 0)


def _arabic(text: str) -> str:
    """二〇二四年六月十五日 -> 2024年6月15日; other texts unchanged."""

    def digits(match: re.Match[str]) -> str:
        found = match.group(0)
        if "十" in found:
            tens, ones = found.split("十", 1)
            return str(
                int((tens or "一").translate(_CHINESE_DIGITS)) * 10
                + int((ones or "0").translate(_CHINESE_DIGITS))
            )
        return found.translate(_CHINESE_DIGITS)

    if not re.search("[〇零一二三四五六七八九十](?=[年月日])", text):
        return text
    return re.sub(
        "[〇零一二三四五六七八九]{0,4}十[一二三四五六七八九]?|[〇零一二三四五六七八九]+",
        digits,
        text,
    )


def _date(year: int, month: int, day: int) -> datetime.date:
    try:
        return _sane(datetime.date(year, month, day))
    except ValueError:
        raise Unclear(f"不是日期，{year}年没有{month}月{day}日，请写成 2024-06-05") from None


def _last_day(year: int, month: int) -> datetime.date:
    if not 1 <= month <= 12:
        raise Unclear(NO_DATE)
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def _sane(day: datetime.date) -> datetime.date:
    if not 2000 <= day.year <= 2099:
        raise Unclear("年份不对，请检查后写成 2024-06-05")
    return day


def _from_serial(serial: float) -> datetime.date:
    """Excel's day count: 45448 is 2024-06-05. 20240605 typed as a number is a date too."""
    if serial == int(serial) and (match := _COMPACT.fullmatch(str(int(serial)))):
        return _date(*map(int, match.groups()))
    if not 36526 <= serial < 73051:
        raise Unclear(NO_DATE)
    return datetime.date(1899, 12, 30) + datetime.timedelta(days=int(serial))
