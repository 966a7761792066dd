"""The last answer to a task, as SQL: of those that were issued the latest, be it the answer or one of a year later."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from domain import models
from domain.schema.states import ReplyKind, ReplyState


def promises_still(task_id: Any) -> ColumnElement[bool]:
    """The last answer to the task is of a category that is looked back at a year later (需回头看): something was
    promised, and not called done since."""
    return _promising(task_id).exists()


def promising_tasks() -> Select[Any]:
    """The tasks of which this holds: for lists, which begin with them rather than ask it of every row."""
    return _promising(None)


def _promising(task_id: Any) -> Select[Any]:
    reply, later = (models.alias_of("replies", name) for name in ("promising", "after_it"))
    category = models.alias_of("answer_categories", "promising_category")
    is_later = or_(
        later.c.issued_on > reply.c.issued_on,
        and_(later.c.issued_on == reply.c.issued_on, later.c.id > reply.c.id),
    )
    is_replaced = exists().where(
        later.c.assignment_id == reply.c.assignment_id, _is_answer(later.c), is_later
    )
    query = select(reply.c.assignment_id).join(
        category, category.c.id == reply.c.answer_category_id
    )
    query = query.where(_is_answer(reply.c), category.c.is_promise, ~is_replaced)
    return query if task_id is None else query.where(reply.c.assignment_id == task_id)


def _is_answer(reply: Any) -> ColumnElement[bool]:
    return and_(reply.state == ReplyState.ISSUED, reply.kind != ReplyKind.OPINION)
