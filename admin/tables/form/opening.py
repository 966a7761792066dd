"""Opens the form of a row, new or stored: empty, prefilled or as it was sent. What hangs below is in blocks/."""

from collections.abc import Container, Mapping
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from admin.tables.desk import Desk
from admin.tables.finding.pickers import Filling
from admin.tables.form.forms import ColumnForm
from admin.tables.form.making import make
from admin.tables.form.starting import beginning, keys_in, pick_or_none
from domain import models
from domain.schema.file import Column
from domain.storing.allowed import carried_values


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
    form = make(filling, _first_columns(desk, given), known)
    form.process(None, data=beginning(filling, given, today) | given)
    return form


def _first_columns(desk: Desk, given: Container[str]) -> tuple[Column, ...]:
    """What a new row is asked for: not what comes later in its life, unless it is ``given`` all the same."""
    return tuple(c for c in desk.writable if not c.comes_later or c.name in given)


def filled_form(desk: Desk, row: models.Row) -> ColumnForm:
    """A form with what a row holds."""
    form = make(Filling(desk, row, {}), desk.writable, carried_by(desk, row))
    form.process(None, data={column.name: getattr(row, column.name) for column in desk.writable})
    return form


def sent_form(desk: Desk, sent: MultiDict[str, str], row: models.Row | None = None) -> ColumnForm:
    """A form as it was sent, for a new row or for `row`; a field that was not sent is as good as empty."""
    columns = desk.writable if row else _first_columns(desk, sent)
    filling = Filling(desk, row, keys_in(desk, sent))
    form = make(filling, columns, carried_values(desk.session, desk.words, filling.given))
    texts = (c.name for c in columns if row and c.kind in ("text", "long text"))
    form.process(sent, data={name: getattr(row, name) for name in texts})
    return form


def carried_by(desk: Desk, row: models.Row) -> dict[str, Any]:
    """What the row has copied from its parents."""
    return {c.name: getattr(row, c.name) for c in desk.words.columns.values() if c.is_carried}
