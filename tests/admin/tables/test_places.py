"""Which number a row gets by the place where it stands in a form."""

import pytest

from admin.tables.form.blocks.places import places


@pytest.mark.parametrize(
    ("stored", "first", "after", "expected"),
    [
        ([], 0, None, []),
        ([None, None], 0, None, [0, 1]),
        ([0, 1, None], 0, None, [0, 1, 2]),
        ([2, 5, None], 0, None, [2, 5, 6]),
        ([1, None], 1, 60, [1, 61]),
        ([1, 0], 0, None, [0, 1]),
        ([0, None, 1], 0, None, [0, 1, 2]),
        ([0, 0, None], 0, None, [0, 1, 2]),
    ],
)
def test_what_stands_in_order_keeps_its_number(
    stored: list[int | None], first: int, after: int | None, expected: list[int]
) -> None:
    assert places(stored, first, after) == expected
