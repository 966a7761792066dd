"""Importing on the screen: drop a file, look at every row, correct, confirm, and take back if need be.

Every state is in the database, so that each page can be loaded again, left and come back to. What the program does
meanwhile is jobs/work/imports.py.
"""

import tempfile
from pathlib import Path

from flask import Flask, abort, current_app, flash, jsonify, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin.exports.exporting import XLSX, write_down
from admin.files.attachments import uploads_folder
from admin.frame import edge
from admin.frame.db import db
from admin.frame.links import Link
from admin.imports.correcting import CorrectingDoors
from admin.imports.doors import find_import, request_run
from admin.imports.import_blanks import hand_out_blank
from admin.imports.import_choices import chosen_columns, chosen_table, chosen_units, named_twice
from admin.imports.import_marks import marks_of
from admin.imports.import_overview import import_page, plans_page, run_of, table_page
from admin.imports.import_rows import find_other_titles
from admin.tables.additions import additions
from admin.tables.desk import Desk, desk_at
from admin.tables.finding.addresses import Address
from domain import models
from domain.access import scopes
from domain.access.importable import find_table, may_import
from domain.exports.record import Taken
from domain.files.file_types import RefusedFile
from domain.files.uploads import discard, path_of, shown_name, store
from domain.imports import record
from domain.imports.marking.marks import marked_copy
from domain.imports.marking.turn import MarkingBusy, alone_in
from domain.plans import template as plan_template
from domain.plans.lookups import TARGET
from domain.plans.recognising import vocabulary
from domain.schema.file import Table
from domain.schema.states import ImportState, RunState
from domain.sheets.grid import UnreadableFile
from domain.sheets.preflight import MAX_BYTES
from domain.tables import template as table_template
from jobs.runs import runs
from jobs.work.imports import APPLY, PREVIEW, UNDO


