"""What becomes of one row of a plan: its outcome, what is wrong with it, and what is to be written. Values only.

`match` decides it, `apply` writes it, `answers` tells it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from domain.imports.outcomes import FAILED, INVALID, NEW, UNCHANGED, CellError
from domain.plans.blame import blamed_cell
from domain.plans.people import Signature
from domain.plans.recognising.outcomes import PlanRow
from domain.plans.stock import Values
from domain.storing.halving import OUR_FAULT
from domain.storing.refusals.violations import Violation

Owed = tuple[tuple[str, str], ...]
"""(milestone, day in ISO form), what the item must answer by first."""


@dataclass
class PlanStep:
    """What becomes of one row. `changes`: canonical column -> [old, new] as people read them.

    A row with errors is not written; one with warnings is, once a person has seen them.
    """

    row: PlanRow
    outcome: str = UNCHANGED
    errors: list[CellError] = field(default_factory=list)
    warnings: list[CellError] = field(default_factory=list)
    changes: dict[str, list[str]] = field(default_factory=dict)
    item: Values | None = None
    values: dict[str, Any] = field(default_factory=dict)
    category: str | None = None
    new_tasks: list[tuple[int, str]] = field(default_factory=list)
    changed_tasks: list[tuple[Values, str]] = field(default_factory=list)
    dropped_tasks: list[Values] = field(default_factory=list)
    new_sponsors: list[Signature] = field(default_factory=list)
    changed_sponsors: list[tuple[Values, Signature]] = field(default_factory=list)
    dropped_sponsors: list[Values] = field(default_factory=list)
    main: PlanStep | None = None
    """The row of the item that this one is to be merged into, where that is new as well."""
    main_id: int | None = None
    """The same of an item that is stored."""
    record_id: int | None = None
    owed: Owed = ()
    """What its item owes once it is written, and until when."""

    @property
    def first_due_on(self) -> date | None:
        """The first day on which something of it is due."""
        return date.fromisoformat(min(day for _, day in self.owed)) if self.owed else None

    @property
    def where(self) -> str:
        """How sentences name the row."""
        return self.row.where

    def fail(self, column: str, value: str, message: str) -> None:
        """Add an error in the row's cell of this column."""
        self.errors.append(self.row.error(column, value, message))

    def warn(self, kind: str, column: str, value: str, message: str) -> None:
        """Have a person look twice at the row's cell of this column, for a doubt of this kind."""
        self.warnings.append(replace(self.row.error(column, value, message), kind=kind))

    def note_change(self, column: str, old: Any, new: Any) -> None:
        """Note that a stored item's column changes; a new item is shown as it is."""
        if self.item is not None:
            self.changes[column] = [
                "" if old is None else str(old),
                "" if new is None else str(new),
            ]

    def refuse(self, rule: Violation | None) -> None:
        """The database did not take the row: for this rule, which its data broke, or, None, for a fault of ours."""
        if rule is None:
            self.drop("title", self.row.title or "", OUR_FAULT, FAILED)
        else:
            column, value = blamed_cell(self.row, rule)
            why = f"“{value}”不能写入：{rule.sentence}" if value else rule.sentence
            self.drop(column, value, why)

    def drop(self, column: str, value: str, message: str, outcome: str = INVALID) -> None:
        """The row is not written after all, for an error in its cell of this column."""
        if self.outcome == NEW:
            self.record_id, self.item = None, None
        self.outcome = outcome
        self.fail(column, value, message)

    @property
    def changes_tasks(self) -> bool:
        """Whether units or roles of an item that is already there change."""
        return bool(self.new_tasks or self.changed_tasks or self.dropped_tasks)
