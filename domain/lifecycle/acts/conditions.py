"""The conditions that several acts are made of: what holds of a row, as SQL. Whose a row is, domain/access says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select

from domain import models
from domain.access.rule import Columns
from domain.actors import OFFICE
from domain.dues.under_way import is_answering, is_under_way
from domain.lifecycle.acts.act import Asking, When
from domain.lifecycle.review import EVERY, KEY_ITEMS, OTHER_ITEMS
from domain.saving.hanging import hung_on
from domain.schema.states import (
    DRAFTS,
    ENDED,
    ReplyKind,
    ReplyState,
    Revisit,
    StepResult,
    TaskRole,
    TaskState,
)
from domain.storing.session import ActorSession

Condition = ColumnElement[bool]


def every(*conditions: When) -> When:
    """All of the conditions."""
    return lambda asking, row: and_(*(condition(asking, row) for condition in conditions))


def negated(condition: When) -> When:
    """The opposite."""
    return lambda asking, row: ~condition(asking, row)


def has(column: str) -> When:
    """The column is filled."""
    return lambda asking, row: getattr(row, column).is_not(None)


def lacks(*columns: str) -> When:
    """The columns are empty."""
    return lambda asking, row: and_(*(getattr(row, column).is_(None) for column in columns))


def item_is_open(asking: Asking, row: Columns) -> Condition:
    """The item of the row is under way: neither withdrawn, closed, merged into another nor of a year gone by."""
    item = models.alias_of("proposals", "open_item")
    return exists().where(item.c.id == row.proposal_id, is_under_way(item.c))


def is_open(asking: Asking, row: Columns) -> Condition:
    """The item itself is under way."""
    return is_under_way(row)


def awaits_unit(asking: Asking, row: Columns) -> Condition:
    """The item may be waiting for a unit: domain/lifecycle/awaiting.py keeps the few apart, which leads to them."""
    return row.awaits_unit.is_not(None)


def has_main_unit(asking: Asking, row: Columns) -> Condition:
    """A unit is at work that answers the item: 主办 or 分办."""
    task = models.alias_of("assignments", "answering_task")
    return exists().where(task.c.proposal_id == row.id, is_answering(task.c))


def has_any_unit(asking: Asking, row: Columns) -> Condition:
    """Any unit is at work on the item."""
    task = models.alias_of("assignments", "working_task")
    return exists().where(task.c.proposal_id == row.id, task.c.state.not_in(ENDED))


def reply_is_at_work(asking: Asking, row: Columns) -> Condition:
    """The unit still has the reply's task, and the item is under way; or this is what is owed a year later, or the
    round that began when the letter of the last one changed."""
    task = models.alias_of("assignments", "task_of_reply")
    is_held = exists().where(task.c.id == row.assignment_id, task.c.state.not_in(ENDED))
    is_owed = or_(row.kind == ReplyKind.AGAIN, _follows_changed_letter(row))
    return and_(is_held, or_(item_is_open(asking, row), is_owed))


def _follows_changed_letter(row: Columns) -> Condition:
    before = models.alias_of("replies", "revisited_reply")
    return exists().where(
        before.c.assignment_id == row.assignment_id,
        before.c.kind == row.kind,
        before.c.round == row.round - 1,
        before.c.revisit_result == Revisit.CHANGED,
    )


def task_is_at_work(asking: Asking, row: Columns) -> Condition:
    """The unit still has the task of the row, and its item is under way."""
    task = models.alias_of("assignments", "task_of_row")
    is_held = and_(task.c.state.not_in(ENDED), item_is_open(asking, task.c))
    return exists().where(task.c.id == row.assignment_id, is_held)


def is_not_being_returned(asking: Asking, row: Columns) -> Condition:
    """Nobody has yet to decide whether the unit of the reply is rid of its task."""
    task = models.alias_of("assignments", "task_to_return")
    return ~exists().where(task.c.id == row.assignment_id, task.c.state == TaskState.RETURNING)


def is_unanswered(asking: Asking, row: Columns) -> Condition:
    """No reply to the task has been sent for review or further."""
    reply = models.alias_of("replies", "sent_reply")
    on_its_way = reply.c.state.not_in(DRAFTS)
    return ~exists().where(reply.c.assignment_id == row.id, on_its_way)


def nothing_hangs_on(asking: Asking, row: Columns) -> Condition:
    """Nobody has worked on the task yet. A file is no work: tasks are handed over with files."""
    works = [(name, column) for name, column in hung_on("assignments") if name != "attachments"]
    hanging = (models.alias_of(name, f"hanging_{name}").c[column] for name, column in works)
    return and_(*(~exists().where(link == row.id) for link in hanging))


def not_late_for(milestone: str) -> When:
    """The task's date for the milestone has not passed; where there is none, it cannot."""

    def holds(asking: Asking, row: Columns) -> Condition:
        line = models.alias_of("deadlines", "window")
        return ~exists().where(
            line.c.assignment_id == row.id,
            line.c.milestone == milestone,
            line.c.due_on < asking.today,
        )

    return holds


