"""Opens the form of a table for a new row or an existing one, empty, prefilled or as it was sent."""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from admin.tables.desk import Desk
from admin.tables.drawing import row_url
from admin.tables.form import pickers
from admin.tables.form.conflicts import seen_state
from admin.tables.form.forms import ColumnForm, make_form, offer_only
from admin.tables.form.pickers import Filling
from admin.tables.screens import FormPage
from domain import models
from domain.access import scopes
from domain.schema.file import Column
from domain.schema.words import links_above
from domain.storing.allowed import allowed_choices, carried_values


def blank_form(desk: Desk, args: Mapping[str, str], today: date) -> ColumnForm:
    """A form for a new row; columns named in the address are filled in from there, where they make sense."""
    given = {column.name: args[column.name] for column in desk.writable if args.get(column.name)}
    for column in desk.writable:
        if (
            column.references
            and column.name in given
            and pick_or_none(desk, column, given[column.name]) is None
        ):
            del given[column.name]
    filling = Filling(desk, None, keys_in(desk, given))
    known = carried_values(desk.session, desk.words, filling.given)
    form = _make(filling, _first_columns(desk, given), known)
    begun = _usual(desk, given, today) | _said_above(desk, given)
    form.process(None, data=_pointing(filling, begun) | _first_allowed(desk, known) | given)
    return form


def _first_columns(desk: Desk, given: Container[str]) -> tuple[Column, ...]:
    """What a new row is asked for: not what comes later in its life, unless it is ``given`` all the same."""
    return tuple(c for c in desk.writable if not c.comes_later or c.name in given)


def _pointing(filling: Filling, begun: Mapping[str, Any]) -> dict[str, Any]:
    """What a form begins with, without references to what is out of use by now."""
    columns = filling.desk.words.columns
    return {
        name: value
        for name, value in begun.items()
        if not columns[name].references
        or pick_or_none(filling.desk, columns[name], str(value)) is not None
    }


def keys_in(desk: Desk, given: Mapping[str, str]) -> dict[str, int]:
    """The ids among what an address or a form gives for the references."""
    texts = {c.name: given.get(c.name, "") for c in desk.writable if c.references}
    return {n: int(t) for n, t in texts.items() if t.isascii() and t.isdecimal() and len(t) < 19}


def _first_allowed(desk: Desk, known: Mapping[str, Any]) -> dict[str, str]:
    """For each choice whose usual word the rules do not allow here, the first that they do."""
    choices = (c for c in desk.writable if c.choices and c.default is not None)
    left = {c: _allowed(desk, known, c) for c in choices}
    return {c.name: words[0] for c, words in left.items() if words and c.default not in words}


def _usual(desk: Desk, given: Mapping[str, str], today: date) -> dict[str, Any]:
    """What a new row most often has: it happened today; for who makes rows of his own alone, to him or his unit.

    And what schema.sql marks [今天] and [本人].
    """
    own = {"unit_id": desk.actor.unit_id, "deputy_id": desk.actor.deputy_id}
    if scopes.makes_any(desk.actor, desk.words.name):
        own = {}
    dates = (
        c.name for c in desk.writable if c.kind == "date" and c.is_required and c.name != "due_on"
    )
    mine = {c.name: own[c.name] for c in desk.writable if own.get(c.name)}
    marked = [
        c.name
        for c in desk.writable
        if c.starts_today and _is_past_above(desk, c, keys_in(desk, given), today)
    ]
    named = {c.name: desk.actor.name for c in desk.writable if c.starts_own}
    return dict.fromkeys([*dates, *marked], today) | mine | named


def _said_above(desk: Desk, given: Mapping[str, str]) -> dict[str, Any]:
    """What schema.sql marks [承接]: as the row above has it, as far as this person reads it there."""
    keys, said = keys_in(desk, given), {}
    for column in (c for c in desk.writable if c.starts_above):
        (link,) = links_above(desk.words, column, models.schema.tables)
        above = desk.beside(link.target)
        if link.name in keys and column.name in above.readable:
            row = desk.session.get(above.model, keys[link.name])
            said[column.name] = getattr(row, column.name, None)
    return {name: value for name, value in said.items() if value not in (None, "")}


