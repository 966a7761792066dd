"""The page of reports: which there are for this person, each with the meeting to choose and a button."""

from dataclasses import dataclass

from flask import Flask, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select

from admin.exports.exporting import send_sheet
from admin.frame import edge
from admin.frame.links import Link
from admin.frame.page_view import PanelView
from admin.tables.additions import additions
from admin.tables.desk import Desk, desk_at
from domain import models
from domain.actors import DEPUTY, SUPERVISOR
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
        super().__init__(name="报表", category="统计", endpoint="reports", url="/reports")

    def is_accessible(self) -> bool:
        """Whether there is a report for the acting person."""
        return any(report.is_for(edge.session()) for report in REPORTS.values())

    def is_visible(self) -> bool:
        """Who works with reports; the others may open the page, but have no use for it in the menu."""
        return edge.actor().role not in (DEPUTY, SUPERVISOR)

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
    """Put the page of reports into the menu, and a way to it on every meeting."""
    app.extensions["admin"][0].add_view(ReportsView())
    additions(app).row_links.append(_reports_link)


def _reports_link(desk: Desk, row: models.Row) -> Link | None:
    """From a meeting to its reports."""
    is_for = desk.words.name == "meetings" and any(r.is_for(desk.session) for r in REPORTS.values())
    return Link("报表", url_for("reports.index", meeting=row.id), "export") if is_for else None
