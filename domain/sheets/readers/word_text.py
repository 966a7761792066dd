"""What a paragraph of a Word document shows: no pinyin, nothing that a tracked change moved or deleted, no hidden text.

Text that is struck through or hidden is given apart, so that nobody loses it unseen.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from domain.sheets.readers import numbers
from domain.sheets.readers.word_styles import OFF, W, WordStyles, is_on

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NO_TEXT = frozenset(
    (_FALLBACK, f"{W}rt", f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}sdtPr", f"{W}tbl")
)
_AS = {
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}tab": "\t",
    f"{W}noBreakHyphen": "-",
}
_SYMBOLS = {
    "Wingdings": {"FE": "☑", "FD": "☒", "FC": "√", "FB": "×", "A8": "☐", "6F": "☐", "A1": "○"},
    "Wingdings 2": {"52": "☑", "53": "☒", "54": "☒", "50": "√", "4F": "×", "A3": "☐", "2A": "☐"},
}
Piece = tuple[str, str]
"""A text, and why it is not read: '' where it is."""


def pieces(
    element: etree._Element, styles: WordStyles, style: str | None = None
) -> Iterator[Piece]:
    """The pieces of a paragraph, or of anything that holds runs, in order. ``style``: that of its paragraph."""
    if element.tag == f"{W}p":
        style = _style(element, "p")
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _NO_TEXT:
            continue
        if child.tag == f"{W}r":
            state = styles.state(child.find(f"{W}rPr"), style, _style(child, "r"))
            yield from ((text, state or inner) for text, inner in _of_run(child, styles, style))
        elif child.tag == f"{W}sdt" and (box := _box(child)):
            yield box, ""
        elif child.tag == f"{W}sdt" and child.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            continue  # 单击此处输入文字: nobody has
        elif child.tag == f"{W}p":
            yield from pieces(child, styles)
            yield "\n", ""
        else:
            yield from pieces(child, styles, style)


def _style(element: etree._Element, kind: str) -> str | None:
    """The id of the style that a paragraph (p) or a run (r) names."""
    named = element.find(f"{W}{kind}Pr/{W}{kind}Style")
    return None if named is None else named.get(f"{W}val")


def _of_run(run: etree._Element, styles: WordStyles, style: str | None) -> Iterator[Piece]:
    align = run.find(f"{W}rPr/{W}vertAlign")
    is_raised = align is not None and align.get(f"{W}val") == "superscript"
    for child in run:
        if child.tag == f"{W}t":
            text = child.text or ""
            yield numbers.raised(text) if is_raised else text, ""
        elif child.tag in _AS:
            yield _AS[child.tag], ""
        elif child.tag == f"{W}sym":
            yield _symbol(child), ""
        elif child.tag == f"{W}fldChar":
            yield _old_box(child), ""
        elif isinstance(child.tag, str) and child.tag not in _NO_TEXT:
            yield from pieces(child, styles, style)


def _symbol(symbol: etree._Element) -> str:
    code = (symbol.get(f"{W}char") or "").upper().removeprefix("F0").removeprefix("00")
    return _SYMBOLS.get(symbol.get(f"{W}font") or "", {}).get(code, "")


def _box(content: etree._Element) -> str:
    """A check box of Word 2010: its own sign is a matter of taste, ☒ may well mean ticked."""
    box = content.find(f"{W}sdtPr/{_W14}checkbox")
    if box is None:
        return ""
    checked = box.find(f"{_W14}checked")
    is_ticked = checked is not None and (checked.get(f"{_W14}val") or "1").lower() not in OFF
    return "☑" if is_ticked else "☐"


def _old_box(field: etree._Element) -> str:
    box = field.find(f"{W}ffData/{W}checkBox")
    if box is None:
        return ""
    checked = box.find(f"{W}checked")
    return "☑" if is_on(box.find(f"{W}default") if checked is None else checked) else "☐"


def is_numbered(paragraph: etree._Element, styles: frozenset[str]) -> bool:
    """Whether Word puts an automatic number before the paragraph, by itself or by its style."""
    number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
    if number is not None:
        return bool(number.get(f"{W}val") != "0")
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style is not None and style.get(f"{W}val") in styles
