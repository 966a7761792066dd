"""An act as it is sent from a screen: which rows were chosen, what was answered, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Request, abort

from admin.frame import edge
from admin.frame.keys import read_key
from admin.tables.acts.forms import act_form, answers_in, sent_act_form
from admin.tables.acts.offering import ASKED_OF_ALL, ActPage, ChosenRows, act_page
from admin.tables.acts.telling import tell, tone_of
from admin.tables.desk import Desk
from admin.tables.finding.addresses import LIST, Address, list_url, read_question
from admin.tables.finding.filter_values import BadFilter
from admin.tables.finding.ordering import BadCursor
from admin.tables.form import saving
from admin.tables.form.forms import ColumnForm
from admin.tables.form.refusals import REFUSALS, Refusal, explain, take_back
from domain import models
from domain.lifecycle.acts.act import Act
from domain.lifecycle.blaming import NOTHING_DONE, Blamed, find_blamed
from domain.lifecycle.doing import AT_ONCE, ONE_BY_ONE, perform

SURE = "sure"


@dataclass(frozen=True)
class Done:
    """What is told once the act was done, and where to go then."""

    said: str
    tone: str
    url: str | None


@dataclass(frozen=True)
class Refused:
    """The page again, with what is wrong."""

    page: ActPage


def read_chosen(desk: Desk, act: Act, request: Request) -> ChosenRows:
    """The ticked rows, or all that a list finds. Raises NotFound for a row that is not for this person."""
    chosen = _read_chosen(desk, request)
    if chosen.one is None and not act.in_bulk:
        abort(400, ONE_BY_ONE.format(act.label))
    return chosen


def _read_chosen(desk: Desk, request: Request) -> ChosenRows:
    asked = request.values.get(ASKED_OF_ALL)
    if asked is None:
        keys = request.values.getlist("rowid")
        if not keys:
            abort(400, "请先勾选要办理的记录。")
        ticked_in = request.values.get(LIST)
        back = None if ticked_in is None else list_url(desk, ticked_in, edge.today())
        return ChosenRows(tuple(desk.find_all(keys)), question=ticked_in, list_url=back)
    try:
        question = read_question(desk, asked, edge.today())
    except (BadFilter, BadCursor) as error:
        abort(400, str(error))
    query = question.narrow(desk.query(), desk)
    if (
        SURE in request.form
    ):  # nobody has looked at what has come to the list since the page was shown
        shown = {read_key(text) for text in request.form.getlist("rowid")}
        query = desk.query().where(desk.model.id.in_(shown))
    query = query.options(*models.name_options(desk.model))
    rows = desk.session.scalars(query.order_by(desk.model.id).limit(AT_ONCE + 1)).all()
    if len(rows) > AT_ONCE:
        abort(400, f"符合条件的超过 {AT_ONCE} 条，请先筛选，分几次办理。")
    back = Address(desk.words.name, question).with_()
    return ChosenRows(tuple(rows), asked, list_url=back)


def do(desk: Desk, act: Act, chosen: ChosenRows, request: Request) -> Done | Refused | None:
    """Do the act; None where the person is to be asked first."""
    is_plain = chosen.one is not None and not act.asked_of(desk.actor)
    if request.method != "POST" or (SURE not in request.form and not is_plain):
        return None
    form = sent_act_form(desk, act, chosen.one, request.form)
    answers = answers_in(desk, act, form)
    if answers is None:
        return _again(desk, act, chosen, form)
    keys = [row.id for row in chosen.rows]
    try:
        outcome = perform(desk.session, act, keys, answers)
        desk.session.commit()
    except REFUSALS as error:
        take_back(desk, error)
        refusal = _explain(error, desk, find_blamed(desk.session, act, keys, answers, error))
        if form is not None:
            saving.put(form, refusal)
            return _again(desk, act, chosen, form)
        return Done(refusal.sentence, "bad", chosen.list_url)
    if not outcome.done and form is not None and chosen.one is not None:
        form.form_errors.extend(row.why for row in outcome.passed_over)
        return _again(desk, act, chosen, form)
    return Done(tell(act, outcome), tone_of(outcome), chosen.list_url)


def goes_on_at(desk: Desk, act: Act, key: int) -> tuple[str, int]:
    """The table and id of the row to look at once the act was done on this one: the row that it made, or itself."""
    made = act.opens(desk.session, key) if act.opens else None
    return made or (desk.words.name, key)


def _explain(error: Exception, desk: Desk, blamed: Blamed | None) -> Refusal:
    """What is told of an act that was refused; where it was for several rows, which of them is to blame."""
    refusal = explain(blamed.error if blamed else error, desk)
    if blamed is None:
        return refusal
    return replace(refusal, sentence=f"“{blamed.name}”：{refusal.sentence}{NOTHING_DONE}")


def ask(desk: Desk, act: Act, chosen: ChosenRows) -> ActPage:
    """The page that asks what the act asks for, and says on which rows it can be done."""
    form = act_form(desk, act, chosen.one)
    return act_page(desk, act, chosen, form)


def _again(desk: Desk, act: Act, chosen: ChosenRows, form: ColumnForm | None) -> Refused:
    keys = [str(row.id) for row in chosen.rows]
    again = replace(chosen, rows=tuple(desk.find_all(keys)))
    return Refused(act_page(desk, act, again, form))
