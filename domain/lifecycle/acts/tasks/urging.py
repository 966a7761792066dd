"""催办: the office, or the leader who supervises an item, urges a unit with words of its own, one task or many at once;
the unit's people read it, and when they did stands beside it (70, 71).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_

from domain import models
from domain.access.criteria import of_own_assignment, through
from domain.access.rule import Columns, everything
from domain.actors import LEADER, LIAISON, OFFICE, SUPERVISOR
from domain.lifecycle.acts.act import Act, Answer, Asking, Doing
from domain.lifecycle.acts.conditions import by_oneself, every, item_is_open, task_is_at_work
from domain.messages.telling import URGED, Tell
from domain.schema.states import ENDED

_TELLERS = {OFFICE: everything, SUPERVISOR: through("proposal_id", "proposals")}
_WORDS = (Answer("content", "urgings", is_required=True),)
_TOLD = Tell(URGED, "催办{row}：{content}")


def _is_at_work(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The unit has the task in hand and has not finished with it, and the item is under way."""
    unfinished = and_(row.state.not_in(ENDED), row.finished_on.is_(None))
    return and_(unfinished, item_is_open(asking, row))


def _is_open_date(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return and_(row.done_on.is_(None), task_is_at_work(asking, row))


def _is_unread(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return and_(row.read_at.is_(None), row.taken_back_on.is_(None))


def _urge(doing: Doing, told: Iterable[tuple[int, str]]) -> None:
    """Urge each of these tasks, for the step where one is named."""
    doing.session.add_all(
        models.Urging(
            assignment_id=task_id,
            milestone=milestone or None,
            content=doing.answers["content"],
            urged_on=doing.asking.today,
            urged_by_id=doing.person,
        )
        for task_id, milestone in told
    )


def _urge_tasks(doing: Doing) -> None:
    _urge(doing, ((task.id, "") for task in doing.rows))


def _urge_dates(doing: Doing) -> None:
    _urge(doing, ((line.assignment_id, line.milestone) for line in doing.rows))


def _read(doing: Doing) -> None:
    for urging in doing.rows:
        urging.read_at, urging.read_by_id = doing.now, doing.person


def _take_back(doing: Doing) -> None:
    for urging in doing.rows:
        urging.taken_back_on = doing.asking.today


URGE_TASK = Act(
    name="urge",
    label="催办",
    table="assignments",
    who=_TELLERS,
    starts=(),
    when=_is_at_work,
    otherwise="任务已经完成或结束，或者本件已并案、办结、撤回",
    answers=_WORDS,
    write=_urge_tasks,
    tells=_TOLD,
    says="已催办，单位的联络员和领导在首页看得到",
)
URGE_DATE = Act(
    name="urge_date",
    label="催办",
    table="deadlines",
    who={OFFICE: everything, SUPERVISOR: through("assignment_id", "assignments")},
    starts=(),
    when=_is_open_date,
    otherwise="已经完成，或者任务、本件已经结束",
    answers=_WORDS,
    write=_urge_dates,
    tells=_TOLD,
    says="已催办，单位的联络员和领导在首页看得到",
)
READ = Act(
    name="read_urging",
    label="已阅",
    table="urgings",
    who={LIAISON: of_own_assignment, LEADER: of_own_assignment},
    starts=(),
    when=_is_unread,
    otherwise="本单位已经有人看过，或者已经撤回",
    write=_read,
    says="已阅",
    todo="收到的催办",
    tone="first",
)
TAKE_BACK = Act(
    name="take_back_urging",
    label="撤回催办",
    table="urgings",
    who={OFFICE: everything, SUPERVISOR: through("assignment_id", "assignments")},
    starts=(),
    when=every(_is_unread, by_oneself("urged_by_id")),
    otherwise="单位已经看过、已经撤回，或者不是您催办的",
    write=_take_back,
    says="已撤回催办",
)
ACTS = (URGE_TASK, URGE_DATE, READ, TAKE_BACK)
