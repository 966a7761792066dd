"""Whole numbers in Chinese numerals, as people write the number of an item: 八一七, 一百二十三, 〇二五.

Read where they are plainly a number: digits one by one keep their zeros (〇二五 is 025); with 十, 百 and 千 only the
form that the number has when it is written out (一百零五, 二十, 十二; 一百二 may be 102 or 120 and is none).
"""

from __future__ import annotations

import re

_DIGITS = "〇一二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))
_PLAIN = str.maketrans("零○壹贰貳叁肆伍陆陸柒捌玖拾佰仟", "〇〇一二二三四五六六七八九十百千")
NUMERALS = "〇零○一二三四五六七八九十百千壹贰貳叁肆伍陆陸柒捌玖拾佰仟"
"""The characters that such a number is made of."""
_LARGEST = 9999
_BARE = 3
"""So many numerals make a number by themselves; 一 or 十二 alone may as well count the parts of a list."""


def in_digits(text: str, is_named: bool) -> str:
    """The number in digits, '' where the text is none. ``is_named``: it stood before 号."""
    plain = text.translate(_PLAIN)
    if not plain or len(plain) < (1 if is_named else _BARE):
        return ""
    if all(letter in _DIGITS for letter in plain):
        return "".join(str(_DIGITS.index(letter)) for letter in plain)
    value = _value(plain)
    written = ("一" * plain.startswith("十") + plain).replace("百十", "百一十")
    return str(value) if value and _written_out(value) == written else ""


def _value(plain: str) -> int:
    """What the digits before 千, 百 and 十, and one behind them, add up to; 0 where it is no such number."""
    match = re.fullmatch("(?:(.)千)?〇?(?:(.)百)?〇?(?:(.?)十)?〇?(.)?", plain)
    if not match or any(part and part not in _DIGITS for part in match.groups()):
        return 0
    thousands, hundreds, tens, ones = match.groups()
    found = 0
    for digit, place in ((thousands, 1000), (hundreds, 100), (ones, 1)):
        found += place * (_DIGITS.index(digit) if digit else 0)
    return found + (0 if tens is None else 10 * (_DIGITS.index(tens) if tens else 1))


def _written_out(value: int) -> str:
    """一百零五 as 一百〇五; a ten at the beginning with its 一."""
    if not 0 < value <= _LARGEST:
        return ""
    written, is_gap = "", False
    for place, name in _PLACES:
        digit, value = divmod(value, place)
        if digit:
            written += ("〇" if is_gap else "") + _DIGITS[digit] + name
        is_gap = bool(written) and not digit
    return written + (("〇" if is_gap else "") + _DIGITS[value] if value else "")
