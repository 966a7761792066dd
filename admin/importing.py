"""Importing 分工方案 on the screen: drop a file, look at every row, correct, confirm, and take back if need be.

Every state is in the database, so that each page can be loaded again, left and come back to. What the program does
meanwhile is jobs/imports.py.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, abort, current_app, flash, jsonify, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_admin import BaseView, expose
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from admin import edge
from admin.addresses import Address
from admin.attachments import uploads_folder
from admin.desk import Desk
from admin.exporting import XLSX
from admin.frame import parts
from admin.import_pages import (
    RowsPart,
    SheetPart,
    Stranger,
    draw_rows,
    draw_sheets,
    find_strangers,
)  # fmt: skip
from admin.pages import Link
from domain import imports, models, scopes
from domain.file_types import RefusedFile
from domain.marking.marks import Mark, marked_copy
from domain.plans import vocabulary
from domain.plans.grid import UnreadableFile
from domain.plans.lookups import TARGET
from domain.uploads import discard, path_of, shown_name, store
from jobs import runs
from jobs.imports import APPLY, PREVIEW, UNDO
from jobs.runs import RunRequest

LISTED = 50


@dataclass(frozen=True)
class ImportsPage:
    """Where a file is dropped, and the imports so far."""

    meetings: tuple[tuple[int, str], ...]
    chosen: int | None
    imports: tuple[Any, ...]


@dataclass(frozen=True)
class ImportPage:
    """One import, in whatever state."""

    row: Any
    meeting: str
    who: str
    state: str
    is_at_work: bool
    has_stopped: bool
    run_error: str
    done: int
    total: int
    rows: RowsPart
    sheets: tuple[SheetPart, ...]
    strangers: tuple[Stranger, ...]
    names: Mapping[str, str]
    bad: int
    usable: int

    @property
    def undo(self) -> Mapping[str, Any]:
        """What taking it back did."""
        return self.row.undo_result or {}


class ImportView(BaseView):
    """The screens of imports; for those who may import."""

    def __init__(self) -> None:
        super().__init__(name="导入分工方案", category="交办", endpoint="importing", url="/import")

    def is_accessible(self) -> bool:
        """Whether the acting person may import."""
        return scopes.may(edge.actor(), "imports", "create")

    def inaccessible_callback(self, name: str, **kwargs: Any) -> ResponseReturnValue:
        """Imports are not there for others."""
        abort(404)

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """Drop a file; the imports so far."""
        if request.method == "POST":
            return self._upload()
        return self.render("imports/index.html", page=_index_page(), title="导入分工方案")

    def _upload(self) -> ResponseReturnValue:
        session, sent = edge.session(), request.files.get("file")
        meeting = edge.desk("meetings").find(request.form.get("meeting", ""))
        if sent is None or not sent.filename:
            flash("没有选择文件，请选一个分工方案文件。", "bad")
            return redirect(url_for(".index", meeting=meeting.id))
        stored = None
        try:
            name = shown_name(sent.filename)
            stored = store(sent.stream, uploads_folder(), name)
            key = imports.begin(session, TARGET, meeting.id, name, stored)
            _request(_find(key), PREVIEW, imports.READING)
        except RefusedFile as refusal:
            flash(str(refusal), "bad")
            return redirect(url_for(".index", meeting=meeting.id))
        except Exception:
            session.rollback()
            if stored:
                discard(uploads_folder(), stored.name)
            raise
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/")
    def show(self, key: int) -> ResponseReturnValue:
        """One import as it stands."""
        page = _import_page(_find(key))
        return self.render("imports/show.html", page=page, title=f"导入 {page.row.file_name}")

    @expose("/<int:key>/progress/")
    def progress(self, key: int) -> ResponseReturnValue:
        """How far the program is, for run-progress.js."""
        run = _run_of(_find(key))
        if run is None:
            return jsonify(state="失败", done=0, total=0)
        return jsonify(state=run.state, done=run.progress_done, total=run.progress_total)

    @expose("/<int:key>/units/", methods=("POST",))
    def units(self, key: int) -> ResponseReturnValue:
        """Take the choices for unknown unit names and look at the file again."""
        row = _find(key, imports.WAITING)
        chosen = _chosen_units()
        if not chosen:
            flash("没有选择单位，请先为不认识的写法选一个单位。", "bad")
            return redirect(url_for(".show", key=key))
        session = edge.session()
        for index, (written, unit_id) in chosen.items():
            if request.form.get(f"keep.{index}") and not imports.keep_alias(
                session, written, unit_id
            ):
                flash(f"“{written}”已经是另一个单位的别名，这次按您选的认，别名没有改。", "warn")
        imports.choose_units(session, row, dict(chosen.values()))
        _request(row, PREVIEW, imports.READING)
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/columns/", methods=("POST",))
    def columns(self, key: int) -> ResponseReturnValue:
        """Take a corrected mapping of columns, remember it for this header, and look at the file again."""
        row = _find(key, imports.WAITING)
        table = _table_called(row, request.form.get("table", ""))
        mapping = {
            index: picked
            for index in range(len(table["labels"]))
            if (picked := request.form.get(f"column.{index}", "")) in vocabulary.CANONICAL
        }
        if twice := _named_twice(mapping):
            flash(f"“{vocabulary.NAMES[twice]}”选了两列，只能有一列，请改正。", "bad")
            return redirect(url_for(".show", key=key) + "#columns")
        words = ("　".join(table["labels"]), mapping)
        imports.remember_columns(edge.session(), TARGET, table["fingerprint"], words)
        _request(row, PREVIEW, imports.READING)
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/apply/", methods=("POST",))
    def apply(self, key: int) -> ResponseReturnValue:
        """Write it: all rows, or the usable ones."""
        row = _find(key, imports.WAITING)
        _request(row, APPLY, imports.WRITING, only_valid=request.form.get("only_valid") == "1")
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/undo/", methods=("POST",))
    def undo(self, key: int) -> ResponseReturnValue:
        """Take a written import back."""
        _request(_find(key, imports.WRITTEN), UNDO, imports.UNDOING)
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/drop/", methods=("POST",))
    def drop(self, key: int) -> ResponseReturnValue:
        """Leave it at the preview."""
        _find(key, imports.WAITING).state = imports.DROPPED
        edge.session().commit()
        flash("已放弃这次导入，没有写入任何内容。", "good")
        return redirect(url_for(".index"))

    @expose("/<int:key>/again/", methods=("POST",))
    def again(self, key: int) -> ResponseReturnValue:
        """Look at a file again, from the start: after a failure, or when the data changed meanwhile."""
        row = _find(key, imports.WAITING, imports.FAILED, imports.DROPPED)
        _request(row, PREVIEW, imports.READING)
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/restart/", methods=("POST",))
    def restart(self, key: int) -> ResponseReturnValue:
        """Let a run that failed start again."""
        row = _find(key)
        run = _run_of(row)
        if run is None or not imports.has_stopped(row, run):
            return redirect(url_for(".show", key=key))
        run_id, session = run.id, edge.session()
        engine = session.get_bind()
        session.rollback()  # the queue writes in a transaction of its own, which must not wait for ours
        if runs.restart(engine, run_id, edge.now()):  # type: ignore[arg-type]
            current_app.extensions["jobs"].wake(run_id)
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/back/", methods=("POST",))
    def back(self, key: int) -> ResponseReturnValue:
        """Leave a failed run be and stand where it began: nothing of it was written."""
        row = _find(key, *imports.BEFORE)
        if imports.has_stopped(row, _run_of(row)):
            row.state = imports.BEFORE[row.state]
            edge.session().commit()
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/original/")
    def original(self, key: int) -> ResponseReturnValue:
        """The file as it was uploaded."""
        row = _find(key)
        return _download(_stored_file(row), "application/octet-stream", row.file_name)

    @expose("/<int:key>/workbook/")
    def workbook(self, key: int) -> ResponseReturnValue:
        """The user's own workbook with what is wrong in it red and commented."""
        row = _find(key)
        source, marks = _stored_file(row), list(_marks(row))
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
            try:
                marked_copy(source, marks, Path(target.name))
            except UnreadableFile as fault:
                abort(400, f"这个文件不能标注：{fault.sentence}")
            name = f"{Path(row.file_name).stem}（标注）.xlsx"
            return _download(Path(target.name), XLSX, name)


