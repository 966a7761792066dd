"""Which marks there are, for the screen and the handbook: all of it read from what declares it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from admin.papers.figures import COUNT, qualifiers
from admin.papers.paths import labels_of
from admin.papers.planning import BY
from admin.papers.subjects import GENERAL
from admin.papers.ways import column_of
from admin.tables.desk import Desk
from admin.tables.finding.fields import fields_of
from admin.tables.finding.named import offered_conditions
from domain import models
from domain.papers.marks import PLACE
from domain.statistics.dimensions import DIMENSIONS
from domain.statistics.measures import Measure, Rate
from domain.statistics.register import MEASURES, RATES


@dataclass(frozen=True)
class MarkHelp:
    """A mark and what it stands for."""

    mark: str
    about: str


@dataclass(frozen=True)
class BlockHelp:
    """What may be written in a block of a table's rows, and asked behind its name."""

    label: str
    row_is: str
    marks: tuple[MarkHelp, ...]
    conditions: tuple[MarkHelp, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True)
class MarksHelp:
    """All marks that a person may write."""

    anywhere: tuple[MarkHelp, ...]
    numbers: tuple[MarkHelp, ...]
    qualifiers: tuple[str, ...]
    by: tuple[str, ...]
    blocks: tuple[BlockHelp, ...]


EXAMPLES: Mapping[str, str] = {
    "{{届次会议}}、{{届次会议.年度}}": "选定的会议：名称，或它的一栏；{{承办单位}}、{{建议提案.标题}} 一样",
    "{{标题}}": "按件出的报表里，可以直接写这一件的一栏",
    "{{#承办任务 承办方式=主办、分办 已办复}}…{{/承办任务}}": "一行一项承办任务；名称后面写条件，与列表的筛选一样",
    "{{#承办任务 逾期自然日>=1 倒序=逾期自然日}}…{{/承办任务}}": (
        "条件可以用 =、<>、>=、<=，值可以是“空”“今天”；排序= 从小到大，倒序= 从大到小"
    ),
    "{{#催办 期间=催办日期}}…{{/催办}}": "按期间出的报表：只要这一栏在期间以内的",
    "{{承办单位.单位简称}}": "顺着一栏指向的记录写下去",
    f"{{{{{PLACE}}}}}": "块里的第几行",
    f"{{{{#{BY}承办单位 排序=退办比例 只列=退回次数}}}}…{{{{/{BY}承办单位}}}}": (
        "一行一个单位，里面写数；可以按一个数由高到低排，只列有数的"
    ),
    "{{办复率}}、{{主办.办复率}}": "一个数，或只数主办的；在“按…”的块里是那一行的，在外面是全部的",
    f"{{{{{COUNT} 意见反馈 末次评价 办理工作=满意}}}}": "这样的记录有几条",
}
"""How marks are written, with what they mean."""


def marks_help(desk: Desk) -> MarksHelp:
    """The marks for the person at the desk."""
    return MarksHelp(
        tuple(MarkHelp(_mark(name), about) for name, (_, about) in GENERAL.items()),
        tuple(MarkHelp(_mark(one.label), one.words) for one in _numbers()),
        tuple(qualifiers()),
        tuple(f"{BY}{d.label}" for d in DIMENSIONS.values() if column_of(d)),
        tuple(_blocks(desk)),
    )


def _numbers() -> Iterator[Measure | Rate]:
    yield from MEASURES.values()
    yield from RATES.values()


def _blocks(desk: Desk) -> Iterator[BlockHelp]:
    for words in models.schema.tables.values():
        there = desk.beside(words.name)
        if there.may("read") and words.group != "系统":
            yield BlockHelp(
                words.label,
                words.row_is,
                tuple(MarkHelp(_mark(label), c.help) for label, c in labels_of(there)),
                tuple(MarkHelp(c.label, c.about) for c in offered_conditions(there)),
                tuple(dict.fromkeys(field.label for field in fields_of(there).values())),
            )


def _mark(name: str) -> str:
    return f"{{{{{name}}}}}"
