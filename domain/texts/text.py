"""Plain text matters of Chinese office tables: width, spaces, invisible characters, similarity. No meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from heapq import nlargest

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no paper shows and not every database, spreadsheet or browser takes."""
_BRACKETS = str.maketrans("〔〕【】［］〈〉《》", "()()()()()")
_BRACKET = re.compile("[〔〕【】〈〉《》]")
_SPACES = re.compile(r"\s+")
_BLANKS = frozenset(
    ("", "无", "-", "--", "—", "——", "/", "\\", "、", "无。", "暂无", "(无)", "空", "*", ".")
)


def clean(value: object) -> str:
    """The cell as a text without invisible characters and outer spaces; inner line breaks stay."""
    text = value if isinstance(value, str) else str(value)
    if not text.isprintable():
        text = INVISIBLE.sub("", text)
    return text.strip()


def half_width(text: str) -> str:
    """NFKC: full-width letters, digits and brackets become plain ones; all kinds of brackets become round."""
    if text.isascii():
        return text
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
