"""Which items are under way, and which of their tasks answer them: conditions on columns, said once for what the
nightly check counts and for what acts may be done.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_

from domain.schema.states import ENDED, TaskRole


def is_under_way(item: Any) -> ColumnElement[bool]:
    """The item, given its columns, is neither withdrawn, closed, merged into another nor of a year gone by (历史件)."""
    return and_(
        item.withdrawn_on.is_(None),
        item.closed_on.is_(None),
        item.merged_into_id.is_(None),
        ~item.is_history,
    )


def is_answering(task: Any) -> ColumnElement[bool]:
    """The unit of the task, given its columns, is at work and answers the item: 主办 or 分办."""
    return and_(task.role != TaskRole.PARTNER, task.state.not_in(ENDED))
