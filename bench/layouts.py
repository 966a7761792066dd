"""The ways offices lay a plan out: plain, titled, with a two-row header, roles inside a cell, merged rows.

`plain` starts with its header in the first row, as Django's import-export needs it; the others are for us alone.
Not here: the file itself (workbooks.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.plans import Item

Line = tuple[Any, ...]
PLAIN = "plain"


@dataclass(frozen=True)
class Layout:
    """One way to lay out: the rows above the items, the merged ranges among them, and the rows of one item.

    ``merged`` are the columns (from 1) that an item of several rows fills once.
    """

    head: tuple[Line, ...]
    lines: Callable[[int, Item], list[Line]]
    head_merges: tuple[str, ...] = ()
    merged: tuple[int, ...] = ()


def _plain(place: int, item: Item) -> list[Line]:
    return [_columns(place, item, item.number)]


def _titled(place: int, item: Item) -> list[Line]:
    return [_columns(place, item, f"第{item.number}号")]


def _columns(place: int, item: Item, number: str) -> Line:
    people = (item.lead, "、".join(item.joint), item.delegation)
    units = (item.lead_unit, "、".join(item.partners))
    return (place, number, item.title, *people, *units, item.due_on)


def _two_rows(place: int, item: Item) -> list[Line]:
    due = f"{item.due_on.year}.{item.due_on.month}.{item.due_on.day}"
    people = (item.lead, " ".join(item.joint))
    units = (item.lead_unit, "；".join(item.partners))
    return [(place, int(item.number), item.title, *people, *units, due)]


def _roles(place: int, item: Item) -> list[Line]:
    due = f"{item.due_on.month}月{item.due_on.day}日前"
    partners = f"；协办：{'、'.join(item.partners)}"
    return [(item.number, item.title, item.lead, f"主办：{item.lead_unit}{partners}", due)]


def _merged(place: int, item: Item) -> list[Line]:
    first, *others = item.partners
    top = (place, item.number, item.title, item.lead, item.lead_unit, first, item.due_on)
    return [top, *((None, None, None, None, None, unit, None) for unit in others)]


_TITLE = "2024年代表建议承办分工方案"
_COLUMNS = (
    "序号", "建议编号", "建议标题", "领衔代表", "联名代表", "代表团", "主办单位", "协办单位", "办理时限",
)  # fmt: skip
_UPPER = ("序号", "编号", "案由", "提出人", None, "承办单位", None, "完成时间")
_LOWER = (None, None, None, "领衔", "附议", "主办", "协办", None)

LAYOUTS = {
    PLAIN: Layout((_COLUMNS,), _plain),
    "titled": Layout(((_TITLE,), ("填报单位：区政府办公室",), _COLUMNS), _titled, ("A1:I1",)),
    "two-rows": Layout(((_TITLE,), _UPPER, _LOWER), _two_rows, ("A1:H1", "D2:E2", "F2:G2")),
    "roles": Layout((("案号", "标题", "提案人", "承办单位", "办结时限"),), _roles),
    "merged": Layout(
        ((_TITLE,), ("序号", "建议编号", "标题", "领衔代表", "主办单位", "协办单位", "办理时限")),
        _merged,
        ("A1:G1",),
        (1, 2, 3, 4, 5, 7),
    ),
}
