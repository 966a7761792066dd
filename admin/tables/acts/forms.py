"""The small form of an act: the answers that it asks for, made of the columns that they fill.

How a column becomes a field, the forms of the tables say (admin/tables/form/); what is asked, the act.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from admin.frame import edge
from admin.tables.desk import Desk
from admin.tables.finding.pickers import Answering, pick
from admin.tables.form.fields import OfferedField
from admin.tables.form.forms import Choosable, ColumnForm, check, make_form, values_of
from admin.tables.form.lookups import OF_ACT
from admin.tables.form.starting import keys_in
from domain import models
from domain.lifecycle.acts.act import Act
from domain.lifecycle.doing import column_asked, faults_of, first_answer
from domain.lifecycle.judging import asking_of
from domain.schema.words import Column


def act_form(desk: Desk, act: Act, row: models.Row | None) -> ColumnForm | None:
    """The form as it is offered for one row, or for several (None); None where the act asks for nothing."""
    form = _unfilled(desk, act, row, {})
    if form is not None:
        today = edge.today()
        begun = {a.column: first_answer(a, row, today) for a in act.asked_of(desk.actor)}
        begun |= {
            field.name: _only(field.offered) for field in form if isinstance(field, OfferedField)
        }
        form.process(None, data={name: value for name, value in begun.items() if value is not None})
    return form


def sent_act_form(
    desk: Desk, act: Act, row: models.Row | None, sent: MultiDict[str, str]
) -> ColumnForm | None:
    """The form as it was sent."""
    form = _unfilled(desk, act, row, sent)
    if form is not None:
        form.process(sent)
    return form


def answers_in(desk: Desk, act: Act, form: ColumnForm | None) -> Mapping[str, Any] | None:
    """The answers of a form that was sent; None where it has faults, which stand at its fields."""
    if form is None:
        return {}
    is_whole = check(form)
    answers = values_of(form)
    for name, fault in faults_of(act, asking_of(desk.session), answers).items():
        if not form[name].errors:
            form[name].errors = [fault]
            is_whole = False
    return answers if is_whole else None


def _only(offered: Mapping[int, str]) -> int | None:
    """The one that is offered alone."""
    return next(iter(offered)) if len(offered) == 1 else None


def _unfilled(
    desk: Desk, act: Act, row: models.Row | None, sent: Mapping[str, str]
) -> ColumnForm | None:
    """Of several rows each has what it offers, so that nothing of it is asked together."""
    asked = [a for a in act.asked_of(desk.actor) if not (a.is_many and row is None)]
    if not asked:
        return None
    picking = _Picking({a.column: desk.beside(a.table or act.table) for a in asked}, row, sent)
    columns = [column_asked(act, answer) for answer in asked]
    offered = {
        a.column: Choosable(a.offers(desk.session, [row])[row.id], a.is_many)
        for a in asked
        if a.offers and row is not None
    }
    form = make_form(columns, picking.pick, picking.lookup_url, offered=offered)
    for field in form:
        field.id = f"{act.name}-{field.name}"  # several acts may ask for the same on one page
    return form


@dataclass(frozen=True)
class _Picking:
    """How references are chosen in the form of an act: each answer at the table whose column it fills."""

    desks: Mapping[str, Desk]
    row: models.Row | None
    sent: Mapping[str, str]

    def pick(self, column: Column, key: str, text: str) -> tuple[int | None, str]:
        """The id and name that an answer means."""
        desk = self.desks[column.name]
        return pick(
            desk, column, key, text, Answering(desk, self._own_row(desk), keys_in(desk, self.sent))
        )

    def lookup_url(self, column: Column) -> str:
        """Where the rows are asked for that may be meant."""
        desk = self.desks[column.name]
        own = self._own_row(desk)
        more: dict[str, Any] = {} if own is None else {"row": own.id}
        return url_for(f"{desk.words.name}.ajax_lookup", name=column.name, of=OF_ACT, **more)

    def _own_row(self, desk: Desk) -> models.Row | None:
        """The act's row, where its own table is asked about."""
        is_own = self.row is not None and self.row.words.name == desk.words.name
        return self.row if is_own else None
