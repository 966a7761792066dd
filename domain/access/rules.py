"""Who sees which rows and may do what, table by table in the order of schema.sql: the one place where it is said.

Read a rule as: these roles, each for the rows that its criterion lets through (criteria.py). A role that is
not named may not. scopes.py answers questions about the rules; storing/ enforces them.
"""

from collections.abc import Mapping
from typing import Any

from domain.access import attached
from domain.access import criteria as rows
from domain.access.rule import VERBS, AccessRule, Criterion, Who, everything
from domain.actors import ADMIN, AGENCY, AUDITOR, DEPUTY, LEADER, LIAISON, OFFICE, ROLES, SUPERVISOR

_UNIT = (LIAISON, LEADER)
_HANDLING = (LIAISON, LEADER, SUPERVISOR, AGENCY)
_NO_ONE: Who = {}


def _columns(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PHONES = _columns("phone address postcode certificate_no")
_PEOPLE = _columns("signed_by_id assigned_by_id ended_by_id")
_ACCOUNT = _columns(
    "email phone failed_logins locked_until must_change_password password_changed_at last_login_at"
)


def _for(criterion: Criterion, *roles: str) -> dict[str, Criterion]:
    return dict.fromkeys(roles, criterion)


_OFFICE = _for(everything, OFFICE)
_DICTIONARY = _for(everything, ADMIN, OFFICE)
_OWN_TASKS = _for(rows.of_own_assignment, LIAISON)
_ANSWERED_IN_DRAFTS = {OFFICE: rows.in_draft, LIAISON: rows.in_own_draft}
_OWN_UNIT = _for(rows.own_unit, LIAISON)


def _reference(who: Who) -> AccessRule:
    """Read by all; created, changed and deleted by ``who``."""
    return AccessRule(read=_for(everything, *ROLES), create=who, update=who, delete=who, below=who)


def _business(
    read: Who, create: Who = _NO_ONE, update: Who = _NO_ONE, delete: Who = _NO_ONE, **more: Any
) -> AccessRule:
    """The office does everything, the others what is named. Who changes a row keeps what hangs on it."""
    return AccessRule(
        read={**_OFFICE, **read},
        create={**_OFFICE, **create},
        update={**_OFFICE, **update},
        delete={**_OFFICE, **delete},
        below={**_OFFICE, **more.pop("below", update)},
        **more,
    )


RULES: Mapping[str, AccessRule] = {
    # Columns hidden from a role that does not read the table are kept out of its change log.
    # 基础数据
    "settings": AccessRule(  # the program reads a setting by its name
        read=_DICTIONARY, update=_for(everything, ADMIN), writable={ADMIN: _columns("value")}
    ),
    "units": _reference(_DICTIONARY),
    "unit_aliases": AccessRule(
        read=_DICTIONARY | _for(everything, *_UNIT),
        create=_DICTIONARY,
        update=_DICTIONARY,
        delete=_DICTIONARY,
    ),
    "unit_contacts": AccessRule(
        read=_DICTIONARY | _for(everything, *_HANDLING),
        create=_DICTIONARY | _OWN_UNIT,
        update=_DICTIONARY | _OWN_UNIT,
        delete=_DICTIONARY | _OWN_UNIT,
        below=_DICTIONARY | _OWN_UNIT,
        hidden={AUDITOR: _columns("office_phone mobile_phone email")},
    ),
    "deputies": _business(
        read=_for(rows.sponsors_of_visible, *_UNIT, SUPERVISOR, DEPUTY)
        | _for(rows.of_own_body, AGENCY)
        | _for(everything, ADMIN),  # an account of a deputy names the deputy
        hidden=dict.fromkeys((ADMIN, SUPERVISOR, DEPUTY, AUDITOR), _PHONES),
    ),
    "content_categories": _reference(_DICTIONARY),
    "calendar_years": _reference(_DICTIONARY),
    "calendar_days": _reference(_DICTIONARY),
    # 登记
    "meetings": _reference(_OFFICE),
    "answer_categories": _reference(_OFFICE),
    "proposals": _business(
        read=_for(rows.handled_by_own_unit, *_UNIT)
        | {SUPERVISOR: rows.supervised, AGENCY: rows.of_own_meetings, DEPUTY: rows.sponsored},
        hidden={
            DEPUTY: _columns("note leader tracker closing_note"),
            AGENCY: _columns("note"),
        },
    ),
    "sponsors": AccessRule(owner="proposal_id"),
    "requests": AccessRule(owner="proposal_id"),
    "onsite_opinions": _business(
        read=_for(rows.own_unit, *_UNIT) | _for(rows.of_own_meetings, AGENCY)
    ),
    # 交办
    "assignments": _business(
        read=_for(rows.led_or_own, *_UNIT)
        | _for(rows.through("proposal_id", "proposals"), SUPERVISOR, AGENCY, DEPUTY),
        update=_for(rows.in_own_hands, LIAISON),
        delete=_for(rows.at_work, OFFICE),
        why={"delete": "已经结束的任务留作记录。"},
        writable={LIAISON: _columns("leader office handler")},
        hidden={
            DEPUTY: _columns("instruction end_reason notice_no") | _PEOPLE,
            AGENCY: _PEOPLE,
        },
    ),
    "return_requests": _business(  # made and decided by acts
        read=_for(rows.through("assignment_id", "assignments"), *_UNIT)
    ),
    "extension_requests": _business(  # likewise
        read=_for(rows.through("assignment_id", "assignments"), *_UNIT)
    ),
    # 办理
    "handling_plans": _business(
        read=_for(rows.plans_in_view, *_UNIT)
        | _for(rows.through("assignment_id", "assignments"), SUPERVISOR, AGENCY),
        create=_OWN_TASKS,
        update=_OWN_TASKS,
        writable={
            LIAISON: _columns(
                "assignment_id leader office handler study survey contact timetable partner_tasks"
            )
        },
    ),
    "ledger_entries": _business(
        read=_for(rows.through("assignment_id", "assignments"), *_HANDLING),
        create=_OWN_TASKS,
        update=_OWN_TASKS,
        delete={OFFICE: rows.of_nothing_answered, LIAISON: rows.unanswered_of_own_assignment},
        why={"delete": "答复送审以后，以前的台账留作依据：写错的请修改，或先退回、撤回送审。"},
    ),
    "ledger_deputies": AccessRule(owner="ledger_entry_id"),
    "commitments": _business(
        read=_for(rows.through("assignment_id", "assignments"), *_HANDLING),
        create=_OWN_TASKS,
        update={LIAISON: rows.open_promise_of_own_assignment},
        below={LIAISON: rows.open_promise_of_own_assignment},
        writable={LIAISON: _columns("assignment_id content due_on leader handler note")},
    ),
    # 答复
    "replies": _business(
        read=_for(rows.read_to_countersign, *_UNIT)
        | {SUPERVISOR: rows.through("assignment_id", "assignments")}
        | {AGENCY: rows.approved, DEPUTY: rows.issued},
        create=_for(rows.draft_of_own_unit, LIAISON),
        update=_for(rows.draft_of_own_unit, LIAISON),
        delete=_for(rows.untouched_draft_of_own_unit, LIAISON),
        below=_OWN_TASKS,
        writable={
            LIAISON: _columns(
                "assignment_id kind round answer_category_id document_no title body adoption drafted_on drafter"
                " signer contact_name contact_phone partner_note"
            )
        },
        hidden={
            AGENCY: _columns("issued_by_id revisited_by_id"),
            DEPUTY: _columns(
                "issued_by_id revisited_on revisited_by_id revisit_result revisit_reason publicity_note"
            ),
        },
    ),
    "request_answers": AccessRule(  # a part of the reply: as long as that is a draft
        read=_OFFICE | _for(rows.through("reply_id", "replies"), *_HANDLING, DEPUTY),
        create=_ANSWERED_IN_DRAFTS,
        update=_ANSWERED_IN_DRAFTS,
        delete=_ANSWERED_IN_DRAFTS,
        why=dict.fromkeys(VERBS[1:], "已经送审的答复，逐条答复不能再改：请先退回或撤回送审。"),
    ),
    "review_steps": AccessRule(  # made by acts; what has been decided stays as it was written
        read=_OFFICE | _for(rows.through("reply_id", "replies"), *_UNIT, SUPERVISOR),
        create=_OFFICE,
    ),
    "deliveries": _business(  # made by acts, as the next
        read=_for(rows.through("reply_id", "replies"), *_HANDLING, DEPUTY)
    ),
    "feedbacks": _business(  # given by the deputy, his institution or the office, never by a unit
        read=_for(rows.through("reply_id", "replies"), *_HANDLING) | {DEPUTY: rows.own_feedback}
    ),
    # 督办
    "review_routes": _reference(_OFFICE),
    "review_route_steps": _reference(_OFFICE),
    "deadline_rule_sets": _reference(_OFFICE),
    "deadline_rules": _reference(_OFFICE),
    "deadlines": _business(read=_for(rows.through("assignment_id", "assignments"), *_HANDLING)),
    "reminders": AccessRule(read=_OFFICE | _for(rows.through("deadline_id", "deadlines"), *_UNIT)),
    "reminder_reads": AccessRule(
        read=_OFFICE | _for(rows.through("reminder_id", "reminders"), *_UNIT)
    ),
    "urgings": _business(  # made by acts
        read=_for(rows.through("assignment_id", "assignments"), *_UNIT, SUPERVISOR)
    ),
    "supervision_notes": _business(
        read=_for(rows.through("proposal_id", "proposals"), *_HANDLING),
        create=_for(rows.through("proposal_id", "proposals"), SUPERVISOR),
    ),
    # 统计
    "unit_reports": _business(
        read=_for(rows.own_unit, *_UNIT),
        create=_OWN_UNIT,
        update={LIAISON: rows.unfiled_report_of_own_unit},
        writable={
            LIAISON: _columns(
                "unit_id year overview highlights practice key_items look_back partners advice"
            )
        },
    ),
    "bulletins": _business(
        read=_for(rows.printed, *_UNIT, SUPERVISOR) | {AGENCY: rows.printed_of_own_meetings}
    ),
    "events": _business(
        read=_for(rows.own_unit, *_UNIT) | _for(rows.of_own_meetings, AGENCY),
        create=_OWN_UNIT,
        update=_OWN_UNIT,
        delete=_OWN_UNIT,
    ),
    "score_rules": _business(read=_for(everything, *_UNIT)),
    "score_entries": _business(
        read=_for(rows.own_unit, *_UNIT),
        delete={OFFICE: rows.scored_by_hand},
        why={"delete": "自动记的分不能删除：不该记的，请用“撤销”并写明原因。"},
    ),
    "paper_templates": _reference(_OFFICE),
    # 系统
    "users": AccessRule(
        read=_for(everything, ADMIN, OFFICE, AUDITOR)
        | _for(rows.own_unit, *_UNIT)
        | _for(rows.of_self, SUPERVISOR, AGENCY, DEPUTY),
        create=_for(everything, ADMIN),
        update=_for(everything, ADMIN),
        delete=_for(everything, ADMIN),
        hidden=dict.fromkeys((OFFICE, *_HANDLING, DEPUTY), _ACCOUNT),
    ),
    "attachments": AccessRule(  # a file is never changed: another is put beside it, and what was sent keeps its own
        read=_OFFICE
        | _for(attached.any_owner, *_HANDLING)
        | _for(attached.owner_shown_to_deputies, DEPUTY),
        create=_OFFICE | _for(attached.any_owner_in_own_unit, LIAISON),
        delete={OFFICE: attached.of_nothing_sent, LIAISON: attached.unsent_in_own_unit},
        why={
            "delete": "已经送审的答复、兑现的承诺、报送的总结要留着附件：要换的，请先退回或撤回。"
        },
    ),
    "job_runs": AccessRule(  # a change came from a run: the auditor reads which, and what for, not what it found
        read=_for(rows.asked_by_self, *ROLES) | _DICTIONARY | _for(everything, AUDITOR),
        create=_for(rows.asked_by_self, *ROLES),
        hidden={AUDITOR: _columns("result error lease_owner lease_until fence")},
    ),
    "imports": AccessRule(  # likewise: which file, whose, when, how many rows; not what stands in them
        read=_OFFICE | _for(everything, AUDITOR),
        create=_OFFICE,
        update=_OFFICE,
        below=_OFFICE,
        hidden={AUDITOR: _columns("sheets corrections undo_result error")},
    ),
    "import_rows": AccessRule(read=_OFFICE),
    "import_mappings": AccessRule(read=_OFFICE, create=_OFFICE, update=_OFFICE, delete=_OFFICE),
    "change_log": AccessRule(read=_for(rows.legible_changes, OFFICE, AUDITOR)),
    "export_log": AccessRule(read=_for(everything, AUDITOR)),
    "logins": AccessRule(read=_for(everything, ADMIN, AUDITOR)),
    "user_sessions": AccessRule(read=_for(everything, ADMIN)),
    "sent_forms": AccessRule(),
    "former_passwords": AccessRule(),
}