class ImportView(CorrectingDoors):
    """The screens of imports; for those who may import."""

    def __init__(self) -> None:
        super().__init__(name="导入分工方案", category="交办", endpoint="importing", url="/import")

    def is_accessible(self) -> bool:
        """Whether the acting person may import."""
        return scopes.may(edge.actor(), "imports", "create")

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """Drop a 分工方案; the imports so far."""
        if request.method == "GET":
            page = plans_page()
            return self.render("imports/index.html", page=page, title=page.title)
        meeting = desk_at("meetings").find(request.form.get("meeting", ""))
        return _take_file(TARGET, meeting.id) or redirect(url_for(".index", meeting=meeting.id))

    @expose("/table/<table>/", methods=("GET", "POST"))
    def table(self, table: str) -> ResponseReturnValue:
        """Drop the workbook of a table."""
        words = find_table(table)
        if words is None or not may_import(edge.actor(), words.name):
            abort(404)
        if request.method == "GET":
            page = table_page(words)
            return self.render("imports/index.html", page=page, title=page.title)
        return _take_file(words.label, None) or redirect(url_for(".table", table=table))

    @expose("/template/")
    def template(self) -> ResponseReturnValue:
        """The template of a 分工方案."""
        return hand_out_blank(TARGET, plan_template.blank_columns(edge.session()))

    @expose("/table/<table>/template/")
    def table_template(self, table: str) -> ResponseReturnValue:
        """The template of a table."""
        words = find_table(table)
        if words is None or not may_import(edge.actor(), words.name):
            abort(404)
        return hand_out_blank(words.label, table_template.blank_columns(edge.session(), words))

    @expose("/<int:key>/")
    def show(self, key: int) -> ResponseReturnValue:
        """One import as it stands."""
        page = import_page(find_import(key))
        return self.render("imports/show.html", page=page, title=f"导入 {page.row.file_name}")

    @expose("/<int:key>/progress/")
    def progress(self, key: int) -> ResponseReturnValue:
        """How far the program is, for run-progress.js."""
        run = run_of(find_import(key))
        if run is None:
            return jsonify(state=RunState.FAILED, done=0, total=0)
        return jsonify(state=run.state, done=run.progress_done, total=run.progress_total)

    @expose("/<int:key>/units/", methods=("POST",))
    def units(self, key: int) -> ResponseReturnValue:
        """Take the choices for unknown unit names and look at the file again."""
        row, session, chosen = find_import(key, *record.PREVIEWED), edge.session(), chosen_units()
        if not chosen:
            flash("没有选择单位，请先为不认识的写法选一个单位。", "bad")
            return redirect(url_for(".show", key=key))
        kept = [one for index, one in chosen.items() if request.form.get(f"keep.{index}")]
        for written, unit_id in kept:
            known = record.find_alias(session, written)
            if known is not None and known.unit_id != unit_id:
                flash(f"“{written}”已经是另一个单位的别名，这次按您选的认，别名没有改。", "warn")
        record.choose_units(session, row, dict(chosen.values()), [name for name, _ in kept])
        return request_run(row, PREVIEW, ImportState.READING)

    @expose("/<int:key>/unchoose/", methods=("POST",))
    def unchoose(self, key: int) -> ResponseReturnValue:
        """Take the choice for one written unit name back and look at the file again, so that it is asked anew."""
        row = find_import(key, *record.PREVIEWED)
        record.take_back_unit(edge.session(), row, request.form.get("written", ""))
        return request_run(row, PREVIEW, ImportState.READING)

    @expose("/<int:key>/columns/", methods=("POST",))
    def columns(self, key: int) -> ResponseReturnValue:
        """Take a corrected mapping of columns and look at the file again; it is remembered once that is written."""
        row = find_import(key, *record.PREVIEWED)
        table = chosen_table(row)
        mapping = chosen_columns(table)
        if twice := named_twice(mapping):
            flash(f"“{vocabulary.NAMES[twice]}”选了两列，只能有一列，请改正。", "bad")
            return redirect(url_for(".show", key=key) + "#columns")
        record.choose_columns(edge.session(), row, table, mapping)
        return request_run(row, PREVIEW, ImportState.READING)

    @expose("/<int:key>/forget/", methods=("POST",))
    def forget(self, key: int) -> ResponseReturnValue:
        """Forget the columns that people gave for a header, and look at the file again as the program reads it."""
        row = find_import(key, *record.PREVIEWED)
        record.forget_columns(edge.session(), row, chosen_table(row)["fingerprint"])
        return request_run(row, PREVIEW, ImportState.READING)

    @expose("/<int:key>/apply/", methods=("POST",))
    def apply(self, key: int) -> ResponseReturnValue:
        """Write it: all rows, or the usable ones. Who would give items other titles says that he has looked."""
        row, only_valid = (
            find_import(key, ImportState.WAITING),
            request.form.get("only_valid") == "1",
        )
        others = len(find_other_titles(edge.session(), row))
        if others and request.form.get("checked") != str(others):
            flash(
                f"有 {others} 行编号相同而标题不同，没有写入。请先核对，勾选“已核对”再确认；不是同一件的可以跳过。",
                "bad",
            )
            return redirect(url_for(".show", key=key))
        return request_run(row, APPLY, ImportState.WRITING, only_valid=only_valid)

    @expose("/<int:key>/skip/", methods=("POST",))
    def skip(self, key: int) -> ResponseReturnValue:
        """Leave out the rows that would give items other titles, or no longer, and look at the file again."""
        row, session = find_import(key, ImportState.WAITING), edge.session()
        is_wanted = request.form.get("skip") == "1"
        record.skip_rows(session, row, find_other_titles(session, row) if is_wanted else ())
        return request_run(row, PREVIEW, ImportState.READING)

    @expose("/<int:key>/undo/", methods=("POST",))
    def undo(self, key: int) -> ResponseReturnValue:
        """Take a written import back."""
        return request_run(find_import(key, ImportState.WRITTEN), UNDO, ImportState.UNDOING)

    @expose("/<int:key>/drop/", methods=("POST",))
    def drop(self, key: int) -> ResponseReturnValue:
        """Leave it at the preview."""
        row = find_import(key, ImportState.WAITING)
        row.state = ImportState.DROPPED
        edge.session().commit()
        flash("已放弃这次导入，没有写入任何内容。", "good")
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/again/", methods=("POST",))
    def again(self, key: int) -> ResponseReturnValue:
        """Look at a file again, from the start: after a failure, or when the data changed meanwhile."""
        row = find_import(key, *record.PREVIEWED, ImportState.FAILED, ImportState.DROPPED)
        return request_run(row, PREVIEW, ImportState.READING)

    @expose("/<int:key>/restart/", methods=("POST",))
    def restart(self, key: int) -> ResponseReturnValue:
        """Let a run that failed start again."""
        row = find_import(key)
        run = run_of(row)
        if run is not None and record.has_stopped(row, run):
            run_id = run.id
            edge.session().rollback()  # the queue writes in a transaction of its own, which must not wait
            if runs.restart(db.engine, run_id, edge.now()):
                current_app.extensions["jobs"].wake(run_id)
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/back/", methods=("POST",))
    def back(self, key: int) -> ResponseReturnValue:
        """Leave a failed run be and stand where it began: nothing of it was written."""
        row = find_import(key, *record.BEFORE)
        if record.has_stopped(row, run_of(row)):
            row.state = record.BEFORE[row.state]
            edge.session().commit()
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/original/")
    def original(self, key: int) -> ResponseReturnValue:
        """The file as it was uploaded."""
        row = find_import(key)
        return _hand_out(row, _stored_file(row), "application/octet-stream", row.file_name)

    @expose("/<int:key>/workbook/")
    def workbook(self, key: int) -> ResponseReturnValue:
        """The user's own workbook with what is wrong in it red and commented."""
        row = find_import(key)
        source, marks = _stored_file(row), list(marks_of(row))
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
            try:
                with alone_in(uploads_folder()):
                    marked_copy(source, marks, Path(target.name))
            except UnreadableFile as fault:
                abort(400, f"这个文件不能标注：{fault.sentence}")
            except MarkingBusy as busy:
                flash(str(busy), "warn")
                return redirect(url_for(".show", key=key))
            name = f"{Path(row.file_name).stem}（标注）.xlsx"
            return _hand_out(row, Path(target.name), XLSX, name)


