"""What a person writes into a deadline is his: no rule moves his date, no record takes back his completion.

Not here: what rules say (domain/dues/duedates.py), what records say (domain/dues/donedates.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, or_

from domain import models
from domain.schema.states import DueOrigin
from domain.storing.write_rules import RowWrite, Save, Values, WriteRule

COMPUTED = (DueOrigin.BY_RULE, DueOrigin.BY_PLAN)
"""The origins whose dates follow the rules."""
TABLE = "deadlines"


def is_typed(line: Any) -> ColumnElement[bool]:
    """SQL that is true for the deadlines into which a person wrote: a date, a completion, an extension."""
    is_extended = or_(line.extended_from_on.is_not(None), line.extension_reason != "")
    return or_(line.origin.not_in(COMPUTED), line.is_done_by_hand, is_extended)


def typed(old: Values, row: Values) -> dict[str, Any]:
    """What else becomes of the deadline ``row`` that a person wrote over ``old`` ({}: a new one).

    A date that was moved is 手工, or 延期 from the old one where he says so; a new row answers the same columns always.
    """
    more: dict[str, Any] = {}
    if not old or row.get("done_on") != old["done_on"]:
        more["is_done_by_hand"] = row.get("done_on") is not None
    if not old or row["due_on"] != old["due_on"]:
        more |= _extended(old, row) if old and _says_extended(row) else _set_by_hand(row)
    return more


class KeepsTypedDates(WriteRule):
    """Completes deadlines that people write, and forgets the reminders of those that got another date."""

    def concerns(self, table: str) -> bool:
        return table == TABLE

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        for row in rows:
            if row.new:
                row.new.update(typed(row.old, row.new))
        _forget_reminders(save.connection, [row for row in rows if row.old and row.new])


def _says_extended(row: Values) -> bool:
    is_explained = bool(row["extension_reason"] or row["extended_from_on"])
    return row["origin"] == DueOrigin.EXTENDED or (is_explained and row["origin"] in COMPUTED)


def _extended(old: Values, row: Values) -> dict[str, Any]:
    since = row["extended_from_on"] or old["due_on"]
    text = f"由{since.isoformat()}延期"
    return {
        "origin": DueOrigin.EXTENDED,
        "extended_from_on": since,
        "rule_id": None,
        "basis_text": text,
    }


def _set_by_hand(row: Values) -> dict[str, Any]:
    origin = DueOrigin.EXTENDED if row.get("origin") == DueOrigin.EXTENDED else DueOrigin.BY_HAND
    return {"origin": origin, "rule_id": None, "basis_text": "人工定的到期日"}


def _forget_reminders(connection: Connection, rows: Iterable[RowWrite]) -> None:
    """Reminders spoke of the old date: each step of the new one is to be told again."""
    moved = [{"_id": r.old["id"]} for r in rows if r.new["due_on"] != r.old["due_on"]]
    if moved:
        key = models.table_of("reminders").c.deadline_id
        connection.execute(delete(key.table).where(key == bindparam("_id")), moved)
