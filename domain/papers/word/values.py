"""A value as it is written into a document: its text, and its lines as line breaks or paragraphs, as fits."""

import re
from copy import deepcopy
from datetime import date, datetime
from itertools import pairwise

from lxml import etree

from domain.papers.marks import Value
from domain.papers.word.blocks import is_blank
from domain.papers.word.names import (
    BOOKMARKS,
    BREAK,
    NAME,
    PARAGRAPH,
    PARAGRAPH_IDS,
    PRESERVED,
    SECTION,
    SIGN,
    TAB,
    TEXT,
    WHERE,
    Element,
    marks_of,
)

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def shown(value: Value) -> str:
    """The text of a value: 2024年4月10日 for a date, a number as it is written, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{shown(value.date())} {value:%H:%M}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _NOT_IN_XML.sub("", str(value))


def write(mark: Element, value: Value) -> None:
    """Put the value in the place of its mark.

    Several lines become paragraphs where the mark has its paragraph for itself: the indent is the template's, so theirs
    is taken away and empty ones are left out. Elsewhere they are broken within the paragraph.
    """
    text = shown(value).strip("\r\n")
    paragraph = next(mark.iterancestors(PARAGRAPH), None)
    if "\n" in text and paragraph is not None and _has_paragraph(mark, paragraph):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        for line in lines[:-1]:
            above = deepcopy(paragraph)
            strip_marks_of_place(above)
            _write_run(marks_of(above)[0], line)
            paragraph.addprevious(above)
        text = lines[-1]
    _write_run(mark, text)


def strip_marks_of_place(copy: Element) -> None:
    """Take out of a copy what may be in a document only once."""
    for bookmark in list(copy.iter(*BOOKMARKS)):
        bookmark.getparent().remove(bookmark)
    for element in copy.iter():
        for name in PARAGRAPH_IDS:
            element.attrib.pop(name, None)


def _has_paragraph(mark: Element, paragraph: Element) -> bool:
    """Whether the mark is all that its paragraph shows, and that can be there more than once."""
    if paragraph.getparent() is None or paragraph.find(f".//{SECTION}") is not None:
        return False
    alone = deepcopy(paragraph)
    marks = marks_of(alone)
    if len(marks) != 1:
        return False
    marks[0].getparent().remove(marks[0])
    return is_blank(alone)


def _write_run(run: Element, text: str) -> None:
    for name in (NAME, SIGN, WHERE):
        run.attrib.pop(name, None)
    if not text:
        run.getparent().remove(run)
        return
    lines = text.splitlines()
    _write_line(run, lines[0])
    for _, line in pairwise(lines):
        etree.SubElement(run, BREAK)
        _write_line(run, line)


def _write_line(run: Element, line: str) -> None:
    parts = line.split("\t")
    for n, part in enumerate(parts):
        if n:
            etree.SubElement(run, TAB)
        if part:
            text = etree.SubElement(run, TEXT)
            text.text = part
            text.set(*PRESERVED)
