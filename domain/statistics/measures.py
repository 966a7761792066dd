"""A measure, which is a question to a list, and a rate, which is two of them. Only what they are; register.py has
them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ROWS = "rows"


@dataclass(frozen=True)
class Measure:
    """How many rows of ``table`` answer a question in the words of its list's address.

    ``counts``: the rows, or how many different rows a reference of theirs names (proposal_id: items, each once).
    ``day``: the column whose month the measure belongs to. ``source`` is the document that the formula comes from.
    """

    name: str
    label: str
    table: str
    asked: Mapping[str, str | tuple[str, ...]]
    words: str
    part: str
    counts: str = ROWS
    day: str = ""
    source: str = ""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What the address asks, argument by argument."""
        return tuple(
            (name, text)
            for name, texts in self.asked.items()
            for text in ((texts,) if isinstance(texts, str) else texts)
        )


@dataclass(frozen=True)
class Rate:
    """``of`` divided by ``among``, shown as a percentage, or as n/N where the office prints that."""

    name: str
    label: str
    of: Measure
    among: Measure
    part: str
    shown: str = "%"
    source: str = ""

    @property
    def words(self) -> str:
        """The formula."""
        return f"{self.of.label} ÷ {self.among.label}"

    @property
    def nothing(self) -> str:
        """Why there is no rate where there is nothing to divide by."""
        return f"没有{self.among.label}，算不出{self.label}"
