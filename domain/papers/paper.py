"""What a paper is: a name, whom it is for, and the template that is filled. Nothing else makes a new report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

MEETING, UNIT, ITEM, PERIOD = "meeting", "unit", "item", "period"

PER: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "会议": ((MEETING,), (UNIT,)),
    "单位": ((UNIT,), (MEETING,)),
    "件": ((ITEM,), (UNIT,)),
    "期间": ((PERIOD,), (MEETING, UNIT)),
    "全部": ((), (MEETING, UNIT)),
}
"""For what a paper is made: what must be chosen for it, and what may be."""


class PaperRefused(Exception):
    """It cannot be made; each fault is a sentence for the person."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Paper:
    """A paper: ``per`` is a word of PER, ``draw`` gives the template that ships with the panel, ``ending`` its kind."""

    name: str
    about: str
    per: str
    draw: Callable[[], bytes]
    ending: str = ".xlsx"
    source: str = ""
    reads: tuple[str, ...] = ()
    """The tables without which it says nothing: who may not read one of them is not offered it."""

    @property
    def needs(self) -> tuple[str, ...]:
        """What must be chosen."""
        return PER[self.per][0]

    @property
    def takes(self) -> tuple[str, ...]:
        """What may be chosen."""
        return PER[self.per][0] + PER[self.per][1]
