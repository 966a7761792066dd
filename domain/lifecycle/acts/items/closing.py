"""办结, 销号, 撤件: how an item ends. What it ends with stays readable, and whoever ended it can take it back.

An item is closed once all its units have answered and nobody is 不满意; it is written off once what was promised is
done (S1 实行办复完结销号, S4 建立销号台账). A merged item ends with its main item.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from domain import models
from domain.access.rule import Columns, everything
from domain.actors import OFFICE
from domain.dues.under_way import is_answering
from domain.lifecycle.acts.act import TODAY, Act, Answer, Asking, Doing, Need, When
from domain.lifecycle.acts.conditions import every, negated
from domain.lifecycle.acts.items.carrying import is_carried_on
from domain.lifecycle.acts.items.merging import is_merged, takes_others_in
from domain.lifecycle.acts.recipients import (
    is_in_force,
    somebody_is_unrated,
    somebody_is_unserved,
    unrated,
    unserved,
)
from domain.lifecycle.last_answers import promises_still
from domain.schema.states import ENDED, ItemState, PromiseState, ReplyKind, ReplyState, TaskState
from domain.storing.session import ActorSession

_OFFICE = {OFFICE: everything}


def _is_own(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The item is handled by itself, and not of a year gone by."""
    return and_(row.merged_into_id.is_(None), ~row.is_history)


def _says(column: str) -> When:
    """The item says so itself: it does not follow from its main item, nor from its being of a year gone by."""
    return lambda asking, row: getattr(row, column).is_not(None)


def _set(*columns: str) -> Callable[[Doing], None]:
    """Writes these answers into the rows."""

    def write(doing: Doing) -> None:
        for item in doing.rows:
            for name in columns:
                value = doing.answers.get(name)
                setattr(item, name, value if name.endswith("_on") else value or "")

    return write


def _clear(*columns: str) -> Callable[[Doing], None]:
    """Empties these columns of the rows."""

    def write(doing: Doing) -> None:
        for item in doing.rows:
            for name in columns:
                setattr(item, name, None if name.endswith("_on") else "")

    return write


def _replies() -> Any:
    return models.alias_of("replies", "closing_answer")


def _answers(item_id: Any, reply: Any) -> Select[Any]:
    """The replies in force by which an item is answered."""
    is_answer = and_(reply.c.kind == ReplyKind.ANSWER, reply.c.state == ReplyState.ISSUED)
    query = select(reply).where(reply.c.proposal_id == item_id, is_answer, is_in_force(reply.c))
    return query.order_by(reply.c.id)


def _none_is(condition: When) -> When:
    """Of no answer in force the condition holds."""

    def holds(asking: Asking, row: Columns) -> ColumnElement[bool]:
        reply = _replies()
        return ~_answers(row.id, reply).where(condition(asking, reply.c)).exists()

    return holds


