"""The questions of a list's filter form, with the answers in force filled in."""

from collections.abc import Iterable, Mapping
from typing import Any

from admin.desk import Desk
from admin.filters import RANGED, TEXTS, Condition, Field
from admin.pages import FilterField, FilterGroup
from admin.pickers import lookup_url

_INPUTS = {"date": "date", "instant": "date", "whole number": "number", "number": "number"}
_FLAGS = (("1", "是"), ("0", "否"))


def filter_groups(desk: Desk, conditions: Iterable[Condition]) -> tuple[FilterGroup, ...]:
    """All questions: about the row itself, about what it and the rows on it name, and about what hangs on it.

    First whom or what the rows on it name: that is looked for most.
    """
    conditions = tuple(conditions)
    groups: dict[str, list[FilterField]] = {"": []}
    for field in sorted(desk.fields.values(), key=lambda field: field.hung_by is None):
        if field.column.is_key or field.column.is_programs:
            continue
        if field.hung_by is not None:
            groups[""].append(_filter_field(desk, field, conditions))
        elif field.below is not None:
            groups.setdefault("有没有", []).append(_existence(field, conditions))
        elif field.via is None or _is_worth_asking(desk, field, conditions):
            label = field.via.label if field.via else ""
            groups.setdefault(label, []).append(_filter_field(desk, field, conditions))
    return tuple(FilterGroup(label, tuple(fields)) for label, fields in groups.items())


def _is_worth_asking(desk: Desk, field: Field, conditions: tuple[Condition, ...]) -> bool:
    """Of a linked row only what its own list shows, and what is asked already: the form must stay short."""
    is_listed = field.via is not None and field.column in desk.beside(field.via.references).listed
    is_asked = any(condition.field == field for condition in conditions)
    return is_asked or (is_listed and field.column.kind in ("link", "choice", "date"))


def _existence(field: Field, conditions: tuple[Condition, ...]) -> FilterField:
    """Whether rows of another table hang on it."""
    asked = next((c.values[0] for c in conditions if c.field == field), None)
    value = "" if asked is None else "1" if asked else "0"
    choices = (("0", "有"), ("1", "没有"))
    return FilterField(
        f"{field.name}.empty", field.label, kind="choice", value=value, choices=choices
    )


def _filter_field(desk: Desk, field: Field, conditions: tuple[Condition, ...]) -> FilterField:
    """The question that fits the kind of the column, with the answers in force.

    `emptiness` is what is asked of an empty value: None where that is no question, "" where it is not asked.
    """
    answers = {c.operator: c.texts[-1] for c in conditions if c.field == field}
    can_be_empty = "empty" in field.operators and field.column.kind not in TEXTS
    return FilterField(
        field.name,
        field.label if field.below else field.column.label,
        emptiness=answers.get("empty", "") if can_be_empty else None,
        **_question(desk, field, answers),
    )


def _question(desk: Desk, field: Field, answers: Mapping[str, str]) -> dict[str, Any]:
    column, value = field.column, answers.get("is") or answers.get("contains") or ""
    if column.kind in RANGED:
        low, high = answers.get("from", ""), answers.get("to", "")
        return {"kind": "range", "input_type": _INPUTS[column.kind], "low": low, "high": high}
    if column.references:
        asked = desk.asked_about(field)
        text = (desk.name_of(column, int(value)) or "") if value else ""
        return {
            "kind": "reference",
            "value": value,
            "text": text,
            "lookup_url": lookup_url(asked, column),
        }
    if column.kind == "yes/no":
        return {"kind": "choice", "value": value, "choices": _FLAGS}
    if column.choices:
        return {"kind": "choice", "value": value, "choices": tuple((w, w) for w in column.choices)}
    return {"kind": "text", "value": value}
