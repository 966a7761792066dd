"""Attachments on the screen: the section below a record, upload, download, deletion.

Generic: any table that `attachments` refers to gets the section. A file leaves only through `file`, which loads
its row in the person's scope; nothing is ever shown inside the panel's own pages.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, abort, current_app, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from admin.exports.exporting import write_down
from admin.frame import edge
from admin.frame.faults import log_fault
from admin.frame.links import Link
from admin.tables.additions import FILES, additions
from admin.tables.desk import Desk, desk_at
from admin.tables.drawing import row_url
from admin.tables.form import saving
from admin.tables.screens import Section
from domain import models
from domain.access import scopes
from domain.access.rule import ScopeError
from domain.exports.record import Taken
from domain.files.attachments import TABLE, attach, may_attach, owner_columns
from domain.files.file_types import RefusedFile, type_of
from domain.files.uploads import LARGEST, discard, path_of, shown_name, store
from domain.schema.file import Column
from domain.storing.held import those_held

MOST_AT_ONCE = 20
ACCEPTED = (
    ".pdf,.doc,.docx,.wps,.xls,.xlsx,.et,.ppt,.pptx,.dps,.ofd,.odt,.ods"
    ",.jpg,.jpeg,.png,.gif,.bmp,.tif,.tiff,.webp,.zip"
)
"""The endings that a browser offers."""
_LIMIT = f"每个文件不超过 {LARGEST // 1024 // 1024} MB"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
files = Blueprint("files", __name__, url_prefix="/files")
_log = logging.getLogger(__name__)


def init_attachments(app: Flask) -> None:
    """Give the app the addresses of files, and every record that may have attachments its section."""
    app.register_blueprint(files)
    additions(app).sections[TABLE] = draw_section
    additions(app).row_links.append(_download_link)
    additions(app).enclosing, additions(app).enclose = draw_enclosing, enclose


def uploads_folder() -> Path:
    """Where uploaded files lie."""
    folder: Path = current_app.extensions["settings"].data_dir / "uploads"
    return folder


@files.post("/add/<owner>/<int:key>")
def add(owner: str, key: int) -> ResponseReturnValue:
    """Attach the sent files, all or none, to the record with this id, by the column ``owner``."""
    column = owner_columns().get(owner)
    if column is None:
        abort(404)
    desk = desk_at(column.references or "")
    desk.find(str(key))
    sent = [file for file in request.files.getlist("files") if file.filename]
    refusal = _refusal(sent) or _attach_all(owner, key, sent)
    if refusal:
        flash(refusal, "bad")
    else:
        flash(f"已上传 {len(sent)} 个附件。", "good")
    return _back((desk.words.name, key), refusal)


@files.get("/<int:key>")
def file(key: int) -> ResponseReturnValue:
    """The file, to be kept by the person, never to be opened in the panel's name."""
    row = _find(desk_at(TABLE), key)
    path = path_of(uploads_folder(), row.stored_name)
    if not path.is_file():
        _log.error("the file of attachment %s is missing: %s", key, row.stored_name)
        abort(404, "这个附件的文件已经丢失，请联系系统管理员从备份中恢复。")
    write_down(Taken("附件", row.file_name, 0, _says_owner(row), request.remote_addr or ""))
    answer = send_file(path, row.content_type, as_attachment=True, download_name=row.file_name)
    answer.headers.update(HEADERS)
    return answer


@files.post("/<int:key>/delete")
def delete(key: int) -> ResponseReturnValue:
    """Delete an attachment with its file."""
    desk = desk_at(TABLE)
    row = _find(desk, key)
    name, stored, owner = row.file_name, row.stored_name, _owner_of(row)
    refusal = saving.delete(desk, [row])
    if refusal is None:
        discard(uploads_folder(), stored)
        flash(f"已删除附件“{name}”。", "good")
    else:
        flash(refusal, "bad")
    return _back(owner, refusal)


def _back(owner: tuple[str, int], refusal: str | None) -> ResponseReturnValue:
    """To the files of the record; after a refusal to the top of the page, where its sentence is."""
    return redirect(row_url(*owner) + ("" if refusal else "#attachments"))


def _refusal(sent: list[FileStorage]) -> str:
    if not sent:
        return "没有选择文件。"
    return f"一次最多上传 {MOST_AT_ONCE} 个文件。" if len(sent) > MOST_AT_ONCE else ""


def _attach_all(owner: str, key: int, sent: list[FileStorage]) -> str:
    """Store the files, then write their rows in one transaction; the sentence of a refusal, '' when done."""
    session, stored = edge.session(), []
    try:
        for one in sent:
            name = shown_name(one.filename or "")
            kind = type_of(one.stream, name)
            stored.append(store(one.stream, uploads_folder(), name))
            attach(session, (owner, key), name, stored[-1], kind)
        session.commit()
    except Exception as error:
        session.rollback()
        for lost in stored:
            discard(uploads_folder(), lost.name)
        if isinstance(error, RefusedFile | ScopeError | OSError):
            return _say(error)
        raise
    return ""


