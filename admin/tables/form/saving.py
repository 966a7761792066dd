"""Creating, changing and deleting rows of any table, with every refusal turned into a sentence.

The scope of what is written is checked by the session (domain/storing/session.py); here it only becomes words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wtforms.form import BaseForm

from admin.tables.desk import Desk
from admin.tables.form import once
from admin.tables.form.blocks.block import WholeForm
from admin.tables.form.blocks.writing import Writing
from admin.tables.form.refusals import REFUSALS, Refusal, explain, take_back
from domain import models


@dataclass(frozen=True)
class Saved:
    """The row that was to be written, and whether it was not, because something of the form was refused."""

    row: models.Row
    is_refused: bool = False


Undo = Callable[[], None]
Enclose = Callable[[models.Row], Undo]
"""Attaches the files of a form to its row, in the transaction of the save; returns how to be rid of them after all."""


def save(
    desk: Desk,
    whole: WholeForm,
    mark: str = "",
    row: models.Row | None = None,
    enclose: Enclose | None = None,
) -> Saved:
    """Write a checked form and its lines, as a new row or into ``row``, and keep its mark, where it has one (once.py).

    All or nothing, with the files that came along; what is refused is said where it stands in the form.
    """
    writing, undo = Writing(desk, whole, row), None
    try:
        writing.write()
        if mark:
            once.keep(desk, mark, writing.row.id)
        undo = enclose(writing.row) if enclose else None
        desk.session.commit()
    except REFUSALS as error:
        if undo:
            undo()
        take_back(desk, error)
        _show(desk, writing, error)
        return Saved(writing.row, is_refused=True)
    return Saved(writing.row)


def delete(desk: Desk, rows: Iterable[models.Row]) -> str | None:
    """Delete the rows, all or none; the sentence of the refusal, or None when it is done."""
    try:
        for row in rows:
            desk.session.delete(row)
        desk.session.commit()
    except REFUSALS as error:
        take_back(desk, error)
        return explain(error, desk).sentence
    return None


def _show(desk: Desk, writing: Writing, error: Exception) -> None:
    """Say why at the line that was refused, which is looked for where there is any, else at the row itself."""
    lines = any(line for block in writing.whole.blocks for line in block.meant)
    found = writing.find_refused() if lines else None
    step, error = found or (None, error)
    if step is None or step.block is None or step.line is None:
        put(writing.whole.form, explain(error, desk))
    else:
        put(step.line.form, explain(error, step.block.child))


def put(form: BaseForm, refusal: Refusal) -> None:
    """Put a refusal where the person looks: under its field, or above the form."""
    if refusal.column is not None and refusal.column in form:
        form[refusal.column].errors = [*form[refusal.column].errors, refusal.sentence]
    else:
        form.form_errors.append(refusal.sentence)
