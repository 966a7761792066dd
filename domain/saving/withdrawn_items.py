"""Refuses to hang new records on the tasks of an item that was withdrawn (撤件), whose handling is over. What files
bring happened before; what was recorded before stays.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from domain import models
from domain.schema.words import Column
from domain.storing.refusals.implausible import Implausible
from domain.storing.write_rules import RowWrite, Save, WriteRule

_TASKS = "assignments"
_AT_ONCE = 500
_WHY = "本件已经撤回，办理终止，不能再添记录；撤回登记错了的，请先“取消撤件”。"


class ItemIsWithdrawn(Implausible):
    """Something would be recorded of an item on which nobody works any more."""


class NothingOnWithdrawnItems(WriteRule):
    """Raises ItemIsWithdrawn where a row is made that belongs to a task of such an item."""

    def concerns(self, table: str) -> bool:
        return _task_column(table) is not None

    def is_asked(self, save: Save) -> bool:
        return save.is_typed

    def keeps_off(self, table: str, parent: Any) -> bool:
        return parent.words.name == _TASKS and parent.proposal.withdrawn_on is not None

    def kept_off(self, table: str, target: str, row: Any) -> ColumnElement[bool] | None:
        if target != _TASKS:
            return None
        item = aliased(models.Proposal)  # a person's session asks it: of the class, for its scope
        return exists().where(item.id == row.proposal_id, item.withdrawn_on.is_not(None))

    def after(self, save: Save, table: str, rows: Sequence[RowWrite]) -> None:
        column = _task_column(table)
        assert column is not None
        tasks = [row.new[column.name] for row in rows if row.new and not row.old]
        if _any_withdrawn(save, tasks):
            raise ItemIsWithdrawn(table, column, _WHY)


def _any_withdrawn(save: Save, task_ids: Sequence[int]) -> bool:
    task, item = models.table_of(_TASKS), models.table_of("proposals")
    query = select(task.c.id).join(item, item.c.id == task.c.proposal_id)
    query = query.where(item.c.withdrawn_on.is_not(None))
    starts = range(0, len(task_ids), _AT_ONCE)
    some = (query.where(task.c.id.in_(task_ids[at : at + _AT_ONCE])) for at in starts)
    return any(save.connection.execute(one.limit(1)).first() for one in some)


@cache
def _task_column(table: str) -> Column | None:
    """The column by which every row of a table belongs to a task; None where it has none."""
    columns = models.schema.tables[table].columns.values()
    return next((c for c in columns if c.references == _TASKS and c.is_required), None)
