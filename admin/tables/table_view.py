"""The screens of one table, the same class for every table: list, details, forms, deletion, look-ups.

They stand on Flask-Admin's BaseView. Its ModelView has no place for columns by role, pages by key, pages without
inline script, and refusals in Chinese; which rows there are, the session decides either way.
"""

from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from flask import abort, current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from werkzeug.datastructures import MultiDict

from admin.frame import edge
from admin.frame.page_view import PanelView
from admin.tables.acts import doing
from admin.tables.acts.offering import find_act
from admin.tables.acts.telling import what_comes
from admin.tables.acts.with_save import do_with_save
from admin.tables.additions import FILES, additions
from admin.tables.deleting import AskedBy, ask_page, find_all
from admin.tables.desk import Desk, desk_at
from admin.tables.details import draw_details
from admin.tables.drawing import row_url
from admin.tables.finding.addresses import LIST
from admin.tables.finding.asking import Asked, read_asked
from admin.tables.finding.filter_values import BadFilter
from admin.tables.finding.ordering import BadCursor
from admin.tables.finding.pickers import offer
from admin.tables.form import doubts, once, saving
from admin.tables.form.blocks import meanwhile, moving
from admin.tables.form.blocks.block import WholeForm
from admin.tables.form.blocks.opening import new_whole, sent_whole, stored_whole
from admin.tables.form.lookups import read_filling
from admin.tables.form.pages import edit_page, new_page, read_fixed
from admin.tables.form.starting import going_on
from admin.tables.keeping import keeping
from admin.tables.list.lists import count_rows, draw_list
from domain import models
from domain.schema.file import Table


