"""The conditions on attachments, by the one record that each hangs on; like those of criteria.py."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from domain import models
from domain.access.criteria import assignments_in_hand, own_unit, through
from domain.access.rule import Ask, Columns
from domain.actors import Actor
from domain.schema.states import DRAFTS, PromiseState


def any_owner(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Attachments of which the one record they hang on is visible."""
    return _hangs_on(ask, actor, row, _owner_columns())


def owner_shown_to_deputies(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Attachments of visible items, issued replies and the own feedback; never of a unit's working papers."""
    shown = ("proposals", "replies", "feedbacks")
    return _hangs_on(ask, actor, row, {c: t for c, t in _owner_columns().items() if t in shown})


def _owner_columns() -> dict[str, str]:
    """The foreign keys of an attachment of which exactly one is filled, with their tables."""
    words = models.schema.tables["attachments"].columns.values()
    return {c.name: c.references for c in words if c.references and not c.is_automatic}


def _hangs_on(ask: Ask, actor: Actor, row: Columns, owners: dict[str, str]) -> ColumnElement[bool]:
    return or_(*(through(column, table)(ask, actor, row) for column, table in owners.items()))


def any_owner_in_own_unit(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Attachments of the assignments in the own unit's hands, what hangs on them, its reports and events."""
    ours = assignments_in_hand(ask, actor)
    under: list[ColumnElement[bool]] = [row.assignment_id.in_(ours)]
    for column in ("handling_plan_id", "ledger_entry_id", "commitment_id", "reply_id"):
        parent = models.alias_of(_owner_columns()[column], f"attached_{column[:-3]}")
        under.append(_in(row, column, select(parent.c.id).where(parent.c.assignment_id.in_(ours))))
    for column in ("unit_report_id", "event_id"):
        parent = models.alias_of(_owner_columns()[column], f"attached_{column[:-3]}")
        mine = select(parent.c.id).where(own_unit(ask, actor, parent.c))
        under.append(_in(row, column, mine))
    return or_(*under)


def of_nothing_sent(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Attachments of anything but replies that were sent for review, kept promises, filed plans and filed reports."""
    reply = models.alias_of("replies", "sent_with_files")
    promise = models.alias_of("commitments", "kept_with_files")
    report = models.alias_of("unit_reports", "filed_with_files")
    plan = models.alias_of("handling_plans", "filed_plan")
    return and_(
        ~exists().where(reply.c.id == row.reply_id, reply.c.state.not_in(DRAFTS)),
        ~exists().where(promise.c.id == row.commitment_id, promise.c.state != PromiseState.OPEN),
        ~exists().where(report.c.id == row.unit_report_id, report.c.submitted_on.is_not(None)),
        ~exists().where(plan.c.id == row.handling_plan_id, plan.c.submitted_on.is_not(None)),
    )


def unsent_in_own_unit(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Attachments in the own unit's hands that were not sent with what they hang on."""
    return and_(any_owner_in_own_unit(ask, actor, row), of_nothing_sent(ask, actor, row))


def _in(row: Columns, column: str, ids: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = getattr(row, column).in_(ids)
    return found
