"""The main item that an item is merged into (并案), out of what a person wrote: 034, 并入第034号建议, 与 034 合并办理.

Only what the cell says; whether there is such an item, and whether it may be a main one, is `match_merges`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from domain.plans.recognising.facts import kind_of
from domain.texts import numbers
from domain.texts.text import clean, half_width, is_blank, squeeze

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
    """Which item the cell names; None for blank, 否 and 主案. Raises numbers.Unclear for anything else."""
    text = half_width(clean(value))
    if is_blank(text) or squeeze(text).upper() in ITSELF:
        return None
    text = re.sub(r"\s+(?=[\u4e00-\u9fff])", "", _TITLE.sub("", text))
    bare = re.sub(r"^\((.*)\)$", r"\1", _SAID.sub("", _SAID.sub("", text)))
    try:
        number = numbers.number_of(value if isinstance(value, int) else bare)
    except numbers.Unclear:
        number = ""
    if not number:
        raise numbers.Unclear(
            "里没有一个清楚的主案编号，请只写主案的编号，例如 005；没有并入别的件的，请空着"
        )
    return MainItem(kind_of(bare) or "", number)
