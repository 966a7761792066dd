"""The number after the others: what a clerk would write on the next item."""

import re
from collections.abc import Sequence

_PARTS = re.compile(r"(.*?)([0-9]{1,18})")


def following(numbers: Sequence[str]) -> str:
    """One more than the highest of the series that the last number belongs to; '' where it does not end in digits.

    A series is what has the same beginning; zeros in front are kept: 001, 009 -> 010; 闭字1 -> 闭字2.
    """
    last = _PARTS.fullmatch(numbers[-1]) if numbers else None
    if last is None:
        return ""
    found = (_PARTS.fullmatch(number) for number in numbers)
    series = [match[2] for match in found if match and match[1] == last[1]]
    highest = max(series, key=int)
    return f"{last[1]}{int(highest) + 1:0{len(highest)}}"
