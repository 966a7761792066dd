"""The people of a plan's row against who has signed the stored item: who comes, changes his place or goes. Decides
only; who they are on the rolls is told by `people`."""

from __future__ import annotations

from collections.abc import Iterator

from domain.plans.people import sponsors_of
from domain.plans.recognising.outcomes import PlanRow
from domain.plans.steps import PlanStep
from domain.plans.stock import Stock, Values
from domain.schema.states import SponsorRole


def match_sponsors(step: PlanStep, stock: Stock) -> None:
    """The people who signed. A blank cell says nothing; who stays keeps his place and way of signing."""
    stored = stock.sponsors.get(step.item["id"], []) if step.item else []
    wanted, doubts = sponsors_of(step.row, stock, stored)
    for column, value, message in doubts:
        step.fail(column, value, message)
    kept = {s["name"]: s for s in stored}
    for sponsor in wanted:
        old = kept.get(sponsor.name)
        if old is None:
            step.new_sponsors.append(sponsor)
        elif (old["role"] == SponsorRole.LEADS) != (sponsor.role == SponsorRole.LEADS):
            step.changed_sponsors.append((old, sponsor))
    names = {sponsor.name for sponsor in wanted}
    step.dropped_sponsors = [s for s in _spoken_for(step.row, stored) if s["name"] not in names]
    if step.item:
        _note_sponsor_changes(step, stored)


def _spoken_for(row: PlanRow, stored: list[Values]) -> Iterator[Values]:
    """The stored sponsors that the row has something to say about."""
    for sponsor in stored:
        if (row.lead and sponsor["role"] == SponsorRole.LEADS) or (
            row.joint and sponsor["role"] != SponsorRole.LEADS
        ):
            yield sponsor


def _note_sponsor_changes(step: PlanStep, stored: list[Values]) -> None:
    if not (step.new_sponsors or step.changed_sponsors or step.dropped_sponsors):
        return
    dropped = {s["id"] for s in step.dropped_sponsors}
    roles = {s["name"]: s["role"] for s in stored if s["id"] not in dropped}
    roles |= {sponsor.name: sponsor.role for _, sponsor in step.changed_sponsors}
    roles |= {sponsor.name: sponsor.role for sponsor in step.new_sponsors}
    for column, is_lead in (("lead", True), ("joint", False)):
        old = [s["name"] for s in stored if (s["role"] == SponsorRole.LEADS) == is_lead]
        new = [name for name, role in roles.items() if (role == SponsorRole.LEADS) == is_lead]
        if sorted(old) != sorted(new):
            step.note_change(column, "、".join(old), "、".join(new))
