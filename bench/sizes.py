"""How much each measurement does. The default ends within five minutes on two cores, FULL within the hour."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Rows of the plan and of its other layouts, items of the small and the large archive, deadlines, rows exported;
    the crowd, the items they work with, for how long nobody imports, rows of the plan that comes and goes then, how
    often.

    ``with_peer``: whether the other program is measured too.
    """

    rows: int = 10_000
    layout_rows: int = 1_000
    small: int = 1_000
    large: int = 100_000
    deadlines: int = 100_000
    exported: int = 100_000
    laps: int = 15
    people: int = 30
    crowd_items: int = 10_000
    quiet_s: int = 30
    crowd_rows: int = 400
    crowd_times: int = 8
    with_peer: bool = True

    @property
    def archives(self) -> tuple[int, int]:
        """The small and the large archive."""
        return self.small, self.large


FULL = Sizes(layout_rows=10_000, large=1_000_000, deadlines=1_000_000, laps=31)