def date_of(milestone: str) -> Callable[[ActorSession, Any], str]:
    """Tells a task's date for the milestone."""

    def tell(session: ActorSession, row: Any) -> str:
        line = models.table_of("deadlines")
        query = select(line.c.due_on)
        query = query.where(line.c.assignment_id == row.id, line.c.milestone == milestone)
        return str(session.unchecked_connection().scalar(query) or "")

    return tell


def by_oneself(column: str) -> When:
    """The acting person is the one whom the column names."""
    return lambda asking, row: getattr(row, column) == asking.actor.user_id


def waits_for_signer(asking: Asking, row: Columns) -> Condition:
    """The reply waits at a step that its route gives to the acting person's role.

    The office's step that no line of the route gives to anybody is the office's, as review.Route has it.
    """
    signs = _lines_at(row, "signer", asking.actor.role).exists()
    if asking.actor.role != OFFICE:
        return signs
    is_nobodys = and_(row.state == ReplyState.OFFICE_CHECKED, ~_lines_at(row).exists())
    return or_(signs, is_nobodys)


def waits_for_recorder(asking: Asking, row: Columns) -> Condition:
    """The reply waits at a step that others sign on paper and the acting person's role records."""
    return _lines_at(row, "recorder", asking.actor.role).exists()


def may_countersign(asking: Asking, row: Columns) -> Condition:
    """The acting person's unit is a partner that has not signed the reply since it was sent."""
    unit_id = asking.actor.unit_id
    return ~_has_countersigned(row, unit_id) if unit_id else false()


def unsigned_partners(session: ActorSession, row: Any) -> dict[int, str]:
    """The partners that have not signed the reply of this row, by id, with their names."""
    reply, task, unit = (models.table_of(n) for n in ("replies", "assignments", "units"))
    query = (
        select(unit.c.id, unit.c.name)
        .join(task, task.c.unit_id == unit.c.id)
        .join(reply, reply.c.proposal_id == task.c.proposal_id)
        .where(
            reply.c.id == row.id,
            task.c.role == TaskRole.PARTNER,
            task.c.state.not_in(ENDED),
            ~_has_countersigned(reply.c, task.c.unit_id),
        )
    )
    found = session.unchecked_connection().execute(query.order_by(task.c.id))
    return {row.id: row.name for row in found}


def _has_countersigned(row: Columns, unit_id: Any) -> Condition:
    """As review.py counts: passed, and not sent back there since, nor at a step that the route has not; and not sent
    since, where the route begins anew."""
    signed, later = (models.alias_of("review_steps", name) for name in ("signed", "after"))
    begins_anew = and_(later.c.result == StepResult.SENT, ~route_asks(row, "resumes"))
    is_rejected = and_(
        later.c.result == StepResult.SENT_BACK,
        or_(later.c.step == signed.c.step, ~_lines_at(row, step=later.c.step).exists()),
    )
    is_taken_back = and_(
        later.c.result == StepResult.UNDONE,
        later.c.step == signed.c.step,
        later.c.countersign_unit_id == unit_id,
    )
    undone = select(later.c.id).where(
        later.c.reply_id == row.id,
        later.c.id > signed.c.id,
        or_(begins_anew, is_rejected, is_taken_back),
    )
    undone = undone.correlate_except(later)  # of this very reply, however deep it stands
    return exists().where(
        signed.c.reply_id == row.id,
        signed.c.step == ReplyState.COUNTERSIGNED,
        signed.c.result == StepResult.PASSED,
        signed.c.countersign_unit_id == unit_id,
        ~undone.exists(),
    )


