"""Makes the form of a row: its fields, what their pickers offer, and the words that their choices may have here."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from admin.tables.finding import pickers
from admin.tables.finding.pickers import Filling
from admin.tables.form.forms import ColumnForm, make_form, offer_only
from domain.schema.file import Column
from domain.storing.allowed import allowed_choices


def make(
    filling: Filling, columns: Iterable[Column], known: Mapping[str, Any], prefix: str = ""
) -> ColumnForm:
    """An unprocessed form, with the choices that the rules allow beside what is ``known`` of the row.

    With a ``prefix`` it is one of several in a form, and the names of its fields begin so.
    """
    columns, desk = tuple(columns), filling.desk
    pick = partial(pickers.pick, desk, filling=filling)
    form = make_form(columns, pick, partial(pickers.lookup_url, desk, filling=filling), prefix)
    offer_only(form, partial(allowed_choices, desk.words, known=known))
    return form
