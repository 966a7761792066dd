"""An act that goes with the save of a form: 保存并送审. The row is saved first; what the act misses is said then."""

from flask import flash

from admin.tables.acts.telling import tell, tone_of
from admin.tables.desk import Desk
from admin.tables.form.following import BEFORE, acts_with_save
from admin.tables.form.refusals import REFUSALS, explain
from domain import models
from domain.lifecycle.doing import perform


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
        flash(tell(act, outcome), tone_of(outcome))
    else:
        why = "".join(one.why for one in outcome.passed_over)
        flash(f"已保存：{name}。还没有{act.label}：{why}", "warn")
    return True
