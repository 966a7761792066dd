"""Single facts out of cells: kind, yes or no, title. Pure; each raises Unclear or returns.

`Unclear` carries the rest of a Chinese sentence: what is wrong with the value and how to write it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from domain.texts.numbers import Unclear
from domain.texts.text import is_blank, one_line, squeeze

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


_YES = frozenset(("是", "√", "✓", "✔", "☑", "■", "Y", "YES", "TRUE", "1", "●", "★", "◆", "有"))
_NO = frozenset(("否", "×", "✗", "✘", "☐", "□", "N", "NO", "FALSE", "0", "○", "☆", "非"))


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
