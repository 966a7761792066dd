"""Writes what `match` decided, set-based and logged. A row that the database refuses is found by halving and told
why, alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain import models
from domain.imports.outcomes import NEW, UPDATED
from domain.lifecycle.names import deputy_name, item_name, signature_name, task_name
from domain.plans.people import Signature
from domain.plans.steps import PlanStep
from domain.plans.stock import Stock, Values
from domain.schema.states import ItemState, SponsorRole, TaskRole, TaskState
from domain.storing import bulk
from domain.storing.halving import write_or_refuse
from domain.storing.one_save import as_one
from domain.storing.session import ActorSession

LAST = 1000
"""The place of a category that a plan brought along: after those that the office has put in order."""


def _item_names(steps: Iterable[PlanStep]) -> dict[int | None, str]:
    """The natural names of the items of these steps, by id."""
    return {step.record_id: item_name(step.item or {}) for step in steps}


@dataclass
class PlanWriter:
    """Writes steps. Knows nothing of files."""

    session: ActorSession
    stock: Stock
    today: date
    people: dict[tuple[str, str], int] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    written: frozenset[int] = frozenset()
    """The rows that are in the database, by the id of their step."""
    waiting: tuple[PlanStep, ...] = ()
    """Rows whose main item is another row that is not there yet."""

    def write(self, steps: Sequence[PlanStep]) -> None:
        """All of them but those that the database refuses."""
        write_or_refuse(self.session, steps, self._write)
        waiting, self.waiting = self.waiting, ()
        for step in waiting:
            if step.main and id(step.main) not in self.written:
                why = f"“{step.row.merged_into}”（{step.main.where}）没有写入，请先改好那一行。"
                step.drop("merged_into", str(step.row.merged_into), why)
        rest = [step for step in waiting if not step.errors]
        write_or_refuse(self.session, rest, self._write)

    def _write(self, steps: Sequence[PlanStep]) -> None:
        """What the database takes back, the writer forgets."""
        before = self.people, self.categories, self.written, self.waiting
        try:
            with as_one(self.session):
                self._write_all(self._ready(steps))
        except BaseException:
            self.people, self.categories, self.written, self.waiting = before
            raise

    def _ready(self, steps: Sequence[PlanStep]) -> Sequence[PlanStep]:
        """Those whose main item is there or comes along; the others wait."""
        if not any(step.main for step in steps):
            return steps
        there = self.written.union(map(id, steps))
        self.waiting += tuple(step for step in steps if step.main and id(step.main) not in there)
        return [step for step in steps if not step.main or id(step.main) in there]

    def _write_all(self, steps: Sequence[PlanStep]) -> None:
        """The plan's last row first: lists show the newest first, and so begin with the plan's first row."""
        self._add_categories(steps)
        self._add_deputies(steps)
        steps = steps[::-1]
        new = [step for step in steps if step.outcome == NEW]
        old = [step for step in steps if step.outcome == UPDATED]
        self._add_items(new)
        self._change_items(old)
        self._merge_items(steps)
        self._write_sponsors(steps)
        self._write_tasks(steps)
        self.written |= frozenset(map(id, steps))

    def _add_categories(self, steps: Sequence[PlanStep]) -> None:
        known = {**self.stock.categories, **self.categories}
        names = list(
            dict.fromkeys(s.category for s in steps if s.category and s.category not in known)
        )
        rows = [{"name": name, "sort_order": LAST} for name in names]
        ids = bulk.insert_rows(
            self.session, models.ContentCategory, rows, lambda row: str(row["name"])
        )
        self.categories = {**known, **dict(zip(names, ids, strict=True))}

    def _add_deputies(self, steps: Sequence[PlanStep]) -> None:
        """New names become deputies, once each."""
        found: dict[tuple[str, str], Signature] = {}
        about: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for step in steps:
            told = {one.name: one for one in step.row.about}
            for sponsor in step.new_sponsors:
                key = (sponsor.body, sponsor.name)
                if sponsor.deputy_id is None and key not in self.people:
                    found[key] = sponsor if sponsor.delegation else found.get(key, sponsor)
                    if one := told.get(sponsor.name):
                        said = {"phone": one.phone, "post": one.post}
                        about[key] |= {name: text for name, text in said.items() if text}
        level = self.stock.meeting.level
        rows = [
            {
                "name": s.name,
                "body": s.body,
                "level": level,
                "term": s.term,
                "kind": s.kind,
                "delegation": s.delegation,
                "phone": "",
                "post": "",
                **about[key],
            }
            for key, s in found.items()
        ]
        ids = bulk.insert_rows(
            self.session, models.Deputy, rows, lambda row: deputy_name(row["name"], row["body"])
        )
        self.people = {**self.people, **dict(zip(found, ids, strict=True))}

    def _values(self, step: PlanStep) -> dict[str, Any]:
        category = {"content_category_id": self.categories[step.category]} if step.category else {}
        return {**step.values, **category}

    def _add_items(self, steps: Sequence[PlanStep]) -> None:
        """New items are handed over at once: their state is what their unsigned tasks make it, or their age."""
        meeting = self.stock.meeting
        fixed = {
            "meeting_id": meeting.id,
            "is_history": meeting.is_history,
            "registered_on": self.today,
            "handed_over_on": None if meeting.handed_over_on else self.today,
            "counts_from_on": meeting.handed_over_on or self.today,
        }
        blank = {
            **dict.fromkeys(("content_category_id", "key_kind", "due_on")),
            **dict.fromkeys(("delegation", "leader", "note"), ""),
        }
        rows = [
            {
                **blank,
                **fixed,
                "kind": s.row.kind,
                "number": s.row.number,
                "state": self._state(s),
                "awaits_unit": self._awaits_unit(s),
                **self._values(s),
            }
            for s in steps
        ]
        ids = bulk.insert_rows(self.session, models.Proposal, rows, item_name)
        for step, row, row_id in zip(steps, rows, ids, strict=True):
            step.record_id = row_id
            step.item = {**row, "id": row_id}

    def _state(self, step: PlanStep) -> str:
        """As its tasks make it; what is merged into another item may have none."""
        if self.stock.meeting.is_history:
            return ItemState.CLOSED
        return ItemState.HANDED_OVER if step.new_tasks else ItemState.REGISTERED

    def _awaits_unit(self, step: PlanStep) -> bool | None:
        """As its tasks make it; what is merged into another item waits for none."""
        is_over = self.stock.meeting.is_history or step.main or step.main_id
        is_answered = any(role != TaskRole.PARTNER for _, role in step.new_tasks)
        return None if is_over or is_answered else True

    def _change_items(self, steps: Sequence[PlanStep]) -> None:
        changes = [(step.item or {}, values) for step in steps if (values := self._values(step))]
        bulk.update_rows(self.session, models.Proposal, changes, item_name)

    def _merge_items(self, steps: Sequence[PlanStep]) -> None:
        """All items are there by now, so that the main one may stand anywhere in the file."""
        merged = [step for step in steps if step.main or step.main_id]
        changes = [
            ({**(step.item or {}), **self._values(step)}, {"merged_into_id": _main_id(step)})
            for step in merged
        ]
        bulk.update_rows(self.session, models.Proposal, changes, item_name)

    def _write_sponsors(self, steps: Sequence[PlanStep]) -> None:
        """Drop, then change, then add: a lead is stepped down before another one steps up."""
        dropped = [s for step in steps for s in step.dropped_sponsors]
        changed = [pair for step in steps for pair in step.changed_sponsors]
        changed.sort(key=lambda pair: pair[1].role == SponsorRole.LEADS)
        new = [
            (step, sponsor, self._deputy_id(sponsor))
            for step in steps
            for sponsor in step.new_sponsors
        ]
        items = _item_names(steps)
        named = {
            s["deputy_id"]: deputy_name(s["name"], s["body"])
            for s in (*dropped, *(old for old, _ in changed))
        }
        named |= {
            deputy_id: deputy_name(sponsor.name, sponsor.body) for _, sponsor, deputy_id in new
        }

        def name(row: Values) -> str:
            return signature_name(named[row["deputy_id"]], row, items[row["proposal_id"]])

        whole = bulk.read_rows(self.session, models.Sponsor, [s["id"] for s in dropped])
        bulk.delete_rows(self.session, models.Sponsor, list(whole.values()), name)
        updates = [(old, {"role": s.role, "position": s.position}) for old, s in changed]
        bulk.update_rows(self.session, models.Sponsor, updates, name)
        bulk.insert_rows(self.session, models.Sponsor, [_signature(*one) for one in new], name)

    def _deputy_id(self, sponsor: Signature) -> int:
        return sponsor.deputy_id or self.people[sponsor.body, sponsor.name]

    def _write_tasks(self, steps: Sequence[PlanStep]) -> None:
        """Drop, then change, then add: a main unit steps down before another one steps up."""
        items = _item_names(steps)
        units = self.stock.units

        def name(row: Values) -> str:
            return task_name(units[row["unit_id"]], row, items[row["proposal_id"]])

        dropped = [task["id"] for step in steps for task in step.dropped_tasks]
        whole = bulk.read_rows(self.session, models.Assignment, dropped)
        bulk.delete_rows(self.session, models.Assignment, list(whole.values()), name)
        changed = [pair for step in steps for pair in step.changed_tasks]
        changed.sort(key=lambda pair: pair[1] == TaskRole.LEAD)
        bulk.update_rows(
            self.session, models.Assignment, [(old, {"role": role}) for old, role in changed], name
        )
        is_history = self.stock.meeting.is_history
        rows = [
            {
                "proposal_id": step.record_id,
                "unit_id": unit_id,
                "role": role,
                "counts_from_on": (step.item or {}).get("counts_from_on"),
                "state": TaskState.FINISHED if is_history else TaskState.UNSIGNED,
            }
            for step in steps
            for unit_id, role in step.new_tasks
        ]
        bulk.insert_rows(self.session, models.Assignment, rows, name)


def _main_id(step: PlanStep) -> int | None:
    return step.main.record_id if step.main else step.main_id


def _signature(step: PlanStep, sponsor: Signature, deputy_id: int) -> dict[str, Any]:
    return {
        "proposal_id": step.record_id,
        "deputy_id": deputy_id,
        "role": sponsor.role,
        "position": sponsor.position,
    }
