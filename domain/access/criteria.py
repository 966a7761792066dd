"""The conditions that the rules of rules.py are made of: what each one lets through, as SQL on a row.

A criterion takes whom to ask about other tables, the actor and the row's columns. An actor without the fact it
asks for (no unit, no deputy) gets nothing.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from domain import models
from domain.access.rule import Ask, Columns, Criterion
from domain.actors import AGENCY, Actor
from domain.schema.states import (
    DRAFTS,
    ENDED,
    PromiseState,
    ReplyKind,
    ReplyState,
    SponsorRole,
    TaskRole,
)

_SEE_MUCH = (AGENCY,)


def own_unit(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Rows of the actor's own unit."""
    return row.unit_id == actor.unit_id if actor.unit_id else false()


def in_own_hands(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Assignments of the own unit that it has not given back."""
    return and_(own_unit(ask, actor, row), row.state.not_in(ENDED))


def at_work(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Assignments that have not ended: what has ended is kept."""
    return row.state.not_in(ENDED)


def led_or_own(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Assignments of the own unit, and the partners' in items that the own unit leads."""
    if not actor.unit_id:
        return false()
    mine = models.alias_of("assignments", "lead_assignments")
    leads = and_(in_own_hands(ask, actor, mine.c), mine.c.role == TaskRole.LEAD)
    return or_(
        row.unit_id == actor.unit_id, among(actor, row.proposal_id, mine.c.proposal_id, leads)
    )


def handled_by_own_unit(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Items of which the actor's unit handles a part."""
    if not actor.unit_id:
        return false()
    mine = models.alias_of("assignments", "own_assignments")
    own = among(actor, row.id, mine.c.proposal_id, mine.c.unit_id == actor.unit_id)
    if not actor.reads_on:
        return own
    first = select(func.min(mine.c.proposal_id)).where(mine.c.unit_id == actor.unit_id)
    return and_(row.id >= first.scalar_subquery(), own)  # a new unit's last page ends here


def supervised(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Key items that the actor supervises."""
    return row.supervisor_id == actor.user_id if actor.user_id else false()


def of_own_body(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """People of the actor's own institution (人大 or 政协)."""
    return row.body == actor.body if actor.body else false()


def of_own_meetings(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Rows of the meetings of the actor's own institution (人大 or 政协)."""
    if not actor.body:
        return false()
    meetings = models.alias_of("meetings", "own_meetings")
    return row.meeting_id.in_(select(meetings.c.id).where(meetings.c.body == actor.body))


def sponsored(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Items that the actor has signed, as 领衔, 联名 or 附议."""
    if not actor.deputy_id:
        return false()
    mine = models.alias_of("sponsors", "own_sponsors")
    return row.id.in_(select(mine.c.proposal_id).where(mine.c.deputy_id == actor.deputy_id))


def sponsors_of_visible(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """People who signed an item that the actor sees, or one merged into it."""
    signed = models.alias_of("sponsors", "visible_sponsors")
    merged = models.alias_of("proposals", "merged_proposals")
    into_theirs = ask.hangs_on(actor, merged.c.merged_into_id, "proposals")
    theirs = or_(
        ask.hangs_on(actor, signed.c.proposal_id, "proposals"),
        among(actor, signed.c.proposal_id, merged.c.id, into_theirs),
    )
    return among(actor, row.id, signed.c.deputy_id, theirs)


def draft_of_own_unit(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Replies to assignments in the own unit's hands that are being drafted or were sent back."""
    return and_(row.state.in_(DRAFTS), of_own_assignment(ask, actor, row))


def in_draft(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Rows of replies that are being drafted or were sent back."""
    reply = models.alias_of("replies", "drafted_reply")
    return exists().where(reply.c.id == row.reply_id, reply.c.state.in_(DRAFTS))


def in_own_draft(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Rows of replies of the own unit that are being drafted or were sent back."""
    reply = models.alias_of("replies", "own_drafted_reply")
    return exists().where(reply.c.id == row.reply_id, draft_of_own_unit(ask, actor, reply.c))


def untouched_draft_of_own_unit(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Drafts for assignments in the own unit's hands that nobody has reviewed, sent or rated yet."""
    traces = (models.table_of(name).alias() for name in ("review_steps", "deliveries", "feedbacks"))
    return and_(
        row.state == ReplyState.DRAFT,
        of_own_assignment(ask, actor, row),
        *(~exists().where(trace.c.reply_id == row.id) for trace in traces),
    )


def read_to_countersign(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Replies to visible assignments, and those that the own unit is asked to sign as a partner, or has signed."""
    return or_(
        _of_visible_assignment(ask, actor, row),
        asked_to_countersign(ask, actor, row),
        _countersigned(actor, row),
    )


def asked_to_countersign(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Replies of the main unit that wait for the signatures of its partners, of which the own unit is one."""
    if not actor.unit_id:
        return false()
    task = models.alias_of("assignments", "partner_of_reply")
    partners = and_(in_own_hands(ask, actor, task.c), task.c.role == TaskRole.PARTNER)
    return and_(
        row.state == ReplyState.COUNTERSIGNED,
        row.role == TaskRole.LEAD,
        among(actor, row.proposal_id, task.c.proposal_id, partners),
    )


def opinion_for_own_unit(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Opinions of the partners in items that the own unit leads."""
    if not actor.unit_id:
        return false()
    task = models.alias_of("assignments", "lead_of_opinion")
    led = and_(in_own_hands(ask, actor, task.c), task.c.role == TaskRole.LEAD)
    return and_(
        row.kind == ReplyKind.OPINION,
        row.role == TaskRole.PARTNER,
        among(actor, row.proposal_id, task.c.proposal_id, led),
    )


def _countersigned(actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Replies about which the actor's unit has spoken as a partner."""
    if not actor.unit_id:
        return false()
    step = models.alias_of("review_steps", "own_countersigning")
    return among(actor, row.id, step.c.reply_id, step.c.countersign_unit_id == actor.unit_id)


def plans_in_view(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Plans for visible assignments, and filed ones of the units that answer an item on which the own unit assists."""
    if not actor.unit_id:
        return false()
    task, own = (models.alias_of("assignments", f"{name}_of_plan") for name in ("task", "co"))
    assisted = select(task.c.id).where(
        task.c.proposal_id == own.c.proposal_id,
        task.c.role != TaskRole.PARTNER,
        in_own_hands(ask, actor, own.c),
        own.c.role == TaskRole.PARTNER,
    )
    filed = and_(row.submitted_on.is_not(None), row.assignment_id.in_(assisted))
    return or_(_of_visible_assignment(ask, actor, row), filed)


def approved(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Replies past the review, to items that the actor sees."""
    return and_(
        row.state.in_((ReplyState.APPROVED, ReplyState.ISSUED)),
        _of_visible_assignment(ask, actor, row),
    )


def issued(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Issued replies to items that the actor sees, and to those into which an item was merged that he signed first;
    never a partner's 协办意见."""
    task = models.alias_of("assignments", "partner_tasks")
    partners = exists().where(task.c.id == row.assignment_id, task.c.role == TaskRole.PARTNER)
    return and_(
        row.kind != ReplyKind.OPINION,
        row.state == ReplyState.ISSUED,
        ~partners,
        or_(_of_visible_assignment(ask, actor, row), _answers_merged(actor, row)),
    )


def _answers_merged(actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Replies to the main item of one that the actor has signed first: the answer is owed to him as well (S0 §六)."""
    if not actor.deputy_id:
        return false()
    item, signs = models.alias_of("proposals", "merged"), models.table_of("sponsors").alias()
    leads = select(item.c.merged_into_id).where(
        item.c.merged_into_id.is_not(None),
        item.c.withdrawn_on.is_(None),
        signs.c.proposal_id == item.c.id,
        signs.c.deputy_id == actor.deputy_id,
        signs.c.role == SponsorRole.LEADS,
    )
    return row.proposal_id.in_(leads)


def _of_visible_assignment(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    return ask.hangs_on(actor, row.assignment_id, "assignments")


def of_self(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """The actor's own account."""
    return row.id == actor.user_id if actor.user_id else false()


def to_self(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Messages to the actor."""
    return row.user_id == actor.user_id if actor.user_id else false()


def to_self_or_by_self(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Messages to the actor, and those that tell others what he has done: he sees who has read it."""
    if not actor.user_id:
        return false()
    return or_(row.user_id == actor.user_id, row.told_by_id == actor.user_id)


def asked_by_self(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Background runs that the actor asked for."""
    return row.requested_by_id == actor.user_id if actor.user_id else false()


def of_nothing_answered(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Ledger entries on which no reply rests: none was sent for review, or it was issued before that day."""
    reply = models.alias_of("replies", "resting_reply")
    rests = or_(reply.c.issued_on.is_(None), row.happened_on <= reply.c.issued_on)
    return ~exists().where(
        reply.c.assignment_id == row.assignment_id, reply.c.state.not_in(DRAFTS), rests
    )


def unanswered_of_own_assignment(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Ledger entries of the assignments that the own unit has in hand, on which no reply rests."""
    return and_(of_own_assignment(ask, actor, row), of_nothing_answered(ask, actor, row))


def own_feedback(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """The actor's own feedback on a reply that he may read."""
    if not actor.deputy_id:
        return false()
    return and_(row.deputy_id == actor.deputy_id, ask.hangs_on(actor, row.reply_id, "replies"))


def scored_by_hand(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Points that a person has given, rather than the night for a ground that it found."""
    made_of = (row.milestone, row.review_step_id, row.feedback_id)
    return and_(*(column.is_(None) for column in made_of))


def printed(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Bulletins that have been issued."""
    return row.issued_on.is_not(None)


def printed_of_own_meetings(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Issued bulletins of the meetings of the actor's own institution."""
    return and_(printed(ask, actor, row), of_own_meetings(ask, actor, row))


def legible_changes(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Changes, but for those of tables that the actor reads without some of their columns."""
    closed = [
        name
        for name in models.schema.tables
        if ask.may(actor, name, "read") and ask.rule_of(name).hidden.get(actor.role)
    ]
    return row.table_name.not_in(closed)


def through(column: str, table: str) -> Criterion:
    """Rows that hang by ``column`` on a row of ``table`` that the actor sees."""

    def of_visible(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
        return ask.hangs_on(actor, getattr(row, column), table)

    of_visible.__doc__ = f"Rows whose {table} row is visible."
    return of_visible


def of_own_assignment(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Rows of the assignments that the own unit has in hand."""
    mine = models.alias_of("assignments", "kept_assignments")
    return among(actor, row.assignment_id, mine.c.id, in_own_hands(ask, actor, mine.c))


def of_own_unit_in_hand(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Rows of the assignments that the own unit has in hand.

    Of stored rows that say themselves whose they are, so that an index leads to them.
    """
    return and_(own_unit(ask, actor, row), of_own_assignment(ask, actor, row))


def open_promise_of_own_assignment(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Promises of the assignments in the own unit's hands that are still to be kept."""
    return and_(of_own_assignment(ask, actor, row), row.state == PromiseState.OPEN)


def unfiled_report_of_own_unit(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Yearly reports of the own unit that it has not filed, or got back."""
    return and_(own_unit(ask, actor, row), row.submitted_on.is_(None))


def of_own_reply(ask: Ask, actor: Actor, row: Columns) -> ColumnElement[bool]:
    """Rows of the replies to assignments that the own unit has in hand."""
    mine = models.alias_of("replies", "own_replies")
    return row.reply_id.in_(select(mine.c.id).where(of_own_assignment(ask, actor, mine.c)))


def assignments_in_hand(ask: Ask, actor: Actor) -> Select[int]:
    """The assignments that the own unit has in hand."""
    mine = models.alias_of("assignments", "kept_assignments")
    return select(mine.c.id).where(in_own_hands(ask, actor, mine.c))


def among(
    actor: Actor, column: ColumnElement[Any], keys: ColumnElement[Any], which: ColumnElement[bool]
) -> ColumnElement[bool]:
    """SQL that is true where ``column`` is among the ``keys`` of the rows ``which`` holds for.

    Who sees little gets the keys gathered at once; who sees a good part of everything has each row looked up by
    itself, so that a page of a long list does not gather them all.
    """
    if actor.reads_on or actor.role in _SEE_MUCH:
        return exists(select(keys).where(keys == column, which))
    return column.in_(select(keys).where(which))
