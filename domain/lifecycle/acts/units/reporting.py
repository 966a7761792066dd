"""办理总结: a unit files the report on its year, in S0's seven sections (S0 §七; 62)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, func

from domain import models
from domain.access.criteria import own_unit
from domain.access.rule import Columns
from domain.lifecycle.acts.act import Asking, Need
from domain.lifecycle.acts.filing import Paper, acts_of_paper
from domain.storing.session import ActorSession

_SECTIONS = (
    "overview",
    "highlights",
    "practice",
    "key_items",
    "look_back",
    "partners",
    "advice",
)


def _is_whole(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Every section says something."""
    return and_(*(func.trim(getattr(row, name)) != "" for name in _SECTIONS))


def _blank_sections(session: ActorSession, row: Any) -> str:
    return "、".join(_labels_of_blank(row))


def _labels_of_blank(row: Any) -> Iterator[str]:
    columns = models.schema.tables["unit_reports"].columns
    return (columns[name].label for name in _SECTIONS if not getattr(row, name).strip())


ACTS = acts_of_paper(
    Paper(
        table="unit_reports",
        noun="report",
        called="总结",
        whose=own_unit,
        needs=(
            Need(
                _is_whole,
                "七个部分都要写，还没有写：{sections}；没有的写“无”。",
                names={"sections": _blank_sections},
            ),
        ),
    )
)
