"""The page of reports: which there are for this person, each with the meeting to choose and a button."""

from dataclasses import dataclass

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select

from admin.exports.exporting import send_sheet
from admin.frame import edge
from admin.frame.page_view import PanelView
from admin.tables.desk import desk_at
from domain import models
from domain.exports.reports import REPORTS, Report


@dataclass(frozen=True)
class ReportsPage:
    """The reports, and the meetings they can be about, newest first."""

    reports: tuple[Report, ...]
    meetings: tuple[tuple[int, str], ...]
    chosen: int | None


class ReportsView(PanelView):
    """Reports by meeting."""

    def __init__(self) -> None:
        super().__init__(name="分工方案", category="统计", endpoint="reports", url="/reports")

    def is_accessible(self) -> bool:
        """Whether there is a report for the acting person."""
        return any(report.is_for(edge.session()) for report in REPORTS.values())

    def is_visible(self) -> bool:
        """The page of papers leads here."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All reports."""
        meeting = models.Meeting
        newest = select(meeting).order_by(meeting.year.desc(), meeting.id.desc())
        found = tuple((row.id, row.name) for row in edge.session().scalars(newest))
        chosen = request.args.get("meeting", type=int)
        mine = tuple(report for report in REPORTS.values() if report.is_for(edge.session()))
        return self.render(
            "exports/reports.html", page=ReportsPage(mine, found, chosen), title="报表"
        )

    @expose("/file/")
    def file(self) -> ResponseReturnValue:
        """One report as a file."""
        report = REPORTS.get(request.args.get("report", ""))
        if report is None or not report.is_for(edge.session()):
            abort(404)
        meeting = desk_at("meetings").find(request.args.get("meeting", ""))
        assert isinstance(meeting, models.Meeting)
        sheet = report.make(edge.session(), meeting)
        return send_sheet(sheet, f"{sheet.title}.xlsx", "报表", str(meeting))


def init_reports(app: Flask) -> None:
    """Give the app the page of reports."""
    app.extensions["admin"][0].add_view(ReportsView())
