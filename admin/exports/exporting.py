"""Taking lists and reports out: a small list at once, a large one as a background run whose file is fetched later.

The rows and columns are those of the list's address, in the person's own scope; the sheet is made in domain/exports.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)  # fmt: skip
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from admin.frame import edge
from admin.frame.db import db
from admin.frame.links import Link
from admin.tables.additions import additions
from admin.tables.desk import Desk, desk_at
from admin.tables.finding.addresses import Address
from admin.tables.finding.asking import Asked, read_asked
from admin.tables.finding.filter_values import BadFilter
from admin.tables.finding.ordering import BadCursor
from domain import models
from domain.exports.record import Taken, record
from domain.exports.reports import ExportRefused
from domain.exports.tables import default_columns, made_by, rows_query, table_sheet, walk
from domain.exports.workbook import ExportSheet, write_workbook
from domain.schema.states import RunState
from domain.storing.session import ActorSession
from jobs.queue.kinds import KINDS
from jobs.runs import runs
from jobs.runs.runs import RunRequest
from jobs.work.exports import EXPORT, export_kind
from jobs.work.kept_files import KEPT, exports_folder

AT_ONCE = 5_000
"""A list of up to so many rows is written while the person waits: about a second."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {".xlsx": XLSX, ".zip": "application/zip"}
"""By the ending of a file that a run leaves."""
exports = Blueprint("exports", __name__, url_prefix="/exports")


@dataclass(frozen=True)
class FileRun:
    """A kind of background run that leaves a file: what a run is about, where it was asked for, in which words.

    ``counted`` stands behind the number of what it holds, ``fetch`` and ``back`` on the buttons.
    """

    label: Callable[["models.JobRun"], str]
    asked_at: Callable[["models.JobRun"], str]
    counted: str
    fetch: str
    back: str


FILE_RUNS: dict[str, FileRun] = {}
"""By the name of the kind."""


def init_exports(app: Flask) -> None:
    """Give the app the addresses of exports, every list its button, and the workers the kind of work."""
    app.register_blueprint(exports)
    additions(app).list_links.append(export_link)
    additions(app).row_links.append(_run_link)
    KINDS[EXPORT] = export_kind(make_list_sheet)
    FILE_RUNS[EXPORT] = FileRun(_label_of_list, _list_of, "条", "下载 Excel 文件", "返回列表")


def export_link(desk: Desk, address: Address) -> Link:
    """The button above a list: the same question, as a file."""
    asked = urlencode(address.pairs("size"))
    url = url_for("exports.of_list", table=desk.words.name)
    return Link("导出", f"{url}?{asked}" if asked else url, "export")


def _run_link(desk: Desk, row: models.Row) -> Link | None:
    """From a background run to the export that it is, for the person who asked for it."""
    if not isinstance(row, models.JobRun) or row.kind not in FILE_RUNS:
        return None
    is_own = row.requested_by_id == desk.actor.user_id
    return Link("打开这次导出", url_for("exports.run", run_id=row.id)) if is_own else None


@exports.get("/list/<table>")
def of_list(table: str) -> ResponseReturnValue:
    """The list of this address as a file; where it is long, the page that offers to write it in the background."""
    desk, asked = _read(table)
    count = _count(desk, asked)
    if count <= AT_ONCE:
        name = f"{desk.words.label}_{edge.today():%Y%m%d}.xlsx"
        return send_sheet(list_sheet(desk, asked, count), name, "列表", _says(asked))
    page = AskPage(desk.words.label, count, _says(asked), url_for(f"{table}.index_view"))
    return render_template("exports/ask.html", page=page, title=f"导出{desk.words.label}")


@exports.post("/list/<table>")
def request_list(table: str) -> ResponseReturnValue:
    """Have the list written in the background."""
    desk, _asked = _read(table)
    arguments = {"table": table, "asked": request.query_string.decode(), "as": standing()}
    wanted = RunRequest(EXPORT, arguments, edge.actor().user_id)
    run_id = current_app.extensions["jobs"].request_run(desk.session, wanted, edge.now()).id
    desk.session.commit()
    return redirect(url_for("exports.run", run_id=run_id))


@exports.get("/<int:run_id>")
def run(run_id: int) -> ResponseReturnValue:
    """How far a background export is; at its end, the file."""
    page = _run_page(_own_run(run_id))
    return render_template("exports/run.html", page=page, title=f"导出{page.label}")


@exports.get("/<int:run_id>/progress")
def progress(run_id: int) -> ResponseReturnValue:
    """The same as numbers, for run-progress.js."""
    found = _own_run(run_id)
    return jsonify(state=found.state, done=found.progress_done, total=found.progress_total)


@exports.post("/<int:run_id>/restart")
def restart(run_id: int) -> ResponseReturnValue:
    """Try a failed export again."""
    _own_run(run_id)
    edge.session().rollback()  # the queue writes in a transaction of its own, which must not wait for ours
    if runs.restart(db.engine, run_id, edge.now()):
        current_app.extensions["jobs"].wake(run_id)
    return redirect(url_for("exports.run", run_id=run_id))


@exports.get("/<int:run_id>/file")
def file(run_id: int) -> ResponseReturnValue:
    """The file of a finished export, for the person who asked for it alone."""
    found = _own_run(run_id)
    path = _file_of(found)
    if path is None:
        abort(404, "这份导出的文件已经过期删除，请重新导出。")
    if found.arguments.get("as") != standing():
        abort(403, "导出以后您的角色或单位变了，这份文件不再是您能看的，请重新导出。")
    name = f"{found.result['title']}_{found.finished_at:%Y%m%d}{path.suffix}"
    return _private(send_file(path, TYPES[path.suffix], as_attachment=True, download_name=name))


