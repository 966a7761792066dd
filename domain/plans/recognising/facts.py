"""Single facts out of cells: kind, yes or no, title, main item. Pure; each raises Unclear or returns.

`Unclear` carries the rest of a Chinese sentence: what is wrong with the value and how to write it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from domain.texts.numbers import Unclear, number_of
from domain.texts.text import clean, half_width, is_blank, one_line, squeeze

KINDS = ("建议案", "议案", "建议", "提案", "专线电话件", "社情民意")
_WRITTEN = {"专线电话": "专线电话件", "专线件": "专线电话件", **{kind: kind for kind in KINDS}}
"""How a kind is written, in parts that no longer one has."""


@lru_cache(maxsize=2048)
def kind_of(text: str) -> str | None:
    """The kind when the text names exactly one; None when none or several."""
    plain = squeeze(text).replace("建议、批评和意见", "建议").replace("建议批评和意见", "建议")
    found = set()
    for written in sorted(_WRITTEN, key=len, reverse=True):
        if written in plain:
            found.add(_WRITTEN[written])
            plain = plain.replace(written, "")
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


ITSELF = frozenset(("否", "不", "无需", "不并案", "未并案", "主案", "主件", "本案", "N", "NO", "×"))
"""What people write of an item that is merged into no other."""
_TITLE = re.compile(r"[\s(《“\"]*关于.*$", re.S)
_SAID = re.compile(
    r"(?:已|拟|现)?(?:与|同|和|跟|见)?(?:并案|并入|合并|归并|归入|并)(?:办理|处理|答复)?(?:到|至|入|于|在)?(?:主案|主件)?[::]?"
    r"|^(?:主案|主件|与|同|见|随)[::]?|\((?:主案|主件)\)|(?:主案|主件|一并办理|一起办理|办理|一并|一起)$"
)


class MainItem(NamedTuple):
    """The number of the main item as the file has it, and its kind where the cell names one; '' where it does not."""

    kind: str
    number: str

    def __str__(self) -> str:
        return f"{self.kind}{self.number}"


def main_item_of(value: object) -> MainItem | None:
    """Which item the cell names; None for blank, 否 and 主案. Raises Unclear for anything else."""
    text = half_width(clean(value))
    if is_blank(text) or squeeze(text).upper() in ITSELF:
        return None
    text = re.sub(r"\s+(?=[\u4e00-\u9fff])", "", _TITLE.sub("", text))
    bare = re.sub(r"^\((.*)\)$", r"\1", _SAID.sub("", _SAID.sub("", text)))
    try:
        number = number_of(value if isinstance(value, int) else bare)
    except Unclear:
        number = ""
    if not number:
        raise Unclear(
            "里没有一个清楚的主案编号，请只写主案的编号，例如 005；没有并入别的件的，请空着"
        )
    return MainItem(kind_of(bare) or "", number)
