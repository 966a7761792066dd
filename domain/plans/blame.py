"""Which cell of a plan's row is to blame for a rule of schema.sql that the row broke. Only looks at the row."""

from __future__ import annotations

from domain.plans.recognising import vocabulary
from domain.plans.recognising.outcomes import PlanRow
from domain.storing.refusals.violations import Violation

_UNITS = ("lead_unit", "each_unit", "unit", "co_unit")
_CELLS = {
    ("proposals", "number"): ("number",),
    ("proposals", "kind"): ("kind", "number"),
    ("proposals", "title"): ("title",),
    ("proposals", "due_on"): ("due_on",),
    ("proposals", "key_kind"): ("is_key",),
    ("proposals", "content_category_id"): ("category",),
    ("proposals", "delegation"): ("delegation",),
    ("proposals", "leader"): ("leader",),
    ("proposals", "note"): ("note",),
    ("proposals", "merged_into_id"): ("merged_into",),
    ("content_categories", "name"): ("category",),
    ("assignments", "unit_id"): _UNITS,
    ("assignments", "role"): _UNITS,
    ("sponsors", "deputy_id"): ("lead", "joint"),
    ("sponsors", "role"): ("lead", "joint"),
    ("deputies", "name"): ("lead", "joint"),
    ("deputies", "delegation"): ("delegation",),
}
"""Table and column of the database -> the columns of a plan that fill it, the likeliest first."""


def blamed_cell(row: PlanRow, rule: Violation) -> tuple[str, str]:
    """The canonical column to look at, and what the row says there."""
    filled = [
        column for name in rule.columns for column in _CELLS.get((rule.table, name), ("title",))
    ]
    present = [column for column in filled if row.has(column)]
    column = next(iter([*present, *filled]), "title")
    return column, _said(row, column)


def _said(row: PlanRow, column: str) -> str:
    if column in vocabulary.UNIT_COLUMNS:
        return "、".join(one.unit for one in row.assignments)
    if column == "joint":
        return "、".join(row.joint)
    if column == "is_key":
        return row.key_words
    value = getattr(row, column)
    return "" if value is None else str(value)
