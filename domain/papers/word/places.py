"""Where a paragraph stands, in the words by which a person finds it: 第 3 段, 表 1 第 2 行第 3 列, 页眉."""

from domain.papers.word.names import BODY, BOX, CELL, PARAGRAPH, ROW, TABLE, Element
from domain.papers.word.parts import TextPart


class Places:
    """The places of one part. Paragraphs are counted outside tables and text boxes, tables as they come."""

    def __init__(self, part: TextPart) -> None:
        self._called = part.called
        self._tables = {table: n for n, table in enumerate(part.root.iter(TABLE), 1)}
        loose = (p for p in part.root.iter(PARAGRAPH) if not _is_within(p, TABLE, BOX))
        self._paragraphs = {paragraph: n for n, paragraph in enumerate(loose, 1)}

    def of(self, paragraph: Element) -> str:
        """The place of a paragraph."""
        around = next(paragraph.iterancestors(CELL, BOX), None)
        if around is None:
            return self._called or f"第 {self._paragraphs[paragraph]} 段"
        if around.tag == CELL:
            return self._called + self._of_cell(around)
        anchor = next(around.iterancestors(PARAGRAPH), None)
        return "文本框" if anchor is None else f"{self.of(anchor)}的文本框"

    def _of_cell(self, cell: Element) -> str:
        row = next(cell.iterancestors(ROW))
        table = next(row.iterancestors(TABLE))
        line, column = _number(row, table, ROW), _number(cell, row, CELL)
        return f"表 {self._tables[table]} 第 {line} 行第 {column} 列"


def _is_within(element: Element, *tags: str) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _number(element: Element, whole: Element, tag: str) -> int:
    """Which of the rows of a table, or cells of a row, it is; those of tables within are not counted."""
    own = (one for one in whole.iter(tag) if next(one.iterancestors(whole.tag, BODY)) is whole)
    return 1 + list(own).index(element)
