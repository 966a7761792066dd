"""What stands behind the name of a block or a count, as what the address of a list asks.

承办方式=主办、分办 到期日>=2024-04-01 逾期自然日>=1 反馈日期=空 已办复 期间=催办日期: fields by their labels, named
conditions by theirs. What it means is for the reader of addresses to say (admin/tables/finding).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from werkzeug.datastructures import MultiDict

from admin.tables.desk import Desk
from admin.tables.finding.asking import Asked, read_asked
from admin.tables.finding.fields import fields_of
from admin.tables.finding.filter_values import BadFilter
from admin.tables.finding.filters import Field
from admin.tables.finding.named import ARGUMENT as HOLDS
from admin.tables.finding.named import offered_conditions

PERIOD = "期间"
_TERM = re.compile(r"(?P<label>[^<>=]+)(?P<sign><>|>=|<=|=)(?P<words>.*)")
_EMPTY, _TODAY = "空", "今天"
_BOUNDS = {">=": "from", "<=": "to"}


class BadQuestion(ValueError):
    """It cannot be asked; the message is for the person."""


@dataclass(frozen=True)
class PaperDays:
    """A period, with both its days."""

    first: date
    last: date


def read_question(desk: Desk, terms: Sequence[str], today: date, days: PaperDays | None) -> Asked:
    """The question in the terms of one table's list. Raises BadQuestion with a sentence."""
    try:
        return read_asked(desk, pairs_of(desk, terms, today, days), today)
    except BadFilter as fault:
        raise BadQuestion(str(fault)) from None


def pairs_of(
    desk: Desk, terms: Sequence[str], today: date, days: PaperDays | None
) -> MultiDict[str, str]:
    """What the address of the list would say. Raises BadQuestion for what the list does not have."""
    fields = {field.label: field for field in reversed(tuple(fields_of(desk).values()))}
    asked = MultiDict[str, str]()
    for term in terms:
        for name, text in _read(desk, fields, term, days):
            asked.add(name, today.isoformat() if text == _TODAY else text)
    return asked


def _read(
    desk: Desk, fields: dict[str, Field], term: str, days: PaperDays | None
) -> Iterator[tuple[str, str]]:
    found = _TERM.fullmatch(term)
    if found is None:
        yield HOLDS, _condition(desk, fields, term)
        return
    label, sign, words = found["label"], found["sign"], found["words"]
    if label == PERIOD:
        yield from _within(_field(desk, fields, words), days)
    else:
        yield from _asked(_field(desk, fields, label), sign, words)


def _within(field: Field, days: PaperDays | None) -> Iterator[tuple[str, str]]:
    if field.column.kind not in ("date", "instant"):
        raise BadQuestion(f"“{field.label}”不是日期，不能写“期间={field.label}”。")
    if days is not None:
        yield f"{field.name}.from", days.first.isoformat()
        yield f"{field.name}.to", days.last.isoformat()


def _asked(field: Field, sign: str, words: str) -> Iterator[tuple[str, str]]:
    if words == _EMPTY:
        yield f"{field.name}.empty", "1" if sign == "=" else "0"
    elif sign in _BOUNDS:
        yield f"{field.name}.{_BOUNDS[sign]}", words
    else:
        tail = {"=": "", "<>": ".not"}[sign]
        by_name = ".text" if field.column.references and not words.isdecimal() else ""
        for word in re.split("[、，,]", words):
            yield f"{field.name}{tail or by_name}", word


def _condition(desk: Desk, fields: dict[str, Field], term: str) -> str:
    offered = {condition.label: condition.name for condition in offered_conditions(desk)}
    if term not in offered:
        raise BadQuestion(_unknown(desk, term, [*offered, *fields]))
    return offered[term]


def _field(desk: Desk, fields: dict[str, Field], label: str) -> Field:
    if label not in fields:
        raise BadQuestion(_unknown(desk, label, list(fields)))
    return fields[label]


def _unknown(desk: Desk, label: str, known: Sequence[str]) -> str:
    near = get_close_matches(label, known, 3, 0.4)
    hint = f"，是不是{'、'.join(f'“{word}”' for word in near)}？" if near else "。"
    return f"“{desk.words.label}”里没有“{label}”这项条件{hint}"
