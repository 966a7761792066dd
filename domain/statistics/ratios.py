"""Arithmetic of printed numbers: percentages, shares that add up to 100.00, growth, and ranks by a ratio.

Exact: in whole numbers and Decimal, never in floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key")

HUNDRED_PERCENT = 10_000
"""100.00 % in hundredths of a percent."""


def percent(count: int, whole: int) -> Decimal | None:
    """The percentage with two decimals, rounded half up; None of nothing."""
    return _rounded(Fraction(count * 100, whole)) if whole else None


def growth(this: int, last: int) -> Decimal | None:
    """同比: by how many percent of ``last`` ``this`` is more; None where there was nothing (S2)."""
    return _rounded(Fraction((this - last) * 100, last)) if last else None


def shares(counts: Sequence[int]) -> tuple[Decimal, ...] | None:
    """The shares of one whole with two decimals, adding up to 100.00; None of nothing.

    By the largest remainder: each is cut off, and the hundredths left go to those cut off most, the larger and then
    the earlier first.
    """
    whole = sum(counts)
    if not whole:
        return None
    cut = [divmod(count * HUNDRED_PERCENT, whole) for count in counts]
    left = HUNDRED_PERCENT - sum(hundredths for hundredths, _ in cut)
    by_remainder = sorted(range(len(cut)), key=lambda n: (-cut[n][1], -counts[n], n))
    more = set(by_remainder[:left])
    return tuple(
        Decimal(hundredths + (n in more)).scaleb(-2) for n, (hundredths, _) in enumerate(cut)
    )


def ranked(pairs: Mapping[Key, tuple[int, int]]) -> list[Key]:
    """Whose n/N is highest, the highest first; of equal ones the one with more to be counted among, as S3 prints."""
    return sorted(pairs, key=lambda key: (-_ratio(*pairs[key]), -pairs[key][1]))


def _ratio(count: int, whole: int) -> Fraction:
    return Fraction(count, whole) if whole else Fraction(0)


def _rounded(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