def _say(error: Exception) -> str:
    if isinstance(error, ScopeError):
        return error.sentence
    if isinstance(error, OSError):
        number = log_fault(error)
        return f"文件没有存下来，可能磁盘已满，请把故障编号 {number} 告诉系统管理员。"
    return str(error)


def enclose(desk: Desk, row: models.Row, files: list[FileStorage]) -> Callable[[], None]:
    """Attach the files of a form to its row, in the transaction of its save; how to be rid of them, if that fails.

    Raises RefusedFile, or NotAllowed where the record is none for this person's files.
    """
    column, stored = _owner_column(desk), list[str]()

    def undo() -> None:
        for name in stored:
            discard(uploads_folder(), name)

    try:
        if column is None or (refusal := _refusal(files)):
            raise RefusedFile(refusal if column else "这里不能上传附件。")
        for one in files:
            name = shown_name(one.filename or "")
            kind, kept = type_of(one.stream, name), store(one.stream, uploads_folder(), name)
            stored.append(kept.name)
            attach(desk.session, (column.name, row.id), name, kept, kind)
    except Exception as error:
        undo()
        if isinstance(error, OSError):
            raise RefusedFile(_say(error)) from error
        raise
    return undo


@dataclass(frozen=True)
class EnclosingPart:
    """The field for files in the form of a row; ``lost`` where some were chosen that did not come through."""

    field: str
    accept: str
    limit: str
    lost: bool


def draw_enclosing(desk: Desk, row: models.Row | None) -> Section | None:
    """Where the form of a row takes files; None where none can be attached."""
    column = _owner_column(desk)
    may_attach_any = scopes.may(desk.actor, TABLE, "create")
    if column is None or not may_attach_any:
        return None
    if row is not None and not may_attach(desk.session, column.name, row.id):
        return None
    lost = any(file.filename for file in request.files.getlist(FILES))
    return Section("files/enclosing.html", EnclosingPart(FILES, ACCEPTED, _LIMIT, lost))


def _owner_column(desk: Desk) -> Column | None:
    """The column by which files hang on rows of this table, if they do."""
    columns = owner_columns().values()
    return next((c for c in columns if c.references == desk.words.name), None)


@dataclass(frozen=True)
class FileView:
    """An attachment in the section."""

    name: str
    url: str
    size: str
    uploaded: str
    delete_url: str


@dataclass(frozen=True)
class AttachmentsPart:
    """The section: the files, and where more are sent, if this person may."""

    files: tuple[FileView, ...]
    upload_url: str
    limit: str
    accept: str


def draw_section(child: Desk, column: Column, row: models.Row) -> Section | None:
    """The attachments of a record; None where there are none and none can be added."""
    model = models.Attachment
    hanging = select(model).where(getattr(model, column.name) == row.id)
    query = hanging.options(joinedload(model.uploaded_by)).order_by(model.id)
    found = child.session.scalars(query).all()
    upload_url = url_for("files.add", owner=column.name, key=row.id)
    may_add = may_attach(child.session, column.name, row.id)
    if not found and not may_add:
        return None
    deletable = those_held(child.session, TABLE, "delete", [one.id for one in found])
    drawn = tuple(_draw_file(one, may_delete=one.id in deletable) for one in found)
    part = AttachmentsPart(drawn, upload_url if may_add else "", _LIMIT, ACCEPTED)
    return Section("files/section.html", part)


def _draw_file(row: "models.Attachment", *, may_delete: bool) -> FileView:
    who = row.uploaded_by
    return FileView(
        name=row.file_name,
        url=url_for("files.file", key=row.id),
        size=say_size(row.byte_size),
        uploaded=f"{row.uploaded_at:%Y-%m-%d %H:%M}{f' {who}' if who else ''}",
        delete_url=url_for("files.delete", key=row.id) if may_delete else "",
    )


def say_size(size: int) -> str:
    """1536 -> 1.5 KB."""
    if size < 1024:
        return f"{size} 字节"
    return f"{size / 1024:.1f} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"


def _find(desk: Desk, key: int) -> "models.Attachment":
    row = desk.find(str(key))
    assert isinstance(row, models.Attachment)
    return row


def _owner_of(row: "models.Attachment") -> tuple[str, int]:
    """The table and id of the record that an attachment hangs on."""
    owners = owner_columns().items()
    return next((c.references or "", getattr(row, n)) for n, c in owners if getattr(row, n))


def _says_owner(row: "models.Attachment") -> str:
    """The record that an attachment hangs on, as the person sees it."""
    table, key = _owner_of(row)
    return str(desk_at(table).find(str(key)))


def _download_link(desk: Desk, row: models.Row) -> Link | None:
    return Link("下载", url_for("files.file", key=row.id)) if desk.words.name == TABLE else None
