"""Which acts a form offers with its save: 保存并送审. How they are done, admin/tables/acts/with_save.py."""

from collections.abc import Iterator

from admin.tables.desk import Desk
from admin.tables.finding.waiting import waiting_acts
from domain import models
from domain.lifecycle.acts.act import Act
from domain.lifecycle.judging import judge

BEFORE = "act."
"""What the pressed button sends before the name of the act."""


def acts_with_save(desk: Desk, row: models.Row | None) -> Iterator[Act]:
    """The acts that the form of a new row, or of ``row``, offers: those that wait for this person once it is filled in,
    and ask for nothing that the form has not asked for. What is owed later is not done with a save."""
    acts = [a for a in waiting_acts(desk) if a.owed is None and _asks_for_nothing(desk, a)]
    standings = judge(desk.session, acts, [row.id]).get(row.id, {}) if row is not None else {}
    for act in acts:
        begins = act.begins_new or (
            bool(act.starts) and desk.words.columns[act.state].default in act.starts
        )
        if begins if row is None else standings and standings[act.name].is_open:
            yield act


def _asks_for_nothing(desk: Desk, act: Act) -> bool:
    asked = act.asked_of(desk.actor)
    return all(a.begins or a.default is not None or not a.is_required for a in asked)