def _nobody_is_at_it(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Every unit has done what it was asked for: answered, or given its opinion."""
    return ~_unfinished(row.id).exists()


def _unfinished_units(session: ActorSession, row: Any) -> str:
    """The units that are still at it."""
    return "、".join(session.unchecked_connection().scalars(_unfinished(row.id)))


def _unfinished(item_id: Any) -> Select[Any]:
    task = models.alias_of("assignments", "unfinished_task")
    unit = models.alias_of("units", "unfinished_unit")
    query = select(unit.c.name).join(task, task.c.unit_id == unit.c.id)
    at_it = task.c.state.not_in((*ENDED, TaskState.ANSWERED, TaskState.FINISHED))
    return query.where(task.c.proposal_id == item_id, at_it).order_by(task.c.id)


def _named(
    tell: Callable[[ActorSession, Sequence[Any]], Mapping[int, Mapping[int, str]]],
) -> Callable[[ActorSession, Any], str]:
    """Who is told of an item's answers, each once."""

    def names(session: ActorSession, row: Any) -> str:
        answers = session.unchecked_connection().execute(_answers(row.id, _replies())).all()
        told = tell(session, answers).values()
        return "、".join(dict.fromkeys(name for one in told for name in one.values()))

    return names


def _promises_are_kept(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Nothing that a unit promised in its answer is still to be done."""
    return ~_open_promises(row.id).exists()


def _promises(session: ActorSession, row: Any) -> str:
    """What the units of the item still have to do."""
    return "；".join(session.unchecked_connection().scalars(_open_promises(row.id)))


def _nothing_promised_is_lost(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """Of what a unit has promised by its letter something is entered, or the item goes on in a later year."""
    task = models.alias_of("assignments", "promised_task")
    promise = models.alias_of("commitments", "entered_promise")
    is_entered = exists().where(promise.c.assignment_id == task.c.id)
    promised = and_(is_answering(task.c), promises_still(task.c.id))
    lost = exists().where(task.c.proposal_id == row.id, promised, ~is_entered)
    return or_(is_carried_on(asking, row), ~lost)


def _open_promises(item_id: Any) -> Select[Any]:
    task = models.alias_of("assignments", "promising_task")
    promise = models.alias_of("commitments", "open_promise")
    query = select(promise.c.content).join(task, task.c.id == promise.c.assignment_id)
    is_open = promise.c.state == PromiseState.OPEN
    return query.where(task.c.proposal_id == item_id, is_open).order_by(promise.c.id)


CLOSE = Act(
    name="close",
    label="办结",
    table="proposals",
    who=_OFFICE,
    starts=(ItemState.ANSWERED, ItemState.RATED),
    when=_is_own,
    otherwise="已并案的件随主案办结",
    leads_to=ItemState.CLOSED,
    answers=(
        Answer("closed_on", is_required=True, begins=TODAY),
        Answer("closing_note"),
    ),
    needs=(
        Need(
            _nobody_is_at_it,
            "还有单位没有办完：{units}；不等的，请在“办结说明”里写明原因。",
            unless="closing_note",
            names={"units": _unfinished_units},
        ),
        Need(
            _none_is(somebody_is_unserved),
            "答复还没有寄送：{deputies}；不寄送的，请在“办结说明”里写明原因。",
            unless="closing_note",
            names={"deputies": _named(unserved)},
        ),
        Need(
            _none_is(somebody_is_unrated),
            "还没有反馈意见：{deputies}；不等的，请在“办结说明”里写明原因。",
            unless="closing_note",
            names={"deputies": _named(unrated)},
        ),
    ),
    write=_set("closed_on", "closing_note"),
    says="已办结",
    todo="待办结",
    is_dated=False,
    tone="first",
    help="各承办单位都已答复，没有不满意的，可以办结。",
)
REOPEN = Act(
    name="reopen",
    label="取消办结",
    table="proposals",
    who=_OFFICE,
    starts=(ItemState.CLOSED,),
    when=_says("closed_on"),
    otherwise="随主案办结，或者是历史件",
    write=_clear("closed_on", "closing_note"),
    says="已取消办结",
)
WRITE_OFF = Act(
    name="write_off",
    label="销号",
    table="proposals",
    who=_OFFICE,
    starts=(ItemState.CLOSED,),
    when=_says("closed_on"),
    otherwise="随主案销号，或者是历史件",
    leads_to=ItemState.WRITTEN_OFF,
    answers=(Answer("written_off_on", is_required=True, begins=TODAY),),
    needs=(
        Need(
            _promises_are_kept,
            "承诺事项还没有兑现：{promises}。",
            names={"promises": _promises},
        ),
        Need(
            _nothing_promised_is_lost,
            "答复类别需回头看，却没有登记承诺事项：请先登记并兑现，或者“跨年度接续”。",
        ),
    ),
    write=_set("written_off_on"),
    says="已销号",
    todo="待销号",
    is_dated=False,
)
UNWRITE = Act(
    name="unwrite",
    label="取消销号",
    table="proposals",
    who=_OFFICE,
    starts=(ItemState.WRITTEN_OFF,),
    when=_says("written_off_on"),
    otherwise="随主案销号",
    leads_to=ItemState.CLOSED,
    write=_clear("written_off_on"),
    says="已取消销号",
)
WITHDRAW = Act(
    name="withdraw",
    label="撤件",
    table="proposals",
    who=_OFFICE,
    starts=(
        ItemState.REGISTERED,
        ItemState.HANDED_OVER,
        ItemState.HANDLING,
        ItemState.REVIEWED,
        ItemState.ANSWERED,
        ItemState.RATED,
        ItemState.REDONE,
    ),
    when=every(_is_own, negated(takes_others_in)),
    otherwise="已并案、有别的件并入它，或者是历史件",
    leads_to=ItemState.WITHDRAWN,
    answers=(
        Answer("withdrawn_on", is_required=True, begins=TODAY),
        Answer("withdrawal_reason", is_required=True),
    ),
    write=_set("withdrawn_on", "withdrawal_reason"),
    says="已撤件，办理终止",
    tone="danger",
    in_bulk=False,
    help="代表委员书面撤回的，登记日期和缘由，办理终止；原来的记录都保留。",
)
RESTORE = Act(
    name="restore",
    label="取消撤件",
    table="proposals",
    who=_OFFICE,
    starts=(ItemState.WITHDRAWN,),
    when=negated(is_merged),
    otherwise="已经并入别的件",
    write=_clear("withdrawn_on", "withdrawal_reason"),
    says="已取消撤件，接着办理",
    in_bulk=False,
)
ACTS = (CLOSE, WRITE_OFF, WITHDRAW, RESTORE, REOPEN, UNWRITE)
