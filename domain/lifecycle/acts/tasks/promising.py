"""兑现, 销号, 不再推进: what becomes of a promise that a unit made in its answer (S1 办复完结销号, S4 销号台账).

A unit says that it has kept its word, with the file that shows it; the office strikes the promise off its list.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from domain import models
from domain.access.criteria import of_own_assignment
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.lifecycle.acts.act import TODAY, Act, Answer, Asking, Doing, Need
from domain.schema.states import PromiseState
from domain.storing.session import ActorSession

_UNITS = {LIAISON: of_own_assignment, OFFICE: everything}
_OFFICE = {OFFICE: everything}
_SOON = timedelta(days=7)


def _is_due(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The promise is late, or due within a week."""
    return row.due_on <= asking.today + _SOON


def _has_evidence(asking: Asking, row: Columns) -> ColumnElement[bool]:
    file = models.alias_of("attachments", "evidence")
    return exists().where(file.c.commitment_id == row.id)


def _steps_are_done(asking: Asking, row: Columns) -> ColumnElement[bool]:
    step = models.alias_of("commitment_steps", "open_step")
    return ~exists().where(step.c.commitment_id == row.id, step.c.done_on.is_(None))


def _open_steps(session: ActorSession, row: Any) -> str:
    """The steps of a promise that are still to be done."""
    step = models.table_of("commitment_steps").c
    query = select(step.content).where(step.commitment_id == row.id, step.done_on.is_(None))
    return "、".join(session.unchecked_connection().scalars(query.order_by(step.position)))


def _keep(doing: Doing) -> None:
    for promise in doing.rows:
        promise.state, promise.done_on = PromiseState.KEPT, doing.answers["done_on"]
        promise.done_note = doing.answers.get("done_note") or ""


def _unkeep(doing: Doing) -> None:
    for promise in doing.rows:
        promise.state, promise.done_on, promise.done_note = PromiseState.OPEN, None, ""


def _write_off(doing: Doing) -> None:
    for promise in doing.rows:
        promise.state = PromiseState.WRITTEN_OFF
        promise.written_off_on = doing.answers["written_off_on"]


def _unwrite(doing: Doing) -> None:
    for promise in doing.rows:
        promise.state, promise.written_off_on = PromiseState.KEPT, None


def _drop(doing: Doing) -> None:
    for promise in doing.rows:
        promise.state, promise.dropped_on = PromiseState.DROPPED, doing.asking.today
        promise.drop_reason = doing.answers["drop_reason"]


def _resume(doing: Doing) -> None:
    for promise in doing.rows:
        promise.state, promise.dropped_on, promise.drop_reason = PromiseState.OPEN, None, ""


KEEP = Act(
    name="keep_promise",
    label="兑现",
    table="commitments",
    who=_UNITS,
    starts=(PromiseState.OPEN,),
    leads_to=PromiseState.KEPT,
    answers=(
        Answer("done_on", is_required=True, begins=TODAY),
        Answer("done_note"),
    ),
    needs=(
        Need(
            _steps_are_done,
            "还有步骤没有完成：{steps}；请先在步骤里填“实际完成”。",
            names={"steps": _open_steps},
        ),
        Need(
            _has_evidence,
            "还没有佐证材料：请先作为附件上传到这项承诺；没有的，在“兑现说明”里写明原因。",
            unless="done_note",
        ),
    ),
    write=_keep,
    says="已兑现，等交办督查销号",
    todo="到期的承诺",
    todo_of=(LIAISON,),
    owed=_is_due,
    tone="first",
    help="承诺的事办成了，登记办成的日期；能说明的材料先作为附件上传。",
)
UNKEEP = Act(
    name="unkeep_promise",
    label="撤回兑现",
    table="commitments",
    who=_UNITS,
    starts=(PromiseState.KEPT,),
    leads_to=PromiseState.OPEN,
    write=_unkeep,
    says="已撤回兑现，接着推进",
)
WRITE_OFF = Act(
    name="write_off_promise",
    label="销号",
    table="commitments",
    who=_OFFICE,
    starts=(PromiseState.KEPT,),
    leads_to=PromiseState.WRITTEN_OFF,
    answers=(Answer("written_off_on", is_required=True, begins=TODAY),),
    write=_write_off,
    says="已销号",
    todo="待销号的承诺",
    tone="first",
    help="核对佐证材料以后销号；没有真正兑现的，请“撤回兑现”。",
)
UNWRITE = Act(
    name="unwrite_promise",
    label="取消销号",
    table="commitments",
    who=_OFFICE,
    starts=(PromiseState.WRITTEN_OFF,),
    leads_to=PromiseState.KEPT,
    write=_unwrite,
    says="已取消销号",
)
DROP = Act(
    name="drop_promise",
    label="不再推进",
    table="commitments",
    who=_UNITS,
    starts=(PromiseState.OPEN,),
    leads_to=PromiseState.DROPPED,
    answers=(Answer("drop_reason", is_required=True, help="写明为什么不再推进，留在台账上。"),),
    write=_drop,
    says="已登记不再推进",
    tone="danger",
    in_bulk=False,
)
RESUME = Act(
    name="resume_promise",
    label="恢复推进",
    table="commitments",
    who=_UNITS,
    starts=(PromiseState.DROPPED,),
    leads_to=PromiseState.OPEN,
    write=_resume,
    says="已恢复推进",
)
ACTS = (KEEP, WRITE_OFF, UNKEEP, UNWRITE, DROP, RESUME)
