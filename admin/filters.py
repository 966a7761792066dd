"""Filters of a list: what the address says, as a WHERE clause and as words.

`state=办理中`, `unit_id=3`, `due_on.from=2024-05-01`, `title=养老`, `signed_on.empty=1`. Not the form that asks
for them (templates/table/filters.html), not who may see a column (the caller passes only readable columns).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, not_, or_
from werkzeug.datastructures import MultiDict

from domain.schema import Column

RESERVED = frozenset({"q", "sort", "columns", "after", "before", "size"})
RANGED = frozenset({"date", "instant", "whole number", "number"})
MAX_TEXT = 100
MAX_WORDS = 5
MAX_VALUES = 50
_LARGEST = 2**63 - 1
_FLAGS = {"1": True, "是": True, "0": False, "否": False}

NameOf = Callable[[Column, int], str | None]


class BadFilter(ValueError):
    """The address asks for something this list cannot do; the message is for the person."""


@dataclass(frozen=True)
class Condition:
    """One filter in force. `operator` is is, contains, from, to or empty; `words` say it to a person."""

    column: Column
    operator: str
    values: tuple[Any, ...]
    texts: tuple[str, ...]
    words: str

    @property
    def argument(self) -> str:
        """The name in the address."""
        plain = self.operator in ("is", "contains")
        return self.column.name if plain else f"{self.column.name}.{self.operator}"

    def clause(self, model: type) -> ColumnElement[bool]:
        """The same as SQL on the mapped class."""
        attribute = getattr(model, self.column.name)
        return _CLAUSES[self.operator](attribute, self)


def read_conditions(
    args: MultiDict[str, str], columns: Mapping[str, Column], name_of: NameOf
) -> list[Condition]:
    """The conditions in an address, in its order; empty values ask for nothing.

    `name_of` gives the natural name of a linked row, or None where the reader may not see it.
    Raises BadFilter on a column, operator or value that this list does not have.
    """
    conditions = []
    for argument in args:
        texts = tuple(text for text in args.getlist(argument) if text.strip())
        if argument in RESERVED or argument.endswith(".text") or not texts:
            continue
        conditions.append(_read(argument, texts, columns, name_of))
    return conditions


def parse_value(column: Column, text: str) -> Any:
    """The value a column of this kind would hold. Raises BadFilter with a sentence."""
    try:
        return _PARSERS.get(column.kind, str)(text.strip())
    except (ValueError, InvalidOperation, OverflowError) as error:
        raise BadFilter(f"“{column.label}”看不懂“{text[:40]}”。") from error


def _read(
    argument: str, texts: tuple[str, ...], columns: Mapping[str, Column], name_of: NameOf
) -> Condition:
    name, _, operator = argument.partition(".")
    column = columns.get(name)
    if column is None or operator not in operators(column):
        raise BadFilter(f"这个列表没有“{argument[:40]}”这项筛选。")
    if len(texts) > MAX_VALUES or any(len(text) > MAX_TEXT or "\0" in text for text in texts):
        raise BadFilter(f"“{column.label}”的筛选内容太长。")
    if operator == "empty":
        return _emptiness(column, texts[-1])
    if operator:
        return _bound(column, operator, texts)
    if column.kind in ("text", "long text"):
        words = f"{column.label}含“{texts[-1].strip()}”"
        return Condition(column, "contains", (texts[-1].strip(),), texts[-1:], words)
    return _membership(column, texts, name_of)


def operators(column: Column) -> tuple[str, ...]:
    """What can be asked of a column; "" is the plain question."""
    if column.kind == "data":
        return ()
    is_text = column.kind in ("text", "long text")
    empty = ("empty",) if is_text or not column.is_required else ()
    return ("from", "to", *empty) if column.kind in RANGED else ("", *empty)


def _emptiness(column: Column, text: str) -> Condition:
    if text not in _FLAGS:
        raise BadFilter(f"“{column.label}”只能问是否未填。")
    words = f"{column.label}{'未填' if _FLAGS[text] else '已填'}"
    return Condition(column, "empty", (_FLAGS[text],), (text,), words)


def _bound(column: Column, operator: str, texts: tuple[str, ...]) -> Condition:
    value = parse_value(column, texts[-1])
    dated = column.kind in ("date", "instant")
    says = {"from": "不早于" if dated else "≥", "to": "不晚于" if dated else "≤"}[operator]
    return Condition(
        column, operator, (value,), texts[-1:], f"{column.label} {says} {texts[-1].strip()}"
    )


def _membership(column: Column, texts: tuple[str, ...], name_of: NameOf) -> Condition:
    values = tuple(parse_value(column, text) for text in texts)
    names = [_say(column, value, name_of) for value in values]
    return Condition(column, "is", values, texts, f"{column.label}：{'、'.join(names)}")


def _say(column: Column, value: Any, name_of: NameOf) -> str:
    if column.kind == "yes/no":
        return "是" if value else "否"
    if column.choices and value not in column.choices:
        raise BadFilter(f"“{column.label}”没有“{value[:40]}”这一项。")
    if column.references:
        name = name_of(column, value)
        if name is None:
            raise BadFilter(f"“{column.label}”没有编号为{value}的记录。")
        return name
    return str(value)


def _as_flag(text: str) -> bool:
    if text not in _FLAGS:
        raise ValueError(text)
    return _FLAGS[text]


def _as_key(text: str) -> int:
    value = int(text)
    if not text.isascii() or not 0 < value <= _LARGEST:
        raise ValueError(text)
    return value


def _as_integer(text: str) -> int:
    value = int(text)
    if abs(value) > _LARGEST:
        raise OverflowError(text)
    return value


def _as_number(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite() or abs(value) > _LARGEST:
        raise ValueError(text)
    return value


def _as_instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "key": _as_key,
    "link": _as_key,
    "whole number": _as_integer,
    "number": _as_number,
    "date": date.fromisoformat,
    "instant": _as_instant,
    "yes/no": _as_flag,
}


def _is(attribute: Any, condition: Condition) -> ColumnElement[bool]:
    return (
        attribute.in_(condition.values)
        if len(condition.values) > 1
        else attribute == condition.values[0]
    )


def _until(attribute: Any, condition: Condition) -> ColumnElement[bool]:
    """Up to and with the bound; a bare day as the end of an instant means that whole day."""
    value = condition.values[0]
    if isinstance(value, datetime) and value.time() == time.min and "T" not in condition.texts[0]:
        return attribute < value + timedelta(days=1)
    return attribute <= value


def _emptied(attribute: Any, condition: Condition) -> ColumnElement[bool]:
    nothing = attribute.is_(None)
    return (
        or_(nothing, attribute == "") if condition.column.kind in ("text", "long text") else nothing
    )


_CLAUSES: dict[str, Callable[[Any, Condition], ColumnElement[bool]]] = {
    "is": _is,
    "contains": lambda attribute, c: attribute.icontains(c.values[0], autoescape=True),
    "from": lambda attribute, c: attribute >= c.values[0],
    "to": _until,
    "empty": lambda attribute, c: (
        _emptied(attribute, c) if c.values[0] else not_(_emptied(attribute, c))
    ),
}


def read_search(text: str) -> tuple[str, ...]:
    """The words that a search looks for. Raises BadFilter on a text that is no search."""
    if "\0" in text or len(text) > MAX_TEXT:
        raise BadFilter("查找的内容太长，或含有不能查找的字符。")
    return tuple(text.split()[:MAX_WORDS])
