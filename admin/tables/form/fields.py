"""The fields of forms, one class for each kind of column: each checks its own text and answers in Chinese.

Which fields a form has is forms.py's.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from markupsafe import Markup
from wtforms import (
    BooleanField,
    Field,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.form import BaseForm
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput, DateTimeLocalInput, NumberInput, TextArea, html_params

from domain.schema.file import Column
from domain.texts.days import read_day, read_instant
from domain.texts.numbers import Unclear
from domain.texts.typed_text import read_text, tidy

LARGEST_INTEGER = 2**31 - 1

Pick = Callable[[Column, str, str], tuple[int | None, str]]
LookupUrl = Callable[[Column], str]


class ColumnField(Field):
    """What the fields share: which column they fill, how wide they are, what describes them."""

    column: Column
    is_wide = False
    is_must = False
    """Whether it has to be filled in, where the row is at all."""
    is_flag = False
    is_group = False
    """Whether it is several inputs, each with a label of its own."""
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


class OfferedField(ColumnField):
    """A reference: one of the rows that are offered, by id and name."""

    offered: Mapping[int, str] = MappingProxyType({})

    def process_data(self, value: Any) -> None:
        self.data = value if value in self.offered else None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = _read_offered(self.offered, valuelist[0]) if valuelist else None

    def __call__(self, **kwargs: Any) -> Markup:
        options = [("", "请选择"), *((str(key), name) for key, name in self.offered.items())]
        drawn = (
            Markup("<option {}>{}</option>").format(
                Markup(html_params(value=key, selected=key == str(self.data or ""))), name
            )
            for key, name in options
        )
        params = html_params(id=self.id, name=self.name, required=self.flags.required, **kwargs)
        return Markup("<select {}>{}</select>").format(Markup(params), Markup().join(drawn))


class OfferedListField(ColumnField):
    """A reference to several rows: boxes to tick, one for each that is offered; all are ticked at first."""

    is_wide = True
    is_group = True
    offered: Mapping[int, str] = MappingProxyType({})

    def process_data(self, value: Any) -> None:
        self.data = [key for key in self.offered if value is None or key in value]

    def process_formdata(self, valuelist: list[str]) -> None:
        read = [_read_offered(self.offered, text) for text in valuelist]
        self.data = [key for key in read if key is not None]

    def __call__(self, **kwargs: Any) -> Markup:
        drawn = (
            Markup("<li><input {}><label {}>{}</label></li>").format(
                Markup(self._box(key, at)), Markup(html_params(for_=f"{self.id}-{at}")), name
            )
            for at, (key, name) in enumerate(self.offered.items())
        )
        return Markup("<ul>{}</ul>").format(Markup().join(drawn))

    def _box(self, key: int, at: int) -> str:
        is_ticked = key in (self.data or ())
        known = {"id": f"{self.id}-{at}", "name": self.name, "value": key}
        return html_params(type="checkbox", checked=is_ticked, **known)


def _read_offered(offered: Mapping[int, str], text: str) -> int | None:
    """The id that was sent; None for none. Raises ValueError for what is not offered, or not any more."""
    found = next((key for key in offered if str(key) == text.strip()), None)
    if found is None and text.strip():
        raise ValueError("选的这一项现在不能选了，请看一看还可以选的。")
    return found


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
