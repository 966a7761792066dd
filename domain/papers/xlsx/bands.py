"""Which rows of a sheet are repeated for which block, and the rows that come out when the blocks' rows are known.

A block takes whole rows: from the row of {{#…}} to that of {{/…}}. Rows that hold nothing but such marks go.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from domain.papers.marks import MARK, BadMark, Filled, marks_in
from domain.papers.xlsx.opening import cells_of, place_of

NOTHING = Filled()
"""Stands for the one row of a block that has none, so that the table keeps a line and its sums a place."""


@dataclass(frozen=True)
class Band:
    """The rows of a template from ``first`` to ``last`` that a block repeats; the whole sheet has no ``name``.

    ``is_sentence``: it begins and ends in one cell. Without rows a sentence is gone; a table keeps a blank line.
    """

    name: str
    first: int
    last: int
    inner: tuple["Band", ...] = ()
    is_sentence: bool = False

    def holds(self, first: int, last: int) -> bool:
        """Whether these rows all lie in it."""
        return self.first <= first and last <= self.last


@dataclass
class BandInstance:
    """One time that a band was drawn: its rows from ``start`` to ``end`` in what came out."""

    band: Band
    filled: Filled
    start: int
    end: int = 0


@dataclass(frozen=True)
class OutRow:
    """A row of what came out: the row of the template that it repeats, and for what, the innermost last."""

    source: int
    within: tuple[BandInstance, ...]


@dataclass(frozen=True)
class Drawn:
    """All rows that came out, from 1, and how often each band was drawn."""

    rows: list[OutRow] = field(default_factory=list)
    instances: dict[Band, list[BandInstance]] = field(default_factory=lambda: defaultdict(list))


def bands_of(page: Worksheet) -> Band:
    """The sheet with its blocks. Raises BadMark where two begin or end in rows of which each wants its own."""
    open_ones: list[tuple[str, Cell | None, list[Band]]] = [("", None, [])]
    for cell in cells_of(page):
        for mark in (
            marks_in(str(cell.value), place_of(page, cell)) if cell.data_type == "s" else ()
        ):
            if mark.opens:
                open_ones.append((mark.name, cell, []))
            elif mark.closes:
                name, begun, inner = open_ones.pop()
                first = begun.row if begun else 1
                band = Band(name, first, cell.row, tuple(inner), begun is cell)
                beside = open_ones[-1][2]
                if beside and beside[-1].last >= first:
                    raise BadMark(mark.where, "同一行里不能有两个并排的块，请把它们上下排开。")
                beside.append(band)
    return Band("", 1, max(page.max_row, 1), tuple(open_ones[0][2]))


def draw(sheet: Band, dropped: frozenset[int], filled: Filled) -> Drawn:
    """The rows that come out."""
    drawn = Drawn()
    _draw(drawn, BandInstance(sheet, filled, 1), (), dropped)
    return drawn


def only_signs(page: Worksheet) -> frozenset[int]:
    """The rows that hold nothing but the beginnings and ends of blocks."""
    holds, others = set[int](), set[int]()
    for cell in cells_of(page):
        text = str(cell.value)
        signs = [found for found in MARK.finditer(text) if found[1]]
        is_one = cell.data_type == "s" and signs and not _without(text, [s[0] for s in signs])
        (holds if is_one else others).add(cell.row)
    return frozenset(holds - others)


def _without(text: str, parts: Sequence[str]) -> str:
    for part in parts:
        text = text.replace(part, "")
    return text.strip()


def _draw(
    drawn: Drawn, at: BandInstance, around: tuple[BandInstance, ...], dropped: frozenset[int]
) -> None:
    band, within = at.band, (*around, at)
    drawn.instances[band].append(at)
    row = band.first
    for inner in band.inner:
        drawn.rows.extend(_plain(row, inner.first, within, dropped))
        for filled in _rows(inner, at):
            start = len(drawn.rows) + 1
            _draw(drawn, BandInstance(inner, filled, start), within, dropped)
        row = inner.last + 1
    drawn.rows.extend(_plain(row, band.last + 1, within, dropped))
    at.end = len(drawn.rows)


def _plain(
    first: int, after: int, within: tuple[BandInstance, ...], dropped: frozenset[int]
) -> Iterator[OutRow]:
    return (OutRow(row, within) for row in range(first, after) if row not in dropped)


def _rows(band: Band, at: BandInstance) -> Sequence[Filled]:
    return at.filled.blocks.get(band.name) or (() if band.is_sentence else (NOTHING,))
