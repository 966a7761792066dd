"""Refuses to hand an item that is done to a unit by a form. What files bring was done before the panel was there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from domain import models
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import RowWrite, Save, WriteRule

_COLUMN = "proposal_id"
_DONE: Mapping[str, str] = {
    "withdrawn_on": "已经撤回，办理终止，不能再交给单位；撤回登记错了的，请先“取消撤件”。",
    "closed_on": "已经办结，不能再交给单位；确要再办的，请先“取消办结”。",
    "merged_into_id": "已经并入别的件，请在主案上交给单位。",
}
"""The columns of an item that say that it is done, with what to do instead. Years gone by are kept by forms too."""
_AT_ONCE = 500


class ItemIsDone(Implausible):
    """A unit would get an item on which nobody works any more."""


class NoTasksOfDoneItems(WriteRule):
    """Raises ItemIsDone where a task is made for an item, or moved to one, that is done."""

    def concerns(self, table: str) -> bool:
        return table == "assignments"

    def is_asked(self, save: Save) -> bool:
        return save.is_typed

    def keeps_off(self, table: str, parent: Any) -> bool:
        return parent.words.name == "proposals" and _why(parent) is not None

    def kept_off(self, table: str, target: str, row: Any) -> ColumnElement[bool] | None:
        if target != "proposals":
            return None
        return and_(~row.is_history, or_(*(getattr(row, name).is_not(None) for name in _DONE)))

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        items = [r.new[_COLUMN] for r in rows if r.new.get(_COLUMN) != r.old.get(_COLUMN)]
        found = (why for item in _items(save, items) if (why := _why(item)))
        for why in found:
            raise ItemIsDone(table, models.schema.tables[table].columns[_COLUMN], why)


def _items(save: Save, ids: Sequence[int | None]) -> Iterator[Any]:
    item, keys = models.table_of("proposals").c, [key for key in ids if key is not None]
    columns = (item.is_history, *(item[name] for name in _DONE))
    for start in range(0, len(keys), _AT_ONCE):
        some = item.id.in_(keys[start : start + _AT_ONCE])
        yield from save.connection.execute(select(*columns).where(some))


def _why(item: Any) -> str | None:
    """What is said of an item that is done; None of one that is not, or of a year gone by."""
    if item.is_history:
        return None
    return next((why for name, why in _DONE.items() if getattr(item, name) is not None), None)
