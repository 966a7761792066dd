"""Asks once more where what is to be saved is allowed and may still be wrong. What is doubtful, other rooms say."""

from collections.abc import Mapping

from flask import current_app

from admin.tables.additions import additions
from admin.tables.desk import Desk
from admin.tables.form.blocks.block import WholeForm
from admin.tables.form.forms import values_of
from domain import models

FIELD = "form.sure"
"""With it a form says which doubts the person has been told of."""


def are_left(
    desk: Desk, whole: WholeForm, sent: Mapping[str, str], row: models.Row | None = None
) -> bool:
    """Whether the person has to look again; said at the fields and above the form."""
    find = additions(current_app).doubts.get(desk.words.name)
    found = tuple(find(desk, values_of(whole.form), row)) if find else ()
    whole.doubts = tuple(doubt.sentence for doubt in found)
    if whole.sure == sent.get(FIELD, ""):
        return False
    said = {doubt.column: doubt.sentence for doubt in found}
    for field in whole.form:
        field.note = said.get(field.column.name, field.note)
    return bool(found)
