"""What a person chose in the forms of an import: units for unknown names, meanings for columns."""

from collections.abc import Mapping
from typing import Any

from flask import abort, request

from admin.tables.desk import desk_at
from domain import models
from domain.plans.recognising import vocabulary


def chosen_units() -> dict[int, tuple[str, int]]:
    """What was picked for each unknown name: by its number in the form, the name and the unit's id."""
    chosen = {}
    for index in range(len(request.form)):
        written = request.form.get(f"written.{index}", "")
        picked = request.form.get(f"other.{index}", "") or request.form.get(f"unit.{index}", "")
        if written and picked:
            chosen[index] = (written[:100], int(desk_at("units").find(picked).id))
    return chosen


def chosen_table(row: "models.Import") -> Mapping[str, Any]:
    """The header of the import that the form is about, as `imports.sheets` holds it."""
    wanted = request.form.get("table", "")
    tables = (table for sheet in row.sheets or () for table in sheet["tables"])
    found: Mapping[str, Any] | None = next((t for t in tables if t["fingerprint"] == wanted), None)
    return found or abort(404)


def chosen_columns(table: Mapping[str, Any]) -> dict[int, str]:
    """Column of the file, counted from 0 -> canonical column."""
    return {
        index: picked
        for index in range(len(table["labels"]))
        if (picked := request.form.get(f"column.{index}", "")) in vocabulary.CANONICAL
    }


def named_twice(mapping: Mapping[int, str]) -> str:
    """A column of ours that two columns of the file are mapped to and that can only be one; '' for none."""
    seen: set[str] = set()
    for name in mapping.values():
        if name in seen and name not in vocabulary.REPEATABLE:
            return name
        seen.add(name)
    return ""
