"""报送, 受理, 退回: a unit's report on its year, in S0's seven sections; the office accepts or returns it (S0 §七)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, func

from domain import models
from domain.access.criteria import own_unit
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.lifecycle.acts.act import TODAY, Act, Answer, Asking, Doing, Need
from domain.storing.session import ActorSession

_UNITS = {LIAISON: own_unit, OFFICE: everything}
_OFFICE = {OFFICE: everything}
_SECTIONS = (
    "overview",
    "highlights",
    "practice",
    "key_items",
    "look_back",
    "partners",
    "advice",
)


def _is_unfiled(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.submitted_on.is_(None)


def _is_filed(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return row.submitted_on.is_not(None)


def _waits(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return and_(row.submitted_on.is_not(None), row.accepted_on.is_(None))


def _is_whole(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Every section says something."""
    return and_(*(func.trim(getattr(row, name)) != "" for name in _SECTIONS))


def _blank_sections(session: ActorSession, row: Any) -> str:
    return "、".join(_labels_of_blank(row))


def _labels_of_blank(row: Any) -> Iterator[str]:
    columns = models.schema.tables["unit_reports"].columns
    return (columns[name].label for name in _SECTIONS if not getattr(row, name).strip())


def _file(doing: Doing) -> None:
    for report in doing.rows:
        report.submitted_on, report.returned_on = doing.answers["submitted_on"], None


def _unfile(doing: Doing) -> None:
    for report in doing.rows:
        report.submitted_on = None


def _accept(doing: Doing) -> None:
    for report in doing.rows:
        report.accepted_on = doing.answers["accepted_on"]
        report.review_note = doing.answers.get("review_note") or ""


def _return(doing: Doing) -> None:
    for report in doing.rows:
        report.submitted_on, report.accepted_on = None, None
        report.returned_on, report.review_note = doing.asking.today, doing.answers["review_note"]


FILE = Act(
    name="file_report",
    label="报送",
    table="unit_reports",
    who=_UNITS,
    starts=(),
    when=_is_unfiled,
    otherwise="已经报送",
    answers=(Answer("submitted_on", is_required=True, begins=TODAY, roles=frozenset({OFFICE})),),
    needs=(
        Need(
            _is_whole,
            "七个部分都要写，还没有写：{sections}；没有的写“无”。",
            names={"sections": _blank_sections},
        ),
    ),
    write=_file,
    says="已报送，等交办督查受理",
    todo="待报送的总结",
    todo_of=(LIAISON,),
    tone="first",
)
UNFILE = Act(
    name="unfile_report",
    label="撤回报送",
    table="unit_reports",
    who={LIAISON: own_unit},
    starts=(),
    when=_waits,
    otherwise="还没有报送，或者已经受理",
    write=_unfile,
    says="已撤回报送，可以再改",
)
ACCEPT = Act(
    name="accept_report",
    label="受理",
    table="unit_reports",
    who=_OFFICE,
    starts=(),
    when=_waits,
    otherwise="还没有报送，或者已经受理",
    answers=(
        Answer("accepted_on", is_required=True, begins=TODAY),
        Answer("review_note"),
    ),
    write=_accept,
    says="已受理",
    todo="待受理的总结",
    tone="first",
)
RETURN = Act(
    name="return_report",
    label="退回",
    table="unit_reports",
    who=_OFFICE,
    starts=(),
    when=_is_filed,
    otherwise="还没有报送",
    answers=(Answer("review_note", is_required=True, help="写明哪里要改，单位看得到。"),),
    write=_return,
    says="已退回",
    help="受理以后才发现要改的，也可以退回。",
)
ACTS = (FILE, ACCEPT, RETURN, UNFILE)
