"""The number after the others."""

import pytest

from domain.texts.next_number import following


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], ""),
        (["001", "009", "002"], "010"),
        (["099"], "100"),
        (["20250688", "20250687"], "20250689"),
        (["001", "002", "闭字1"], "闭字2"),
        (["闭字9", "闭字1", "003"], "004"),
        (["5", "012"], "013"),
        (["2024-819"], "2024-820"),
        (["甲"], ""),
    ],
)
def test_the_next_number_goes_on_where_the_last_one_was(numbers: list[str], expected: str) -> None:
    assert following(numbers) == expected
