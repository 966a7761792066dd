"""Who signed an item: names of a plan's row tied to the rolls of deputies. Decides only, writes nothing.

The rule: a name that stands once on the roll of the item's body, level and term is that deputy; one that stands
there several times must be told apart by the delegation in the row; one that stands nowhere becomes a new deputy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from domain.plans.recognising.names import is_collective
from domain.plans.recognising.outcomes import PlanRow
from domain.plans.stock import Stock, Values
from domain.schema.states import SponsorRole


class Signature(NamedTuple):
    """One signature as a row wants it. `deputy_id` is None for a name that is on no roll yet."""

    name: str
    role: str
    position: int
    body: str
    term: int
    delegation: str = ""
    deputy_id: int | None = None

    @property
    def kind(self) -> str:
        """个人 or 团体, by the name."""
        return "团体" if is_collective(self.name) else "个人"


Doubts = list[tuple[str, str, str]]


def sponsors_of(
    row: PlanRow, stock: Stock, stored: Sequence[Values]
) -> tuple[list[Signature], Doubts]:
    """The row's sponsors, lead first, and what is unclear: (column, value, message)."""
    sponsors: list[Signature] = []
    doubts: Doubts = []
    body, term = stock.body_and_term(row.kind)
    beside = dict(row.delegations)
    for position, (name, role) in enumerate(_named(row)):
        delegation = (row.delegation or "") if role == SponsorRole.LEADS else ""
        delegation = delegation or beside.get(name, "")
        found = _on_roll(stock.deputies.get((body, name), ()), stored, name, delegation)
        if len(found) > 1:
            column = "lead" if role == SponsorRole.LEADS else "joint"
            message = f"“{name}”在本届有{len(found)}位同名的，请写明代表团或界别，或在系统里为本件选定是哪一位。"
            doubts.append((column, name, message))
        deputy_id = found[0] if len(found) == 1 else None
        place = position if row.lead else position + 1
        sponsors.append(Signature(name, role, place, body, term, delegation, deputy_id))
    return sponsors, doubts


def _named(row: PlanRow) -> Iterator[tuple[str, str]]:
    if row.lead:
        yield row.lead, SponsorRole.LEADS
    seconds = any("附议" in column.label for column in row.table.of("joint"))
    for name in row.joint:
        yield name, SponsorRole.SECONDS if seconds else SponsorRole.SIGNS


def _on_roll(
    roll: Sequence[Values], stored: Sequence[Values], name: str, delegation: str
) -> list[int]:
    """The deputies whom the name may mean: who signed already, else the same delegation, else all of the name."""
    signed = [s["deputy_id"] for s in stored if s["name"] == name]
    if signed:
        return signed[:1]
    same = [d["id"] for d in roll if delegation and d["delegation"] == delegation]
    return same if len(same) == 1 else [d["id"] for d in roll]
