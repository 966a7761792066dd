"""Labels written one after the other, 承办单位.单位简称, as the columns of schema.sql that the reader may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from admin.tables.desk import Desk
from domain import models
from domain.schema.columns import SideColumn
from domain.schema.file import Column

DEEPEST = 4
_ALSO: Mapping[str, Mapping[str, str]] = {
    "proposals": {
        "案由": "标题",
        "编号": "案号",
        "提案号": "案号",
        "建议编号": "案号",
        "领衔代表": "领衔",
    },
    "units": {"简称": "单位简称", "单位名称": "单位全称"},
}
"""What offices call some columns besides."""


class UnknownWord(ValueError):
    """The labels lead nowhere, or where the reader may not look; the message is for the person."""


@dataclass(frozen=True)
class LabelPath:
    """References that are followed, then the column that is said."""

    links: tuple[Column, ...]
    column: Column


def path_at(desk: Desk, name: str) -> LabelPath | None:
    """What a name means at the rows of a table; None where its first word is none of its labels.

    Raises UnknownWord where a later word is unknown, or the reader may not see a column.
    """
    words = name.split(".")
    if _labelled(desk, words[0]) is None and not _is_hidden(desk, words[0]):
        return None
    links, at = list[Column](), desk
    for place, word in enumerate(words, 1):
        column = _column(at, word)
        if place == len(words):
            return LabelPath(tuple(links), _sayable(at, column))
        links.append(_followed(at, column, place))
        at = at.beside(column.target)
    return None


def labels_of(desk: Desk) -> Iterator[tuple[str, Column]]:
    """The labels that may be written at the rows of a table, with what they mean."""
    for column in desk.shown.values():
        if not (column.is_key or column.is_programs or column.kind == "data"):
            yield column.label, column


def near(word: str, known: Sequence[str]) -> str:
    """「，是不是“a”、“b”？」, or a full stop."""
    found = get_close_matches(word, known, 3, 0.4)
    return f"，是不是{'、'.join(f'“{one}”' for one in found)}？" if found else "。"


def _labelled(desk: Desk, word: str) -> Column | None:
    label = _ALSO.get(desk.words.name, {}).get(word, word)
    return next((column for named, column in labels_of(desk) if named == label), None)


def _is_hidden(desk: Desk, word: str) -> bool:
    """Whether the table has such a column, not for this reader."""
    table = models.schema.tables[desk.words.name]
    every = [*table.columns.values(), *table.sides.values()]
    return any(c.label == word and not c.is_hidden and not c.is_key for c in every)


def _column(desk: Desk, word: str) -> Column:
    column = _labelled(desk, word)
    if column is not None:
        return column
    if _is_hidden(desk, word):
        raise UnknownWord(f"“{desk.words.label}”的“{word}”，您的角色看不到，不能写进报表。")
    known = [label for label, _ in labels_of(desk)]
    raise UnknownWord(f"“{desk.words.label}”没有“{word}”这一栏{near(word, known)}")


def _sayable(desk: Desk, column: Column) -> Column:
    if column.references and not desk.beside(column.target).may("read"):
        raise UnknownWord(f"“{column.label}”，您的角色看不到，不能写进报表。")
    return column


def _followed(desk: Desk, column: Column, place: int) -> Column:
    if not column.references or isinstance(column, SideColumn) or place > DEEPEST:
        raise UnknownWord(f"“{column.label}”后面不能再写“.”：它不是指向别的记录的一栏。")
    return _sayable(desk, column)
