"""What a template asks for: marks like {{案由}} and blocks of rows from {{#承办任务 承办方式=主办}} to {{/承办任务}}.

A mark is a path of labels and nothing more: no attribute, call, condition or loop but the blocks. What it stands for is
looked up before anything is written (`Filled`), so that a template from anybody can ask for what is declared alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Value = str | int | float | Decimal | date | datetime | None
MARK = re.compile(r"\{\{\s*([#/]?)\s*([^{}]*?)\s*\}\}")
PLACE = "序号"
"""In a block, which of its rows this is, from 1."""


class BadMark(Exception):
    """A template that cannot be read: ``where`` as its writer finds it, 「工作表1!B3」 or 「第 3 段」, and why."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}：{why}")
        self.where, self.why = where, why


@dataclass(frozen=True)
class PaperMark:
    """A mark where it stands; ``opens`` and ``closes`` say whether it begins or ends a block."""

    name: str
    where: str
    sign: str = ""

    @property
    def opens(self) -> bool:
        return self.sign == "#"

    @property
    def closes(self) -> bool:
        return self.sign == "/"


@dataclass
class Wanted:
    """What a template, or a block of it, asks for: marks by name, and blocks by what is written behind the #."""

    marks: dict[str, PaperMark] = field(default_factory=dict)
    blocks: dict[str, "Wanted"] = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True)
class Filled:
    """What the marks stand for, by name, and the rows of the blocks, by what is written behind the #.

    What a row of a block does not say is looked up around it.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    blocks: Mapping[str, list["Filled"]] = field(default_factory=dict)


def marks_in(text: str, where: str) -> Iterator[PaperMark]:
    """The marks of a text, in order. Raises BadMark for a brace that is not closed, and for an empty mark."""
    for found in MARK.finditer(text):
        sign, name = found.groups()
        if not name:
            raise BadMark(where, f"“{found[0]}”里没有写要填什么。")
        yield PaperMark(" ".join(name.split()), where, sign)
    if "{{" in (rest := MARK.sub("", text)) or "}}" in rest:
        raise BadMark(where, "“{{”和“}}”没有成对，请写成 {{案由}} 这样。")


def wanted_by(marks: Iterable[PaperMark]) -> Wanted:
    """The marks as a tree. Raises BadMark for a block that is not closed, or closed and never opened."""
    whole = Wanted()
    open_ones = [("", whole)]
    for mark in marks:
        name, inner = open_ones[-1]
        if mark.opens:
            block = inner.blocks.setdefault(mark.name, Wanted(where=mark.where))
            open_ones.append((mark.name, block))
        elif mark.closes:
            if len(open_ones) == 1 or mark.name != name.split(" ")[0]:
                raise BadMark(mark.where, f"{{{{/{mark.name}}}}} 之前没有 {{{{#{mark.name}}}}}。")
            open_ones.pop()
        else:
            inner.marks.setdefault(mark.name, mark)
    if len(open_ones) > 1:
        name, block = open_ones[-1]
        short = name.split(" ")[0]
        raise BadMark(block.where, f"{{{{#{name}}}}} 没有结束，请在最后写 {{{{/{short}}}}}。")
    return whole
