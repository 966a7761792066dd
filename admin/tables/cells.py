"""How one value of a row looks on the screen: its text, its link, its colour.

Decided by the kind of the column alone, so that a new column looks right by itself. Not the HTML
(templates/tables/cell.html), not the export's cells.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain import models
from domain.access.scopes import NOT_YOURS
from domain.dues.deadlines import WINDOWS
from domain.schema.columns import DAYS, PAST, SideColumn
from domain.schema.file import Column

NEAR_DAYS = 7
SHORT = 60
_DONE = ("done_on", "finished_on", "closed_on", "issued_on")

# Colour belongs to columns that say how far something is, by the end of their name.
TONED: tuple[str, ...] = (
    "state",
    "status",
    "outcome",
    "result",
    "decision",
    "rating",
    "attitude",
    "event",
    "action",
)
TONED += ("colour", "step", "key_kind")

# The one table of colours: a word that means waiting, moving, done, wrong. Other words stay grey.
TONES: Mapping[str, str] = {
    word: tone
    for tone, words in {
        "amber": "登记 待签收 退办中 待定 待确认 等待 未定 拟稿 基本满意 黄 部分采纳 重办",
        "blue": "交办 办理 办理中 审核 审核中 复核 分管审核 主要审签 协办会签 督办审签 督查审核"
        " 进行 读取中 写入中 推进中 蓝",
        "green": "答复 已答复 办结 已完成 完成 通过 同意 满意 已写入 无需写入 已兑现 已销号 销号 采纳 新增 登录",
        "red": "退回 不满意 失败 无效 不同意 逾期 锁定 红 删除 逾期红 已退办",
        "violet": "重点建议 重点提案 领导督办 人大重点督办 政协重点督办 三公开 评价",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True)
class Cell:
    """One value, drawn. `kind` says how it is set: words, short, link, chip, date, number, flag, long, data."""

    kind: str
    text: str
    href: str | None = None
    tone: str | None = None
    is_main: bool = False


def draw(column: Column, value: Any, *, tone: str | None = None) -> Cell:
    """The cell of a value that links to nothing."""
    if value is None or value == "":
        return Cell(css_class(column), "")
    if column.kind == "choice":
        return Cell(
            "chip", str(value), tone=TONES.get(str(value)) if column.name.endswith(TONED) else None
        )
    return Cell(css_class(column), say(column, value), tone=tone)


def css_class(column: Column) -> str:
    """How the cells of a column are set."""
    is_short = column.kind == "text" and column.length is not None and column.length <= SHORT
    return "short" if is_short else _CLASSES[column.kind]


def draw_link(value: int | None, target: Any, href: str | None, unseen: str = "") -> Cell:
    """The cell of a reference: the natural name of the row it points to, if the reader may see it.

    ``unseen`` is what he reads of one that he may not.
    """
    if value is None:
        return Cell("link", "")
    if target is None:
        return Cell("link", unseen or NOT_YOURS, tone="quiet")
    return Cell("link", str(target), href=href)


def due_tone(row: models.Row, column: Column, today: date) -> str | None:
    """late or near for the due date of something not yet done; a convention of names, for every table."""
    due_on = getattr(row, column.name)
    is_done = any(getattr(row, name, None) for name in _DONE)
    is_window = getattr(row, "milestone", None) in WINDOWS
    if column.name != "due_on" or is_done or is_window:
        return None
    return tone_of_due(due_on, today)


def tone_of_due(due_on: date | None, today: date) -> str | None:
    """late or near for a day on which something is due."""
    if due_on is None:
        return None
    return _closeness(due_on, today)


def side_tone(side: SideColumn, value: Any, today: date) -> str | None:
    """The same in a side column that shows due dates of what is not yet done, or the days since."""
    is_open = any(not d.words and d.is_met_by and d.column in _DONE for d in side.demands)
    if side.source.name != "due_on" or not is_open or side.taking not in DAYS:
        return None
    return "late" if side.taking == PAST else _closeness(value, today)


def _closeness(due_on: date, today: date) -> str | None:
    if due_on < today:
        return "late"
    return "near" if due_on <= today + timedelta(days=NEAR_DAYS) else None


def say(column: Column, value: Any) -> str:
    """A value in the words of the screen; dates and numbers as a person writes them."""
    return _WORDS.get(column.kind, str)(value)


def _say_instant(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M}"


def _say_number(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


_CLASSES = {
    "key": "number",
    "link": "link",
    "choice": "chip",
    "text": "words",
    "long text": "long",
    "whole number": "number",
    "number": "number",
    "date": "date",
    "instant": "date",
    "yes/no": "flag",
    "data": "data",
}

_WORDS: dict[str, Callable[[Any], str]] = {
    "date": date.isoformat,
    "instant": _say_instant,
    "number": _say_number,
    "yes/no": lambda value: "是" if value else "否",
}
