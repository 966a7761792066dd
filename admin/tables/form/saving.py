"""Creating, changing and deleting one row of any table, with every refusal turned into a sentence.

The scope of what is written is checked by the session (domain/storing/session.py); here it only becomes words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from admin.tables.desk import Desk
from admin.tables.form import once
from admin.tables.form.forms import ColumnForm, values_of
from admin.tables.form.refusals import Refusal, explain
from domain import models
from domain.access.rule import ScopeError
from domain.saving.known_settings import BadSetting
from domain.storing.refusals.implausible import Implausible

REFUSALS = (SQLAlchemyError, ScopeError, Implausible, BadSetting)


@dataclass(frozen=True)
class Saved:
    """The row that was to be written, and why it was not, where it was refused."""

    row: models.Row
    refusal: Refusal | None = None


def create(desk: Desk, form: ColumnForm, mark: str = "") -> Saved:
    """Make a row from a checked form and keep the form's mark with it, where it has one (once.py)."""
    row = desk.model(**values_of(form))

    def add() -> None:
        desk.session.add(row)
        if mark:
            desk.session.flush()
            once.keep(desk, mark, row.id)

    return _write(desk, row, add)


def update(desk: Desk, form: ColumnForm, row: models.Row) -> Saved:
    """Write a checked form into a row."""
    values = values_of(form)

    def assign() -> None:
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)

    return _write(desk, row, assign)


def delete(desk: Desk, rows: Iterable[models.Row]) -> str | None:
    """Delete the rows, all or none; the sentence of the refusal, or None when it is done."""
    try:
        for row in rows:
            desk.session.delete(row)
        desk.session.commit()
    except REFUSALS as error:
        desk.session.rollback()
        return explain(error, desk).sentence
    return None


def show(form: ColumnForm, refusal: Refusal) -> None:
    """Put a refusal where the person looks: under its field, or above the form."""
    if refusal.column is not None and refusal.column in form:
        form[refusal.column].errors = [*form[refusal.column].errors, refusal.sentence]
    else:
        form.form_errors.append(refusal.sentence)


def _write(desk: Desk, row: models.Row, change: Callable[[], None]) -> Saved:
    try:
        change()
        desk.session.commit()
    except REFUSALS as error:
        desk.session.rollback()
        return Saved(row, explain(error, desk))
    return Saved(row)
