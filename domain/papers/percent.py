"""A share as a number of its own kind: a cell gets 0.9231 with the format of a percentage, a sentence 「92.31%」."""

from decimal import Context, Decimal


class Percent(Decimal):
    """So many percent: Percent("92.31") is said 92.31%."""

    def __str__(self) -> str:
        return f"{Decimal(self):f}%"

    def __format__(self, spec: str, context: Context | None = None, /) -> str:
        return str(self) if not spec else format(Decimal(self), spec)

    def __reduce__(self) -> tuple[type["Percent"], tuple[str]]:
        return Percent, (f"{Decimal(self):f}",)

    @property
    def share(self) -> float:
        """Of 1."""
        return float(self) / 100