def _take_file(target: str, meeting_id: int | None) -> ResponseReturnValue | None:
    """Store the sent file and have it looked at; None, with the reason flashed, where it is not taken."""
    session, sent, stored = edge.session(), request.files.get("file"), None
    try:
        if sent is None or not sent.filename:
            raise RefusedFile("没有选择文件，请选一个文件。")
        name = shown_name(sent.filename)
        stored = store(sent.stream, uploads_folder(), name, MAX_BYTES)
        key = record.begin(session, target, meeting_id, name, stored)
        find_import(key).is_history = meeting_id is not None and "history" in request.form
        return request_run(find_import(key), PREVIEW, ImportState.READING)
    except RefusedFile as refusal:
        flash(str(refusal), "bad")
        return None
    except Exception:
        session.rollback()
        if stored:
            discard(uploads_folder(), stored.name)
        raise


def _stored_file(row: "models.Import") -> Path:
    path = path_of(uploads_folder(), row.stored_name) if row.stored_name else None
    if path is None or not path.is_file():
        abort(404, "这次导入的原文件没有保留。")
    return path


def _hand_out(row: "models.Import", path: Path, kind: str, name: str) -> ResponseReturnValue:
    """A file of the import as a download called ``name``, once it is on record."""
    of = f"导入{row.target}" + (f"：{row.meeting}" if row.meeting else "")
    write_down(Taken("导入", name, row.total_rows, of, request.remote_addr or ""))
    answer = send_file(path, kind, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _plan_link(desk: Desk, _address: Address) -> Link | None:
    """The way to the import of plans, from the lists that a plan fills."""
    is_filled = desk.words.name in ("proposals", "assignments")
    is_for = is_filled and scopes.may(desk.actor, "imports", "create")
    return Link("导入分工方案", url_for("importing.index"), "import") if is_for else None


def _table_link(desk: Desk, _address: Address) -> Link | None:
    """The way to the import of the list's own table."""
    words: Table | None = find_table(desk.words.name)
    is_for = scopes.may(desk.actor, "imports", "create") and may_import(desk.actor, desk.words.name)
    if words is None or not is_for:
        return None
    return Link("导入表格", url_for("importing.table", table=words.name), "import")


def _open_link(desk: Desk, row: models.Row) -> Link | None:
    is_for = desk.words.name == "imports" and scopes.may(desk.actor, "imports", "create")
    return Link("打开这次导入", url_for("importing.show", key=row.id)) if is_for else None


def init_imports(app: Flask) -> None:
    """Put the screens of imports into the menu, and the ways to them where people look."""
    app.extensions["admin"][0].add_view(ImportView())
    additions(app).list_links += [_plan_link, _table_link]
    additions(app).row_links.append(_open_link)
