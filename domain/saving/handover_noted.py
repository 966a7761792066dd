"""Notes when a task was handed to its unit: a new one says the time, whichever way it came."""

from collections.abc import Sequence

from domain.storing.write_rules import RowWrite, Save, WriteRule


class NotesHandover(WriteRule):
    """Fills in the time of handing over of new tasks; who did it, authorship says."""

    def concerns(self, table: str) -> bool:
        return table == "assignments"

    def before(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        for row in rows:
            if row.new and not row.old and row.new.get("assigned_at") is None:
                row.new["assigned_at"] = save.session.now().replace(microsecond=0)