def _lines_at(
    row: Columns, column: str = "", role: str = "", step: ColumnElement[Any] | None = None
) -> Select[Any]:
    """The lines of the reply's route for a step, else for where it waits; those that name ``role`` in ``column``
    alone."""
    line = models.alias_of("review_route_steps", "route_step")
    meeting = models.alias_of("meetings", "route_meeting")
    item = models.alias_of("proposals", "route_item")
    of_items = case((item.c.key_kind.is_(None), OTHER_ITEMS), else_=KEY_ITEMS)
    query = (
        select(line.c.id)
        .join(meeting, meeting.c.review_route_id == line.c.review_route_id)
        .join(item, item.c.meeting_id == meeting.c.id)
        .where(
            item.c.id == row.proposal_id,
            line.c.step == (row.state if step is None else step),
            or_(line.c.kind == EVERY, line.c.kind == row.kind),
            or_(line.c["items"] == EVERY, line.c["items"] == of_items),
        )
    )
    query = query.correlate_except(line, meeting, item)
    return query.where(line.c[column] == role) if column else query


def has_ledger(asking: Asking, row: Columns) -> Condition:
    """The task has a ledger entry, or its route asks for none, or it owes an opinion alone."""
    entry = models.alias_of("ledger_entries", "kept_entry")
    kept = exists().where(entry.c.assignment_id == row.assignment_id)
    return or_(row.kind == ReplyKind.OPINION, kept, ~route_asks(row, "needs_ledger"))


def has_needed_file(asking: Asking, row: Columns) -> Condition:
    """A file is attached, or the route asks for none."""
    return or_(has_file(asking, row), ~route_asks(row, "needs_file"))


def says_something(asking: Asking, row: Columns) -> Condition:
    """The reply has a text, a document number or a file."""
    written = or_(func.trim(row.body) != "", func.trim(row.document_no) != "")
    return or_(written, has_file(asking, row))


def has_letter(asking: Asking, row: Columns) -> Condition:
    """An answer has its letter; an opinion needs none."""
    return or_(row.kind == ReplyKind.OPINION, row.answer_category_id.is_not(None))


def partners_have_spoken(asking: Asking, row: Columns) -> Condition:
    """Every partner at work on the item has sent its opinion; or the reply, an opinion itself or one of a year later,
    rests on none."""
    task = models.alias_of("assignments", "silent_task")
    silent = exists().where(_is_silent(task.c, row.proposal_id))
    return or_(row.kind != ReplyKind.ANSWER, row.role == TaskRole.EACH, ~silent)


def is_lead_unsent(asking: Asking, row: Columns) -> Condition:
    """No answer to the item of this opinion has been sent for review or further."""
    lead = models.alias_of("replies", "built_on_it")
    return ~exists().where(
        lead.c.proposal_id == row.proposal_id,
        lead.c.kind != ReplyKind.OPINION,
        lead.c.state.not_in(DRAFTS),
    )


def silent_partners(session: ActorSession, row: Any) -> str:
    """The units that owe an opinion on the item of this reply, by name."""
    task, unit = models.table_of("assignments"), models.table_of("units")
    query = select(unit.c.name).join(task, task.c.unit_id == unit.c.id)
    query = query.where(_is_silent(task.c, row.proposal_id)).order_by(task.c.id)
    return "、".join(session.unchecked_connection().scalars(query))


def _is_silent(task: Any, item_id: Any) -> Condition:
    return and_(
        task.proposal_id == item_id,
        task.role == TaskRole.PARTNER,
        task.state.not_in(ENDED),
        task.finished_on.is_(None),
    )


def has_file(asking: Asking, row: Columns) -> Condition:
    """A file is attached to the reply."""
    file = models.alias_of("attachments", "attached_file")
    return exists().where(file.c.reply_id == row.id)


def route_asks(row: Columns, column: str) -> Condition:
    """The reply's route says yes in this column."""
    route = models.alias_of("review_routes", "asking_route")
    meeting = models.alias_of("meetings", "asking_meeting")
    query = select(route.c.id).join(meeting, meeting.c.review_route_id == route.c.id)
    query = query.correlate_except(route, meeting)
    return query.where(meeting.c.id == row.meeting_id, route.c[column]).exists()
