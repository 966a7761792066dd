"""What no deadline reminds of, as tabs beside 逾期清单: tasks without a date, and the yearly reports that units owe.

Which those are, domain/dues says; here only the pages.
"""

from dataclasses import dataclass
from datetime import date

from flask import Flask, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin.dues.dues import ROLES, TONES
from admin.frame import edge
from admin.frame.page_view import PageView
from admin.tables.desk import desk_at
from admin.tables.drawing import DrawnTable, draw_rows, row_url
from domain import models
from domain.access import scopes
from domain.dues import duelists
from domain.dues.report_dues import ReportDue, report_dues

SHOWN = 200
_COLUMNS = ("proposal_id", "unit_id", "role", "state", "counts_from_on")


class _Tab(PageView):
    """A page that is reached from 逾期清单 and not from the menu."""

    roles = ROLES

    def is_visible(self) -> bool:
        """Its neighbour is in the menu."""
        return False


@dataclass(frozen=True)
class UndatedPage:
    """Tasks that owe an answer and have no date for it."""

    sheet: DrawnTable
    is_cut: bool
    shown: int
    may_date: bool


class UndatedView(_Tab):
    """没有时限的任务."""

    def __init__(self) -> None:
        super().__init__(name="没有时限的任务", category="督办", endpoint="undated", url="/undated")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The tasks, the oldest first."""
        page = _undated_page(edge.today())
        return self.render("dues/undated.html", page=page, title=self.name)


@dataclass(frozen=True)
class ReportLine:
    """One unit's report of one year, with the page to open or to write it."""

    due: ReportDue
    url: str | None
    act: str


class ReportDuesView(_Tab):
    """应交的总结."""

    def __init__(self) -> None:
        super().__init__(
            name="应交的总结", category="督办", endpoint="report_dues", url="/report-dues"
        )

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every unit and year, by due date."""
        lines = [_report_line(due) for due in report_dues(edge.session(), edge.today())]
        owed = sum(line.due.done_on is None for line in lines)
        return self.render(
            "dues/reports.html", lines=lines, owed=owed, tones=TONES, title=self.name
        )


def _undated_page(today: date) -> UndatedPage:
    desk = desk_at("assignments")
    found = [task.id for task in duelists.undated(edge.session(), SHOWN + 1)]
    columns = [desk.readable[name] for name in _COLUMNS if name in desk.readable]
    model = models.Assignment
    query = desk.query_for(columns).where(model.id.in_(found[:SHOWN])).order_by(model.id)
    sheet = draw_rows(desk, columns, edge.session().scalars(query), today)
    return UndatedPage(sheet, len(found) > SHOWN, SHOWN, desk_at("deadlines").may("create"))


def _report_line(due: ReportDue) -> ReportLine:
    desk = desk_at("unit_reports")
    if due.report_id:
        return ReportLine(due, row_url("unit_reports", due.report_id), "打开")
    is_kept = scopes.makes_any(desk.actor, "unit_reports") or due.unit_id == desk.actor.unit_id
    may_write = desk.may("create") and is_kept
    url = url_for("unit_reports.create_view", unit_id=due.unit_id, year=due.year)
    return ReportLine(due, url if may_write else None, "登记")


def init_owed(app: Flask) -> None:
    """Add both pages."""
    admin = app.extensions["admin"][0]
    admin.add_view(UndatedView())
    admin.add_view(ReportDuesView())
