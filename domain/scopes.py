"""Who sees which rows and may do what: one table of rules. domain/session.py enforces them.

A rule says for each role which rows it reads, creates, updates and deletes. A table without a rule of its own
inherits from the scoped tables that its required foreign keys name; one that has neither stops the start.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, false, or_, select, true

from domain import models
from domain.actors import (
    ADMIN,
    AGENCY,
    AUDITOR,
    DEPUTY,
    LEADER,
    LIAISON,
    OFFICE,
    ROLES,
    SUPERVISOR,
    Actor,
)

Row = Any  # a mapped class or the columns of a table alias: both give columns as attributes
Criterion = Callable[[Actor, Row], ColumnElement[bool]]
Who = Mapping[str, Criterion]


class ScopeError(Exception):
    """Base of the two refusals. ``sentence`` is what the person reads."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class OutOfScope(ScopeError):
    """The row is not the actor's to see: for him it does not exist."""


class NotAllowed(ScopeError):
    """The actor sees the row, but this action is not his."""


@dataclass(frozen=True)
class Rule:
    """What each role may do with a table. ``below`` says who keeps the rows of tables that hang on this one.

    ``hidden`` names columns a role never meets; ``writable`` limits a role to the columns it names.
    ``owner`` names the one foreign key column whose parent decides, where not all of them should.
    """

    read: Who = field(default_factory=dict)
    create: Who = field(default_factory=dict)
    update: Who = field(default_factory=dict)
    delete: Who = field(default_factory=dict)
    below: Who = field(default_factory=dict)
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)
    writable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    owner: str | None = None


def _table(name: str) -> Table:
    return models.by_table[name].__table__  # type: ignore[no-any-return]