def _download(path: Path, kind: str, name: str) -> ResponseReturnValue:
    answer = send_file(path, kind, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _index_page() -> ImportsPage:
    session = edge.session()
    meeting, row = models.Meeting, models.Import
    newest = (
        select(meeting).where(~meeting.is_closed).order_by(meeting.year.desc(), meeting.id.desc())
    )
    past = select(row).options(joinedload(row.meeting), joinedload(row.uploaded_by))
    found = session.scalars(past.order_by(row.id.desc()).limit(LISTED)).all()
    meetings = tuple((m.id, m.name) for m in session.scalars(newest))
    return ImportsPage(meetings, request.args.get("meeting", type=int), tuple(found))


def _import_page(row: Any) -> ImportPage:
    session, run = edge.session(), _run_of(row)
    stopped = imports.has_stopped(row, run)
    is_waiting = row.state == imports.WAITING
    return ImportPage(
        row=row,
        meeting=str(row.meeting) if row.meeting else row.target,
        who=str(row.uploaded_by or ""),
        state=run.state if run else "",
        is_at_work=row.state in imports.AT_WORK and not stopped,
        has_stopped=stopped,
        run_error=run.error if run else "",
        done=run.progress_done if run else 0,
        total=run.progress_total if run else 0,
        rows=draw_rows(
            session, row, request.args.get("outcome", ""), request.args.get("page", 1, int)
        ),
        sheets=draw_sheets(row),
        strangers=find_strangers(session, row) if is_waiting else (),
        names=vocabulary.NAMES,
        bad=row.invalid_rows + row.failed_rows,
        usable=row.new_rows + row.updated_rows,
    )


def _find(key: int, *states: str) -> Any:
    """The import, if the person may see it; sent back to its page when it is not in one of ``states``."""
    model: Any = models.Import
    query = select(model).where(model.id == key)
    if request.method == "POST":
        query = query.with_for_update(of=model)
    row = edge.session().scalars(query).one_or_none() or abort(404)
    if states and row.state not in states:
        flash(f"这次导入现在是“{row.state}”，不能这样做。", "bad")
        abort(redirect(url_for("importing.show", key=key)))
    return row


def _run_of(row: Any) -> Any:
    return row.job_run if row.job_run_id else None


def _request(row: Any, kind: str, state: str, **arguments: Any) -> None:
    """Note the new state and have the program do its part once that is committed."""
    session = edge.session()
    wanted = RunRequest(kind, {"import": row.id, **arguments}, edge.actor().user_id)
    row.state, row.error = state, ""
    row.job_run_id = current_app.extensions["jobs"].request_run(session, wanted, edge.now()).id
    session.commit()


def _chosen_units() -> dict[int, tuple[str, int]]:
    """What was picked for each unknown name: by number in the form, the name and the unit's id."""
    chosen = {}
    for index in range(len(request.form)):
        written = request.form.get(f"written.{index}", "")
        picked = request.form.get(f"other.{index}", "") or request.form.get(f"unit.{index}", "")
        if written and picked:
            chosen[index] = (written[:100], int(edge.desk("units").find(picked).id))
    return chosen


def _table_called(row: Any, fingerprint: str) -> Mapping[str, Any]:
    tables = (table for sheet in row.sheets or () for table in sheet["tables"])
    found: Mapping[str, Any] | None = next(
        (t for t in tables if t["fingerprint"] == fingerprint), None
    )
    return found or abort(404)


def _named_twice(mapping: Mapping[int, str]) -> str:
    """A column of ours that two columns of the file are mapped to and that can only be one."""
    seen: set[str] = set()
    for name in mapping.values():
        if name in seen and name not in vocabulary.REPEATABLE:
            return name
        seen.add(name)
    return ""


def _stored_file(row: Any) -> Path:
    path = path_of(uploads_folder(), row.stored_name) if row.stored_name else None
    if path is None or not path.is_file():
        abort(404, "这次导入的原文件没有保留。")
    return path


def _marks(row: Any) -> Any:
    model: Any = models.ImportRow
    query = (
        select(model).where(model.import_id == row.id, model.errors.is_not(None)).order_by(model.id)
    )
    for one in edge.session().scalars(query):
        for error in one.errors:
            yield Mark(one.sheet, one.row_no, error["cell"], error["message"])


def _import_link(desk: Desk, _address: Address) -> Link | None:
    is_for = desk.words.name in ("proposals", "assignments") and scopes.may(
        desk.actor, "imports", "create"
    )
    return Link("导入分工方案", url_for("importing.index"), "import") if is_for else None


def _open_link(desk: Desk, row: Any) -> Link | None:
    is_for = desk.words.name == "imports" and scopes.may(desk.actor, "imports", "create")
    return Link("打开这次导入", url_for("importing.show", key=row.id)) if is_for else None


def init_imports(app: Flask) -> None:
    """Put the screens of imports into the menu, and the ways to them where people look."""
    app.extensions["admin"][0].add_view(ImportView())
    parts(app).list_links.append(_import_link)
    parts(app).row_links.append(_open_link)
