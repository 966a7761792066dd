"""How high a row must be for its texts: not every program fits the height of rows when it opens a file.

Widths are in Latin characters, as Excel counts the width of columns; a Chinese character takes two.
"""

import re
from collections.abc import Sequence
from typing import Any

LINE_POINTS = 14.5
PADDING_POINTS = 5
HIGHEST_POINTS = 409
"""Excel's limit; a longer text is cut at the bottom of its cell, not in the file."""

_NARROW = re.compile("[\x00-\u10ff]")


def row_points(values: Sequence[Any], rooms: Sequence[float]) -> float:
    """The height of a row whose values are wrapped in columns of these widths."""
    lines = 1
    for value, room in zip(values, rooms, strict=True):
        if type(value) is str and (len(value) * 2 > room or "\n" in value):
            lines = max(lines, lines_of(value, room))
    return min(lines * LINE_POINTS + PADDING_POINTS, HIGHEST_POINTS)


def lines_of(text: str, room: float) -> int:
    """How many lines a text takes where it is wrapped at ``room``."""
    whole = max(int(room), 1)
    return sum(max(1, -(-text_width(part) // whole)) for part in text.split("\n"))


def text_width(text: str) -> int:
    """The width of a text on one line."""
    return len(text) if text.isascii() else len(text) * 2 - len(_NARROW.findall(text))
