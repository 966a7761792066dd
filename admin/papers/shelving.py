"""The office's own templates on the screen: looked at, uploaded in the place of one that ships or as a new paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import IO

from flask import abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select

from admin.exports.exporting import XLSX, write_down
from admin.files.attachments import uploads_folder
from admin.frame import edge
from admin.frame.page_view import PanelView
from admin.papers.making import check, takes_of
from admin.papers.shelf import ShelvedPaper, papers_for
from admin.tables.desk import desk_at
from domain import models
from domain.access import scopes
from domain.exports.record import Taken
from domain.files.file_types import RefusedFile
from domain.files.uploads import Stored, discard, shown_name, store
from domain.papers.marks import BadMark, PaperMark, Wanted
from domain.papers.paper import PER, PaperRefused
from domain.papers.templates import KINDS, wanted_of
from domain.sheets.grid import UnreadableFile
from domain.sheets.preflight import MAX_BYTES
from domain.storing.session import ActorSession, program_within
from seeds.papers.register import SHIPPED

_LONGEST = 40


@dataclass(frozen=True)
class TemplatePage:
    """A paper's template: the marks that it uses, or what is wrong with the one that was handed in."""

    shelved: ShelvedPaper | None
    marks: tuple[tuple[PaperMark, str], ...]
    faults: tuple[str, ...]
    per: tuple[str, ...] = tuple(PER)
    is_shipped: bool = False
    sent: tuple[tuple[str, str], ...] = ()

    @property
    def kept(self) -> dict[str, str]:
        """What was typed before."""
        return dict(self.sent)

    @property
    def accepts(self) -> str:
        """The endings that a file may have."""
        return ",".join(f".{kind}" for kind in KINDS)


class TemplateDoors(PanelView):
    """The addresses of templates; for the office."""

    @property
    def may_shelve(self) -> bool:
        """Whether the acting person keeps the templates."""
        return scopes.may(edge.actor(), "paper_templates", "create")

    @expose("/template/", methods=("GET", "POST"))
    def template(self) -> ResponseReturnValue:
        """The template of ``?paper=``, or of a new one; a file that is handed in takes its place when it is right."""
        shelved = self._shelved()
        if request.method == "GET":
            return self._page(shelved, ())
        try:
            name = _take(shelved)
        except PaperRefused as refusal:
            return self._page(shelved, refusal.faults), 400
        flash(f"“{name}”从现在起用这份模板。", "good")
        return redirect(url_for(".template", paper=name))

    @expose("/template/file/")
    def template_file(self) -> ResponseReturnValue:
        """The template as it is used now, or with ``?shipped=1`` as it ships."""
        shelved = self._shelved() or abort(404)
        if request.args.get("shipped"):
            shelved = ShelvedPaper(SHIPPED.get(shelved.paper.name) or abort(404))
        try:
            content = shelved.template
        except PaperRefused as refusal:
            abort(404, str(refusal))
        paper = shelved.paper
        write_down(Taken("报表", f"{paper.name}的模板", 0, "", request.remote_addr or ""))
        name = f"{paper.name}模板{paper.ending}"
        return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=name)

    @expose("/template/drop/", methods=("POST",))
    def drop_template(self) -> ResponseReturnValue:
        """Take the office's own template away: the one that ships is used again, or the paper is gone."""
        shelved = self._shelved()
        if shelved is None or shelved.own is None:
            abort(404)
        name, stored = shelved.paper.name, shelved.own.stored_name
        edge.session().delete(shelved.own)
        edge.session().commit()
        discard(uploads_folder(), stored)
        is_back = name in SHIPPED
        flash(f"“{name}”{'改回了系统自带的模板。' if is_back else '已经删除。'}", "good")
        return redirect(url_for(".template", paper=name) if is_back else url_for(".index"))

    def _shelved(self) -> ShelvedPaper | None:
        if not self.may_shelve:
            abort(404)
        name = request.args.get("paper", "")
        found = papers_for(edge.session(), uploads_folder()).get(name)
        if name and found is None:
            abort(404)
        return found

    def _page(self, shelved: ShelvedPaper | None, faults: tuple[str, ...]) -> str:
        page = TemplatePage(
            shelved,
            tuple(_marks(shelved)) if shelved else (),
            faults,
            is_shipped=shelved is not None and shelved.paper.name in SHIPPED,
            sent=tuple(request.form.items()),
        )
        title = f"{shelved.paper.name}的模板" if shelved else "新的报表"
        return self.render("papers/template.html", page=page, title=title)


