"""The questions of a list's filter form, with the answers in force filled in."""

from collections.abc import Iterable, Mapping
from typing import Any

from admin.desk import Desk
from admin.filters import RANGED, Condition, operators
from admin.pages import FilterField
from admin.pickers import lookup_url
from domain.schema import Column

_INPUTS = {"date": "date", "instant": "date", "whole number": "number", "number": "number"}
_FLAGS = (("1", "是"), ("0", "否"))


def filter_field(desk: Desk, column: Column, conditions: Iterable[Condition]) -> FilterField:
    """The question that fits the kind of the column, with the answers in force.

    `emptiness` is what is asked of an empty value: None where that is no question, "" where it is not asked.
    """
    answers = {c.operator: c.texts[-1] for c in conditions if c.column is column}
    can_be_empty = "empty" in operators(column) and column.kind not in ("text", "long text")
    return FilterField(
        column.name,
        column.label,
        emptiness=answers.get("empty", "") if can_be_empty else None,
        **_question(desk, column, answers),
    )


def _question(desk: Desk, column: Column, answers: Mapping[str, str]) -> dict[str, Any]:
    value = answers.get("is") or answers.get("contains") or ""
    if column.kind in RANGED:
        low, high = answers.get("from", ""), answers.get("to", "")
        return {"kind": "range", "input_type": _INPUTS[column.kind], "low": low, "high": high}
    if column.references:
        text = (desk.name_of(column, int(value)) or "") if value else ""
        lookup = lookup_url(desk, column)
        return {"kind": "reference", "value": value, "text": text, "lookup_url": lookup}
    if column.kind == "yes/no":
        return {"kind": "choice", "value": value, "choices": _FLAGS}
    if column.choices:
        return {"kind": "choice", "value": value, "choices": tuple((w, w) for w in column.choices)}
    return {"kind": "text", "value": value}
