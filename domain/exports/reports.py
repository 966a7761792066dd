"""What can be taken out by name: the reports, and every table that the acting person may read.

A report is a function of a session and a meeting. Lists with filters are the screens' own (admin/exports/exporting.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from domain import models
from domain.access import scopes
from domain.exports.plans import plan_sheet
from domain.exports.tables import default_columns, rows_query, table_sheet, walk
from domain.exports.workbook import ExportSheet
from domain.ordering import own_order
from domain.schema.file import Table
from domain.storing.session import ActorSession


class ExportRefused(Exception):
    """It cannot be taken out; the text is the sentence for the person."""


@dataclass(frozen=True)
class Report:
    """A report on one meeting: its name, what it holds, the function that makes it, and the tables it reads."""

    name: str
    about: str
    make: Callable[[ActorSession, "models.Meeting"], ExportSheet]
    reads: tuple[str, ...] = ("meetings", "proposals")

    def is_for(self, session: ActorSession) -> bool:
        """Whether the acting person may read what the report is made of."""
        actor = session.actor
        return actor.is_system or all(scopes.may(actor, table, "read") for table in self.reads)


_ALL = (
    Report("分工方案", "一次会议已交办的件及其主办、分办、协办单位（附件10、附件11 格式），可以改后再导入", plan_sheet,
           ("meetings", "proposals", "assignments")),
)  # fmt: skip
REPORTS: Mapping[str, Report] = {report.name: report for report in _ALL}


def named_sheet(session: ActorSession, name: str, meeting_name: str = "") -> ExportSheet:
    """The report, or the table (by name or label), called ``name``, as the session's actor may see it.

    Raises ExportRefused where there is no such thing for this person.
    """
    if report := REPORTS.get(name):
        if not report.is_for(session):
            raise ExportRefused(f"您的角色不能导出“{name}”。")
        return report.make(session, find_meeting(session, meeting_name))
    words = _table_called(name)
    if words is None or not (
        session.actor.is_system or scopes.may(session.actor, words.name, "read")
    ):
        known = "、".join(REPORTS)
        raise ExportRefused(
            f"没有叫“{name}”的报表或列表。可以导出的报表：{known}；列表用它的名称，如“建议提案”。"
        )
    columns = default_columns(session, words)
    query = rows_query(words, columns)
    model: Any = models.by_table[words.name]
    if meeting_name:
        if "meeting_id" not in words.columns:
            raise ExportRefused(f"“{words.label}”不按会议分，请去掉 --meeting。")
        query = query.where(model.meeting_id == find_meeting(session, meeting_name).id)
    readable = scopes.readable_columns(session.actor, words.name)
    query = query.order_by(*own_order(words, readable).clauses())
    return table_sheet(session, words, columns, walk(session, query))


def find_meeting(session: ActorSession, name: str) -> "models.Meeting":
    """The meeting with this name. Raises ExportRefused where the acting person sees none."""
    if not name:
        raise ExportRefused("请写明是哪次会议（--meeting 会议名称）。")
    meeting = session.scalars(
        select(models.Meeting).where(models.Meeting.name == name)
    ).one_or_none()
    if meeting is None:
        raise ExportRefused(f"没有名为“{name}”的会议。")
    return meeting


def _table_called(name: str) -> Table | None:
    return next((t for t in models.schema.tables.values() if name in (t.name, t.label)), None)
