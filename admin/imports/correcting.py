"""Correcting an import before it is written: cells, names of signers, hidden rows; each can be taken back.

Every door notes what was said with the import and has the program look at the file again.
"""

from collections.abc import Iterator

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin.frame import edge
from admin.frame.page_view import PanelView
from admin.imports.doors import find_import, looked_at, request_run
from admin.imports.import_cells import place_named
from admin.imports.import_row import find_row, row_page
from domain.imports import correcting, record
from domain.imports.corrections import CellPlace
from domain.plans.lookups import TARGET
from domain.schema.states import ImportState
from jobs.work.imports import PREVIEW

_CELL, _WAS, _NAME = "cell:", "was:", "name:"


class CorrectingDoors(PanelView):
    """The doors of an import through which people say what its file should say."""

    @expose("/<int:key>/row/<int:number>/")
    def row(self, key: int, number: int) -> ResponseReturnValue:
        """One row of the file, cell by cell."""
        row = find_import(key)
        one = find_row(edge.session(), row, request.args.get("sheet", ""), number) or abort(404)
        page = row_page(edge.session(), row, one)
        return self.render("imports/row.html", page=page, title=f"{row.file_name} {page.where}")

    @expose("/<int:key>/correct/", methods=("POST",))
    def correct(self, key: int) -> ResponseReturnValue:
        """Take corrected cells, and look at the rows again."""
        row, said = find_import(key, *record.PREVIEWED), dict(_corrected())
        if not said:
            flash("没有改动，请先在格子里填上正确的内容。", "warn")
            return redirect(url_for("importing.show", key=key, **looked_at()))
        if correcting.correct_cells(edge.session(), row, said) > correcting.MOST_CELLS:
            most = correcting.MOST_CELLS
            flash(
                f"一次导入最多改正 {most} 格，超出的没有保留；要改的很多，请在文件里改好再上传。",
                "bad",
            )
        return request_run(row, PREVIEW, ImportState.READING)

    @expose("/<int:key>/uncorrect/", methods=("POST",))
    def uncorrect(self, key: int) -> ResponseReturnValue:
        """Read cells as the file has them: those named, or all."""
        row = find_import(key, *record.PREVIEWED)
        named = filter(None, map(place_named, request.form.getlist("cell")))
        places = (
            named if "all" not in request.form else (k.place for k in correcting.kept_cells(row))
        )
        correcting.take_back(edge.session(), row, places)
        return request_run(row, PREVIEW, ImportState.READING)

    @expose("/<int:key>/names/", methods=("POST",))
    def names(self, key: int) -> ResponseReturnValue:
        """Take other spellings of signers, or the file's own again, and look at the rows again."""
        row, said = find_import(key, *record.PREVIEWED), dict(_renamed())
        if not said:
            flash("没有改动，请先改好姓名。", "warn")
            return redirect(url_for("importing.show", key=key, **looked_at()))
        correcting.rename(edge.session(), row, said)
        return request_run(row, PREVIEW, ImportState.READING)

    @expose("/<int:key>/hidden/", methods=("POST",))
    def hidden(self, key: int) -> ResponseReturnValue:
        """Leave hidden rows out, or read them as well."""
        row, is_wanted = find_import(key, *record.PREVIEWED), request.form.get("leave") == "1"
        correcting.leave_hidden_out(edge.session(), row, is_wanted=is_wanted)
        return request_run(row, PREVIEW, ImportState.READING)

    @expose("/<int:key>/history/", methods=("POST",))
    def history(self, key: int) -> ResponseReturnValue:
        """Bring the items of a plan in as those of a year gone by, or as those of this one."""
        row = find_import(key, *record.PREVIEWED)
        row.is_history = row.target == TARGET and request.form.get("history") == "1"
        return request_run(row, PREVIEW, ImportState.READING)


def _corrected() -> Iterator[tuple[CellPlace, str]]:
    """The cells in which something else was typed than stood there."""
    for name in request.form:
        place = place_named(name.removeprefix(_CELL)) if name.startswith(_CELL) else None
        if place is not None:
            new = _tidy(request.form[name])
            if new != _tidy(request.form.get(_WAS + name.removeprefix(_CELL), "")):
                yield place, new


def _renamed() -> Iterator[tuple[str, str]]:
    """The names for which another one was typed than stood there: the file's name, the new one."""
    for name in request.form:
        if name.startswith(_NAME):
            written, new = name.removeprefix(_NAME), _tidy(request.form[name])
            if new != _tidy(request.form.get(_WAS + written, written)):
                yield written, new


def _tidy(text: str) -> str:
    """A text as typed, with the line breaks of a file."""
    return text.replace("\r\n", "\n").strip()