def everything(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Every row."""
    return true()


def own_unit(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Rows of the actor's own unit."""
    return row.unit_id == actor.unit_id if actor.unit_id else false()


def led_or_own(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Assignments of the own unit, and the partners' in items that the own unit leads."""
    if not actor.unit_id:
        return false()
    mine = _table("assignments").alias("lead_assignments")
    led = select(mine.c.proposal_id).where(mine.c.unit_id == actor.unit_id, mine.c.role == "主办")
    return or_(row.unit_id == actor.unit_id, row.proposal_id.in_(led))


def handled_by_own_unit(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Items of which the actor's unit handles a part."""
    if not actor.unit_id:
        return false()
    mine = _table("assignments").alias("own_assignments")
    return row.id.in_(select(mine.c.proposal_id).where(mine.c.unit_id == actor.unit_id))


def supervised(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Key items that the actor supervises."""
    return row.supervisor_id == actor.user_id if actor.user_id else false()


def of_own_body(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Items, people and meetings of the actor's own institution (人大 or 政协)."""
    if not actor.body:
        return false()
    if hasattr(row, "meeting_id"):
        meetings = _table("meetings").alias("own_meetings")
        return row.meeting_id.in_(select(meetings.c.id).where(meetings.c.body == actor.body))
    return row.body == actor.body


def sponsored(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Items that the actor has signed, as 领衔, 联名 or 附议."""
    if not actor.deputy_id:
        return false()
    mine = _table("sponsors").alias("own_sponsors")
    return row.id.in_(select(mine.c.proposal_id).where(mine.c.deputy_id == actor.deputy_id))


def sponsors_of_visible(actor: Actor, row: Row) -> ColumnElement[bool]:
    """People who signed an item that the actor sees, or one merged into it."""
    signed = _table("sponsors").alias("visible_sponsors")
    return row.id.in_(
        select(signed.c.deputy_id).where(
            or_(
                signed.c.proposal_id.in_(_visible_ids(actor, "proposals")),
                signed.c.proposal_id.in_(_merged_ids(actor)),
            )
        )
    )


def _merged_ids(actor: Actor) -> Any:
    merged = _table("proposals").alias("merged_proposals")
    return select(merged.c.id).where(merged.c.merged_into_id.in_(_visible_ids(actor, "proposals")))


def issued(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Issued replies; never a partner's 协办意见."""
    return and_(
        row.kind != "协办意见",
        row.state == "已答复",
        _through("assignment_id", "assignments")(actor, row),
    )


def approved(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Replies past the review."""
    return and_(
        row.state.in_(("通过", "已答复")), _through("assignment_id", "assignments")(actor, row)
    )


def of_self(actor: Actor, row: Row) -> ColumnElement[bool]:
    """The actor's own row."""
    return row.id == actor.user_id if actor.user_id else false()


def asked_by_self(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Background runs that the actor asked for."""
    return row.requested_by_id == actor.user_id if actor.user_id else false()


def own_feedback(actor: Actor, row: Row) -> ColumnElement[bool]:
    """The actor's own feedback on a reply that he may read."""
    if not actor.deputy_id:
        return false()
    return and_(row.deputy_id == actor.deputy_id, _through("reply_id", "replies")(actor, row))


def _visible_ids(actor: Actor, table: str) -> Any:
    parent = _table(table).alias(f"visible_{table}")
    return select(parent.c.id).where(read_criterion(actor, table, parent.c))


def _through(column: str, table: str) -> Criterion:
    def by_parent(actor: Actor, row: Row) -> ColumnElement[bool]:
        return getattr(row, column).in_(_visible_ids(actor, table))

    by_parent.__doc__ = f"Rows whose {table} row is visible."
    return by_parent


def _in_own_unit(column: str) -> Criterion:
    def of_own_assignment(actor: Actor, row: Row) -> ColumnElement[bool]:
        mine = _table("assignments").alias("kept_assignments")
        return getattr(row, column).in_(select(mine.c.id).where(own_unit(actor, mine.c)))

    of_own_assignment.__doc__ = "Rows of the own unit's assignments."
    return of_own_assignment


def any_owner(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Attachments of which the one record they hang on is visible."""
    keys = [
        key
        for key in _table("attachments").columns
        if key.info["words"].references and not key.info["words"].is_automatic
    ]
    return or_(*(_through(key.name, key.info["words"].references)(actor, row) for key in keys))


def any_owner_in_own_unit(actor: Actor, row: Row) -> ColumnElement[bool]:
    """Attachments of the own unit's assignments and of what hangs on them."""
    mine = _table("assignments").alias("attached_assignments")
    ours = select(mine.c.id).where(own_unit(actor, mine.c))
    under = [row.assignment_id.in_(ours)]
    for column, table in (
        ("handling_plan_id", "handling_plans"),
        ("ledger_entry_id", "ledger_entries"),
        ("reply_id", "replies"),
    ):
        parent = _table(table).alias(f"attached_{table}")
        under.append(
            getattr(row, column).in_(select(parent.c.id).where(parent.c.assignment_id.in_(ours)))
        )
    return or_(*under)


def _roles(criterion: Criterion, *roles: str) -> dict[str, Criterion]:
    return dict.fromkeys(roles, criterion)


_ALL = dict.fromkeys(ROLES, everything)
_BUSINESS = (OFFICE, LIAISON, LEADER, SUPERVISOR, AGENCY, DEPUTY)
_UNIT = (LIAISON, LEADER)
_OFFICE = {OFFICE: everything}
_DICTIONARY = {ADMIN: everything, OFFICE: everything}
_PHONES = frozenset({"phone", "address", "postcode", "certificate_no"})
_ACCOUNT = frozenset(
    {
        "email",
        "phone",
        "failed_logins",
        "locked_until",
        "must_change_password",
        "password_changed_at",
        "last_login_at",
    }
)


def _kept_by(who: Who, **more: Any) -> Rule:
    """Read by all, kept (created, changed, deleted) by ``who``."""
    return Rule(read=_ALL, create=who, update=who, delete=who, below=who, **more)


RULES: Mapping[str, Rule] = {
    # 基础数据
    "settings": Rule(read=_DICTIONARY, update={ADMIN: everything}),
    "units": _kept_by(_DICTIONARY),
    "unit_aliases": Rule(
        read=_DICTIONARY | _roles(everything, *_UNIT),
        create=_DICTIONARY,
        update=_DICTIONARY,
        delete=_DICTIONARY,
    ),
    "unit_contacts": Rule(
        read=_DICTIONARY | _roles(everything, LIAISON, LEADER, SUPERVISOR, AGENCY),
        create=_DICTIONARY | {LIAISON: own_unit},
        update=_DICTIONARY | {LIAISON: own_unit},
        delete=_DICTIONARY | {LIAISON: own_unit},
    ),
    "deputies": Rule(
        read=_OFFICE
        | _roles(sponsors_of_visible, LIAISON, LEADER, SUPERVISOR, DEPUTY)
        | {AGENCY: of_own_body},
        create=_OFFICE,
        update=_OFFICE,
        delete=_OFFICE,
        hidden={SUPERVISOR: _PHONES, DEPUTY: _PHONES},
    ),
    "content_categories": _kept_by(_DICTIONARY),
    "calendar_years": _kept_by(_DICTIONARY),
    "calendar_days": _kept_by(_DICTIONARY),
    # 登记
    "meetings": _kept_by(_OFFICE),
    "answer_categories": _kept_by(_OFFICE),
    "proposals": Rule(
        read=_OFFICE
        | _roles(handled_by_own_unit, *_UNIT)
        | {SUPERVISOR: supervised, AGENCY: of_own_body, DEPUTY: sponsored},
        create=_OFFICE,
        update=_OFFICE,
        delete=_OFFICE,
        below=_OFFICE,
        hidden={
            DEPUTY: frozenset({"note", "leader", "tracker", "publicity_reason"}),
            AGENCY: frozenset({"note"}),
        },
    ),
    "sponsors": Rule(owner="proposal_id"),
    "onsite_opinions": Rule(
        read=_OFFICE | _roles(own_unit, *_UNIT) | {AGENCY: of_own_body},
        create=_OFFICE,
        update=_OFFICE,
        delete=_OFFICE,
    ),
    # 交办
    "assignments": Rule(
        read=_OFFICE
        | _roles(led_or_own, *_UNIT)
        | _roles(_through("proposal_id", "proposals"), SUPERVISOR, AGENCY, DEPUTY),
        create=_OFFICE,
        update=_OFFICE | {LIAISON: own_unit},
        delete=_OFFICE,
        below=_OFFICE | {LIAISON: own_unit},
        writable={LIAISON: frozenset({"signed_on", "signed_by_id", "leader", "office", "handler"})},
        hidden={
            DEPUTY: frozenset({"instruction", "signed_by_id"}),
            AGENCY: frozenset({"signed_by_id"}),
        },
    ),
    "return_requests": Rule(
        read=_OFFICE | _roles(_through("assignment_id", "assignments"), *_UNIT),
        create=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
        update=_OFFICE,
        delete=_OFFICE,
        writable={
            LIAISON: frozenset(
                {"assignment_id", "kind", "reason", "suggested_unit_id", "asked_on", "asked_by_id"}
            )
        },
    ),
    # 办理
    "handling_plans": Rule(
        read=_OFFICE
        | _roles(_through("assignment_id", "assignments"), LIAISON, LEADER, SUPERVISOR, AGENCY),
        create=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
        update=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
        delete=_OFFICE,
        writable={
            LIAISON: frozenset(
                {
                    "assignment_id",
                    "leader",
                    "office",
                    "handler",
                    "study",
                    "survey",
                    "contact",
                    "timetable",
                    "partner_tasks",
                    "submitted_on",
                }
            )
        },
    ),
    "ledger_entries": Rule(
        read=_OFFICE
        | _roles(_through("assignment_id", "assignments"), LIAISON, LEADER, SUPERVISOR, AGENCY),
        create=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
        update=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
        delete=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
        below=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
    ),
    "ledger_deputies": Rule(owner="ledger_entry_id"),
    # 答复
    "replies": Rule(
        read=_OFFICE
        | _roles(_through("assignment_id", "assignments"), LIAISON, LEADER, SUPERVISOR)
        | {AGENCY: approved, DEPUTY: issued},
        create=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
        update=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
        delete=_OFFICE,
        below=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
        writable={
            LIAISON: frozenset(
                {
                    "assignment_id",
                    "kind",
                    "round",
                    "answer_category_id",
                    "document_no",
                    "title",
                    "body",
                    "adoption",
                    "drafted_on",
                    "drafter",
                    "signer",
                    "contact_name",
                    "contact_phone",
                }
            )
        },
    ),
    "review_steps": Rule(
        read=_OFFICE | _roles(_through("reply_id", "replies"), LIAISON, LEADER, SUPERVISOR),
        create=_OFFICE | _roles(_through("reply_id", "replies"), LEADER, SUPERVISOR),
    ),
    "deliveries": Rule(owner="reply_id"),
    "feedbacks": Rule(
        read=_OFFICE
        | _roles(_through("reply_id", "replies"), LIAISON, LEADER, SUPERVISOR, AGENCY)
        | {DEPUTY: own_feedback},
        create=_OFFICE | {AGENCY: _through("reply_id", "replies"), DEPUTY: own_feedback},
        update=_OFFICE | {AGENCY: _through("reply_id", "replies")},
        delete=_OFFICE,
    ),
    "commitments": Rule(
        read=_OFFICE
        | _roles(_through("assignment_id", "assignments"), LIAISON, LEADER, SUPERVISOR, AGENCY),
        create=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
        update=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
        delete=_OFFICE,
        below=_OFFICE | {LIAISON: _in_own_unit("assignment_id")},
    ),
    # 督办
    "deadline_rule_sets": _kept_by(_OFFICE),
    "deadline_rules": _kept_by(_OFFICE),
    "deadlines": Rule(
        read=_OFFICE
        | _roles(_through("assignment_id", "assignments"), LIAISON, LEADER, SUPERVISOR, AGENCY),
        create=_OFFICE,
        update=_OFFICE,
        delete=_OFFICE,
        below=_OFFICE,
    ),
    "reminders": Rule(read=_OFFICE | _roles(_through("deadline_id", "deadlines"), *_UNIT)),
    "supervision_notes": Rule(
        read=_OFFICE
        | _roles(_through("proposal_id", "proposals"), LIAISON, LEADER, SUPERVISOR, AGENCY),
        create=_OFFICE | {SUPERVISOR: _through("proposal_id", "proposals")},
        update=_OFFICE,
        delete=_OFFICE,
    ),
    # 统计
    "unit_reports": Rule(
        read=_OFFICE | _roles(own_unit, *_UNIT),
        create=_OFFICE | {LIAISON: own_unit},
        update=_OFFICE | {LIAISON: own_unit},
        delete=_OFFICE,
        below=_OFFICE | {LIAISON: own_unit},
    ),
    "bulletins": Rule(
        read=_OFFICE | _roles(everything, *_UNIT, SUPERVISOR) | {AGENCY: of_own_body},
        create=_OFFICE,
        update=_OFFICE,
        delete=_OFFICE,
    ),
    "score_rules": Rule(
        read=_OFFICE | _roles(everything, *_UNIT), create=_OFFICE, update=_OFFICE, delete=_OFFICE
    ),
    "score_entries": Rule(
        read=_OFFICE | _roles(own_unit, *_UNIT), create=_OFFICE, update=_OFFICE, delete=_OFFICE
    ),
    # 系统
    "users": Rule(
        read={ADMIN: everything, OFFICE: everything, AUDITOR: everything}
        | _roles(own_unit, *_UNIT)
        | _roles(of_self, SUPERVISOR, AGENCY, DEPUTY),
        create={ADMIN: everything},
        update={ADMIN: everything},
        delete={ADMIN: everything},
        hidden=dict.fromkeys((OFFICE, LIAISON, LEADER, SUPERVISOR, AGENCY, DEPUTY), _ACCOUNT),
    ),
    "attachments": Rule(
        read=_OFFICE | _roles(any_owner, LIAISON, LEADER, SUPERVISOR, AGENCY, DEPUTY),
        create=_OFFICE | {LIAISON: any_owner_in_own_unit},
        delete=_OFFICE | {LIAISON: any_owner_in_own_unit},
    ),
    "job_runs": Rule(
        read=_DICTIONARY | _roles(asked_by_self, *ROLES[2:]), create=_roles(asked_by_self, *ROLES)
    ),
    "imports": Rule(read=_OFFICE, create=_OFFICE, update=_OFFICE),
    "import_rows": Rule(read=_OFFICE, below=_OFFICE),
    "import_mappings": Rule(read=_OFFICE, create=_OFFICE, update=_OFFICE, delete=_OFFICE),
    "change_log": Rule(read={OFFICE: everything, AUDITOR: everything}),
    "logins": Rule(read={ADMIN: everything, AUDITOR: everything}),
    "user_sessions": Rule(read={ADMIN: everything}),
}
VERBS = ("read", "create", "update", "delete")


@cache
def rule_of(table: str) -> Rule:
    """The rule of ``table``, its own or inherited. Raises RuntimeError where there is none."""
    own = RULES.get(table)
    if own and not own.owner:
        return own
    owners = [own.owner] if own and own.owner else _scoped_keys(table)
    if not owners:
        raise RuntimeError(
            f"No one may see table {table}: give it a rule in domain/scopes.py or a required foreign key to a table that has one."
        )
    return _inherited(table, owners)


def _scoped_keys(table: str) -> list[str]:
    words = models.schema.tables[table]
    keys = [
        c
        for c in words.columns.values()
        if c.references and c.is_required and c.references != table
    ]
    scoped = [
        c.name
        for c in keys
        if set(rule_of(c.references).read.values()) != {everything}
        or len(rule_of(c.references).read) < len(ROLES)
    ]
    return scoped or [c.name for c in keys]


def _inherited(table: str, owners: list[str]) -> Rule:
    parents = {
        column: models.schema.tables[table].columns[column].references or "" for column in owners
    }
    rules = {column: rule_of(parent) for column, parent in parents.items()}
    read = {
        role: _every(parents, "read", role)
        for role in ROLES
        if all(role in r.read for r in rules.values())
    }
    kept = {
        role: _every(parents, "below", role)
        for role in read
        if all(role in r.below for r in rules.values())
    }
    return Rule(read=read, create=kept, update=kept, delete=kept, below=kept)


def _every(parents: Mapping[str, str], part: str, role: str) -> Criterion:
    def by_parents(actor: Actor, row: Row) -> ColumnElement[bool]:
        return and_(
            *(
                getattr(row, column).in_(_ids(actor, parent, part))
                for column, parent in parents.items()
            )
        )

    by_parents.__doc__ = (
        "Rows whose "
        + " and ".join(parents.values())
        + " row is "
        + ("visible." if part == "read" else "the role's to keep.")
    )
    return by_parents


def _ids(actor: Actor, table: str, part: str) -> Any:
    parent = _table(table).alias(f"{part}_{table}")
    criterion = getattr(rule_of(table), part)[actor.role]
    return select(parent.c.id).where(criterion(actor, parent.c))


def read_criterion(actor: Actor, table: str, row: Row) -> ColumnElement[bool]:
    """SQL that is true for the rows of ``table`` that ``actor`` may read; ``row`` gives its columns."""
    return criterion_for(actor, table, "read", row)


def criterion_for(actor: Actor, table: str, verb: str, row: Row) -> ColumnElement[bool]:
    """SQL that is true for the rows on which ``actor`` may do ``verb``: read, create, update or delete."""
    if actor.is_system:
        return true()
    criterion = getattr(rule_of(table), verb).get(actor.role)
    return criterion(actor, row) if criterion else false()


def sees_all(actor: Actor, table: str) -> bool:
    """Whether no row of ``table`` is hidden from ``actor``."""
    return actor.is_system or rule_of(table).read.get(actor.role) is everything


def may(actor: Actor, table: str, verb: str) -> bool:
    """Whether ``actor`` may do ``verb`` on at least some rows of ``table``."""
    return actor.is_system or actor.role in getattr(rule_of(table), verb)


def hidden_columns(actor: Actor, table: str) -> frozenset[str]:
    """Columns of ``table`` that ``actor`` must not meet in any form."""
    always = frozenset(c.name for c in models.schema.tables[table].columns.values() if c.is_hidden)
    return (
        always if actor.is_system else always | rule_of(table).hidden.get(actor.role, frozenset())
    )


def writable_columns(actor: Actor, table: str) -> frozenset[str]:
    """Columns of ``table`` that ``actor`` may set."""
    every = frozenset(models.schema.tables[table].columns)
    return (
        every
        if actor.is_system
        else rule_of(table).writable.get(actor.role, every) - hidden_columns(actor, table)
    )


def check_rules() -> None:
    """Raise RuntimeError where a table of schema.sql has no rule, or a rule no table."""
    for table in models.schema.tables:
        rule_of(table)
    stray = set(RULES) - set(models.schema.tables)
    if stray:
        raise RuntimeError(
            f"domain/scopes.py has rules for tables that schema.sql does not have: {', '.join(sorted(stray))}"
        )
