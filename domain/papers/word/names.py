"""The names of the elements of a Word document, and what our own marks are called while a tree is worked on."""

from typing import Any

Element = Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_OURS = "{urn:banli:papers}"

BODY, BOX, CELL, ROW, TABLE = (f"{_W}{name}" for name in ("body", "txbxContent", "tc", "tr", "tbl"))
PARAGRAPH, RUN, TEXT, BREAK, TAB, RETURN = (f"{_W}{n}" for n in ("p", "r", "t", "br", "tab", "cr"))
PARAGRAPH_FORMAT, RUN_FORMAT, SECTION = (f"{_W}{name}" for name in ("pPr", "rPr", "sectPr"))
DELETED, MOVED_FROM = f"{_W}del", f"{_W}moveFrom"
BOOKMARKS = (f"{_W}bookmarkStart", f"{_W}bookmarkEnd")
CONTROL, BOUND, ASKING = f"{_W}sdt", f"{_W}dataBinding", f"{_W}showingPlcHdr"
CONTROL_ID = f"{_W}sdtPr/{_W}id"
INSTRUCTION, SIMPLE_FIELD, INSTRUCTION_OF = f"{_W}instrText", f"{_W}fldSimple", f"{_W}instr"
OBJECT, ALTERNATIVE_CHUNK, SUBDOCUMENT = (f"{_W}{n}" for n in ("object", "altChunk", "subDoc"))
PARAGRAPH_IDS = (f"{_W14}paraId", f"{_W14}textId")
DRAWING_ID = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
SHOWN = frozenset(
    f"{_W}{name}"
    for name in (
        "drawing", "pict", "object", "sym", "br", "ptab", "fldSimple", "fldChar", "instrText",
        "footnoteReference", "endnoteReference", "sectPr", "sdt", "ruby",
    )
) | {"{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"}  # fmt: skip
"""What makes a paragraph more than empty, besides text."""
HOLDERS = frozenset(f"{_W}{n}" for n in ("tc", "txbxContent", "hdr", "ftr", "footnote", "endnote"))
"""What must end with a paragraph."""

NAME, SIGN, WHERE = (f"{_OURS}{name}" for name in ("name", "sign", "where"))
"""On a run: that it is a mark, of which name and sign, and where."""
EMPTIED = f"{_OURS}emptied"
"""On a paragraph: a block has stood in it, so that it goes if nothing is left."""
TAIL = f"{_OURS}tail"
"""On a run: the last row of a block in a line ends with it."""
PRESERVED = ("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def marks_of(element: Element) -> list[Element]:
    """The runs that are marks, in the order of the document."""
    return [run for run in element.iter(RUN) if NAME in run.attrib]
