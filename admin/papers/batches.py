"""The page on which all letters of a meeting are asked for as one zip; how far it is is shown as for every export."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from admin.exports.exporting import FILE_RUNS, FileRun, standing
from admin.files.attachments import uploads_folder
from admin.frame import edge
from admin.frame.links import Link
from admin.papers.batching import BATCH, batch_kind, may_be_batched
from admin.papers.shelf import ShelvedPaper, papers_for
from admin.tables.additions import additions
from admin.tables.desk import Desk, desk_at
from domain import models
from domain.access import scopes
from jobs.queue.kinds import KINDS
from jobs.runs.runs import RunRequest

batches = Blueprint("batches", __name__, url_prefix="/papers/batch")


@dataclass(frozen=True)
class BatchPage:
    """The papers that are made for one item, and the meetings whose items they may be made for, newest first."""

    papers: tuple[ShelvedPaper, ...]
    meetings: tuple[tuple[int, str], ...]
    chosen: int | None


def init_batches(app: Flask) -> None:
    """Give the app the page, every meeting a way to it, and the workers the kind of work."""
    app.register_blueprint(batches)
    additions(app).row_links.append(_batch_link)
    KINDS[BATCH] = batch_kind(app)
    FILE_RUNS[BATCH] = FileRun(_label, _asked_at, "份", "下载压缩包", "返回公文打包")


@batches.get("/")
def index() -> ResponseReturnValue:
    """What can be packed, and for which meeting."""
    papers = _papers()
    if not papers:
        abort(403)
    meeting = models.Meeting
    newest = select(meeting).order_by(meeting.year.desc(), meeting.id.desc())
    meetings = tuple((row.id, row.name) for row in edge.session().scalars(newest))
    page = BatchPage(tuple(papers.values()), meetings, request.args.get("meeting", type=int))
    return render_template("papers/batch.html", page=page, title="公文打包")


@batches.post("/")
def request_batch() -> ResponseReturnValue:
    """Have the letters of a meeting written in the background."""
    name = request.form.get("paper", "")
    if name not in _papers():
        abort(404)
    meeting = desk_at("meetings").find(request.form.get("meeting", ""))
    arguments = {"paper": name, "meeting": meeting.id, "as": standing()}
    wanted = RunRequest(BATCH, arguments, edge.actor().user_id)
    session = edge.session()
    run_id = current_app.extensions["jobs"].request_run(session, wanted, edge.now()).id
    session.commit()
    return redirect(url_for("exports.run", run_id=run_id))


def _papers() -> dict[str, ShelvedPaper]:
    """Those of the acting person that are made for one item, letters first."""
    papers = papers_for(edge.session(), uploads_folder()).items()
    found = [(name, shelved) for name, shelved in papers if may_be_batched(shelved)]
    return dict(sorted(found, key=lambda one: one[1].paper.ending != ".docx"))


def _batch_link(desk: Desk, row: models.Row) -> Link | None:
    """From a meeting to its letters."""
    is_for = desk.words.name == "meetings" and all(
        scopes.may(desk.actor, table, "read") for table in ("proposals", "replies")
    )
    return Link("公文打包", url_for("batches.index", meeting=row.id), "export") if is_for else None


def _label(found: models.JobRun) -> str:
    return str(found.arguments["paper"])


def _asked_at(found: models.JobRun) -> str:
    return url_for("batches.index", meeting=found.arguments["meeting"])
