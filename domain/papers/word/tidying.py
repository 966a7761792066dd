"""What a document needs when paragraphs and rows have come and gone: nothing empty is left, and all is well-formed.

A list that a block makes in a line, 甲2件、乙1件、, loses its last separator where the sentence ends or is cut there.
"""

from itertools import count

from lxml import etree

from domain.papers.word.blocks import is_blank
from domain.papers.word.names import (
    BODY,
    CONTROL_ID,
    DRAWING_ID,
    EMPTIED,
    HOLDERS,
    PARAGRAPH,
    ROW,
    RUN,
    TABLE,
    TAIL,
    TEXT,
    Element,
)

_SEPARATORS = "、，；"
_ENDS = ("", *"。！？；：，、）】》”")


def tidy(root: Element) -> None:
    """Take out the paragraphs that only a block stood in and the tables without rows; keep what must be there."""
    for run in [run for run in root.iter(RUN) if TAIL in run.attrib]:
        del run.attrib[TAIL]
        _end_list(run)
    for paragraph in [p for p in root.iter(PARAGRAPH) if EMPTIED in p.attrib]:
        del paragraph.attrib[EMPTIED]
        if is_blank(paragraph) and _can_go(paragraph):
            paragraph.getparent().remove(paragraph)
    for table in list(root.iter(TABLE)):
        if table.find(f".//{ROW}") is None:
            table.getparent().remove(table)
    _part_tables(root)
    for holder in root.iter(*HOLDERS):
        if len(holder) == 0 or holder[-1].tag != PARAGRAPH:
            etree.SubElement(holder, PARAGRAPH)
    _count_again(root)


def _end_list(run: Element) -> None:
    texts = [text for text in run.iter(TEXT) if text.text]
    if texts and texts[-1].text[-1] in _SEPARATORS and _next_letter(run) in _ENDS:
        texts[-1].text = texts[-1].text[:-1]


def _next_letter(run: Element) -> str:
    """The letter behind a run in its paragraph; nothing at the end."""
    paragraph = next(run.iterancestors(PARAGRAPH))
    behind = list(paragraph.iter(RUN))
    behind = behind[behind.index(run) + 1 :]
    return "".join(text.text or "" for other in behind for text in other.iter(TEXT)).strip()[:1]


def _can_go(paragraph: Element) -> bool:
    """Whether it is not the paragraph that a cell or a header must have."""
    holder = paragraph.getparent()
    return holder.tag == BODY or sum(1 for _ in holder.iterchildren(PARAGRAPH)) > 1


def _part_tables(root: Element) -> None:
    """A table that follows another without a paragraph between would be shown as one with it."""
    for table in list(root.iter(TABLE)):
        behind = table.getnext()
        if behind is not None and behind.tag == TABLE:
            table.addnext(etree.Element(PARAGRAPH))


def _count_again(root: Element) -> None:
    """Drawings are told apart by number, controls by an id that may be left out."""
    numbers = count(1)
    for drawing in root.iter(DRAWING_ID):
        drawing.set("id", str(next(numbers)))
    seen = set[str]()
    for one in list(root.iterfind(f".//{CONTROL_ID}")):
        number = next(iter(one.attrib.values()), "")
        if number in seen:
            one.getparent().remove(one)
        seen.add(number)
