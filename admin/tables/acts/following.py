"""An act that goes with the save of a form: 保存并送审. The row is saved first; what the act misses is said then."""

from collections.abc import Iterator

from flask import flash

from admin.tables.acts.telling import tell
from admin.tables.desk import Desk
from admin.tables.finding.waiting import waiting_acts
from admin.tables.form.refusals import REFUSALS, explain
from domain import models
from domain.lifecycle.acts.act import Act
from domain.lifecycle.doing import perform
from domain.lifecycle.judging import judge

BEFORE = "act."
"""What the pressed button sends before the name of the act."""


def acts_with_save(desk: Desk, row: models.Row | None) -> Iterator[Act]:
    """The acts that the form of a new row, or of ``row``, offers: those that wait for this person and ask for nothing
    that the form has not asked for."""
    acts = [act for act in waiting_acts(desk) if _asks_for_nothing(desk, act)]
    standings = judge(desk.session, acts, [row.id]).get(row.id, {}) if row is not None else {}
    for act in acts:
        begins = desk.words.columns[act.state].default in act.starts
        if begins if row is None else standings and standings[act.name].is_open:
            yield act


def do_with_save(desk: Desk, row: models.Row, pressed: str) -> bool:
    """Do the act that the pressed button named on the row that was saved, and say what came of it; False where it named
    none, or one that is not open."""
    named = (a for a in acts_with_save(desk, row) if f"{BEFORE}{a.name}" == pressed)
    act = next(named, None)
    if act is None:
        return False
    name = str(row)
    try:
        outcome = perform(desk.session, act, [row.id], {})
        desk.session.commit()
    except REFUSALS as error:
        desk.session.rollback()
        flash(f"已保存：{name}。还没有{act.label}：{explain(error, desk).sentence}", "warn")
        return True
    if outcome.done:
        flash(tell(act, outcome), "good")
    else:
        why = "".join(one.why for one in outcome.passed_over)
        flash(f"已保存：{name}。还没有{act.label}：{why}", "warn")
    return True


def _asks_for_nothing(desk: Desk, act: Act) -> bool:
    asked = act.asked_of(desk.actor)
    return all(a.begins or a.default is not None or not a.is_required for a in asked)
