"""The screens of papers: which there are and for whom, as files; the marks that a template may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

from flask import Flask, abort, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select

from admin.exports.exporting import XLSX, write_down
from admin.files.attachments import uploads_folder
from admin.frame import edge
from admin.frame.links import Link
from admin.papers.making import Chosen, MadePaper, make_paper, subject_of
from admin.papers.offering import EXAMPLES, marks_help
from admin.papers.shelf import ShelvedPaper, papers_for
from admin.papers.shelving import TemplateDoors
from admin.tables.additions import additions
from admin.tables.desk import Desk, desk_at
from domain import models
from domain.access import scopes
from domain.actors import DEPUTY, SUPERVISOR
from domain.exports.record import Taken
from domain.exports.reports import REPORTS
from domain.papers.paper import PaperRefused

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES = {".xlsx": XLSX, ".docx": _WORD}


@dataclass(frozen=True)
class PapersPage:
    """The papers, what they can be made for, and what was wrong with the last wish."""

    papers: tuple[ShelvedPaper, ...]
    meetings: tuple[tuple[int, str], ...]
    units: tuple[tuple[int, str], ...]
    has_plan: bool
    may_shelve: bool
    faults: tuple[str, ...] = ()
    asked: dict[str, str] = field(default_factory=dict)

    def is_chosen(self, name: str, key: int) -> bool:
        """Whether this row was chosen before."""
        return self.asked.get(name) == str(key)


class PapersView(TemplateDoors):
    """报表."""

    def __init__(self) -> None:
        super().__init__(name="报表", category="统计", endpoint="papers", url="/papers")

    def is_accessible(self) -> bool:
        """Whether there is anything to report for the acting person."""
        return scopes.may(edge.actor(), "proposals", "read")

    def is_visible(self) -> bool:
        """Who works with papers; the others may open the page, but have no use for it in the menu."""
        return edge.actor().role not in (DEPUTY, SUPERVISOR)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All papers for this person, with what to choose for them."""
        return self._index(())

    @expose("/file/")
    def file(self) -> ResponseReturnValue:
        """One paper as a file, or the page with all that is wrong."""
        session = edge.session()
        shelved = papers_for(session, uploads_folder()).get(request.args.get("paper", ""))
        if shelved is None:
            abort(404)
        try:
            made = make_paper(session, shelved, subject_of(session, shelved, _chosen()))
        except PaperRefused as refusal:
            return self._index(refusal.faults), 400
        return _sent(shelved, made)

    @expose("/marks/")
    def marks(self) -> ResponseReturnValue:
        """All marks that this person may write into a template."""
        helped = marks_help(desk_at("proposals"))
        return self.render("papers/marks.html", page=helped, examples=EXAMPLES, title="标记")

    def _index(self, faults: tuple[str, ...]) -> str:
        page = PapersPage(
            tuple(papers_for(edge.session(), uploads_folder()).values()),
            _named("meetings"),
            _named("units"),
            any(report.is_for(edge.session()) for report in REPORTS.values()),
            self.may_shelve,
            faults,
            request.args.to_dict(),
        )
        return self.render("papers/index.html", page=page, title="报表")


def init_papers(app: Flask) -> None:
    """Put the page into the menu, and a way to it on every meeting."""
    app.extensions["admin"][0].add_view(PapersView())
    additions(app).row_links.append(_papers_link)


def _papers_link(desk: Desk, row: models.Row) -> Link | None:
    """From a meeting to its papers."""
    is_for = desk.words.name == "meetings" and scopes.may(desk.actor, "proposals", "read")
    return Link("报表", url_for("papers.index", meeting=row.id), "export") if is_for else None


def _named(table: str) -> tuple[tuple[int, str], ...]:
    desk = desk_at(table)
    if table == "meetings":
        meeting = models.Meeting
        rows = desk.session.scalars(
            select(meeting).order_by(meeting.year.desc(), meeting.id.desc())
        )
        return tuple((row.id, str(row)) for row in rows)
    found = desk.session.scalars(desk.query().order_by(*desk.order().clauses()))
    return tuple((row.id, str(row)) for row in found)


def _chosen() -> Chosen:
    names = {kind: request.args.get(kind, "") for kind in ("meeting", "unit")}
    rows = {kind: str(desk_at(f"{kind}s").find(key)) if key else "" for kind, key in names.items()}
    texts = {name: request.args.get(name, "").strip() for name in ("item", "first", "last")}
    return Chosen(**rows, **texts)


def _sent(shelved: ShelvedPaper, made: MadePaper) -> ResponseReturnValue:
    """The file, once it is on record."""
    name, address = shelved.paper.name, request.remote_addr or ""
    write_down(Taken("报表", name, made.row_count, made.narrowed, address))
    kind = _TYPES[shelved.paper.ending]
    answer = send_file(BytesIO(made.content), kind, as_attachment=True, download_name=made.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