def _is_past_above(desk: Desk, column: Column, keys: Mapping[str, int], today: date) -> bool:
    """Whether the day that would count without this one lies before today; so it does where nothing above has one.

    It is that of the row given above this one; where none is given yet, of the newest.
    """
    for link in desk.writable:
        if not (link.references and link.is_required):
            continue
        above = desk.beside(link.target)
        if column.name not in above.readable:
            continue
        query = above.query().order_by(above.model.id.desc()).limit(1)
        if link.name in keys:
            query = query.where(above.model.id == keys[link.name])
        row = desk.session.scalars(query).first()
        day = getattr(row, "counts_from_on", None) or getattr(row, column.name, None)
        return day is not None and day < today
    return True


def pick_or_none(desk: Desk, column: Any, key: str) -> int | None:
    """The id, if it names a row that the person may point to from a new one."""
    try:
        return pickers.pick(desk, column, key, "", Filling(desk, None, {}))[0]
    except ValueError:
        return None


def filled_form(desk: Desk, row: models.Row) -> ColumnForm:
    """A form with what a row holds."""
    form = _make(Filling(desk, row, {}), desk.writable, _carried(desk, row))
    form.process(None, data={column.name: getattr(row, column.name) for column in desk.writable})
    return form


def sent_form(desk: Desk, sent: MultiDict[str, str], row: models.Row | None = None) -> ColumnForm:
    """A form as it was sent, for a new row or for `row`; a field that was not sent is as good as empty."""
    columns = desk.writable if row else _first_columns(desk, sent)
    filling = Filling(desk, row, keys_in(desk, sent))
    form = _make(filling, columns, carried_values(desk.session, desk.words, filling.given))
    texts = (c.name for c in columns if row and c.kind in ("text", "long text"))
    form.process(sent, data={name: getattr(row, name) for name in texts})
    return form


def new_page(desk: Desk, form: ColumnForm, word: str) -> FormPage:
    """The screen for a new row; `word` is the form's own (once.py)."""
    listed = url_for(f"{desk.words.name}.index_view")
    return FormPage(
        title=f"新增{desk.words.label}",
        about=desk.words.row_is,
        table_label=desk.words.label,
        list_url=listed,
        cancel_url=listed,
        form=form,
        word=word,
        can_add_another=True,
    )


def edit_page(desk: Desk, row: models.Row, form: ColumnForm) -> FormPage:
    """The screen for changing a row."""
    url = row_url(desk.words.name, row.id)
    return FormPage(
        title=f"修改{desk.words.label}",
        about="",
        table_label=desk.words.label,
        list_url=url_for(f"{desk.words.name}.index_view"),
        cancel_url=url,
        form=form,
        row_name=str(row),
        row_url=url,
        seen=seen_state(desk, row),
    )


def _carried(desk: Desk, row: models.Row) -> dict[str, Any]:
    """What the row has copied from its parents."""
    return {c.name: getattr(row, c.name) for c in desk.words.columns.values() if c.is_carried}


def _make(filling: Filling, columns: Iterable[Column], known: Mapping[str, Any]) -> ColumnForm:
    """The form, with the choices that the rules allow beside what is ``known`` of the row."""
    columns, desk = tuple(columns), filling.desk
    pick = partial(pickers.pick, desk, filling=filling)
    form = make_form(
        columns, pick, partial(pickers.lookup_url, desk, row=filling.row, is_form=True)
    )
    offer_only(form, partial(_allowed, desk, known))
    return form


def _allowed(desk: Desk, known: Mapping[str, Any], column: Column) -> tuple[str, ...]:
    """The words that neither the rules of the table nor those of the person's role refuse."""
    own = scopes.writable_words(desk.actor, desk.words.name, column)
    return tuple(word for word in allowed_choices(desk.words, column, known) if word in own)
