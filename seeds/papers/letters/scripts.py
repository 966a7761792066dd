"""A letter as a text that can be read: a line for each paragraph, 【标题】 before it where it is no plain text.

    【标题】关于催办建议提案的函
    【主送】{{承办单位.单位全称}}：
    截至{{填报日期}}，有下列任务超过时限：
    【表】1 7 2                          the widths of its columns; its rows follow
    | #序号 | #标题 | #到期日 |          # a head, 3> over three columns, ^ in the middle, / a new line
    【】                                 an empty line
    【换页】                             the next line stands on a new page
    【横页】                             what follows stands on pages that lie on their side

Empty lines of the text mean nothing. <件> stands for a word that the letter is given.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from seeds.papers.letters.binding import bound
from seeds.papers.letters.drawn import (
    KEPT,
    ON_NEW_PAGE,
    LetterCell,
    line,
    ruled,
    section_end,
    table,
)
from seeds.papers.letters.layout import (
    ANNEX,
    CELL,
    CELL_CENTRED,
    CELL_HEAD,
    COPIES,
    FLUSH,
    HEAD_1,
    HEAD_2,
    LANDSCAPE_WIDTH,
    MARK,
    NOTE,
    NUMBER,
    RED_HEAD,
    SIGNED,
    TEXT,
    TITLE,
    WIDTH,
    TextStyle,
)

TEXTS = Path(__file__).parent / "texts"
_PLAIN = "正文"
_STYLES: Mapping[str, TextStyle] = {
    "标注": MARK, "红头": RED_HEAD, "字号": NUMBER, "标题": TITLE, "主送": FLUSH, "": FLUSH,
    _PLAIN: TEXT, "一": HEAD_1, "二": HEAD_2, "署名": SIGNED, "附件": ANNEX, "注": NOTE,
}  # fmt: skip
_STYLED = re.compile(r"【(\w*)】(.*)")
_ALONE = re.compile(r"\{\{[#/][^}]*\}\}$")
"""A line that is there for the begin or end of a block alone."""
_SPAN = re.compile(r"(\d+)>")
_TABLE, _SIDEWAYS, _BAND, _NEW_PAGE = "表", "横页", "版记", "换页"


def draw_letter(name: str, words: Mapping[str, str] | None = None) -> bytes:
    """The template of a text of `texts/`, with the words that stand in it as <件>."""
    text = (TEXTS / f"{name}.txt").read_text("utf-8")
    for word, said in (words or {}).items():
        text = text.replace(f"<{word}>", said)
    return drawn(text)


def drawn(text: str) -> bytes:
    """The template of a text."""
    before, _, sideways = text.partition(f"【{_SIDEWAYS}】\n")
    if not sideways:
        return bound("".join(_paragraphs(before, WIDTH)))
    upright = f"{''.join(_paragraphs(before, WIDTH))}{section_end()}" if before.strip() else ""
    return bound(upright + "".join(_paragraphs(sideways, LANDSCAPE_WIDTH)), is_landscape=True)


def _paragraphs(text: str, width: int) -> Iterator[str]:
    said = [one for one in text.splitlines() if one.strip()]
    at = 0
    while at < len(said):
        style, words = _read(said[at])
        rows = at + 1
        while rows < len(said) and said[rows].startswith("|"):
            rows += 1
        if style == _TABLE:
            shares = [int(share) for share in words.split()]
            yield table(shares, [_row(one) for one in said[at + 1 : rows]], width)
        elif style == _NEW_PAGE:
            pass
        elif style == _BAND:
            yield ruled([line(_cells(one)[0], COPIES) for one in said[at + 1 : rows]], width)
        else:
            more = ON_NEW_PAGE if at and _read(said[at - 1])[0] == _NEW_PAGE else ""
            more = KEPT if _is_before_signature(said[at:]) else more
            yield line(words, _STYLES[style], more=more)
        at = rows


def _read(said: str) -> tuple[str, str]:
    found = _STYLED.fullmatch(said)
    return (found[1], found[2]) if found else (_PLAIN, said)


def _is_before_signature(said: Sequence[str]) -> bool:
    """Whether nothing but empty lines stand between a line and the signature, which is never alone on its page."""
    following = (
        style for style, words in map(_read, said[1:]) if words and not _ALONE.match(words)
    )
    return next(following, "") == "署名"


def _row(said: str) -> list[LetterCell]:
    return [_cell(text) for text in _cells(said)]


def _cells(said: str) -> Sequence[str]:
    return [text.strip() for text in said.strip().strip("|").split("|")]


def _cell(text: str) -> LetterCell:
    span = _SPAN.match(text)
    text = text[span.end() :] if span else text
    style = {"#": CELL_HEAD, "^": CELL_CENTRED}.get(text[:1], CELL)
    texts = text[style is not CELL :].split("/ ")
    return LetterCell(texts, int(span[1]) if span else 1, style)
