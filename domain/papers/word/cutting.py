"""Marks as they lie in a paragraph, whose characters may each have a run of their own: each becomes one run.

Word and WPS cut a text wherever somebody corrected it, a spell check stopped or a bookmark stands.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from domain.papers.marks import MARK, PaperMark, marks_in
from domain.papers.word.names import (
    ASKING,
    BOUND,
    BREAK,
    CONTROL,
    DELETED,
    MOVED_FROM,
    NAME,
    PARAGRAPH,
    PARAGRAPH_FORMAT,
    PRESERVED,
    RETURN,
    RUN_FORMAT,
    SIGN,
    TAB,
    TEXT,
    WHERE,
    Element,
)
from domain.papers.word.parts import TextPart
from domain.papers.word.places import Places

_SIGNS = {BREAK: "\n", RETURN: "\n", TAB: "\t"}
_NOT_HERE = frozenset((PARAGRAPH, DELETED, MOVED_FROM, PARAGRAPH_FORMAT, RUN_FORMAT))
"""What in a paragraph is not its text: the paragraphs of its text boxes, what a tracked change took away, formats."""


@dataclass(frozen=True)
class _Letters:
    """An element of a run that shows text, and from where to where it reaches in the paragraph's text."""

    element: Element
    start: int
    end: int


def cut_out_marks(part: TextPart) -> None:
    """Make every mark of the part a run of its own, in the format of its first brace. Raises BadMark."""
    places = Places(part)
    for paragraph in list(part.root.iter(PARAGRAPH)):
        text = "".join(_text(element) for element in _shown(paragraph))
        if "{{" in text or "}}" in text:
            marks = list(marks_in(text, places.of(paragraph)))
            spans = [match.span() for match in MARK.finditer(text)]
            _cut(paragraph, [position for span in spans for position in span])
            letters = list(_letters(paragraph))
            for span, mark in zip(spans, marks, strict=True):
                _make_one([one.element for one in letters if _lies_in(one, span)], mark)


def _lies_in(letters: _Letters, span: tuple[int, int]) -> bool:
    return span[0] <= letters.start < span[1]


def _letters(paragraph: Element) -> Iterator[_Letters]:
    start = 0
    for element in _shown(paragraph):
        end = start + len(_text(element))
        yield _Letters(element, start, end)
        start = end


def _shown(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == TEXT or child.tag in _SIGNS:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _NOT_HERE:
            yield from _shown(child)


def _text(element: Element) -> str:
    return _SIGNS.get(element.tag) or element.text or ""


def _cut(paragraph: Element, positions: list[int]) -> None:
    """Let a run end at each position of the paragraph's text: from behind, so that what is before stays in place."""
    letters = list(_letters(paragraph))
    for position in reversed(positions):
        one = next((one for one in letters if one.start <= position < one.end), None)
        if one is not None:
            _end_run(one.element, position - one.start)


def _end_run(element: Element, length: int) -> None:
    """Move what stands in the run behind so many letters of the element into a run of the same format behind it."""
    run = element.getparent()
    behind = etree.Element(run.tag, run.attrib)
    if (how := run.find(RUN_FORMAT)) is not None:
        behind.append(deepcopy(how))
    moved = [element, *element.itersiblings()]
    if length:
        rest = etree.Element(TEXT)
        _write(rest, element.text[length:])
        _write(element, element.text[:length])
        moved[0] = rest
    behind.extend(moved)
    run.addnext(behind)


def _write(element: Element, text: str) -> None:
    element.text = text
    element.set(*PRESERVED)


def _make_one(elements: list[Element], mark: PaperMark) -> None:
    """Make the run of the first element the mark, and take the others out."""
    first = elements[0].getparent()
    for element in elements:
        run = element.getparent()
        run.remove(element)
        if run is not first and all(child.tag == RUN_FORMAT for child in run):
            run.getparent().remove(run)
    first.set(NAME, mark.name)
    first.set(SIGN, mark.sign)
    first.set(WHERE, mark.where)
    _loosen(first)


def _loosen(run: Element) -> None:
    """Free the content controls around a mark: one that is bound to data would put its old text back."""
    for control in run.iterancestors(CONTROL):
        for bond in list(control.iter(BOUND, ASKING)):
            bond.getparent().remove(bond)
