"""The template of a 分工方案: the columns that a plan is read for, with what may be picked. Writes no file."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from sqlalchemy import select

from domain import models
from domain.exports.blanks import BlankColumn
from domain.exports.tables import sheet_column
from domain.plans.recognising.vocabulary import CANONICAL, NAMES, UNIT_COLUMNS
from domain.schema.words import Column
from domain.storing.session import ActorSession

_COLUMNS = {
    "number": "number",
    "kind": "kind",
    "title": "title",
    "delegation": "delegation",
    "category": "content_category_id",
    "leader": "leader",
    "due_on": "due_on",
    "merged_into": "number",
    "note": "note",
}
"""Canonical column -> column of proposals whose words and looks it has."""
_LONG = ("joint", "co_unit", "each_unit")
_REQUIRED = ("number", "title", "lead_unit")
_NOTES = {
    "number": "必填。原件的编号（案号），如 005；同一类型里不能重复。",
    "kind": "可以不填：不填就是这次会议的类型。可以从下拉列表里选。",
    "title": "必填。案由，一件一行。",
    "lead": "领衔代表或第一提案人；同名的写“姓名（代表团）”。",
    "joint": "联名或附议的人，几个人用顿号隔开。",
    "delegation": "领衔人的代表团或界别。",
    "category": "内容类别，可以从下拉列表里选，也可以写新的。",
    "lead_unit": "必填，只写一个单位；几个单位各自答复的，写在“分办单位”里。可以从下拉列表里选。",
    "co_unit": "协办单位，几个单位用顿号隔开；只有一个的可以从下拉列表里选。",
    "each_unit": "各自答复的单位，用顿号隔开；写了分办的，不写主办单位。",
    "leader": "责任领导。",
    "due_on": "写成 2026-06-05；不填就按时限规则推算。",
    "is_key": "写“是”或“否”，也可以写“领导督办”等重点类别。可以从下拉列表里选。",
    "merged_into": "并案的件写主案的编号；主案自己空着。写了并入的，可以不写主办单位。",
    "note": "备注。",
}
_EXAMPLES = {
    "number": "005",
    "title": "关于加快老旧小区改造的建议",
    "lead": "韦小满",
    "joint": "覃丽、黄志强",
    "delegation": "第一代表团",
    "due_on": "2026-06-05",
    "is_key": "否",
}


def blank_columns(session: ActorSession) -> list[BlankColumn]:
    """The columns in the order in which people fill them in; units from the rolls, as the session's actor sees them."""
    unit, category = models.Unit, models.ContentCategory
    units = session.scalars(
        select(unit.name).where(unit.is_active).order_by(unit.sort_order, unit.id)
    )
    categories = session.scalars(select(category.name).order_by(category.sort_order, category.id))
    kinds = models.schema.tables["proposals"].columns["kind"].choices
    key_kinds = models.schema.tables["proposals"].columns["key_kind"].choices
    every = tuple(units)
    choices: dict[str, Sequence[str]] = dict.fromkeys(UNIT_COLUMNS, every)
    choices |= {"kind": kinds, "category": tuple(categories), "is_key": ("是", "否", *key_kinds)}
    return [_blank(name, choices.get(name, ())) for name in CANONICAL if name != "unit"]


def _blank(name: str, choices: Sequence[str]) -> BlankColumn:
    example = _EXAMPLES.get(name, "")
    if not example and choices and name != "each_unit":
        example = choices[name == "co_unit" and len(choices) > 1]
    look = sheet_column(_like(name))
    return BlankColumn(look, _NOTES[name], choices, example, name in _REQUIRED, name in _OPEN)


_OPEN = frozenset((*_LONG, "category"))


def _like(name: str) -> Column:
    """A column of proposals of this look, under the canonical name."""
    columns = models.schema.tables["proposals"].columns
    like = columns[_COLUMNS.get(name, "title" if name in _LONG else "delegation")]
    return dataclasses.replace(like, label=NAMES[name])
