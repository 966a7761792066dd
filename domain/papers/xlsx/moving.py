"""Where a row, a range and a formula of the template stand in what came out of it.

A reference from a repeated row stays in its own repetition; one from outside to a repeated row takes all its rows, so
that =SUM(C5:C5) below a block sums the whole column.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.worksheet.cell_range import CellRange

from domain.papers.xlsx.bands import Band, BandInstance, Drawn

_PLACE = re.compile(r"(\$?[A-Z]{1,3})?(\$?)(\d{1,7})", re.I)
_REFERENCE = re.compile(
    r"(?P<sheet>(?:'(?:[^']|'')+'|[^'!:]+)!)?(?P<first>\$?[A-Z]{1,3}\$?\d{1,7}|\$?\d{1,7}(?=:))"
    r"(?::(?P<last>\$?[A-Z]{0,3}\$?\d{1,7}))?",
    re.I,
)


class Moves:
    """The rows of one sheet: from the template to what came out."""

    def __init__(self, sheet: Band, drawn: Drawn) -> None:
        self.sheet, self.drawn = sheet, drawn
        self._places: dict[int, list[int]] = defaultdict(list)
        for place, row in enumerate(drawn.rows, 1):
            self._places[row.source].append(place)

    @cached_property
    def _sources(self) -> list[int]:
        return sorted(self._places)

    @property
    def whole(self) -> BandInstance:
        """The sheet as it came out."""
        return self.drawn.instances[self.sheet][0]

    def rows(self, first: int, last: int, within: BandInstance) -> tuple[int, int]:
        """Where these rows begin and end in one repetition; one that went is where the next one, or the last, is."""
        return self._first(first, within), max(self._last(last, within), self._first(first, within))

    def _first(self, row: int, within: BandInstance) -> int:
        if row > self.sheet.last:
            return row + len(self.drawn.rows) - self.sheet.last
        at = bisect_left(self._sources, row)
        for source in self._sources[at:]:
            places = self._places[source]
            if (n := bisect_left(places, within.start)) < len(places) and places[n] <= within.end:
                return places[n]
        return max(within.end, 1)

    def _last(self, row: int, within: BandInstance) -> int:
        if row > self.sheet.last:
            return row + len(self.drawn.rows) - self.sheet.last
        at = bisect_right(self._sources, row)
        for source in reversed(self._sources[:at]):
            places = self._places[source]
            if (n := bisect_right(places, within.end)) and places[n - 1] >= within.start:
                return places[n - 1]
        return within.start

    def innermost(self, first: int, last: int) -> Band:
        """The smallest band that holds these rows."""
        band = self.sheet
        while inner := next((b for b in band.inner if b.holds(first, last)), None):
            band = inner
        return band

    def ranges(self, block: CellRange) -> Iterator[CellRange]:
        """A range that belongs to some rows, as a merged cell, once for each of their repetitions."""
        for instance in self.drawn.instances[self.innermost(block.min_row, block.max_row)]:
            first, last = self.rows(block.min_row, block.max_row, instance)
            yield CellRange(None, block.min_col, first, block.max_col, last)

    def around(self, block: CellRange) -> CellRange:
        """A range as one, over all repetitions."""
        first, last = self.rows(block.min_row, block.max_row, self.whole)
        return CellRange(None, block.min_col, first, block.max_col, last)


def move_formula(formula: str, place: int, own: str, sheets: Mapping[str, Moves]) -> str:
    """The formula of the row ``place`` of sheet ``own``, as it reads in what came out; ``sheets`` by their names."""
    tokens: Any = Tokenizer(formula)
    for token in tokens.items:
        if token.type == Token.OPERAND and (found := _REFERENCE.fullmatch(token.value)):
            token.value = _moved(found, place, own, sheets)
    return str(tokens.render())


def _moved(found: re.Match[str], place: int, own: str, sheets: Mapping[str, Moves]) -> str:
    named = found["sheet"] or ""
    moves = sheets.get(named.rstrip("!").strip("'").replace("''", "'") or own)
    first = _PLACE.fullmatch(found["first"])
    last = _PLACE.fullmatch(found["last"] or found["first"])
    if moves is None or first is None or last is None:
        return found[0]
    is_here = moves is sheets[own]
    within = _common(moves, place, int(first[3]), int(last[3])) if is_here else moves.whole
    top, bottom = moves.rows(int(first[3]), int(last[3]), within)
    begins = f"{first[1] or ''}{first[2]}{top}"
    ends = f"{last[1] or ''}{last[2]}{bottom}"
    is_range = found["last"] or top != bottom
    return f"{named}{begins}:{ends}" if is_range else f"{named}{begins}"


def _common(moves: Moves, place: int, first: int, last: int) -> BandInstance:
    """The innermost repetition around the formula that holds what it refers to."""
    around = moves.drawn.rows[place - 1].within
    return next(one for one in reversed(around) if one is around[0] or one.band.holds(first, last))
