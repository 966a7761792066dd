"""Paragraphs, tables and sections as Word's XML. A text may hold marks; nothing here knows which there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from seeds.papers.letters.layout import (
    BOTTOM,
    CELL,
    CELL_HEAD,
    FOOTER,
    LAST,
    LEFT,
    LINE,
    PAGE,
    RIGHT,
    TOP,
    TextStyle,
)

THIN, THICK = 6, 8
"""0.75 and 1 point: the rules of 版记, the outer ones thick."""
KEPT = "<w:keepNext/>"
"""A paragraph on the page of the next one."""
ON_NEW_PAGE = "<w:pageBreakBefore/>"
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


@dataclass(frozen=True)
class LetterCell:
    """A cell of a table: its paragraphs, over how many columns it reaches, its style."""

    texts: Sequence[str]
    span: int = 1
    style: TextStyle = CELL


def line(text: str, style: TextStyle, *, more: str = "") -> str:
    """A paragraph; a tab goes to the right edge where its style has a stop there. ``more``: KEPT or ON_NEW_PAGE."""
    said = "<w:tab/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\t")
    )
    run = f"<w:r>{said}</w:r>" if text else ""
    return f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style.name)}/>{more}</w:pPr>{run}</w:p>"


def table(shares: Sequence[int], rows: Sequence[Sequence[LetterCell]], width: int) -> str:
    """A table with rules; ``shares`` of the width for its columns. First rows of heads stand on every page."""
    columns = [width * share // sum(shares) for share in shares]
    heads = 0
    while heads < len(rows) and all(cell.style is CELL_HEAD for cell in rows[heads]):
        heads += 1
    made = "".join(_row(columns, row, is_head=n < heads) for n, row in enumerate(rows))
    return _table(columns, dict.fromkeys(_SIDES, 4), made)


def ruled(paragraphs: Sequence[str], width: int) -> str:
    """Paragraphs between rules from edge to edge, at the foot of the page; it hangs on an empty line behind it."""
    rows = "".join(
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{paragraph}</w:tc></w:tr>"
        for paragraph in paragraphs
    )
    at_the_foot = (
        '<w:tblpPr w:vertAnchor="margin" w:tblpYSpec="bottom" w:horzAnchor="margin" w:tblpX="0"/>'
    )
    rules = {"top": THICK, "bottom": THICK, "insideH": THIN}
    return _table([width], rules, rows, at_the_foot) + line("", LAST)


def section(*, is_landscape: bool = False) -> str:
    """The page of what stands before: upright, or on its side."""
    width, height = reversed(PAGE) if is_landscape else PAGE
    turned = ' w:orient="landscape"' if is_landscape else ""
    return (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId10"/>'
        '<w:footerReference w:type="even" r:id="rId11"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}"'
        f' w:header="851" w:footer="{FOOTER}" w:gutter="0"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr>'
    )


def section_end() -> str:
    """The last paragraph of upright pages; what follows stands on a page of its own."""
    return f"<w:p><w:pPr>{section()}</w:pPr></w:p>"


def _table(columns: Sequence[int], rules: dict[str, int], rows: str, place: str = "") -> str:
    drawn = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
        for side, size in rules.items()
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    return (
        f'<w:tbl><w:tblPr>{place}<w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{drawn}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(columns: Sequence[int], cells: Sequence[LetterCell], *, is_head: bool) -> str:
    repeated = "<w:tblHeader/>" if is_head else ""
    made, at = "", 0
    for cell in cells:
        made += _cell(cell, sum(columns[at : at + cell.span]))
        at += cell.span
    assert at == len(columns), f"{at} of {len(columns)} columns: {cells[0].texts}"
    return (
        '<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="510" w:hRule="atLeast"/>'
        f"{repeated}</w:trPr>{made}</w:tr>"
    )


def _cell(cell: LetterCell, width: int) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    paragraphs = "".join(line(text, cell.style) for text in cell.texts)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraphs}</w:tc>"
    )
