"""Forms made from the schema: one field per column that the person may fill in.

The fields are fields.py's. Not the saving (saving.py), not the rules that only the database can check.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from wtforms.form import BaseForm

from admin.tables.form.fields import (
    AreaField,
    ChoiceField,
    ColumnField,
    DayField,
    FlagField,
    InstantField,
    IntegerField,
    LookupUrl,
    NumberField,
    OfferedField,
    OfferedListField,
    Pick,
    PickerField,
    TextField,
)
from domain.schema.file import Column

AREA_FROM = 200


class ColumnForm(BaseForm):
    """A form of such fields alone."""

    def __iter__(self) -> Iterator[ColumnField]:
        return (field for field in self._fields.values() if isinstance(field, ColumnField))


_FIELDS: Mapping[str, type[ColumnField]] = {
    "link": PickerField,
    "choice": ChoiceField,
    "long text": AreaField,
    "whole number": IntegerField,
    "number": NumberField,
    "date": DayField,
    "instant": InstantField,
    "yes/no": FlagField,
}


@dataclass(frozen=True)
class Choosable:
    """The rows that a reference may mean in one form, by id and name; whether several of them."""

    rows: Mapping[int, str]
    is_many: bool = False


def must_be_filled(column: Column) -> bool:
    """Whether the person has to answer: the database wants a value and has none of its own."""
    return column.is_required and column.default is None


def make_form(
    columns: Iterable[Column],
    pick: Pick,
    lookup_url: LookupUrl,
    prefix: str = "",
    offered: Mapping[str, Choosable] = MappingProxyType({}),
) -> ColumnForm:
    """An unprocessed form with a field for each column, in that order.

    One with a ``prefix`` is one of several on a page, and may be left empty: the browser does not insist on it.
    ``offered``: by the names of columns the rows to choose from, where these are few and known.
    """
    columns = list(columns)
    classes = {column.name: _class_of(column, offered.get(column.name)) for column in columns}
    form = ColumnForm({c.name: _unbound(c, classes[c.name], prefix) for c in columns}, prefix)
    for field, column in zip(form, columns, strict=True):
        field.column = column
        field.is_must = must_be_filled(column) and column.kind != "yes/no"
        field.flags.required = field.is_must and not (prefix or field.is_group)
        if isinstance(field, ChoiceField):
            field.choices = _choices(column)
        if isinstance(field, OfferedField | OfferedListField):
            field.offered = offered[column.name].rows
        if isinstance(field, PickerField):
            field.pick, field.lookup_url = pick, lookup_url
    return form


def offer_only(form: ColumnForm, allowed: Callable[[Column], Iterable[str]]) -> None:
    """Leave each choice only the words that are ``allowed`` for its column."""
    for field in form:
        if isinstance(field, ChoiceField):
            words = {"", *allowed(field.column)}
            field.choices = [choice for choice in _choices(field.column) if choice[0] in words]


def check(form: ColumnForm) -> bool:
    """Validate every field and that what must be filled is filled."""
    is_valid = form.validate()
    for field in form:
        if field.is_must and field.data in (None, "", []) and not field.errors:
            verb = "选" if isinstance(field, OfferedField | OfferedListField) else "填写"
            field.errors = [f"请{verb}{field.column.label}。"]
            is_valid = False
    return is_valid


def values_of(form: ColumnForm) -> dict[str, Any]:
    """Column name -> the value to store; a blank is NULL where the column may be NULL, else its default."""
    return {field.column.name: _stored(field.column, field.data) for field in form}


def _stored(column: Column, data: Any) -> Any:
    if data not in (None, ""):
        return data
    return column.default if column.is_required else None


def _class_of(column: Column, offered: Choosable | None) -> type[ColumnField]:
    if offered is not None:
        return OfferedListField if offered.is_many else OfferedField
    if column.kind == "text" and (column.length or 0) > AREA_FROM:
        return AreaField
    return _FIELDS.get(column.kind, TextField)


def _unbound(column: Column, field_class: type[ColumnField], prefix: str) -> Any:
    options: dict[str, Any] = {
        "id": f"field-{prefix}{column.name}",  # no column may take the id of a part of the page
        "label": column.label,
        "description": column.help,
        "default": column.default,
    }
    attributes = {"maxlength": column.length} if column.length else {}
    rows = {"rows": 2 if column.length else 6} if field_class is AreaField else {}
    options["render_kw"] = attributes | rows
    return field_class(**options)


def _choices(column: Column) -> list[tuple[str, str]]:
    blank = (
        []
        if column.is_required and column.default is not None
        else [("", "请选择" if column.is_required else "")]
    )
    return blank + [(word, word) for word in column.choices]
