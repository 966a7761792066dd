"""A text that a person typed, on a form or into a cell, as it is stored. The same at every door.

Not the cells of a plan (domain/plans/recognising/facts.py), whose reading of an item's number it shares.
"""

import re

from domain.schema.words import Column
from domain.texts.numbers import Unclear, number_of
from domain.texts.text import CONTROLS, plain_characters

LONGEST = 100_000
"""The most characters of a long text: some 200 printed pages. More belongs into an attachment."""
_BREAKS = re.compile("\r\n|[\r\v\f\u2028\u2029]")
_EMPTY_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


def tidy(column: Column, text: str) -> str:
    """The text without characters that do not show and without blanks around it.

    A long text keeps the indent of its first line: 　　 begins a paragraph.
    """
    text = _BREAKS.sub("\n", plain_characters(text))
    return _EMPTY_LINES.sub("", text.rstrip()) if column.kind == "long text" else text.strip()


def read_text(column: Column, value: object) -> str:
    """What a text column stores for a typed ``value``. Raises Unclear, the rest of a sentence without its full stop.

    An item's number is brought to its significant form: 第001号 is 001.
    """
    if isinstance(value, str):
        value = tidy(column, value)
        if CONTROLS.search(value):
            raise Unclear("含有不能保存的字符，请重新输入")
    text = number_of(value) if column.is_item_number else str(value)
    longest = column.length or LONGEST
    if len(text) > longest:
        raise Unclear(f"最多 {longest} 个字，现在是 {len(text)} 个")
    return text
