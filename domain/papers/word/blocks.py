"""A block of a template: what of the document it repeats, told by where its two marks stand.

In one paragraph the runs between them; over several paragraphs these; in a row or several rows of a table whole rows.
A paragraph or row that holds nothing but the marks is there for them alone and is not repeated.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from domain.papers.marks import BadMark
from domain.papers.word.names import (
    NAME,
    PARAGRAPH,
    PARAGRAPH_FORMAT,
    ROW,
    SHOWN,
    SIGN,
    TEXT,
    WHERE,
    Element,
    marks_of,
)

TORN = "{mark} 和它的结尾不在一处，请放在同一段、同一格、同一个表的整行，或几个整段的开头和结尾。"
BESIDE = "{mark} 到结尾跨了几段，开头的前面、结尾的后面不能再有别的内容，请另起一段。"
SHARED_ROW = "{mark} 要重复整行，这几行里不能还有别的块的开头或结尾。"


@dataclass(frozen=True)
class PaperBlock:
    """The siblings from ``first`` to ``last``; runs between the two marks, or paragraphs or rows that hold them."""

    opening: Element
    closing: Element
    first: Element
    last: Element

    @property
    def is_inline(self) -> bool:
        return self.first is self.opening

    @property
    def siblings(self) -> list[Element]:
        found = [self.first]
        while found[-1] is not self.last:
            found.append(found[-1].getnext())
        return found

    def without_marks(self) -> list[Element]:
        """What is repeated, as it stands, when the marks have been taken out of the document."""
        nodes = self.siblings
        if self.is_inline:
            nodes = nodes[1:-1]
        elif self.last.tag == PARAGRAPH:
            _part_behind(self.closing, self.last)
        for mark in (self.opening, self.closing):
            mark.getparent().remove(mark)
        if self.is_inline:
            return nodes
        idle = [end for end in dict.fromkeys((self.first, self.last)) if is_blank(end)]
        for end in idle:
            end.getparent().remove(end)
        return [node for node in nodes if node not in idle]


def closing_of(marks: list[Element], at: int) -> int:
    """Where the block that is opened at this place of the list of marks is closed."""
    depth = 0
    for place in range(at, len(marks)):
        depth += {"#": 1, "/": -1}.get(marks[place].get(SIGN), 0)
        if depth == 0:
            return place
    raise AssertionError("a block without an end was refused before")


def block_between(marks: list[Element], at: int, end: int) -> PaperBlock:
    """The block of the two marks at these places of the list. Raises BadMark where they do not enclose one."""
    opening, closing = marks[at], marks[end]
    block = PaperBlock(opening, closing, *_siblings(opening, closing))
    if block.first.tag == block.last.tag == ROW:
        if [mark for row in block.siblings for mark in marks_of(row)] != marks[at : end + 1]:
            raise _bad(opening, SHARED_ROW)
    elif block.first.tag == block.last.tag == PARAGRAPH:
        if _shows_beside(opening, block.first, before=True) or _shows_beside(closing, block.last):
            raise _bad(opening, BESIDE)
    elif not (block.first is opening and block.last is closing):
        raise _bad(opening, TORN)
    return block


def is_blank(element: Element) -> bool:
    """Whether a paragraph or row shows nothing."""
    return not any(_is_shown(one) for one in element.iter())


def _is_shown(element: Element) -> bool:
    has_text = element.tag == TEXT and (element.text or "").strip()
    return bool(has_text) or element.tag in SHOWN or NAME in element.attrib


def _siblings(opening: Element, closing: Element) -> tuple[Element, Element]:
    """What holds the one and what holds the other below their nearest common ancestor; a row stands for itself."""
    ways = [[mark, *mark.iterancestors()] for mark in (opening, closing)]
    above = set(ways[1])
    common = next(element for element in ways[0] if element in above)
    if common.tag == ROW:
        return common, common
    first, last = (way[way.index(common) - 1] for way in ways)
    return first, last


def _shows_beside(mark: Element, paragraph: Element, *, before: bool = False) -> bool:
    """Whether the paragraph shows anything before, or behind, the mark but the marks of other blocks."""
    elements = list(paragraph.iter())
    at = elements.index(mark)
    beside = elements[:at] if before else elements[at + 1 :]
    return any(_is_shown(one) and not one.get(SIGN) for one in beside)


def _part_behind(mark: Element, paragraph: Element) -> None:
    """Give what stands behind the mark, the marks of other blocks, a paragraph of its own: it is not repeated."""
    behind = [other for other in marks_of(paragraph) if other in set(_following(mark))]
    if behind:
        parted = etree.Element(PARAGRAPH)
        if (how := paragraph.find(PARAGRAPH_FORMAT)) is not None:
            parted.append(deepcopy(how))
        parted.extend(behind)
        paragraph.addnext(parted)


def _following(mark: Element) -> Iterator[Element]:
    yield from mark.itersiblings()
    for around in mark.iterancestors():
        if around.tag == PARAGRAPH:
            return
        yield from (one for sibling in around.itersiblings() for one in sibling.iter())


def _bad(mark: Element, why: str) -> BadMark:
    return BadMark(mark.get(WHERE), why.format(mark=f"{{{{#{mark.get(NAME)}}}}}"))
