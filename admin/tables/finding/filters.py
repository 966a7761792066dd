"""Filters of a list: what the address says, as a WHERE clause and as words.

`state=办理中`, `unit_id=3`, `role.not=协办`, `due_on.from=2024-05-01`, `title=养老`, `signed_on.empty=1`, one step
further `proposal.meeting_id=2`, whether another table has rows on it: `feedbacks.empty=1`, what those refer to:
`assignments.unit_id=3`, and what the list shows of other tables: `lead_units=3`, `days_late.from=1`. Not the form that
asks for them (filter_form.py), not who may see a column: the caller passes the fields that this person may ask about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import aliased
from werkzeug.datastructures import MultiDict

from admin.tables.finding.filter_values import FLAGS, BadFilter, BadValue, parse_value
from admin.tables.finding.mentions import mentions
from domain import models
from domain.schema.columns import SideColumn
from domain.schema.file import Column, Table
from domain.side_columns.asking import SideQuestion, holding
from domain.storing.session import ActorSession

RESERVED = frozenset(
    {"q", "sort", "columns", "after", "before", "size", "waits", "holds", "counted", "all"}
)
SLICED = "by-"
"""How the arguments begin that ask for one value of a dimension (slices.py); so begins no field."""
RANGED = frozenset({"date", "instant", "whole number", "number"})
TEXTS = frozenset({"text", "long text"})
OPERATORS = frozenset({"not", "from", "to", "empty"})
MAX_TEXT = 100
MAX_WORDS = 5
MAX_VALUES = 50

NameOf = Callable[[Column, int], str | None]


@dataclass(frozen=True)
class Field:
    """What can be asked about: a column of the list's table, or of the row that its reference `via` points to.

    Or whether rows of the table `below` hang on it; `column` is then that table's reference to the list's table.
    Or, with `hung_by`, what such rows hold in `column`; then `hung_by` is that reference.
    """

    column: Column
    via: Column | None = None
    below: Table | None = None
    hung_by: Column | None = None

    @property
    def name(self) -> str:
        """Its name in the address."""
        if self.below is not None:
            return self.below.name + (f".{self.column.name}" if self.hung_by else "")
        if self.via is None:
            return self.column.name
        return f"{self.via.name.removesuffix('_id')}.{self.column.name}"

    @property
    def label(self) -> str:
        """Its name for a person."""
        if self.below is not None:
            return self.below.label + (f"的{self.column.label}" if self.hung_by else "")
        return self.column.label if self.via is None else f"{self.via.label}的{self.column.label}"

    @property
    def picked(self) -> Column:
        """Of a reference: the column whose rows a picker offers."""
        return self.column.source if isinstance(self.column, SideColumn) else self.column

    @property
    def operators(self) -> tuple[str, ...]:
        """What can be asked of it; "" is the plain question."""
        column = self.column
        if self.below is not None:
            return ("",) if self.hung_by else ("empty",)
        if column.kind == "data":
            return ()
        empty = ("empty",) if column.kind in TEXTS or not column.is_required else ()
        if column.kind in RANGED:
            return ("from", "to", *empty)
        return ("", *(() if column.kind in TEXTS else ("not",)), *empty)


@dataclass(frozen=True)
class Condition:
    """One filter in force. `operator` is is, not, contains, from, to or empty; `words` say it to a person."""

    field: Field
    operator: str
    values: tuple[Any, ...]
    texts: tuple[str, ...]
    words: str

    @property
    def argument(self) -> str:
        """The name in the address."""
        plain = self.operator not in OPERATORS
        return self.field.name if plain else f"{self.field.name}.{self.operator}"

    @property
    def text(self) -> str | None:
        """The text that a column must contain, where that is what it asks for."""
        return self.values[0] if self.operator == "contains" else None

    def clause(
        self, model: Any, near: ColumnElement[bool] | None = None, *, is_led: bool = False
    ) -> ColumnElement[bool]:
        """The same as SQL on the mapped class; what is asked of a linked row is asked in its own scope.

        `near` is true of all rows of the table asked about that can be meant, and leads to them. `is_led`: few rows
        are asked about, so that the linked one of each is looked up.
        """
        via, below = self.field.via, self.field.below
        if below is not None:
            return self._on_those_below(model, aliased(models.by_table[below.name]))
        asked_about = model if via is None else models.by_table[via.target]
        said = self._on(asked_about) if near is None else and_(near, self._on(asked_about))
        if via is None:
            return said
        found = select(asked_about.id).where(said)
        link: ColumnElement[Any] = getattr(model, via.name)
        return found.where(asked_about.id == link).exists() if is_led else link.in_(found)

    def beside(self, session: ActorSession, today: date) -> ColumnElement[bool]:
        """The same where a side column is asked about."""
        assert isinstance(self.field.column, SideColumn)
        question = SideQuestion(self.operator, self.values, self._says)
        return holding(session, self.field.column, question, today)

    def _says(self, operator: str, held: Any, values: tuple[Any, ...]) -> ColumnElement[bool]:
        return _CLAUSES[operator](held, replace(self, operator=operator, values=values))

    def _on_those_below(self, model: Any, hanging: Any) -> ColumnElement[bool]:
        """Whether the reader sees any row that hangs on this one, or any that holds what is asked."""
        if self.field.hung_by is not None:
            held = select(getattr(hanging, self.field.hung_by.name)).where(self._on(hanging))
            found: ColumnElement[bool] = model.id.in_(held)
            return found
        key = getattr(hanging, self.field.column.name)
        has_some: ColumnElement[bool] = model.id.in_(select(key).where(key.is_not(None)))
        return not_(has_some) if self.values[0] else has_some

    def _on(self, model: Any) -> ColumnElement[bool]:
        return _CLAUSES[self.operator](getattr(model, self.field.column.name), self)


@dataclass(frozen=True)
class Misread:
    """A filter whose value means nothing: as the address has it, with the sentence that says so."""

    field: Field
    argument: str
    texts: tuple[str, ...]
    sentence: str

    @property
    def operator(self) -> str:
        """is, from, to …: where in the filter form the text stands."""
        tail = self.argument.removeprefix(self.field.name).removeprefix(".")
        return tail if tail in OPERATORS else "is"

    @property
    def words(self) -> str:
        """The filter in words."""
        return f"{self.field.label}：{'、'.join(self.texts)}"


def read_conditions(
    args: MultiDict[str, str], fields: Mapping[str, Field], name_of: NameOf
) -> list[Condition | Misread]:
    """The conditions in an address, in its order; empty values ask for nothing.

    `name_of` gives the natural name of a linked row, or None where the reader may not see it.
    Raises BadFilter on a field or operator that this list does not have.
    """
    conditions: list[Condition | Misread] = []
    for argument in args:
        texts = tuple(text for text in args.getlist(argument) if text.strip())
        is_field = argument not in RESERVED and not argument.startswith(SLICED)
        if not is_field or argument.endswith(".text") or not texts:
            continue
        conditions.append(_read(argument, texts, fields, name_of))
    return conditions


def read_search(text: str) -> tuple[str, ...]:
    """The words that a search looks for. Raises BadFilter on a text that is no search."""
    if "\0" in text or len(text) > MAX_TEXT:
        raise BadFilter("查找的内容太长，或含有不能查找的字符。")
    return tuple(text.split()[:MAX_WORDS])


def _read(
    argument: str, texts: tuple[str, ...], fields: Mapping[str, Field], name_of: NameOf
) -> Condition | Misread:
    head, _, tail = argument.rpartition(".")
    is_asked_so = argument not in fields and tail in OPERATORS
    name, operator = (head, tail) if is_asked_so else (argument, "")
    field = fields.get(name)
    if field is None or operator not in field.operators:
        raise BadFilter(f"这个列表没有“{argument[:40]}”这项筛选。")
    if len(texts) > MAX_VALUES or any(len(text) > MAX_TEXT or "\0" in text for text in texts):
        raise BadFilter(f"“{field.label}”的筛选内容太长。")
    try:
        return _mean(field, operator, texts, name_of)
    except BadValue as error:
        return Misread(field, argument, texts, str(error))


def _mean(field: Field, operator: str, texts: tuple[str, ...], name_of: NameOf) -> Condition:
    """What the texts ask of the field. Raises BadValue where they mean nothing."""
    if operator == "empty":
        return _emptiness(field, texts[-1])
    if operator in ("from", "to"):
        return _bound(field, operator, texts[-1].strip())
    if field.column.kind in TEXTS and field.column.is_programs:
        return _naming(field, texts[-1].strip())
    if field.column.kind in TEXTS:
        text = texts[-1].strip()
        return Condition(field, "contains", (text,), (text,), f"{field.label}含“{text}”")
    return _membership(field, operator or "is", texts, name_of)


def _emptiness(field: Field, text: str) -> Condition:
    if text not in FLAGS:
        raise BadValue(f"“{field.label}”只能问是否未填。")
    if field.below is not None or isinstance(field.column, SideColumn):
        words = f"{'没有' if FLAGS[text] else '有'}{field.label}"
    else:
        words = f"{field.label}{'未填' if FLAGS[text] else '已填'}"
    return Condition(field, "empty", (FLAGS[text],), (text,), words)


def _naming(field: Field, text: str) -> Condition:
    """What the program wrote is asked for as it wrote it; the name of a table is said by its label."""
    table = models.schema.tables.get(text)
    words = f"{field.label}：{table.label if table else text}"
    return Condition(field, "is", (text,), (text,), words)


def _bound(field: Field, operator: str, text: str) -> Condition:
    value = parse_value(field.column, text)
    is_dated = field.column.kind in ("date", "instant")
    says = {"from": "不早于" if is_dated else "≥", "to": "不晚于" if is_dated else "≤"}[operator]
    return Condition(field, operator, (value,), (text,), f"{field.label} {says} {text}")


def _membership(field: Field, operator: str, texts: tuple[str, ...], name_of: NameOf) -> Condition:
    values = tuple(parse_value(field.column, text) for text in texts)
    names = "、".join(_say(field.column, value, name_of) for value in values)
    words = f"{field.label}{'不是' if operator == 'not' else '：'}{names}"
    return Condition(field, operator, values, texts, words)


def _say(column: Column, value: Any, name_of: NameOf) -> str:
    if column.kind == "yes/no":
        return "是" if value else "否"
    if column.choices and value not in column.choices:
        raise BadValue(f"“{column.label}”没有“{value[:40]}”这一项。")
    if column.references:
        name = name_of(column, value)
        if name is None:
            raise BadValue(f"“{column.label}”没有编号为{value}的记录。")
        return name
    return str(value)


def _is(attribute: Any, condition: Condition) -> ColumnElement[bool]:
    values = condition.values
    found: ColumnElement[bool] = (
        attribute == values[0] if len(values) == 1 else attribute.in_(values)
    )
    return found


def _until(attribute: Any, condition: Condition) -> ColumnElement[bool]:
    """Up to and with the bound; a bare day as the end of an instant means that whole day."""
    value = condition.values[0]
    is_day = (
        isinstance(value, datetime) and value.time() == time.min and len(condition.texts[0]) == 10
    )
    found: ColumnElement[bool] = (
        attribute < value + timedelta(days=1) if is_day else attribute <= value
    )
    return found


def _emptied(attribute: Any, condition: Condition) -> ColumnElement[bool]:
    nothing: ColumnElement[bool] = attribute.is_(None)
    return or_(nothing, attribute == "") if condition.field.column.kind in TEXTS else nothing


_CLAUSES: Mapping[str, Callable[[Any, Condition], ColumnElement[bool]]] = {
    "is": _is,
    "not": lambda attribute, c: or_(attribute.is_(None), not_(_is(attribute, c))),
    "contains": lambda attribute, c: mentions(attribute, c.values[0]),
    "from": lambda attribute, c: attribute >= c.values[0],
    "to": _until,
    "empty": lambda attribute, c: (
        _emptied(attribute, c) if c.values[0] else not_(_emptied(attribute, c))
    ),
}