class TableView(PanelView):
    """List, details, create, edit, delete and look-up for the table it is made with."""

    def __init__(self, words: Table) -> None:
        self.words = words
        super().__init__(
            name=words.label, category=words.group, endpoint=words.name, url=f"/{words.name}"
        )

    @property
    def desk(self) -> Desk:
        """The acting person at this table."""
        return desk_at(self.words.name)

    def is_accessible(self) -> bool:
        """Whether the acting person may see any row of this table."""
        return self.desk.may("read")

    def is_visible(self) -> bool:
        """Whether the person finds the table in the menu; one that belongs to a parent is found there."""
        roles = self.words.menu_roles
        return self.words.parent_column is None and (not roles or self.desk.actor.role in roles)

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The list."""
        desk = self.desk
        first = MultiDict(parse_qsl(self.words.first_asked))
        asked = self._read_asked(desk, request.args or first, shows_misread=True)
        page = draw_list(desk, asked, edge.today())
        shown = self.render("tables/list.html", page=page, title=self.words.label)
        return shown, 400 if page.misread else 200

    @expose("/count/")
    def count_view(self) -> ResponseReturnValue:
        """How many rows the list has, for a list too long to count before it is shown."""
        desk = self.desk
        return jsonify(text=count_rows(desk, self._read_asked(desk, request.args)))

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One row."""
        desk = self.desk
        page = draw_details(desk, desk.find(request.args.get("id", "")), edge.today())
        return self.render("tables/details.html", page=page, title=page.title)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """A new row."""
        desk = self.desk
        self._require(desk.may("create") and bool(desk.writable))
        word = once.word_of(request.form)
        today, sent = edge.today(), request.form
        if request.method == "GET":
            opened = new_whole(desk, request.args, today)
            return self._show_form(new_page(desk, opened, word, today))
        mark = once.mark_of(desk, sent)
        if made := once.row_made(desk, mark):
            return self._after_second(desk, made)
        whole = sent_whole(desk, sent, today)
        if self._is_ready(desk, whole):
            saved = saving.save(desk, whole, mark, enclose=self._enclose(desk))
            if not saved.is_refused:
                return self._after_creating(saved.row)
            if made := once.row_made(desk, mark):  # the other of two clicks was a moment faster
                return self._after_second(desk, made)
        return self._show_form(new_page(desk, whole, word, today))

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """An existing row."""
        desk = self.desk
        row = desk.find(request.args.get("id", ""), lock=request.method == "POST")
        is_sent = request.method == "POST"
        desk = desk.keeping(read_fixed(request.form) if is_sent else keeping(desk, row).columns)
        self._require(bool(desk.writable) and desk.may_on("update", row))
        today, sent, word = edge.today(), request.form, once.word_of(request.form)
        if request.method == "GET":
            opened = stored_whole(desk, row, today)
            return self._show_form(edit_page(desk, row, opened, word, today))
        mark = once.mark_of(desk, sent)
        if once.row_made(desk, mark):
            return self._after_saving(row, "同一张表单提交了不止一次，只保存了一次。")
        whole = sent_whole(desk, sent, today, row)
        is_stale = meanwhile.settle(desk, whole, row, sent.get("seen", ""))
        if not is_stale and self._is_ready(desk, whole, row):
            saved = saving.save(desk, whole, mark, row, enclose=self._enclose(desk))
            if not saved.is_refused:
                return self._after_saving(saved.row)
        row = desk.find(request.args["id"])
        return self._show_form(edit_page(desk, row, whole, word, today))

    @staticmethod
    def _enclose(desk: Desk) -> saving.Enclose | None:
        """Attaches the files that came with the form to its row; None where none came."""
        files = [file for file in request.files.getlist(FILES) if file.filename]
        enclose = additions(current_app).enclose
        return partial(enclose, desk, files=files) if enclose and files else None

    @staticmethod
    def _is_ready(desk: Desk, whole: WholeForm, row: models.Row | None = None) -> bool:
        """Whether a sent form is to be saved as it is: no button of a block was pressed, nothing wrong or doubtful."""
        return (
            not moving.move(whole, request.form, edge.today())
            and whole.check()
            and not doubts.are_left(desk, whole, request.form, row)
        )

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> ResponseReturnValue:
        """Ask, then delete one row."""
        return self._delete([request.values.get("id", "")], AskedBy())

    @expose("/action/", methods=("POST",))
    def action_view(self) -> ResponseReturnValue:
        """Delete the ticked rows, after asking, or do an act on them (domain/lifecycle/acts/)."""
        if request.form.get("action") == "delete":
            by = AskedBy("delete", request.form.get(LIST, ""))
            return self._delete(request.form.getlist("rowid"), by)
        return self._act(request.form.get("action", ""))

    @expose("/act/", methods=("GET", "POST"))
    def act_view(self) -> ResponseReturnValue:
        """An act on one row or several: what it asks for, on which rows it can be done; then it is done."""
        return self._act(request.args.get("act", ""))

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> ResponseReturnValue:
        """The rows that a picker offers for a text."""
        desk = self.desk
        column = desk.readable.get(request.args.get("name", ""))
        if column is None or not column.references:
            abort(404)
        try:
            text = request.args.get("query", "").strip()
            return jsonify(offer(desk, column, text, read_filling(desk, request.args)))
        except BadFilter as error:
            abort(400, str(error))

    @staticmethod
    def _read_asked(desk: Desk, args: MultiDict[str, str], *, shows_misread: bool = False) -> Asked:
        try:
            return read_asked(desk, args, edge.today(), shows_misread=shows_misread)
        except (BadFilter, BadCursor) as error:
            abort(400, str(error))

    def _delete(self, keys: list[str], by: AskedBy) -> ResponseReturnValue:
        desk = self.desk
        rows = find_all(desk, keys)
        self._require(desk.may_on("delete", *rows), desk.why_not("delete"))
        if "confirmed" not in request.form:
            return self.render(
                "tables/delete.html",
                page=ask_page(desk, rows, by),
                title=f"删除{self.words.label}",
            )
        names = "、".join(str(row) for row in rows[:3])
        refusal = saving.delete(desk, rows)
        if refusal is not None:
            flash(refusal, "bad")
            return self.render(
                "tables/delete.html",
                page=ask_page(desk, find_all(desk, keys), by),
                title=f"删除{self.words.label}",
            )
        flash(
            f"已删除 {len(rows)} 条{self.words.label}：{names}{'等' if len(rows) > 3 else ''}。",
            "good",
        )
        self._say_what_follows()
        return redirect(by.list_url(desk))

    def _act(self, name: str) -> ResponseReturnValue:
        desk = self.desk
        act = find_act(desk, name)
        if act is None:
            abort(400, "没有这项操作，或者不由您的角色办理。")
        chosen = doing.read_chosen(desk, act, request)
        keys = [row.id for row in chosen.rows]
        done = doing.do(desk, act, chosen, request)
        if done is None:
            page = doing.ask(desk, act, chosen)
            return self.render("tables/act.html", page=page, title=page.title)
        if isinstance(done, doing.Refused):
            return self.render("tables/act.html", page=done.page, title=done.page.title)
        flash(done.said, done.tone)
        is_one = done.url is None and len(keys) == 1 and desk.is_there(keys)
        one = row_url(*doing.goes_on_at(desk, act, keys[0])) if is_one else None
        return redirect(one or done.url or url_for(".index_view"))

    def _after_second(self, desk: Desk, made: int) -> ResponseReturnValue:
        """To where the first sending of the same form has led."""
        row = desk.session.get(desk.model, made)
        if row is None:
            flash("这张表单已经保存过，那一条后来已被删除，没有再新增。", "bad")
            return redirect(url_for(".index_view"))
        return self._after_creating(row, "同一张表单提交了不止一次，只新增了这一条。")

    def _after_creating(self, row: models.Row, note: str = "") -> ResponseReturnValue:
        """To the next new row, to what is left to do for this one, or to the row itself."""
        find_next = additions(current_app).next_steps.get(self.words.name)
        step = find_next(self.desk, row) if find_next else None
        comes = step.text if step else what_comes(self.desk, row)
        if do_with_save(self.desk, row, request.form.get("then", "")):
            return redirect(row_url(self.words.name, row.id))
        flash(f"已保存：{row}。{note}{comes}", "good")
        self._say_what_follows()
        if request.form.get("then") == "another":
            begun: dict[str, Any] = request.args.to_dict() | going_on(self.desk, row)
            return redirect(url_for(".create_view", **begun))
        return redirect(step.url if step else row_url(self.words.name, row.id))

    def _after_saving(self, row: models.Row, note: str = "") -> ResponseReturnValue:
        if not do_with_save(self.desk, row, request.form.get("then", "")):
            flash(f"已保存：{row}。{note}{what_comes(self.desk, row)}", "good")
            self._say_what_follows()
        return redirect(row_url(self.words.name, row.id))

    def _say_what_follows(self) -> None:
        find_notes = additions(current_app).saved_notes.get(self.words.name)
        for note in find_notes() if find_notes else ():
            flash(note, "warn")

    def _show_form(self, page: Any) -> str:
        return self.render("tables/form.html", page=page, title=page.title)

    @staticmethod
    def _require(is_allowed: bool, why: str = "") -> None:
        if not is_allowed:
            abort(403, why or None)


def table_views() -> list[TableView]:
    """One view for every table of the schema, in the order of the file."""
    return [TableView(words) for words in models.schema.tables.values()]
