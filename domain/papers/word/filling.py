"""The blocks of a tree repeated for their rows, and its marks replaced by what they stand for."""

from collections import ChainMap
from collections.abc import Mapping
from copy import deepcopy
from typing import TypeVar

from lxml import etree

from domain.papers.marks import PLACE, BadMark, Filled, Value
from domain.papers.word.blocks import PaperBlock, block_between, closing_of
from domain.papers.word.names import EMPTIED, NAME, PARAGRAPH, SIGN, TAIL, WHERE, Element, marks_of
from domain.papers.word.values import strip_marks_of_place, write
from domain.sheets.grid import UnreadableFile

MOST_ELEMENTS = 4_000_000
"""What all copies of all blocks may hold: some 10,000 pages."""
TOO_LONG = "填好以后会太长，请减少模板里的块，或缩小范围后再做。"

Meant = TypeVar("Meant")


class DocumentFilling:
    """One document being filled in."""

    def __init__(self) -> None:
        self._left = MOST_ELEMENTS

    def fill(self, scope: Element, filled: Filled) -> None:
        """Write into a tree, or a part of one, what its marks stand for.

        Raises UnreadableFile if it gets too long, BadMark for a mark that stands for nothing.
        """
        marks = marks_of(scope)
        at = 0
        while at < len(marks):
            if marks[at].get(SIGN):
                end = closing_of(marks, at)
                self._repeat(block_between(marks, at, end), filled)
                at = end
            else:
                write(marks[at], _of(filled.values, marks[at]))
            at += 1

    def _repeat(self, block: PaperBlock, around: Filled) -> None:
        rows = _of(around.blocks, block.opening)
        parent = block.first.getparent()
        if block.is_inline:
            _tell_emptied(block)
        # What is repeated is put before this place, which no copy moves.
        place = etree.Element("place")
        block.first.addprevious(place)
        nodes = block.without_marks()
        self._spend(nodes, len(rows))
        for number, row in enumerate(rows, 1):
            copy = etree.Element(parent.tag)
            copy.extend(deepcopy(node) for node in nodes)
            if number > 1:
                strip_marks_of_place(copy)
            values = ChainMap[str, Value](dict(row.values), {PLACE: number}, dict(around.values))
            self.fill(copy, Filled(values, row.blocks))
            if block.is_inline and number == len(rows) and len(copy):
                copy[-1].set(TAIL, "")
            for node in list(copy):
                place.addprevious(node)
        for node in (*nodes, place):
            parent.remove(node)

    def _spend(self, nodes: list[Element], times: int) -> None:
        self._left -= times * sum(1 for node in nodes for _ in node.iter())
        if self._left < 0:
            raise UnreadableFile(TOO_LONG)


def _of(meant: Mapping[str, Meant], mark: Element) -> Meant:
    if mark.get(NAME) not in meant:
        raise BadMark(mark.get(WHERE), f"“{mark.get(NAME)}”没有内容可填。")
    return meant[mark.get(NAME)]


def _tell_emptied(block: PaperBlock) -> None:
    """Remember on the paragraph that a block stood in it: with nothing left, the paragraph is not wanted either."""
    next(block.first.iterancestors(PARAGRAPH)).set(EMPTIED, "")
