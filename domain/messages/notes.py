"""批示: what a leader notes of an item is told to the units at work on it and to the office, who read it by name."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from domain import models
from domain.messages.telling import NOTED, News, spread
from domain.schema.states import ENDED
from domain.storing.session import program_within
from domain.storing.write_rules import ByTable, Save, WriteRule

_TABLE = "supervision_notes"


class TellsOfNotes(WriteRule):
    """Makes the messages of a new note. What files bring was read long ago."""

    def concerns(self, table: str) -> bool:
        return table == _TABLE

    def is_asked(self, save: Save) -> bool:
        return save.is_typed

    def follow(self, save: Save, written: ByTable) -> None:
        new = [row.new["id"] for row in written[_TABLE] if row.new and not row.old]
        if not new:
            return
        with program_within(save.session) as inner:
            note, task = models.SupervisionNote, models.Assignment
            notes = inner.scalars(
                select(note).where(note.id.in_(new)).options(*models.name_options(note))
            ).all()
            units = defaultdict[int, set[int]](set)
            items = [row.proposal_id for row in notes]
            at_work = select(task.proposal_id, task.unit_id).where(
                task.proposal_id.in_(items), task.state.not_in(ENDED)
            )
            for item_id, unit_id in inner.execute(at_work):
                units[item_id].add(unit_id)
            spread(
                inner,
                [
                    News(row, NOTED, _said(row), frozenset(units[row.proposal_id]), True)
                    for row in notes
                ],
            )
            inner.flush()


def _said(row: models.SupervisionNote) -> str:
    return f"{row.author}批示（{row.proposal}）：{row.content}"
