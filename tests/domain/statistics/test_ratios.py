"""The arithmetic of printed numbers, held to what offices have published."""

from decimal import Decimal

import pytest

from domain.statistics.ratios import growth, percent, ranked, shares


@pytest.mark.parametrize(
    ("counts", "printed"),
    [
        ((54, 33, 2, 4), "58.07 35.48 2.15 4.30"),
        ((4, 7, 1), "33.33 58.34 8.33"),
        ((1, 7), "12.50 87.50"),
        ((86, 7), "92.47 7.53"),
        ((1, 1, 1), "33.34 33.33 33.33"),
        ((0, 5), "0.00 100.00"),
    ],
)
def test_shares_of_one_whole_add_up_to_a_hundred(counts: tuple[int, ...], printed: str) -> None:
    found = shares(counts)
    assert found is not None
    assert " ".join(map(str, found)) == printed
    assert sum(found) == Decimal("100.00")


def test_nothing_has_no_shares_and_no_percentage() -> None:
    assert shares((0, 0)) is None
    assert percent(0, 0) is None


@pytest.mark.parametrize(
    ("count", "whole", "said"),
    [(16, 23, "69.57"), (2, 3, "66.67"), (1, 8, "12.50"), (0, 4, "0.00")],
)
def test_a_percentage_has_two_decimals_rounded_half_up(count: int, whole: int, said: str) -> None:
    assert str(percent(count, whole)) == said


def test_growth_is_computed_and_not_what_the_summary_of_s2_prints() -> None:
    """178 → 207 is its 16.3 %; 207 → 273 is 31.9 %, where it prints 31.4."""
    assert growth(207, 178) == Decimal("16.29")
    assert growth(273, 207) == Decimal("31.88")
    assert growth(90, 100) == Decimal("-10.00")
    assert growth(5, 0) is None


def test_units_are_ranked_as_s3_ranks_them() -> None:
    printed = [(2, 5), (10, 26), (5, 14), (7, 21), (4, 12), (16, 62)]
    assert ranked({pair: pair for pair in sorted(printed)}) == printed
    assert ranked({"none": (0, 0), "some": (1, 9)}) == ["some", "none"]