def _marks(shelved: ShelvedPaper) -> Iterator[tuple[PaperMark, str]]:
    """Every mark of a template with the block in which it stands."""
    try:
        yield from _within(shelved.wanted, "")
    except (UnreadableFile, BadMark, PaperRefused) as fault:
        flash(f"这份模板现在用不了：{fault}", "bad")


def _within(wanted: Wanted, block: str) -> Iterator[tuple[PaperMark, str]]:
    yield from ((mark, block) for mark in wanted.marks.values())
    for name, inner in wanted.blocks.items():
        yield from _within(inner, name)


def _take(shelved: ShelvedPaper | None) -> str:
    """Keep the file that was handed in, once all its marks are right. Raises PaperRefused."""
    name = shelved.paper.name if shelved else request.form.get("name", "").strip()
    per = shelved.paper.per if shelved else request.form.get("per", "")
    if not name or len(name) > _LONGEST or per not in PER:
        raise PaperRefused(f"请写报表名称（不超过 {_LONGEST} 字），并选按什么出。")
    if shelved is None and name in papers_for(edge.session(), uploads_folder()):
        raise PaperRefused(f"已经有叫“{name}”的报表：要换它的模板，请在它那里上传。")
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise PaperRefused("请选择一个文件。")
    try:
        file_name = shown_name(sent.filename)
        _check_marks(sent.stream, takes_of(per))
        stored = store(sent.stream, uploads_folder(), file_name, MAX_BYTES)
    except (RefusedFile, UnreadableFile) as fault:
        raise PaperRefused(str(fault)) from None
    _keep(name, per, file_name, stored)
    return name


def _check_marks(stream: IO[bytes], takes: tuple[str, ...]) -> None:
    content = stream.read(MAX_BYTES + 1)
    try:
        check(desk_at("proposals"), wanted_of(content), takes)
    except BadMark as bad:
        raise PaperRefused(str(bad)) from None


def _keep(name: str, per: str, file_name: str, stored: Stored) -> None:
    """Write the row; where a file lies is no person's to write, so it is the program's, in the person's name."""
    session = edge.session()
    try:
        with program_within(session, for_people=True) as inner:
            row = _row_of(inner, name, per)
            old = row.stored_name
            row.file_name, row.stored_name = _with_ending(file_name), stored.name
            row.sha256, row.uploaded_at = stored.sha256, edge.now()
            row.uploaded_by_id = edge.actor().user_id
            inner.flush()
        session.commit()
    except BaseException:
        discard(uploads_folder(), stored.name)
        raise
    if old:
        discard(uploads_folder(), old)


def _row_of(session: ActorSession, name: str, per: str) -> models.PaperTemplate:
    """The row of the office's template for a paper, perhaps a new one."""
    template = models.PaperTemplate
    row = session.scalars(select(template).where(template.name == name)).one_or_none()
    if row is None:
        about = request.form.get("about", "").strip()[:200]
        row = template(name=name, per=per, about=about)
        session.add(row)
    return row


def _with_ending(file_name: str) -> str:
    """The name with an ending by which the kind of the file is told; .xlsm is refused for its macros before."""
    ending = PurePath(file_name).suffix.lower()
    return file_name if ending.removeprefix(".") in KINDS else f"{file_name}.xlsx"
