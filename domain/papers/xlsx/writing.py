"""One value into one cell: typed as it is, formatted as the template says, and a text that can never become a formula.

A cell that holds one mark and nothing else gets the value itself; one with words around it gets a text.
"""

import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from domain.exports.values import LONGEST_DIGITS, clean_text
from domain.papers.marks import MARK, Value
from domain.papers.percent import Percent

_FIRST_DATE = date(1900, 3, 1)
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ACTING = ("=", "+", "-", "@")
_FORMATS: Mapping[type, str] = {
    date: "yyyy-mm-dd",
    datetime: "yyyy-mm-dd hh:mm",
    Percent: "0.00%",
}
Find = Callable[[str, int], Value]
"""What a mark stands for, by its name and in how many blocks it stands."""


@dataclass(frozen=True)
class CellModel:
    """A cell of the template: its style, and its text in parts, of which every second one is the name of a mark.

    ``depths``: in how many blocks each of the marks stands.
    """

    column: int
    value: Any
    kind: str
    style: Any
    parts: tuple[str, ...] = ()
    depths: tuple[int, ...] = ()
    number_format: str = "General"
    wraps: bool = False
    size: float = 11
    """Of its font, in points."""


def model_of(cell: Any, depth: int) -> CellModel:
    """How a cell of the template is drawn again that begins in so many blocks; of a merged one the frame alone."""
    if type(cell) is MergedCell:
        frame: Any = cell
        return CellModel(frame.column, None, "n", frame._style)
    parts, depths = _parts(str(cell.value), depth) if cell.data_type == "s" else ((), ())
    return CellModel(
        cell.column,
        cell.value,
        cell.data_type,
        cell._style,
        parts,
        depths,
        cell.number_format,
        bool(cell.alignment.wrap_text),
        float(cell.font.sz or 11),
    )


def depth_after(cell: Any, depth: int) -> int:
    """In how many blocks the next cell begins."""
    if getattr(cell, "data_type", "") != "s":
        return depth
    signs = [found[1] for found in MARK.finditer(str(cell.value))]
    return depth + signs.count("#") - signs.count("/")


def _parts(text: str, depth: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Literal, mark, literal, mark …, literal, and the depths of the marks; the signs of blocks are left out."""
    parts, depths, at = [""], list[int](), 0
    for found in MARK.finditer(text):
        parts[-1] += text[at : found.start()]
        at = found.end()
        depth += {"#": 1, "/": -1}.get(found[1], 0)
        if not found[1]:
            parts += [" ".join(found[2].split()), ""]
            depths.append(depth)
    parts[-1] += text[at:]
    return (tuple(parts) if MARK.search(text) else ()), tuple(depths)


class CellWriter:
    """Draws the cells of one sheet; styles that values need beside the template's own are made once."""

    def __init__(self, page: Worksheet) -> None:
        self.page = page
        self._styles: dict[tuple[int, str], Any] = {}

    def write(self, model: CellModel, row: int, find: Find) -> Any:
        """A new cell in this row; what its marks stand for is asked of ``find``."""
        cell: Any = Cell(self.page, row, model.column)
        cell._style = model.style
        if not model.parts:
            if model.value is not None:
                cell._value, cell.data_type = model.value, model.kind
            return cell
        self._fill(cell, model, value_of(model, find))
        return cell

    def _fill(self, cell: Any, model: CellModel, value: Value) -> None:
        if value is None or value == "":
            return
        value = _fitting(value)
        if isinstance(value, str):
            text = clean_text(value)
            cell._value, cell.data_type = _ESCAPE.sub("_x005F_", text), "s"
            if text.startswith(_ACTING):
                cell._style = self._style(model, "quoted")
            return
        if isinstance(value, date):
            cell._value, cell.data_type = value, "d"
        else:
            cell._value = value.share if isinstance(value, Percent) else value
        wanted = _FORMATS.get(type(value))
        if wanted and model.number_format in ("General", "@"):
            cell._style = self._style(model, wanted)

    def _style(self, model: CellModel, wanted: str) -> Any:
        known = self._styles.get(key := (id(model), wanted))
        if known is None:
            scratch: Any = Cell(self.page, 1, 1)
            scratch._style = copy(model.style)
            if wanted == "quoted":
                scratch._style.quotePrefix = 1
            else:
                scratch.number_format = wanted
            known = self._styles[key] = scratch._style
        return known


def value_of(model: CellModel, find: Find) -> Value:
    """What a text with marks says: of one mark alone its value, else a text."""
    parts, values = model.parts, list(map(find, model.parts[1::2], model.depths))
    if len(values) == 1 and not parts[0].strip() and not parts[2].strip():
        return values[0]
    said = [part for pair in zip(parts[::2], map(say, values), strict=False) for part in pair]
    return "".join([*said, parts[-1]]).strip()


def say(value: Value) -> str:
    """A value among words: 2024年4月10日, 92.31%, 12."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)


def _fitting(value: Any) -> Any:
    """The value, or a text where a cell would change it: long numbers, early dates, 是 and 否."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if (
        isinstance(value, date)
        and not (value.date() if isinstance(value, datetime) else value) >= _FIRST_DATE
    ):
        return value.isoformat()
    if isinstance(value, int) and abs(value) >= 10**LONGEST_DIGITS:
        return str(value)
    if isinstance(value, Decimal) and not isinstance(value, Percent):
        digits = len(value.normalize().as_tuple().digits) if value.is_finite() else 99
        return value if digits <= LONGEST_DIGITS else str(value)
    return value
