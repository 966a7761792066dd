"""延期: a unit asks for a later day with its reason, the office grants or refuses; or the office moves dates itself,
one or many (S3: everything to 10-20). The day before stays beside the new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select

from domain import models
from domain.access.criteria import of_own_assignment
from domain.access.rule import Columns, everything
from domain.actors import LIAISON, OFFICE
from domain.dues.deadlines import RETURN, SIGN
from domain.lifecycle.acts.act import Act, Answer, Asking, Doing
from domain.lifecycle.acts.conditions import by_oneself, every, negated, task_is_at_work
from domain.messages.telling import GRANTED, REFUSED, Tell
from domain.schema.states import Decision, DueOrigin
from domain.storing.session import ActorSession

_OFFICE = {OFFICE: everything}
_KEPT = (SIGN, RETURN)
"""What a later day would make no sense for: the unit is to say at once whether the task is its own."""
_PENDING_FIRST = "已经完成、不能延期，或者有延期申请等着审核"


def _is_open(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The date still binds the unit, and is one that can be moved."""
    return and_(row.done_on.is_(None), row.milestone.not_in(_KEPT), task_is_at_work(asking, row))


def _is_asked_about(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """The unit has asked for a later day, and nobody has decided."""
    request = models.alias_of("extension_requests", "pending_extension")
    return exists().where(
        request.c.assignment_id == row.assignment_id,
        request.c.milestone == row.milestone,
        request.c.decision == Decision.PENDING,
    )


def _concerns_an_open_date(asking: Asking, row: Columns) -> ColumnElement[bool]:
    """What the request asks about still binds the unit."""
    line = models.alias_of("deadlines", "asked_date")
    return exists().where(
        line.c.assignment_id == row.assignment_id,
        line.c.milestone == row.milestone,
        _is_open(asking, line.c),
    )


def _unfit_day(column: str) -> Any:
    """Which rows a new day does not fit: it lies after the one before, and after today."""

    def unfit(
        session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
    ) -> dict[int, str]:
        to, today = told[column], session.now().date()
        if to <= today:
            return dict.fromkeys((row.id for row in rows), f"延到 {to} 已经过了，要晚于今天。")
        why = "延到的日期 {} 要晚于原到期日 {}。"
        return {row.id: why.format(to, row.due_on) for row in rows if to <= row.due_on}

    return unfit


def _ask(doing: Doing) -> None:
    told = doing.answers
    doing.session.add_all(
        models.ExtensionRequest(
            assignment_id=line.assignment_id,
            milestone=line.milestone,
            due_on=line.due_on,
            wanted_on=told["wanted_on"],
            reason=told["reason"],
            asked_on=doing.asking.today,
            asked_by_id=doing.person,
        )
        for line in doing.rows
    )


def _withdraw(doing: Doing) -> None:
    for request in doing.rows:
        _decide(doing, request, Decision.TAKEN_BACK, "")


def _refuse(doing: Doing) -> None:
    for request in doing.rows:
        _decide(doing, request, Decision.REFUSED, doing.answers["decision_note"])


def _grant(doing: Doing) -> None:
    to, lines = doing.answers.get("granted_on"), _held_lines(doing)
    for request in doing.rows:
        request.granted_on = to or request.wanted_on
        _decide(doing, request, Decision.GRANTED, doing.answers.get("decision_note") or "")
        line = lines[request.assignment_id, request.milestone]
        _move(line, request.granted_on, request.reason[:200])


def _held_lines(doing: Doing) -> dict[tuple[int, str], Any]:
    """The dates that the requests ask about, held until the transaction ends."""
    line = models.Deadline
    held = select(line).options(*models.name_options(line)).with_for_update(of=line)
    fresh = held.execution_options(populate_existing=True)
    ids = [request.assignment_id for request in doing.rows]
    found = doing.among(fresh, line.assignment_id, ids)
    return {(row.assignment_id, row.milestone): row for (row,) in found}


def _extend(doing: Doing) -> None:
    for line in doing.rows:
        _move(line, doing.answers["due_on"], doing.answers["extension_reason"])


def _move(line: Any, to: Any, reason: str) -> None:
    """The rule of typed dates keeps the day before beside it."""
    line.due_on, line.extension_reason, line.origin = to, reason, DueOrigin.EXTENDED


def _take_back(doing: Doing) -> None:
    for line in doing.rows:
        line.due_on, line.extended_from_on = line.extended_from_on, None
        line.extension_reason, line.origin = "", DueOrigin.BY_HAND


def _decide(doing: Doing, request: Any, decision: str, note: str) -> None:
    request.decision, request.decision_note = decision, note
    request.decided_on, request.decided_by_id = doing.asking.today, doing.person


def _is_extended(asking: Asking, row: Columns) -> ColumnElement[bool]:
    return and_(row.extended_from_on.is_not(None), _is_open(asking, row))


def _unfit_grant(
    session: ActorSession, rows: Sequence[Any], told: Mapping[str, Any]
) -> Mapping[int, str]:
    """As for any later day; without one each gets the day that it asked for."""
    return _of_granted(session, rows, told) if told.get("granted_on") else {}


_of_granted = _unfit_day("granted_on")
ASK = Act(
    name="ask_extension",
    label="申请延期",
    table="deadlines",
    who={LIAISON: of_own_assignment},
    starts=(),
    when=every(_is_open, negated(_is_asked_about)),
    otherwise=_PENDING_FIRST,
    answers=(
        Answer("wanted_on", "extension_requests", is_required=True),
        Answer("reason", "extension_requests", is_required=True),
    ),
    unfit=_unfit_day("wanted_on"),
    write=_ask,
    says="已申请延期，等交办督查审核；同意以前仍按原到期日",
)
EXTEND = Act(
    name="extend",
    label="延期",
    table="deadlines",
    who=_OFFICE,
    starts=(),
    when=every(_is_open, negated(_is_asked_about)),
    otherwise=_PENDING_FIRST,
    answers=(
        Answer("due_on", is_required=True, label="延到"),
        Answer("extension_reason", is_required=True),
    ),
    unfit=_unfit_day("due_on"),
    write=_extend,
    says="已延期",
    help="原到期日留在旁边；已经发出的提醒作废，按新的日期再提醒。",
)
UNEXTEND = Act(
    name="unextend",
    label="取消延期",
    table="deadlines",
    who=_OFFICE,
    starts=(),
    when=_is_extended,
    otherwise="没有延过期，或者已经完成",
    write=_take_back,
    says="已取消延期，恢复原到期日",
)
WITHDRAW = Act(
    name="withdraw_extension",
    label="撤回申请",
    table="extension_requests",
    who={LIAISON: of_own_assignment},
    state="decision",
    starts=(Decision.PENDING,),
    when=by_oneself("asked_by_id"),
    otherwise="不是您申请的",
    leads_to=Decision.TAKEN_BACK,
    write=_withdraw,
    says="已撤回申请，仍按原到期日",
)
GRANT = Act(
    name="grant_extension",
    label="同意",
    table="extension_requests",
    who=_OFFICE,
    state="decision",
    starts=(Decision.PENDING,),
    when=_concerns_an_open_date,
    otherwise="这一环节已经完成，或者任务、本件已经结束",
    leads_to=Decision.GRANTED,
    answers=(
        Answer("granted_on", begins="wanted_on", help="不填则延到各自申请的日期。"),
        Answer("decision_note"),
    ),
    unfit=_unfit_grant,
    write=_grant,
    tells=Tell(GRANTED, "{row}已同意；{decision_note}"),
    says="已同意延期",
    todo="待审的延期申请",
    tone="first",
)
REFUSE = Act(
    name="refuse_extension",
    label="不同意",
    table="extension_requests",
    who=_OFFICE,
    state="decision",
    starts=(Decision.PENDING,),
    leads_to=Decision.REFUSED,
    answers=(Answer("decision_note", is_required=True),),
    write=_refuse,
    tells=Tell(REFUSED, "{row}没有同意，仍按原到期日：{decision_note}"),
    says="没有同意，仍按原到期日",
)
ACTS = (ASK, EXTEND, UNEXTEND, WITHDRAW, GRANT, REFUSE)
