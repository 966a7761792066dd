"""The demands (诉求) of an item, as its text numbers them: 一、 1. （一） ① 一是, or sentences that begin with 建议.

A proposal for a person to look at: where the text numbers nothing, nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MOST = 50
"""No item asks for more: a text that seems to is numbered otherwise."""
LONGEST = 500
_LEVELS = (
    re.compile(r"[一二三四五六七八九十]+[、．.]\s*|第[一二三四五六七八九十]+[，、,]\s*"),
    re.compile(r"[（(][一二三四五六七八九十]+[)）]\s*"),
    re.compile(r"建议[一二三四五六七八九十\d]+[：:]\s*"),
    re.compile(r"\d{1,2}\s*[．.、](?!\d)\s*"),
    re.compile(r"[（(]\d{1,2}[)）]\s*"),
    re.compile(r"[①②③④⑤⑥⑦⑧⑨⑩]\s*"),
)
"""How paragraphs are numbered, the outermost first."""
_HEAD = re.compile(r"建议|对策|措施|诉求|意见")
_IN_A_ROW = re.compile(r"[一二三四五六七八九十]是")
_SENTENCE = re.compile(r"[^。；;！\n]+[。；;！]?")


def demands_in(text: str) -> list[str]:
    """What the text asks for, one by one, without the numbers; [] where that cannot be told."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    asking = _asking_part(lines)
    found = _numbered(asking) or _in_a_row("".join(asking)) or _beginning_with_advice(asking)
    kept = [one.strip()[:LONGEST] for one in found if one.strip()]
    return kept if len(kept) <= MOST else []


def _level(line: str) -> int | None:
    return next((n for n, number in enumerate(_LEVELS) if number.match(line)), None)


def _unnumbered(line: str) -> str:
    level = _level(line)
    return line if level is None else _LEVELS[level].sub("", line, count=1)


def _asking_part(lines: Sequence[str]) -> list[str]:
    """The lines below the head that says 建议, up to the next head of its rank; all of them where there is none."""
    heads = [n for n, line in enumerate(lines) if _is_head(line)]
    if not heads:
        return list(lines)
    first, rank = heads[-1] + 1, _level(lines[heads[-1]])
    ends = (n for n in range(first, len(lines)) if rank is not None and _level(lines[n]) == rank)
    return list(lines[first : next(ends, len(lines))])


def _is_head(line: str) -> bool:
    """A short line of its own that announces what is asked for, and is not the title of the whole."""
    words = _unnumbered(line).rstrip("：:")
    is_short = 2 <= len(words) <= 16 and words[-1] not in "。；，！"
    return is_short and bool(_HEAD.search(words)) and not words.startswith("关于")


def _numbered(lines: Sequence[str]) -> list[str]:
    """The paragraphs of the outermost numbers, each with what stands below it; a single one is no list."""
    levels = [level for line in lines if (level := _level(line)) is not None]
    if not levels:
        return []
    outermost, found = min(levels), list[str]()
    for line in lines:
        if _level(line) == outermost:
            found.append(_unnumbered(line))
        elif found:
            found[-1] += f"\n{line}"
    return found if len(found) > 1 else []


def _in_a_row(text: str) -> list[str]:
    """一是……；二是……: what follows each of them."""
    starts = [match.end() for match in _IN_A_ROW.finditer(text)]
    if len(starts) < 2:
        return []
    ends = [match.start() for match in _IN_A_ROW.finditer(text)][1:]
    return [text[a:b] for a, b in zip(starts, [*ends, len(text)], strict=True)]


def _beginning_with_advice(lines: Sequence[str]) -> list[str]:
    return list(_advice(lines))


def _advice(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        for sentence in _SENTENCE.findall(_unnumbered(line)):
            if sentence.strip().startswith("建议") and len(sentence.strip()) > 4:
                yield sentence
