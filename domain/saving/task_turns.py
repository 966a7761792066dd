"""Which time it is that a unit gets an item: a task after one that ended is its next, whichever way it came.

Else the unit could have the item but once: no two tasks of a unit and an item are the same time.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, func, select

from domain import models
from domain.schema.states import ENDED
from domain.storing.write_rules import RowWrite, Save, WriteRule

_AT_ONCE = 500


class CountsTurns(WriteRule):
    """Numbers new tasks of units that have had the item before."""

    def concerns(self, table: str) -> bool:
        return table == "assignments"

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        new = [row.new for row in rows if row.new and not row.old]
        had = _turns_had(save.connection, {row.get("proposal_id") for row in new} - {None})
        for row in new:
            last = had.get((row.get("proposal_id"), row.get("unit_id")), 0)
            row["turn"] = max(row.get("turn") or 1, last + 1)


def _turns_had(
    connection: Connection, items: Collection[int | None]
) -> dict[tuple[int | None, int | None], int]:
    """By item and unit how often the unit has had it, by its tasks that have ended: a question for every 500."""
    task, keys = models.table_of("assignments").c, sorted(key for key in items if key is not None)
    found = dict[tuple[int | None, int | None], int]()
    for start in range(0, len(keys), _AT_ONCE):
        ended = task.proposal_id.in_(keys[start : start + _AT_ONCE]), task.state.in_(ENDED)
        last = select(task.proposal_id, task.unit_id, func.max(task.turn)).where(*ended)
        for item, unit, turn in connection.execute(last.group_by(task.proposal_id, task.unit_id)):
            found[item, unit] = turn
    return found
