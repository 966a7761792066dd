"""The questions of a list's filter form, with the answers in force filled in."""

from collections.abc import Iterable

from flask import url_for

from admin.desk import Desk
from admin.filters import RANGED, Condition
from admin.pages import FilterField
from domain.schema import Column

_INPUTS = {"date": "date", "instant": "date", "whole number": "number", "number": "number"}
_FLAGS = (("1", "是"), ("0", "否"))


def filter_field(desk: Desk, column: Column, conditions: Iterable[Condition]) -> FilterField:
    """The question that fits the kind of the column."""
    answers = {c.operator: c for c in conditions if c.column is column}
    plain = answers.get("is") or answers.get("contains")
    value = plain.texts[-1] if plain else ""
    if column.kind in RANGED:
        low, high = (answers[name].texts[-1] if name in answers else "" for name in ("from", "to"))
        return FilterField(
            column.name, column.label, "range", input_type=_INPUTS[column.kind], low=low, high=high
        )
    if column.references:
        text = (desk.name_of(column, int(value)) or "") if value else ""
        lookup = url_for(f"{desk.words.name}.ajax_lookup", name=column.name)
        return FilterField(
            column.name, column.label, "reference", value=value, text=text, lookup_url=lookup
        )
    if column.kind in ("choice", "yes/no"):
        choices = (
            _FLAGS if column.kind == "yes/no" else tuple((word, word) for word in column.choices)
        )
        return FilterField(column.name, column.label, "choice", value=value, choices=choices)
    return FilterField(column.name, column.label, "text", value=value)
