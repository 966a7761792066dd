"""Single facts out of cells: date, kind, names of people, yes or no. Pure; each raises Unclear or returns.

`Unclear` carries the rest of a Chinese sentence: what is wrong with the value and how to write it.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from domain.texts.numbers import Unclear
from domain.texts.text import half_width, is_blank, one_line, squeeze

KINDS = ("建议案", "议案", "建议", "提案")


@lru_cache(maxsize=2048)
def kind_of(text: str) -> str | None:
    """建议, 提案, 议案 or 建议案 when the text names exactly one of them; None when none or several."""
    plain = squeeze(text).replace("建议、批评和意见", "建议").replace("建议批评和意见", "建议")
    found = set()
    for kind in KINDS:
        if kind in plain:
            found.add(kind)
            plain = plain.replace(kind, "")
    return found.pop() if len(found) == 1 else None


_FULL = re.compile(r"(\d{4})[年.\-/](\d{1,2})[月.\-/](\d{1,2})[日号]?")
_COMPACT = re.compile(r"(20\d{2})([01]\d)([0-3]\d)")
_MONTH_DAY = re.compile(r"(?:今年|本年)?(\d{1,2})月(\d{1,2})[日号]")
_MONTH_END = re.compile(r"(?:(\d{4})年)?(?:今年|本年)?(\d{1,2})月(?:份)?(?:底|末|月底)")
_YEAR_END = re.compile(r"(?:(\d{4})年|今年|本年|当年)?年?(?:底|末)")
_TAIL = re.compile(r"(?:之前|以前|前|内|止|为止)?(?:完成|办结|办复|答复|报送)?[。.]?$")
_CLOCK = re.compile(r"[T ]?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$")
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def date_of(value: object, year: int) -> datetime.date | None:
    """A date; `year` completes 6月5日前 and 6月底. None for blank; Unclear for what is no possible date."""
    if isinstance(value, datetime.date):
        return _sane(value)
    if isinstance(value, int | float):
        return _from_serial(float(value))
    return _date_from_text(str(value), year)


@lru_cache(maxsize=2048)
def _date_from_text(value: str, year: int) -> datetime.date | None:
    if len(value) > 60:
        raise Unclear("不是日期，请写成 2024-06-05")
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
        return _date(year, int(match[1]), int(match[2]))
    if match := _MONTH_END.fullmatch(text):
        return _last_day(int(match[1] or year), int(match[2]))
    if match := _YEAR_END.fullmatch(text):
        return _date(int(match[1] or year), 12, 31)
    raise Unclear("不是日期，请写成 2024-06-05")


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
        raise Unclear("不是日期，请写成 2024-06-05")
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
        raise Unclear("不是日期，请写成 2024-06-05")
    return datetime.date(1899, 12, 30) + datetime.timedelta(days=int(serial))


_COLLECTIVE = re.compile(
    r"[委会团党盟组局院部界处所社台校厂]$|代表团|总支|支部|民革|民盟|民建|民进|九三|工商联|界别|公司"
)
_COUNT = re.compile(r"(?:等|\(等)\s*\d*\s*(?:名|位|人|个)?(?:代表|委员|人)?\)?$")
_TITLES = re.compile(r"(?<=..)(?:代表|委员|同志)$")


def is_collective(name: str) -> bool:
    """Whether the name is that of a body that signs (民盟鱼峰区总支, 鱼峰代表团), not of a person."""
    return _COLLECTIVE.search(name) is not None


@lru_cache(maxsize=8192)
@lru_cache(maxsize=4096)
def people_of(text: str) -> tuple[str, ...]:
    """Names in a cell, without doubles: split at 、，,; line breaks and spaces; 王　芳 is one person."""
    if is_blank(text):
        return ()
    names: list[str] = []
    for chunk in re.split(
        r"[、，,;；/／|\n\r\t]+", _COUNT.sub("", half_width(text).strip(" 。.:;"))
    ):
        names += _people_of_chunk(chunk.strip())
    return tuple(dict.fromkeys(name for name in names if name and not is_blank(name)))


def _people_of_chunk(chunk: str) -> list[str]:
    """Spaces separate names, but no name is one character long: 王　芳 and 欧阳 锋 are set wide."""
    if is_collective(chunk):
        return [one_line(chunk)]
    names: list[str] = []
    parts = [_name(part) for part in chunk.split()]
    while parts:
        part = parts.pop(0)
        if len(part) == 1 and parts and len(parts[0]) == 1:
            part += parts.pop(0)
            if len(parts) == 1 and len(parts[0]) == 1:
                part += parts.pop(0)
        if len(part) == 1 and names:
            names[-1] += part
        else:
            names.append(part)
    return names


def _name(part: str) -> str:
    return _TITLES.sub("", _COUNT.sub("", re.sub(r"\([^()]*\)?$", "", part)))


_YES = frozenset(("是", "√", "✓", "✔", "☑", "Y", "YES", "TRUE", "1", "●", "★", "◆", "有"))
_NO = frozenset(("否", "×", "✗", "✘", "☐", "N", "NO", "FALSE", "0", "○", "☆", "非"))


def is_key_of(text: str) -> bool:
    """True for 是, √, 重点提案, 县领导督办; False for 否, 一般提案. Raises Unclear for anything else."""
    plain = squeeze(text).upper()
    if is_blank(plain) or plain in _NO or plain.startswith(("一般", "普通", "非", "不是")):
        return False
    if plain in _YES or re.search("重点|督办|领办|领衔|牵头|挂牌", plain):
        return True
    raise Unclear("请写“是”或“否”")


def title_of(text: str) -> str:
    """The title on one line, without the numbering in front and the book marks around it."""
    title = re.sub(r"^(?:第?\d+号?[.、．]\s*|\(\d+\)\s*)(?=关于|《)", "", one_line(text))
    if title.startswith("《") and title.endswith("》") and title.count("《") == 1:
        title = title[1:-1]
    return title
