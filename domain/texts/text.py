"""Plain text matters of Chinese office tables: width, spaces, invisible characters, similarity. No meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from heapq import nlargest

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0100-\U000e01ef]"
)
"""Of no width: joiners, marks of direction, variation selectors, fillers."""
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no paper shows and not every database, spreadsheet or browser takes."""
_RADICAL = re.compile("[\u2e80-\u2fd5]")
_RADICALS = str.maketrans(
    "⺁⺎⺏⺐⺒⺓⺛⺜⺝⺟⺠⺩⺪⺬⺶⺻⻁⻃⻄⻅⻆⻉⻋⻐⻑⻒⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂兀尣尢巳幺旡日月母民王疋示羊聿虎覀西见角贝车钅長镸长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)
"""The CJK radicals that PDF files write for whole characters, by EquivalentUnifiedIdeograph.txt of Unicode. NFKC knows
the Kangxi radicals, but of this block only two."""
_BRACKETS = str.maketrans("〔〕【】［］〈〉《》", "()()()()()")
_BRACKET = re.compile("[〔〕【】〈〉《》]")
_SPACES = re.compile(r"\s+")
_BLANKS = frozenset(
    ("", "无", "-", "--", "—", "——", "/", "\\", "、", "无。", "暂无", "(无)", "空", "*", ".")
)


def clean(value: object) -> str:
    """The cell as a text of ordinary characters without outer spaces; inner line breaks stay."""
    text = value if isinstance(value, str) else str(value)
    return (text if text.isascii() else plain_characters(text)).strip()


def plain_characters(text: str) -> str:
    """The text with the ordinary characters in place of radicals (⼈, ⻓ out of a PDF) and without invisible ones."""
    text = INVISIBLE.sub("", text)
    if not _RADICAL.search(text):
        return text
    return _RADICAL.sub(
        lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(_RADICALS)
    )


def half_width(text: str) -> str:
    """NFKC: full-width letters, digits and brackets become plain ones; all kinds of brackets become round."""
    if text.isascii():
        return text
    text = text.translate(_RADICALS) if _RADICAL.search(text) else text
    plain = unicodedata.normalize("NFKC", text)
    return plain.translate(_BRACKETS) if _BRACKET.search(plain) else plain


def squeeze(text: str) -> str:
    """Half width and without any white space: for comparing, never for showing."""
    return "".join(half_width(text).split())


def one_line(text: str) -> str:
    """Line breaks and runs of spaces gone; a space stays only between two Latin letters or digits."""
    if text.isprintable() and " " not in text and "\u3000" not in text:
        return text
    return re.sub(r"(?<![!-~])\s+|\s+(?![!-~])", "", _SPACES.sub(" ", text)).strip()


def is_blank(text: str) -> bool:
    """True also for what people write instead of nothing: 无, /, —."""
    return len(text) < 12 and (text in _BLANKS or (not text.isalnum() and squeeze(text) in _BLANKS))


def similar(wanted: str, known: Iterable[str], limit: int = 3, floor: float = 0.5) -> list[str]:
    """The known texts most like `wanted`, best first. For suggestions to a person only."""
    letters = set(wanted)
    near = nlargest(
        40, known, key=lambda other: len(letters & set(other)) / (len(letters | set(other)) or 1)
    )
    matcher = SequenceMatcher(None, b=wanted, autojunk=False)
    scored = []
    for other in near:
        matcher.set_seq1(other)
        scored.append((matcher.ratio(), other))
    scored.sort(key=lambda pair: -pair[0])
    enough = max(floor, scored[0][0] - 0.2) if scored else floor
    return [other for score, other in scored if score >= enough][:limit]
