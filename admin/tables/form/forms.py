"""Forms made from the schema: one field per column that the person may fill in.

Each field checks its own text and answers in Chinese. Not the saving (saving.py), not the rules that only the
database can check.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from markupsafe import Markup
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput, DateTimeLocalInput, NumberInput, TextArea, html_params

from domain.schema.file import Column
from domain.texts.days import read_day, read_instant
from domain.texts.numbers import Unclear
from domain.texts.typed_text import read_text, tidy

LARGEST_INTEGER = 2**31 - 1
AREA_FROM = 200

Pick = Callable[[Column, str, str], tuple[int | None, str]]
LookupUrl = Callable[[Column], str]


class ColumnField(Field):
    """What the fields share: which column they fill, how wide they are, what describes them."""

    column: Column
    is_wide = False
    is_flag = False
    note = ""
    """What the person should know of the value shown."""

    def put(self, value: Any) -> None:
        """Show this value instead of what was sent."""
        self.raw_data = None
        self.process(None, data=value)

    def described_by(self) -> dict[str, str]:
        """The attributes that tie the input to its help and its errors."""
        parts = [f"{self.id}-error"] * bool(self.errors) + [f"{self.id}-help"] * bool(
            self.description
        )
        described = {"aria-describedby": " ".join(parts)} if parts else {}
        return described | ({"aria-invalid": "true"} if self.errors else {})


class ColumnForm(BaseForm):
    """A form of such fields alone."""

    def __iter__(self) -> Iterator[ColumnField]:
        return (field for field in self._fields.values() if isinstance(field, ColumnField))


class TextField(ColumnField, StringField):
    """A line of text. What is sent as it was shown stays as it is stored, to the last blank."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text, stored = valuelist[0] if valuelist else "", self.object_data or ""
        self.data = stored if self._shown(text) == self._shown(stored) else text
        if self.data == stored:
            return
        try:
            self.data = read_text(self.column, text)
        except Unclear as doubt:
            raise ValueError(f"{doubt}。") from doubt

    def _shown(self, text: str) -> str:
        """As a browser sends it back; it leaves line breaks out of a line."""
        return tidy(self.column, text).replace("\n", "")


class AreaField(TextField, TextAreaField):
    """Several lines of text."""

    widget = TextArea()
    is_wide = True

    def _shown(self, text: str) -> str:
        return tidy(self.column, text)


class ChoiceField(ColumnField, SelectField):
    """One of the column's words."""

    def pre_validate(self, form: BaseForm) -> None:
        if self.data and self.data not in self.column.choices:
            raise ValidationError(f"没有“{str(self.data)[:40]}”这一项，请从列表里选。")


class FlagField(ColumnField, BooleanField):
    """是 or 否."""

    is_flag = True


class ParsedField(ColumnField, StringField):
    """Text that stands for something else; what cannot be read stays in the field, with a sentence."""

    kind_words = ""

    def parse(self, text: str) -> Any:
        """The value, or ValueError."""
        raise NotImplementedError

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            self.data = self.parse(text)
        except (ValueError, InvalidOperation, OverflowError) as error:
            raise ValueError(f"“{text[:40]}”{self.kind_words}") from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class DayField(ParsedField):
    """A date."""

    widget = DateInput()
    kind_words = "不是日期，请写成 2026-02-28。"

    def parse(self, text: str) -> date:
        return read_day(text)


class InstantField(ParsedField):
    """A date and a time, Shanghai wall clock."""

    widget = DateTimeLocalInput()
    kind_words = "不是时间，请写成 2026-02-28 09:30。"

    def parse(self, text: str) -> datetime:
        return read_instant(text)


class IntegerField(ParsedField):
    """A whole number."""

    widget = NumberInput()
    kind_words = "不是整数，请写成 12 这样的数。"

    def parse(self, text: str) -> int:
        number = int(text)
        if abs(number) > LARGEST_INTEGER:
            raise OverflowError
        return number


class NumberField(ParsedField):
    """A number with the column's digits."""

    widget = NumberInput(step="any")
    kind_words = "不是可以保存的数，请写成 2.5 这样的数。"

    def parse(self, text: str) -> Decimal:
        number = Decimal(text)
        found = re.search(r"\((\d+), ?(\d+)\)", self.column.sql_type)
        digits, places = (int(part) for part in found.groups()) if found else (18, 6)
        if not number.is_finite() or abs(number) >= Decimal(10) ** (digits - places):
            raise OverflowError
        if number != round(number, places):
            raise ValueError
        return number


class PickerField(ColumnField):
    """A reference: a hidden id and the text that the person typed or chose (picker.js)."""

    text = ""
    pick: Pick
    lookup_url: LookupUrl

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        if formdata is not None:
            self._take(formdata.get(self.name, ""), formdata.get(f"{self.name}.text", ""))
        else:
            self.text = ""
        if formdata is None and self.data is not None:
            self.data, self.text = self.pick(self.column, str(self.data), "")

    def _take(self, key: str, text: str) -> None:
        self.process_errors = []
        self.data, self.text = None, text.strip()
        try:
            self.data, self.text = self.pick(self.column, key.strip(), text.strip())
        except ValueError as error:
            self.process_errors.append(str(error))

    def __call__(self, **kwargs: Any) -> Markup:
        hidden = html_params(
            type="hidden", name=self.name, value="" if self.data is None else self.data
        )
        attributes = {
            "type": "text",
            "id": self.id,
            "name": f"{self.name}.text",
            "value": self.text,
        }
        text = html_params(**attributes, autocomplete="off", placeholder="输入名称查找", **kwargs)
        address = html_params(data_picker=self.lookup_url(self.column))
        return Markup(f'<span class="picker" {address}><input {hidden}><input {text}></span>')


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


def must_be_filled(column: Column) -> bool:
    """Whether the person has to answer: the database wants a value and has none of its own."""
    return column.is_required and column.default is None


def make_form(columns: Iterable[Column], pick: Pick, lookup_url: LookupUrl) -> ColumnForm:
    """An unprocessed form with a field for each column, in that order."""
    form = ColumnForm({column.name: _unbound(column) for column in columns})
    for field, column in zip(form, columns, strict=True):
        field.column = column
        field.flags.required = must_be_filled(column) and column.kind != "yes/no"
        if isinstance(field, ChoiceField):
            field.choices = _choices(column)
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
        if field.flags.required and field.data in (None, "") and not field.errors:
            field.errors = [f"请填写{field.column.label}。"]
            is_valid = False
    return is_valid


def values_of(form: ColumnForm) -> dict[str, Any]:
    """Column name -> the value to store; a blank is NULL where the column may be NULL, else its default."""
    return {field.name: _stored(field.column, field.data) for field in form}


def _stored(column: Column, data: Any) -> Any:
    if data not in (None, ""):
        return data
    return column.default if column.is_required else None


def _unbound(column: Column) -> Any:
    field_class = _FIELDS.get(column.kind, TextField)
    if column.kind == "text" and (column.length or 0) > AREA_FROM:
        field_class = AreaField
    options: dict[str, Any] = {
        "id": f"field-{column.name}",  # no column may take the id of a part of the page
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
