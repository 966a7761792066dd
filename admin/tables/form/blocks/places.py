"""The places of lines: which number each gets in the column by which they stand in order."""

from collections.abc import Sequence
from itertools import pairwise


def places(stored: Sequence[int | None], first: int, after: int | None = None) -> list[int]:
    """The number of each line, in the order in which they stand; ``stored`` has None for a new one.

    What stands in order keeps its numbers, and new lines at the end go on after the highest, or ``after``; else all
    are numbered anew from ``first``.
    """
    known = [place for place in stored if place is not None]
    new = len(stored) - len(known)
    is_kept = list(stored) == [*known, *[None] * new]
    if is_kept and all(a < b for a, b in pairwise(known)):
        start = max([first - 1, *known, *([] if after is None else [after])]) + 1
        return [*known, *range(start, start + new)]
    return list(range(first, first + len(stored)))
