"""What the database holds of one meeting when a plan is compared with it: read once, in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import models
from domain.imports.traces import hanging, typed_columns
from domain.plans.lookups import PlanMeeting

Values = Mapping[str, Any]
BODY_OF = {"建议": "人大", "议案": "人大", "提案": "政协", "建议案": "政协", "社情民意": "政协"}
"""Whose members hand in which kind; both bodies' call the 专线电话."""

_ITEM = (
    "id", "kind", "number", "title", "content_category_id", "key_kind", "due_on", "delegation",
    "leader", "note", "handed_over_on", "state", "is_history", "merged_into_id",
)  # fmt: skip
_TASK = ("id", "proposal_id", "unit_id", "role", "state")
"""Of a task, beside what people fill in."""


@dataclass
class Stock:
    """The meeting's items by (kind, number) with tasks and sponsors, the rolls of deputies, the categories.

    `by_value`: the same items by what their numbers count, leading zeros aside. `hanging`: by task what people have
    hung on it, see traces.
    """

    meeting: PlanMeeting
    items: dict[tuple[str, str], Values] = field(default_factory=dict)
    by_value: dict[tuple[str, int], Values] = field(default_factory=dict)
    tasks: dict[int, list[Values]] = field(default_factory=lambda: defaultdict(list))
    sponsors: dict[int, list[Values]] = field(default_factory=lambda: defaultdict(list))
    deputies: dict[tuple[str, str], list[Values]] = field(default_factory=lambda: defaultdict(list))
    categories: dict[str, int] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    hanging: dict[int, list[str]] = field(default_factory=dict)

    def body_and_term(self, kind: str) -> tuple[str, int]:
        """Which roll the sponsors of an item of this kind stand on; the other body's term is not known (0)."""
        body = BODY_OF.get(kind, self.meeting.body)
        return body, self.meeting.term if body == self.meeting.body else 0


def load_stock(session: Session, meeting: PlanMeeting) -> Stock:
    """Everything that matching a plan of this meeting looks at."""
    stock = Stock(meeting)
    item, task = models.Proposal, models.Assignment
    of_meeting = item.meeting_id == meeting.id
    for row in _rows(session, select(*_columns(item, _ITEM)).where(of_meeting)):
        stock.items[row["kind"], row["number"]] = row
        if row["number"].isdecimal():
            stock.by_value[row["kind"], int(row["number"])] = row
    names = (*_TASK, *typed_columns())
    query = select(*_columns(task, names)).join(item, item.id == task.proposal_id).where(of_meeting)
    for row in _rows(session, query.order_by(task.id)):
        stock.tasks[row["proposal_id"]].append(row)
    _load_sponsors(session, stock, of_meeting)
    _load_deputies(session, stock)
    category, unit = models.ContentCategory, models.Unit
    stock.categories = dict(session.execute(select(category.name, category.id)).all())
    stock.units = dict(session.execute(select(unit.id, unit.name)).all())
    stock.hanging = hanging(session, of_meeting)
    return stock


def _columns(cls: Any, names: Iterable[str]) -> list[Any]:
    return [getattr(cls, name) for name in names]


def _rows(session: Session, query: Any) -> list[Values]:
    return [dict(row) for row in session.execute(query).mappings()]


def _load_sponsors(session: Session, stock: Stock, of_meeting: Any) -> None:
    sponsor, deputy, item = models.Sponsor, models.Deputy, models.Proposal
    names = ("id", "proposal_id", "deputy_id", "role", "position")
    query = (
        select(*_columns(sponsor, names), deputy.name, deputy.body)
        .join(deputy, deputy.id == sponsor.deputy_id)
        .join(item, item.id == sponsor.proposal_id)
        .where(of_meeting)
        .order_by(sponsor.position, sponsor.id)
    )
    for row in _rows(session, query):
        stock.sponsors[row["proposal_id"]].append(row)


def _load_deputies(session: Session, stock: Stock) -> None:
    """The rolls of both bodies at the meeting's level, each of the term that its items belong to."""
    deputy = models.Deputy
    query = select(deputy.id, deputy.name, deputy.body, deputy.term, deputy.delegation).where(
        deputy.level == stock.meeting.level
    )
    terms = {stock.body_and_term(kind) for kind in BODY_OF}
    for row in _rows(session, query):
        if (row["body"], row["term"]) in terms:
            stock.deputies[row["body"], row["name"]].append(row)
