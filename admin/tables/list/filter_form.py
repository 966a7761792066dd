"""The questions of a list's filter form, with the answers in force filled in."""

from collections.abc import Mapping
from typing import Any

from admin.frame.keys import is_key
from admin.tables.desk import Desk
from admin.tables.finding.asking import Asked
from admin.tables.finding.fields import asked_about
from admin.tables.finding.filter_values import FLAGS
from admin.tables.finding.filters import RANGED, TEXTS, Field
from admin.tables.finding.pickers import lookup_url
from admin.tables.screens import FilterField, FilterGroup, Pairs
from domain.schema.columns import SideColumn

_INPUTS = {"date": "date", "instant": "date", "whole number": "number", "number": "number"}
_FLAGS = (("1", "是"), ("0", "否"))
_EMPTY, _EMPTY_BESIDE = ("填没填", "未填", "已填"), ("有没有", "没有", "有")
"""Whether a column is empty, in words: nobody fills in what stands in other tables."""


def filter_groups(desk: Desk, asked: Asked) -> tuple[FilterGroup, ...]:
    """All questions: about the row itself, about what it and the rows on it name, and about what hangs on it.

    First what the list shows of other tables, then whom or what the rows on it name: that is looked for most.
    """
    groups: dict[str, list[FilterField]] = {"": []}
    for field in sorted(asked.fields.values(), key=_place):
        if field.column.is_key or field.column.is_programs:
            continue
        if field.hung_by is not None:
            groups[""].append(_filter_field(desk, field, asked))
        elif field.below is not None:
            groups.setdefault("有没有", []).append(_existence(field, asked))
        elif field.via is None or _is_worth_asking(desk, field, asked):
            label = field.via.label if field.via else ""
            groups.setdefault(label, []).append(_filter_field(desk, field, asked))
    return tuple(FilterGroup(label, tuple(fields)) for label, fields in groups.items())


def _place(field: Field) -> int:
    if isinstance(field.column, SideColumn):
        return 0
    return 1 if field.hung_by is not None else 2


def _is_worth_asking(desk: Desk, field: Field, asked: Asked) -> bool:
    """Of a linked row only what its own list shows, and what is asked already: the form must stay short."""
    if any(one.field == field for one in asked.filters):
        return True
    if field.via is None or field.column.kind not in ("link", "choice", "date"):
        return False
    return field.column in desk.beside(field.via.target).listed


def _answers(field: Field, asked: Asked) -> tuple[dict[str, str], tuple[str, ...]]:
    """What is asked of the field now, by operator, and why some of it means nothing."""
    misread = [one for one in asked.misread if one.field == field]
    of_field = [one for one in asked.filters if one.field == field]
    return {one.operator: one.texts[-1] for one in of_field}, tuple(m.sentence for m in misread)


def _existence(field: Field, asked: Asked) -> FilterField:
    """Whether rows of another table hang on it."""
    answers, faults = _answers(field, asked)
    value = _flag(answers.get("empty", ""))
    choices = _with_typed((("0", "有"), ("1", "没有")), value)
    name = f"{field.name}.empty"
    return FilterField(name, field.label, "choice", value=value, choices=choices, faults=faults)


def _filter_field(desk: Desk, field: Field, asked: Asked) -> FilterField:
    """The question that fits the kind of the column, with the answers in force.

    `emptiness` is what is asked of an empty value: None where that is no question, "" where it is not asked.
    """
    answers, faults = _answers(field, asked)
    can_be_empty = "empty" in field.operators and field.column.kind not in TEXTS
    drawn = {
        "label": field.label if field.below else field.column.label,
        "emptiness": answers.get("empty", "") if can_be_empty else None,
        "empty_words": _EMPTY_BESIDE if isinstance(field.column, SideColumn) else _EMPTY,
        "faults": faults,
        **_question(desk, field, answers),
    }
    if faults and drawn["kind"] == "range":
        drawn["input_type"] = "text"  # one for days or numbers would not show what was typed
    if faults and drawn["kind"] == "reference":
        drawn |= {"value": "", "text": answers["is"]} if "is" in answers else {}
    return FilterField(field.name, **drawn)


def _question(desk: Desk, field: Field, answers: Mapping[str, str]) -> dict[str, Any]:
    column, value = field.column, answers.get("is") or answers.get("contains") or ""
    if column.kind in RANGED:
        low, high = answers.get("from", ""), answers.get("to", "")
        return {"kind": "range", "input_type": _INPUTS[column.kind], "low": low, "high": high}
    if column.references:
        text = (desk.name_of(column, int(value)) or "") if is_key(value) else ""
        url = lookup_url(asked_about(desk, field), field.picked)
        return {"kind": "reference", "value": value, "text": text, "lookup_url": url}
    if column.kind == "yes/no":
        value = _flag(value)
        return {"kind": "choice", "value": value, "choices": _with_typed(_FLAGS, value)}
    if column.choices:
        words = tuple((word, word) for word in column.choices)
        return {"kind": "choice", "value": value, "choices": _with_typed(words, value)}
    return {"kind": "text", "value": value}


def _flag(text: str) -> str:
    """是 or 1 as the form has it; what is neither stays."""
    return str(int(FLAGS[text])) if text in FLAGS else text


def _with_typed(choices: Pairs, value: str) -> Pairs:
    """The choices, and what an address asks for though it is none of them."""
    is_known = not value or any(value == known for known, _ in choices)
    return choices if is_known else (*choices, (value, value))