def list_sheet(desk: Desk, asked: Asked, count: int) -> ExportSheet:
    """What a list shows, all pages of it: the same scope, filters, search, order and, if some were chosen, columns."""
    columns = asked.columns if asked.chosen else default_columns(desk.session, desk.words)
    query = asked.narrow(rows_query(desk.words, columns), desk)
    rows = walk(desk.session, query.order_by(*asked.order.clauses()))
    sheet = table_sheet(desk.session, desk.words, columns, rows)
    return replace(sheet, notes=f"{_says(asked)}　共 {count} 条　{made_by(desk.session)}")


def make_list_sheet(
    session: ActorSession, arguments: Mapping[str, Any]
) -> tuple[ExportSheet, int, str]:
    """The same in a background run, from what the address asked; with the number of rows and the filters in words."""
    desk = Desk(models.schema.tables[arguments["table"]], session.actor, session)
    if not desk.may("read"):
        raise ExportRefused(f"您的角色现在不能看“{desk.words.label}”，没有导出。")
    try:
        asked = read_asked(desk, MultiDict(parse_qsl(arguments["asked"])), session.now().date())
    except (BadFilter, BadCursor) as error:
        raise ExportRefused(str(error)) from None
    count = _count(desk, asked)
    return list_sheet(desk, asked, count), count, _says(asked)


def send_sheet(sheet: ExportSheet, name: str, way: str, narrowed: str) -> ResponseReturnValue:
    """The sheet as a download called ``name``, once it is on record."""
    stream = BytesIO()
    count = write_workbook(stream, sheet)
    write_down(Taken(way, sheet.title, count, narrowed, request.remote_addr or ""))
    stream.seek(0)
    return _private(send_file(stream, XLSX, as_attachment=True, download_name=name))


def write_down(taken: Taken) -> None:
    """Put on record that the acting person takes this out now."""
    record(db.engine, edge.actor(), taken, current_app.extensions["clock"])


def _private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


@dataclass(frozen=True)
class AskPage:
    """Offers to write a long list in the background."""

    label: str
    count: int
    says: str
    list_url: str


@dataclass(frozen=True)
class RunPage:
    """A background export."""

    label: str
    state: str
    error: str
    done: int
    total: int
    progress_url: str
    restart_url: str
    asked_at: str
    words: FileRun
    file_url: str = ""
    rows: int = 0
    kept_until: str = ""


def _run_page(found: "models.JobRun") -> RunPage:
    words = FILE_RUNS[found.kind]
    file_url = url_for("exports.file", run_id=found.id) if _file_of(found) else ""
    until = _kept_until(found)
    return RunPage(
        label=words.label(found),
        state=found.state,
        error=found.error,
        done=found.progress_done,
        total=found.progress_total,
        progress_url=url_for("exports.progress", run_id=found.id),
        restart_url=url_for("exports.restart", run_id=found.id),
        asked_at=words.asked_at(found),
        words=words,
        file_url=file_url,
        rows=(found.result or {}).get("rows", 0),
        kept_until=f"{until:%Y-%m-%d}" if file_url else "",
    )


def _label_of_list(found: "models.JobRun") -> str:
    label: str = models.schema.tables[found.arguments["table"]].label
    return label


def _list_of(found: "models.JobRun") -> str:
    return url_for(f"{found.arguments['table']}.index_view")


def standing() -> list[Any]:
    """What decides which rows the acting person sees."""
    actor = edge.actor()
    return [actor.role, actor.unit_id, actor.deputy_id, actor.body]


def _kept_until(found: "models.JobRun") -> datetime | None:
    """How long the file of a run that is done is kept."""
    if found.state != RunState.DONE or found.finished_at is None:
        return None
    return found.finished_at + KEPT


def _file_of(found: "models.JobRun") -> Path | None:
    """The file that a run left, while it may be fetched."""
    until = _kept_until(found)
    if until is None or until < edge.now():
        return None
    folder = exports_folder(current_app.extensions["settings"].data_dir)
    path = folder / str(found.result["file"])
    return path if path.is_file() else None


def _own_run(run_id: int) -> "models.JobRun":
    """The export run that this person asked for; another's is as good as not there."""
    run = models.JobRun
    mine = run.requested_by_id == edge.actor().user_id
    found = edge.session().scalars(
        select(run).where(run.id == run_id, run.kind.in_(FILE_RUNS), mine)
    )
    return found.one_or_none() or abort(404)


def _read(table: str) -> tuple[Desk, Asked]:
    if table not in models.schema.tables:
        abort(404)
    desk = desk_at(table)
    if not desk.may("read"):
        abort(404)
    try:
        return desk, read_asked(desk, request.args, edge.today())
    except (BadFilter, BadCursor) as error:
        abort(400, str(error))


def _count(desk: Desk, asked: Asked) -> int:
    ids = (
        asked.narrow(desk.query(), desk).order_by(None).with_only_columns(desk.model.id).subquery()
    )
    return desk.session.scalar(select(func.count()).select_from(ids)) or 0


def _says(asked: Asked) -> str:
    """The filters in words."""
    said = [named.words for named in asked.named]
    said += [condition.words for condition in asked.conditions]
    said += [f"查找“{asked.search}”"] if asked.search else []
    return f"筛选：{'；'.join(said)}" if said else "全部"
